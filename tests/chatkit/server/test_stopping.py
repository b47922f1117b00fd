"""A turn that is stopped, whichever way, keeps what it had said."""

import asyncio
import gc

import anyio
import anyio.lowlevel
import pytest

from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    CustomTask,
    SDKHiddenContextItem,
    ThreadItemUpdatedEvent,
    URLSource,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
)

from ..scripted import (
    ANN,
    NOW,
    ScriptedServer,
    SlowStore,
    a_thread,
    add,
    begins,
    create,
    done,
    items_of,
    open_stream,
    said,
    word,
)

STOPPED = "The user cancelled the stream. Stop responding to the prior request."


class HalfAnAnswer(ScriptedServer):
    """Says half an answer and then nothing more."""

    def __init__(self, **options):
        super().__init__(self.half, **options)
        self.reached = asyncio.Event()

    async def half(self, thread, message, context):
        yield begins(said(thread.id))
        yield word("half an ")
        yield word("answer")
        self.reached.set()
        await asyncio.Event().wait()


@pytest.fixture
async def server():
    server = HalfAnAnswer(store=SlowStore())
    await a_thread(server)
    return server


async def read_until_it_waits(result, chunks):
    async for chunk in result:
        chunks.append(chunk)


async def start(server):
    chunks = []
    task = asyncio.create_task(read_until_it_waits(await open_stream(server, add("thr_1")), chunks))
    async with asyncio.timeout(5):
        await server.reached.wait()
    return task


async def assert_half_is_kept(server):
    _, partial, note = await items_of(server, "thr_1")
    assert partial.content == [AssistantMessageContent(text="half an answer")]
    assert isinstance(note, SDKHiddenContextItem)
    assert note.content == STOPPED
    assert note.id.startswith("shcx_")
    assert note.created_at.tzinfo is not None


