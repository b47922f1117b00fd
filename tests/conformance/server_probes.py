"""What else can be seen of the packages: each probe does the same with either and says what it saw."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, datetime
from typing import Any

from agents.models import openai_responses

from .kits import CONTEXT, Kit
from .programs import HISTORY, add, added, create, done, hidden, request, said, widget, word

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUSES_TWICE = "UNIQUE constraint failed"


async def chunks(kit: Kit, server: Any, asked: dict[str, Any]) -> list[Any]:
    """The events of a request, decoded, and what was raised after them."""
    found: list[Any] = []
    try:
        async for chunk in await server.process(json.dumps(asked), CONTEXT):
            found.append(json.loads(chunk.removeprefix(b"data: ")))
    except Exception as error:
        found.append({"type": f"raised {type(error).__name__}"})
    return found


async def prepared(kit: Kit, store: Any, *items: dict[str, Any]) -> Any:
    """The store with a thread `thr_0`."""
    await store.save_thread(kit.types.ThreadMetadata(id="thr_0", created_at=NOW), CONTEXT)
    for item in items:
        await store.add_thread_item("thr_0", kit.item.validate_python(item), CONTEXT)
    return store


def answering(kit: Kit, store: Any, respond: Any) -> Any:
    """A server whose handler is the function."""

    class Server(kit.server.ChatKitServer):  # type: ignore[name-defined,misc]
        def respond(self, thread: Any, message: Any, context: Any) -> Any:
            return respond(thread)

    return Server(store)


def quickly(kit: Kit, code: str, **environment: str) -> Any:
    """What a new process prints."""
    output = subprocess.run(
        [sys.executable, "-c", code.format(package=kit.name)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    return output.stdout.strip()


# -- probes -----------------------------------------------------------------------------------------------------------


async def an_item_that_is_stored_already(kit: Kit) -> Any:
    class InsertOnly(kit.Store):  # type: ignore[name-defined,misc]
        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            if item.id in self._row(thread_id)["items"]:
                raise RuntimeError(REFUSES_TWICE)
            await super().add_thread_item(thread_id, item, context)

    store = await prepared(kit, InsertOnly(), said(id="i1"))
    return [event["type"] for event in await chunks(kit, kit.Server(store, [[done(said(id="i1"))]]), add())]


async def a_title_set_in_the_first_turn(kit: Kit) -> Any:
    class LiveObjects(kit.Store):  # type: ignore[name-defined,misc]
        async def save_thread(self, thread: Any, context: Any) -> None:
            await super().save_thread(thread, context)
            self.rows[thread.id]["live"] = thread

        async def load_thread(self, thread_id: str, context: Any) -> Any:
            return self._row(thread_id)["live"]

    store = LiveObjects()
    server = kit.Server(store, [[("set", "title", "T")]])
    await chunks(kit, server, create())
    try:
        await server.process(json.dumps(request("threads.get_by_id", thread_id=next(iter(store.rows)))), CONTEXT)
    except TypeError:
        return "broken"
    return "read"


async def a_stop_that_comes_at_every_await(kit: Kit) -> Any:
    class Suspends(kit.Store):  # type: ignore[name-defined,misc]
        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            await asyncio.sleep(0)
            await super().add_thread_item(thread_id, item, context)

    waiting = asyncio.Event()

    async def respond(thread: Any) -> AsyncIterator[Any]:
        yield kit.event.validate_python(added(said("half"))[1])
        waiting.set()
        await asyncio.Event().wait()

    store = await prepared(kit, Suspends())
    task = asyncio.create_task(chunks(kit, answering(kit, store, respond), add()))
    await waiting.wait()
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await task
    return [item["type"] for item in store.rows["thr_0"]["items"].values()]


async def a_reader_who_closes_the_stream(kit: Kit) -> Any:
    store = await prepared(kit, kit.Store())
    server = kit.Server(store, [[added(said("half")), word("i1", " more"), done(said("half more and on"))]])
    events = (await server.process(json.dumps(add()), CONTEXT)).json_events
    for _ in range(4):
        await anext(events)
    await events.aclose()
    return [item["type"] for item in store.rows["thr_0"]["items"].values()]


async def text_that_grows_without_an_id(kit: Kit) -> Any:
    before, after = (kit.widgets.Card(children=[kit.widgets.Text(value=value)]) for value in ("a", "ab"))
    return [update.type for update in kit.server.diff_widget(before, after)]


async def a_template_that_gains_a_prop(kit: Kit) -> Any:
    states = [
        kit.widgets.DynamicWidgetRoot.model_validate({"type": "Card", "children": [], **props})
        for props in ({}, {"size": "sm"})
    ]
    try:
        return [update.type for update in kit.server.diff_widget(*states)]
    except AttributeError:
        return "broken"


async def two_turns_that_change_a_thread(kit: Kit) -> Any:
    both = asyncio.Barrier(2)
    changes = iter(["title", "metadata"])

    async def respond(thread: Any) -> AsyncIterator[Any]:
        await both.wait()
        if next(changes) == "title":
            thread.title = "T"
        else:
            thread.metadata["key"] = "value"
        await both.wait()
        yield kit.event.validate_python(word("nobody", "x")[1])

    store = await prepared(kit, kit.Store())
    server = answering(kit, store, respond)
    await asyncio.gather(chunks(kit, server, add()), chunks(kit, server, add()))
    thread = store.rows["thr_0"]["thread"]
    return thread["title"], thread["metadata"]


async def a_title_in_a_long_text(kit: Kit) -> Any:
    async def respond(thread: Any) -> AsyncIterator[Any]:
        yield kit.event.validate_python(added(said(id="i1"))[1])
        for number in range(100):
            if number in (10, 61):
                thread.title = str(number)
            yield kit.event.validate_python(word("i1", "w")[1])

    store = await prepared(kit, kit.Store())
    kinds = [event["type"] for event in await chunks(kit, answering(kit, store, respond), add())]
    words_before = [kinds[:place].count("thread.item.updated") for place in range(len(kinds))]
    return [words_before[place] for place, kind in enumerate(kinds) if kind == "thread.updated"]


async def the_header_after_a_failure(kit: Kit) -> Any:
    async def fail() -> Any:
        store = await prepared(kit, kit.Store())
        await chunks(kit, kit.Server(store, [[("raise", "other")]]), add())
        return openai_responses._HEADERS_OVERRIDE.get()

    return await asyncio.create_task(fail(), context=copy_context()) is None


async def steps_in_tasks_of_their_own(kit: Kit) -> Any:
    server = kit.Server(await prepared(kit, kit.Store()), [[done(said())]])
    events = aiter(await server.process(json.dumps(add()), CONTEXT))
    found = []
    with suppress(StopAsyncIteration):
        while True:
            chunk = await asyncio.create_task(anext(events), context=copy_context())  # type: ignore[arg-type]
            found.append(json.loads(chunk.removeprefix(b"data: "))["type"])
    return found


async def warnings_of_a_stored_widget(kit: Kit) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kit.item.validate_python(widget())
    return {entry.category.__name__ for entry in caught}


async def a_store_that_forgets_its_cursor(kit: Kit) -> Any:
    class Forgets(kit.Store):  # type: ignore[name-defined,misc]
        reads = 0

        async def load_thread_items(self, *args: Any, **kwargs: Any) -> Any:
            type(self).reads += 1
            if self.reads > 50:
                raise TimeoutError("for ever")
            page = await super().load_thread_items(*args, **kwargs)
            return page.model_copy(update={"after": None})

    store = await prepared(kit, Forgets(), *[said(id=f"i{number}") for number in range(30)])
    store.rows["thr_0"]["items"] = {"u1": HISTORY[0], **store.rows["thr_0"]["items"]}
    asked = request("threads.retry_after_item", thread_id="thr_0", item_id="u1")
    return [event["type"] for event in await chunks(kit, kit.Server(store, [[]]), asked)]


async def the_zone_of_a_time(kit: Kit) -> Any:
    events = await chunks(kit, kit.Server(kit.Store(), [[]]), create())
    return datetime.fromisoformat(events[0]["thread"]["created_at"]).tzinfo


async def the_length_of_an_id(kit: Kit) -> Any:
    return len(kit.store.default_generate_id("message"))


async def ids_in_the_order_they_were_made(kit: Kit) -> Any:
    ids = []
    for _ in range(8):
        ids.append(kit.store.default_generate_id("message"))
        await asyncio.sleep(0.002)
    return ids == sorted(ids)


async def a_log_level_in_the_environment(kit: Kit) -> Any:
    code = "import {package}.logger as chatkit; print(chatkit.logger.level)"
    return quickly(kit, code, LOG_LEVEL="debug")


async def what_the_server_imports(kit: Kit) -> Any:
    code = (
        "import warnings; warnings.simplefilter('ignore'); import sys, {package}.server; print('agents' in sys.modules)"
    )
    return quickly(kit, code)


async def an_event_without_json(kit: Kit) -> Any:
    async def respond(thread: Any) -> AsyncIterator[Any]:
        yield kit.types.ClientEffectEvent(name="n", data={"object": object()})

    server = answering(kit, await prepared(kit, kit.Store()), respond)
    return [event["type"] for event in await chunks(kit, server, add())]


async def something_that_is_no_event(kit: Kit) -> Any:
    async def respond(thread: Any) -> AsyncIterator[Any]:
        yield "hello"

    server = answering(kit, await prepared(kit, kit.Store()), respond)
    return [event["type"] for event in await chunks(kit, server, add())]


async def half_a_character(kit: Kit) -> Any:
    server = kit.Server(await prepared(kit, kit.Store()), [[added(said("")), word("i1", "\ud83d")]])
    return [event["type"] for event in await chunks(kit, server, add())]


async def the_page_of_a_store(kit: Kit) -> Any:
    """Whether hidden items are taken out of the store's own list."""
    page = kit.types.Page(data=[kit.item.validate_python(hidden())])

    class Keeps(kit.Store):  # type: ignore[name-defined,misc]
        async def load_thread_items(self, *args: Any, **kwargs: Any) -> Any:
            return page

    server = kit.Server(await prepared(kit, Keeps()), [])
    await server.process(json.dumps(request("items.list", thread_id="thr_0")), CONTEXT)
    return len(page.data)


