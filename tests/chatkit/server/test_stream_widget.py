from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from chatkit_app.chatkit.server import stream_widget
from chatkit_app.chatkit.types import (
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    WidgetItem,
    WidgetStreamingTextValueDelta,
)
from chatkit_app.chatkit.types.reduce import ThreadView, reduce
from chatkit_app.chatkit.widgets import Card, Text

THREAD = ThreadMetadata(id="thr_1", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def state(text: str) -> Card:
    return Card(children=[Text(id="t", value=text, streaming=True)])


async def growing(*texts: str) -> AsyncGenerator[Card, None]:
    for text in texts:
        yield state(text)


async def test_a_still_widget_is_done_at_once() -> None:
    events = [event async for event in stream_widget(THREAD, state("a"), "copy", lambda kind: f"{kind}-1")]
    (done,) = events
    assert isinstance(done, ThreadItemDoneEvent)
    assert isinstance(done.item, WidgetItem)
    assert done.item.model_dump(exclude={"created_at"}) == {
        "id": "message-1",
        "thread_id": "thr_1",
        "type": "widget",
        "widget": state("a").model_dump(),
        "copy_text": "copy",
    }
    assert done.item.created_at.tzinfo is not None


async def test_a_growing_widget_is_added_updated_and_done_as_one_item() -> None:
    events: list[Any] = [event async for event in stream_widget(THREAD, growing("a", "ab", "abc"), copy_text="c")]
    assert [type(event) for event in events] == [
        ThreadItemAddedEvent,
        ThreadItemUpdatedEvent,
        ThreadItemUpdatedEvent,
        ThreadItemDoneEvent,
    ]
    added, first, second, done = events
    assert first.update == WidgetStreamingTextValueDelta(component_id="t", delta="b", done=False)
    assert {added.item.id, first.item_id, second.item_id, done.item.id} == {added.item.id}
    assert added.item.created_at == done.item.created_at
    assert (added.item.copy_text, done.item.copy_text) == ("c", "c")
    assert (added.item.widget, done.item.widget) == (state("a"), state("abc"))


async def test_the_id_is_asked_for_once() -> None:
    asked: list[str] = []

    def generate(kind: str) -> str:
        asked.append(kind)
        return "id"

    assert len([event async for event in stream_widget(THREAD, growing("a", "ab"), None, generate)]) == 3
    assert asked == ["message"]


async def test_a_state_that_did_not_change_is_no_event() -> None:
    events = [event async for event in stream_widget(THREAD, growing("a", "a", "a"))]
    assert [event.type for event in events] == ["thread.item.added", "thread.item.done"]


async def test_folding_the_events_gives_the_last_state() -> None:
    view = ThreadView()
    async for event in stream_widget(THREAD, growing("a", "ab", "x", "xy")):
        view = reduce(view, event)
        item = view.items[0]
        assert isinstance(item, WidgetItem)
    assert isinstance(item, WidgetItem)
    assert item.widget == state("xy")


async def test_a_generator_without_a_state_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="first state"):
        async for _ in stream_widget(THREAD, growing()):
            raise AssertionError("there is nothing to show")


async def test_what_the_generator_raises_passes_through() -> None:
    async def failing() -> AsyncGenerator[Card, None]:
        yield state("a")
        raise LookupError("no more")

    seen = []
    with pytest.raises(LookupError, match="no more"):
        async for event in stream_widget(THREAD, failing()):
            seen.append(event.type)
    assert seen == ["thread.item.added"]


async def test_leaving_early_closes_the_generator() -> None:
    closed = []

    async def endless() -> AsyncGenerator[Card, None]:
        try:
            while True:
                yield state("a")
        finally:
            closed.append(True)

    events = stream_widget(THREAD, endless())
    await anext(events)
    await events.aclose()
    assert closed == [True]
