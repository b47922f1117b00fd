"""A turn's events become rows, and rows come at a pace an eye can follow."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    CustomSummary,
    ErrorEvent,
    GeneratedImage,
    GeneratedImageItem,
    HiddenContextItem,
    NoticeEvent,
    ProgressUpdateEvent,
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.types.reduce import is_worth_keeping
from chatkit_app.client import ChatClient
from chatkit_app.i18n import words
from chatkit_app.runs import MemoryRuns
from chatkit_app.state.rows import rows_of
from chatkit_app.state.thread import _content
from chatkit_app.state.turn import Turn, paced
from tests.chatkit.lives import message, updated
from tests.chatkit.scripted import ANN, ScriptedServer

SAID = words("en")


# --- a turn, and what the store has of it ----------------------------------------------------------------------------------

TEXTS = st.sampled_from(["", "a", "**b", "`c`\n\n", "- d\n", "$e$", "```\nf", "[g](h)", "\n\n# i\n"])
MESSAGE, WORKFLOW, IMAGE, HIDDEN, MOMENT = "message", "workflow", "image", "hidden", "moment"


@st.composite
def scripts(draw):
    """What an assistant does in a turn: a list of functions from the thread to an event, and how it ends."""
    steps = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from([MESSAGE, MESSAGE, WORKFLOW, IMAGE, HIDDEN, MOMENT]))
        texts = draw(st.lists(TEXTS, max_size=5))
        ends = draw(st.sampled_from(["done", "done", "done", "removed", "left"]))
        steps += PLAYS[kind](f"{kind}_{number}", texts, ends)
    return steps, draw(st.sampled_from(["end", "end", "fail", "error", "stop"])), draw(st.integers(0, len(steps)))


def _play_message(id, texts, ends):
    steps = [lambda here: ThreadItemAddedEvent(item=AssistantMessageItem(id=id, content=[], **here()))]
    steps.append(lambda here: _updated(id, AssistantMessageContentPartAdded(content_index=0, content=_part(""))))
    for text in texts:
        steps.append(
            lambda here, text=text: _updated(id, AssistantMessageContentPartTextDelta(content_index=0, delta=text))
        )
    whole = "".join(texts)
    steps.append(lambda here: _updated(id, AssistantMessageContentPartDone(content_index=0, content=_part(whole))))
    return steps + _ending(lambda here: AssistantMessageItem(id=id, content=[_part(whole)], **here()), ends)


def _play_workflow(id, texts, ends):
    def item(tasks, summary=None):
        return lambda here: WorkflowItem(
            id=id, workflow=Workflow(type="reasoning", tasks=tasks, summary=summary), **here()
        )

    steps = [lambda here: ThreadItemAddedEvent(item=item([])(here))]
    for number, text in enumerate(texts):
        steps.append(
            lambda here, n=number: _updated(
                id, WorkflowTaskAdded(task_index=n, task=ThoughtTask(title="T", content=""))
            )
        )
        steps.append(
            lambda here, n=number, text=text: _updated(
                id, WorkflowTaskUpdated(task_index=n, task=ThoughtTask(title="T", content=text))
            )
        )
    tasks = [ThoughtTask(title="T", content=text) for text in texts]
    return steps + _ending(item(tasks, CustomSummary(title="thought")), ends)


def _play_image(id, texts, ends):
    def item(here):
        return GeneratedImageItem(id=id, image=GeneratedImage(id="i", url="data:image/png;base64,AA"), **here())

    return [lambda here: ThreadItemAddedEvent(item=GeneratedImageItem(id=id, **here())), *_ending(item, ends)]


def _play_hidden(id, texts, ends):
    return [lambda here: ThreadItemDoneEvent(item=HiddenContextItem(id=id, content="for the model", **here()))]


def _play_moment(id, texts, ends):
    return [lambda here: ProgressUpdateEvent(text="p"), lambda here: NoticeEvent(level="info", message="n")]


PLAYS = {
    MESSAGE: _play_message,
    WORKFLOW: _play_workflow,
    IMAGE: _play_image,
    HIDDEN: _play_hidden,
    MOMENT: _play_moment,
}


def _ending(item, ends):
    if ends == "left":
        return []
    steps = [lambda here: ThreadItemDoneEvent(item=item(here))]
    if ends == "removed":
        steps.append(lambda here: ThreadItemRemovedEvent(item_id=item(here).id))
    return steps


def _part(text):
    return AssistantMessageContent(text=text)


def _updated(id, update):
    return ThreadItemUpdatedEvent(item_id=id, update=update)


class Player(ScriptedServer):
    """Plays a script; at its end it ends, fails, says an error, or waits to be stopped."""

    def __init__(self, script):
        super().__init__(self._play)
        self.steps, self.how, self.length = script
        self.waits = asyncio.Event()
        self.numbers = count()

    async def _play(self, thread, message, context):
        stamps = {}

        def here(id=None):
            # An item keeps the time it began: the store orders by it.
            return {"thread_id": thread.id, "created_at": datetime.now(UTC)}

        for step in self.steps[: self.length]:
            event = step(here)
            if isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent | ThreadItemReplacedEvent):
                event.item.created_at = stamps.setdefault(event.item.id, event.item.created_at)
            yield event
        if self.how == "fail":
            raise RuntimeError("the model is down")
        if self.how == "error":
            yield ErrorEvent(code="custom", message="no", allow_retry=True)
        if self.how == "stop":
            self.waits.set()
            await asyncio.Event().wait()


async def shown_and_stored(script, retries):
    """The rows of a settled turn, answered anew so many times, and the rows a reload would show."""
    server = Player(script)
    runs = MemoryRuns(server.stream_events)
    try:
        client = ChatClient(server, runs)
        answer = await client.send(None, _content("question"), ANN)
        turn = await settled(Turn(SAID), answer, server, runs)
        for _ in range(retries):
            asked = turn.rows()[0]
            answer = await client.retry(answer.thread_id, asked["id"], ANN)
            turn = await settled(Turn(SAID, before=[asked]), answer, server, runs)
        opened = await client.open(answer.thread_id, ANN)
        return turn.rows(), rows_of(opened.items, SAID)
    finally:
        await runs.aclose()


async def settled(turn, answer, server, runs):
    if server.how == "stop":
        await asyncio.wait_for(server.waits.wait(), 5)
        server.waits.clear()
        await runs.stop(answer.thread_id, ANN)
    async for _, event in answer.events():
        turn.take(event)
        turn.rows()
    turn.settle(stopped=answer.stopped)
    return turn


@settings(max_examples=200)
@given(scripts(), st.integers(0, 2))
def test_a_settled_turn_shows_what_the_store_has(script, retries):
    shown, stored = asyncio.run(shown_and_stored(script, retries))
    assert shown == stored


@settings(max_examples=150)
@given(scripts())
def test_a_turn_joined_at_any_moment_is_the_turn_seen_from_its_start(script):
    async def both():
        server = Player((script[0], "end", len(script[0])))
        runs = MemoryRuns(server.stream_events)
        answer = await ChatClient(server, runs).send(None, _content("question"), ANN)
        events = [event async for _, event in answer.events()]
        early, late = Turn(SAID), Turn(SAID)
        for event in events:
            early.take(event)
            early.rows()
            late.take(event)
        rows = (early.rows(), late.rows(), growing(early), growing(late))
        await runs.aclose()
        return rows

    early, late, early_text, late_text = asyncio.run(both())
    assert early == late
    assert early_text == late_text


def growing(turn):
    live = turn.live
    is_drawn = any(row["live"] and row["kind"] != "image" for row in turn.rows())
    return [*live.blocks, *live.fresh, live.head + live.tail] if is_drawn else None


# --- one turn by hand ------------------------------------------------------------------------------------------------------


def added(item):
    return ThreadItemAddedEvent(item=item)


class TestRows:
    def test_the_growing_row_is_empty_and_its_text_is_beside_it(self):
        turn = Turn(SAID)
        turn.take(added(message("Hel")))
        turn.take(updated(AssistantMessageContentPartTextDelta(content_index=0, delta="lo")))
        (row,) = turn.rows()
        assert (row["live"], row["blocks"], turn.live.tail) == (True, [], "Hello")
        assert not turn.waiting

    def test_a_finished_row_is_sent_once_with_the_next(self):
        turn = Turn(SAID)
        turn.take(added(message("one", id="a")))
        turn.take(ThreadItemDoneEvent(item=message("one", id="a")))
        assert [row["live"] for row in turn.rows()] == [True]
        turn.take(added(message("two", id="b")))
        assert [(row["live"], row["blocks"]) for row in turn.rows()] == [(False, ["one"]), (True, [])]
        assert turn.live.tail == "two"

    def test_what_was_there_before_is_above_and_answered(self):
        before = rows_of([], SAID)
        turn = Turn(SAID, items=[message("old", id="old")], before=before)
        turn.take(added(message("new", id="new")))
        assert [row["id"] for row in turn.rows()] == ["old", "new"]
        assert not turn.rows()[0]["live"]

    def test_nothing_to_read_is_waiting(self):
        turn = Turn(SAID)
        assert turn.waiting
        turn.take(added(message()))
        assert turn.waiting
        turn.take(added(message("x")))
        assert not turn.waiting
        turn.settle(stopped=False)
        assert not turn.waiting

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_stopped_before_a_word_leaves_nothing(self, text):
        turn = Turn(SAID)
        turn.take(added(message(text)))
        assert not is_worth_keeping(message(text))
        turn.settle(stopped=True)
        assert turn.rows() == []


# --- pace ------------------------------------------------------------------------------------------------------------------


class Source:
    """Events that come when the test says so."""

    def __init__(self):
        self.queue = asyncio.Queue()
        self.closed = asyncio.Event()
        self.taken = 0

    async def events(self):
        try:
            for number in count(1):
                event = await self.queue.get()
                self.taken = number
                if event is None:
                    return
                if isinstance(event, Exception):
                    raise event
                yield number, event
        finally:
            self.closed.set()

    def put(self, *events):
        for event in events:
            self.queue.put_nowait(event)

    async def read(self, number):
        async with asyncio.timeout(5):
            while self.taken < number:  # noqa: ASYNC110 - the reader has no event to wait for: it only takes
                await asyncio.sleep(0)


def text(delta):
    return updated(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))


NEVER = 3600.0
"""A pace at which only what must not wait comes in the time of a test."""


@pytest.fixture
def source():
    return Source()


async def soon(awaitable):
    return await asyncio.wait_for(awaitable, 5)


class TestPaced:
    async def test_the_first_text_does_not_wait_for_the_clock(self, source):
        batches = paced(source.events(), lambda: False, NEVER)
        source.put(added(message()), text("a"))
        assert await soon(anext(batches)) == [added(message()), text("a")]
        await batches.aclose()

    async def test_what_comes_before_any_text_waits_for_it_or_for_the_clock(self, source):
        batches = paced(source.events(), lambda: False, NEVER)
        source.put(added(message()))
        waiting = asyncio.ensure_future(anext(batches))
        await source.read(1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not waiting.done()
        source.put(text("a"))
        assert await soon(waiting) == [added(message()), text("a")]
        await batches.aclose()

    async def test_while_there_is_something_to_read_a_batch_holds_all_that_came_in_an_interval(self, source):
        loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        batches = paced(source.events(), lambda: True, 0.05)
        source.put(text("a"))
        assert await soon(anext(batches)) == [text("a")]
        source.put(*(text(str(n)) for n in range(50)))
        assert await soon(anext(batches)) == [text(str(n)) for n in range(50)]
        assert loop.time() - began >= 0.045
        await batches.aclose()

    async def test_text_that_cannot_be_shown_yet_keeps_to_the_clock_too(self, source):
        batches = paced(source.events(), lambda: False, NEVER)
        source.put(text("| a"))
        assert await soon(anext(batches)) == [text("| a")]
        source.put(text(" |"))
        waiting = asyncio.ensure_future(anext(batches))
        await source.read(2)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not waiting.done()
        source.put(None)
        assert await soon(waiting) == [text(" |")]
        await batches.aclose()

    async def test_the_end_does_not_wait_for_the_clock(self, source):
        batches = paced(source.events(), lambda: True, NEVER)
        source.put(text("a"))
        assert await soon(anext(batches)) == [text("a")]
        source.put(text("b"), None)
        assert await soon(anext(batches)) == [text("b")]
        with pytest.raises(StopAsyncIteration):
            await soon(anext(batches))

    async def test_an_error_does_not_wait_for_the_clock(self, source):
        batches = paced(source.events(), lambda: False, NEVER)
        source.put(ErrorEvent(code="custom", message="no", allow_retry=False))
        assert len(await soon(anext(batches))) == 1
        await batches.aclose()

    async def test_an_exception_comes_after_the_events_before_it(self, source):
        batches = paced(source.events(), lambda: True, NEVER)
        source.put(text("a"), OSError("gone"))
        assert await soon(anext(batches)) == [text("a")]
        with pytest.raises(OSError, match="gone"):
            await soon(anext(batches))

    async def test_leaving_early_closes_what_it_read_from(self, source):
        batches = paced(source.events(), lambda: True, NEVER)
        source.put(text("a"))
        await soon(anext(batches))
        await soon(batches.aclose())
        assert source.closed.is_set()

    async def test_being_cancelled_while_waiting_closes_what_it_read_from(self, source):
        async def follow():
            async for _ in paced(source.events(), lambda: True, NEVER):
                pass

        following = asyncio.create_task(follow())
        source.put(text("a"))
        await source.read(1)
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await soon(following)
        await soon(source.closed.wait())

    async def test_no_events_make_no_batch(self, source):
        source.put(None)
        assert [batch async for batch in paced(source.events(), lambda: False, NEVER)] == []

    async def test_nothing_is_lost_however_slow_the_reader_is(self, source):
        source.put(*(text(str(n)) for n in range(300)), None)
        seen = []
        batches = paced(source.events(), lambda: True, 0.001)
        async for batch in batches:
            seen += batch
            await asyncio.sleep(0)
        assert seen == [text(str(n)) for n in range(300)]