async def test_cancelling_the_reader_keeps_the_text_and_a_note_for_the_model(server):
    task = await start(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await assert_half_is_kept(server)


async def test_row_3_a_scope_that_cancels_at_every_await_does_not_keep_it_from_being_stored(server):
    chunks = []
    result = await open_stream(server, add("thr_1"))
    async with anyio.create_task_group() as group:
        group.start_soon(read_until_it_waits, result, chunks)
        while not any(b'answer"' in chunk for chunk in chunks):
            await anyio.lowlevel.checkpoint()
        group.cancel_scope.cancel()
    await assert_half_is_kept(server)


async def test_row_4_closing_the_iterator_early_is_a_stop(server):
    iterator = aiter(await open_stream(server, add("thr_1")))
    for _ in range(5):
        await anext(iterator)
    await iterator.aclose()
    await assert_half_is_kept(server)


async def test_row_4_a_forgotten_iterator_is_a_stop(server):
    iterator = aiter(await open_stream(server, add("thr_1")))
    for _ in range(5):
        await anext(iterator)
    del iterator
    gc.collect()
    for _ in range(1_000):
        await asyncio.sleep(0.001)
        if len(await items_of(server, "thr_1")) == 3:
            break
    await assert_half_is_kept(server)


async def test_closing_typed_events_is_a_stop(server):
    events = server.stream_events(add("thr_1"), ANN)
    for _ in range(5):
        await anext(events)
    await events.aclose()
    await assert_half_is_kept(server)


async def test_cancelling_while_the_stop_is_being_stored_waits_for_it(server):
    task = await start(server)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await assert_half_is_kept(server)


async def test_the_handler_is_closed_before_the_stop_is_recorded():
    order = []

    async def answer(thread, message, context):
        try:
            yield begins(said(thread.id))
            yield word("x")
        finally:
            order.append("closed")

    class Server(ScriptedServer):
        async def handle_stream_cancelled(self, thread, pending_items, context):
            order.append("recorded")

    server = Server(answer)
    await a_thread(server)
    iterator = aiter(await open_stream(server, add("thr_1")))
    for _ in range(4):
        await anext(iterator)
    await iterator.aclose()
    assert order == ["closed", "recorded"]


async def test_messages_without_text_and_other_items_are_dropped():
    async def answer(thread, message, context):
        yield begins(said(thread.id, "  \n", id="msg_empty"))
        yield begins(
            WorkflowItem(id="wf", thread_id=thread.id, created_at=NOW, workflow=Workflow(type="custom", tasks=[]))
        )
        yield word("", id="msg_empty")
        raise asyncio.CancelledError

    server = ScriptedServer(answer)
    await a_thread(server)
    with pytest.raises(asyncio.CancelledError):
        async for _ in await open_stream(server, add("thr_1")):
            pass
    _, note = await items_of(server, "thr_1")
    assert isinstance(note, SDKHiddenContextItem)


async def test_what_was_done_is_not_stored_again():
    async def answer(thread, message, context):
        yield begins(said(thread.id))
        yield done(said(thread.id, "whole"))
        await asyncio.Event().wait()

    server = ScriptedServer(answer)
    await a_thread(server)
    iterator = aiter(await open_stream(server, add("thr_1")))
    for _ in range(4):
        await anext(iterator)
    await iterator.aclose()
    _, whole, note = await items_of(server, "thr_1")
    assert whole.content[0].text == "whole"
    assert isinstance(note, SDKHiddenContextItem)


async def test_a_stop_while_a_message_is_being_stored_keeps_it_once():
    class StuckOnce(SlowStore):
        reached = asyncio.Event()

        async def add_thread_item(self, thread_id, item, context):
            if item.type == "assistant_message" and not self.reached.is_set():
                self.reached.set()
                await asyncio.Event().wait()
            await super().add_thread_item(thread_id, item, context)

    async def answer(thread, message, context):
        yield begins(said(thread.id))
        yield word("whole")
        yield done(said(thread.id, "whole"))

    store = StuckOnce()
    server = ScriptedServer(answer, store=store)
    await a_thread(server)
    reading = asyncio.create_task(read_until_it_waits(await open_stream(server, add("thr_1")), []))
    await store.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    _, message, note = await items_of(server, "thr_1")
    assert [part.text for part in message.content] == ["whole"]
    assert isinstance(note, SDKHiddenContextItem)


class SlowToSay(SlowStore):
    """Inserts what is new and nothing else, and is stopped after it did and before it said so."""

    adds_are_upserts = False

    def __init__(self):
        super().__init__()
        self.inserted = asyncio.Event()

    async def add_thread_item(self, thread_id, item, context):
        if any(item.id == other.id for other in (await self.load_thread_items(thread_id, None, 9, "asc", ANN)).data):
            raise RuntimeError("UNIQUE constraint failed")
        await super().add_thread_item(thread_id, item, context)
        if item.type == "assistant_message":
            self.inserted.set()
            await asyncio.Event().wait()

    async def save_item(self, thread_id, item, context):
        await InMemoryStore.add_thread_item(self, thread_id, item, context)


async def stopped_once_inserted(store):
    async def answer(thread, message, context):
        yield begins(said(thread.id))
        yield word("half")
        yield done(said(thread.id, "whole"))

    server = ScriptedServer(answer, store=store)
    await a_thread(server)
    reading = asyncio.create_task(read_until_it_waits(await open_stream(server, add("thr_1")), []))
    await store.inserted.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    return await items_of(server, "thr_1")


async def test_row_3_a_message_that_was_inserted_when_the_stop_came_is_kept_whole_with_the_note():
    _, message, note = await stopped_once_inserted(SlowToSay())
    assert [part.text for part in message.content] == ["whole"]
    assert isinstance(note, SDKHiddenContextItem)


async def test_a_message_that_cannot_be_stored_does_not_cost_the_note(caplog):
    class Full(SlowToSay):
        async def save_item(self, thread_id, item, context):
            raise RuntimeError("disk full")

    assert isinstance((await stopped_once_inserted(Full()))[-1], SDKHiddenContextItem)
    assert "disk full" in caplog.text


@pytest.mark.parametrize("call", ["load_thread", "save_thread"])
async def test_a_change_that_is_being_stored_when_the_stop_comes_is_stored(call):
    async def answer(thread, message, context):
        thread.title = "New"
        yield begins(said(thread.id))

    server = ScriptedServer(answer, store=SlowStore())
    await a_thread(server)
    slow = getattr(server.store, call)

    async def cancelled(*args, **kwargs):
        if server.asked:  # the answer has begun
            reading.cancel()
        return await slow(*args, **kwargs)

    setattr(server.store, call, cancelled)
    reading = asyncio.create_task(read_until_it_waits(await open_stream(server, add("thr_1")), []))
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await server.store.load_thread("thr_1", ANN)).title == "New"