async def a_dropped_stream(kit: Kit) -> Any:
    """A reader that is garbage: nobody cancels or closes, the collector does."""
    store = await prepared(kit, kit.Store())
    server = kit.Server(store, [[added(said("half")), word("i1", " more"), done(said("half more and on"))]])
    events = aiter(await server.process(json.dumps(add()), CONTEXT))
    for _ in range(4):
        await anext(events)
    del events
    gc.collect()
    for _ in range(20):
        await asyncio.sleep(0)
    return [item["type"] for item in store.rows["thr_0"]["items"].values()]


async def a_thread_deleted_while_it_is_answered(kit: Kit) -> Any:
    store = await prepared(kit, kit.Store())

    async def respond(thread: Any) -> AsyncIterator[Any]:
        await store.delete_thread(thread.id, CONTEXT)
        thread.title = "T"
        yield kit.types.ProgressUpdateEvent(text="p")

    events = await chunks(kit, answering(kit, store, respond), add())
    return [event["type"] for event in events], list(store.rows)


async def a_failure_to_store_a_message(kit: Kit) -> Any:
    class Full(kit.Store):  # type: ignore[name-defined,misc]
        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            raise RuntimeError("disk full")

    store = Full()
    events = await chunks(kit, kit.Server(store, []), create())
    return [event["type"] for event in events], list(store.rows)
