"""Events a second, next to the package whose protocol this is: `python -m tests.benchmarks.stream`.

Both packages run in one process, turn and turn about, on the same work; a row is the median of the rounds.
"""

import asyncio
import statistics
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

ROUNDS = 7
DELTAS = 10_000
STATES = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    warnings.simplefilter("ignore")
    packages = {"official": _official(), "ours": _ours()}
    works: dict[str, Callable[[Any], Awaitable[AsyncIterator[Any]]]] = {
        "text deltas": lambda kit: _text(kit, metadata=0, prepared=False),
        "text deltas, 100 metadata entries": lambda kit: _text(kit, metadata=100, prepared=False),
        "text deltas, 5,000 metadata entries": lambda kit: _text(kit, metadata=5_000, prepared=False),
        "text deltas, events made beforehand": lambda kit: _text(kit, metadata=0, prepared=True),
        "widget states, 51 components, growing text": _widget,
    }
    print(f"{'events a second':<46}{'official':>12}{'ours':>12}{'ratio':>8}")
    for name, work in works.items():
        rates: dict[str, list[float]] = {package: [] for package in packages}
        for _ in range(ROUNDS):
            for package, kit in packages.items():
                rates[package].append(asyncio.run(_rate(work, kit)))
        medians = {package: statistics.median(values) for package, values in rates.items()}
        ratio = medians["ours"] / medians["official"]
        print(f"{name:<46}{medians['official']:>12,.0f}{medians['ours']:>12,.0f}{ratio:>8.1f}")


async def _rate(work: Callable[[Any], Awaitable[AsyncIterator[Any]]], kit: Any) -> float:
    events = await work(kit)
    count = 0
    started = time.process_time()
    async for _ in events:
        count += 1
    return count / (time.process_time() - started)


async def _text(kit: Any, *, metadata: int, prepared: bool) -> AsyncIterator[Any]:
    t = kit.types

    def delta() -> Any:
        return t.ThreadItemUpdatedEvent(
            item_id="msg_1", update=t.AssistantMessageContentPartTextDelta(content_index=0, delta="word ")
        )

    made = [delta() for _ in range(DELTAS)] if prepared else None

    class Server(kit.server.ChatKitServer):  # type: ignore[name-defined,misc]
        async def respond(self, thread: Any, message: Any, context: Any) -> AsyncIterator[Any]:
            item = t.AssistantMessageItem(id="msg_1", thread_id=thread.id, created_at=NOW, content=[])
            yield t.ThreadItemAddedEvent(item=item)
            if made is not None:
                for event in made:
                    yield event
            else:
                for _ in range(DELTAS):
                    yield delta()
            yield t.ThreadItemDoneEvent(item=item)

    store = kit.store()
    entries = {f"key_{number}": f"value {number}" for number in range(metadata)}
    await store.save_thread(t.ThreadMetadata(id="thr_1", created_at=NOW, metadata=entries), {})
    message = t.UserMessageInput(
        content=[t.UserMessageTextContent(text="hi")], attachments=[], inference_options=t.InferenceOptions()
    )
    request = t.ThreadsAddUserMessageReq(params=t.ThreadAddUserMessageParams(thread_id="thr_1", input=message))
    result = await Server(store).process(request.model_dump_json(), {})
    return aiter(result)


async def _widget(kit: Any) -> AsyncIterator[Any]:
    w = kit.widgets
    rows = [{"type": "Row", "children": [{"type": "Text", "value": f"row {number}"}]} for number in range(24)]

    async def states() -> AsyncIterator[Any]:
        for number in range(STATES):
            text = {"type": "Markdown", "id": "answer", "value": "word " * number}
            yield w.DynamicWidgetRoot.model_validate({"type": "Card", "children": [*rows, text]})

    made = [state async for state in states()]

    async def replay() -> AsyncIterator[Any]:
        for state in made:
            yield state

    thread = kit.types.ThreadMetadata(id="thr_1", created_at=NOW)
    return kit.server.stream_widget(thread, replay())


def _official() -> Any:
    import chatkit
    from chatkit import server, types, widgets

    return SimpleNamespace(server=server, types=types, widgets=widgets, store=_plain_store(chatkit))


def _ours() -> Any:
    from chatkit_app import chatkit
    from chatkit_app.chatkit import server, types, widgets

    return SimpleNamespace(server=server, types=types, widgets=widgets, store=_plain_store(chatkit))


def _plain_store(package: Any) -> Any:
    """The same few dictionaries for both, so that no store is what is measured."""

    class PlainStore(package.store.Store):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            self.threads: dict[str, Any] = {}
            self.items: dict[str, Any] = {}

        async def load_thread(self, thread_id: str, context: Any) -> Any:
            return self.threads[thread_id]

        async def save_thread(self, thread: Any, context: Any) -> None:
            self.threads[thread.id] = thread

        async def load_item(self, thread_id: str, item_id: str, context: Any) -> Any:
            return self.items[item_id]

        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            self.items[item.id] = item

        async def _unused(self, *args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError

        load_thread_items = load_threads = save_item = delete_thread = delete_thread_item = _unused
        save_attachment = load_attachment = delete_attachment = _unused

    return PlainStore


if __name__ == "__main__":
    main()