async def test_closing_after_an_error_event_is_no_stop():
    async def answer(thread, message, context):
        yield begins(said(thread.id, "text"))
        raise RuntimeError("boom")

    server = ScriptedServer(answer)
    await a_thread(server)
    iterator = aiter(await open_stream(server, add("thr_1")))
    while b'"error"' not in await anext(iterator):
        pass
    await iterator.aclose()
    assert len(await items_of(server, "thr_1")) == 1


async def test_a_handler_that_fails_while_closing_does_not_lose_the_stop():
    async def answer(thread, message, context):
        try:
            yield begins(said(thread.id, "text"))
        finally:
            raise RuntimeError("boom")

    server = ScriptedServer(answer)
    await a_thread(server)
    iterator = aiter(await open_stream(server, add("thr_1")))
    for _ in range(3):
        await anext(iterator)
    await iterator.aclose()
    _, partial, _ = await items_of(server, "thr_1")
    assert partial.content[0].text == "text"


async def test_row_10_references_already_streamed_survive_a_done_part_without_any():
    annotation = Annotation(source=URLSource(title="t", url="u"))

    async def answer(thread, message, context):
        yield begins(said(thread.id))
        for update in (
            AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text="")),
            AssistantMessageContentPartAnnotationAdded(content_index=0, annotation_index=0, annotation=annotation),
            AssistantMessageContentPartDone(content_index=0, content=AssistantMessageContent(text="whole")),
        ):
            yield ThreadItemUpdatedEvent(item_id="msg_answer", update=update)
        raise asyncio.CancelledError

    server = ScriptedServer(answer)
    await a_thread(server)
    with pytest.raises(asyncio.CancelledError):
        async for _ in await open_stream(server, add("thr_1")):
            pass
    _, partial, _ = await items_of(server, "thr_1")
    assert partial.content == [AssistantMessageContent(text="whole", annotations=[annotation])]


async def test_pending_items_are_apart_from_the_handlers_own_objects():
    seen = []
    task = CustomTask(title="a")
    workflow = WorkflowItem(id="wf", thread_id="thr_1", created_at=NOW, workflow=Workflow(type="custom", tasks=[]))

    async def answer(thread, message, context):
        yield begins(workflow)
        workflow.workflow.tasks.append(task)
        yield ThreadItemUpdatedEvent(item_id="wf", update=WorkflowTaskAdded(task_index=0, task=task))
        task.title = "changed since"
        assert len(workflow.workflow.tasks) == 1
        raise asyncio.CancelledError

    class Server(ScriptedServer):
        async def handle_stream_cancelled(self, thread, pending_items, context):
            seen.extend(pending_items)

    server = Server(answer)
    await a_thread(server)
    with pytest.raises(asyncio.CancelledError):
        async for _ in await open_stream(server, add("thr_1")):
            pass
    assert [task.title for task in seen[0].workflow.tasks] == ["a"]


async def test_words_for_several_parts_are_put_in_their_places():
    async def answer(thread, message, context):
        yield begins(said(thread.id))
        for part, text in [(0, "a"), (0, "b"), (1, "c"), (0, "d"), (2, "e")]:
            yield word(text, part=part)
        raise asyncio.CancelledError

    server = ScriptedServer(answer)
    await a_thread(server)
    with pytest.raises(asyncio.CancelledError):
        async for _ in await open_stream(server, add("thr_1")):
            pass
    _, partial, _ = await items_of(server, "thr_1")
    assert [part.text for part in partial.content] == ["abd", "c", "e"]


async def test_a_stop_that_cannot_be_stored_is_logged_and_still_a_cancellation(caplog):
    class Server(HalfAnAnswer):
        async def handle_stream_cancelled(self, thread, pending_items, context):
            raise RuntimeError("disk full")

    server = Server()
    await a_thread(server)
    task = await start(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "disk full" in caplog.text


async def test_stopping_a_thread_that_is_being_created_leaves_none_behind():
    class StuckStore(SlowStore):
        reached = asyncio.Event()

        async def add_thread_item(self, thread_id, item, context):
            self.reached.set()
            await asyncio.Event().wait()

    store = StuckStore()
    reading = asyncio.create_task(read_until_it_waits(await open_stream(ScriptedServer(store=store), create()), []))
    await store.reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await store.load_threads(10, None, "desc", ANN)).data == []
