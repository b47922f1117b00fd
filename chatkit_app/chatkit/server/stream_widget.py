"""A widget, still or growing, as the events of one item."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime

from ..store import StoreItemType, default_generate_id
from ..types import (
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    WidgetItem,
)
from ..widgets import WidgetRoot
from .diff_widget import GrowingWidget


async def stream_widget(
    thread: ThreadMetadata,
    widget: WidgetRoot | AsyncGenerator[WidgetRoot, None],
    copy_text: str | None = None,
    generate_id: Callable[[StoreItemType], str] = default_generate_id,
) -> AsyncGenerator[ThreadStreamEvent, None]:
    """The events that put `widget` into `thread`.

    A widget is done at once. An async generator of states is shown growing: every state must be an object of its own,
    because it is compared with the one before. `copy_text` is what a reader copies. Raises `RuntimeError` when the
    generator has no state; what it raises passes through, and leaves the item without its end.
    """
    item_id = generate_id("message")
    created_at = datetime.now(UTC)

    def item(state: WidgetRoot) -> WidgetItem:
        return WidgetItem(id=item_id, thread_id=thread.id, created_at=created_at, widget=state, copy_text=copy_text)

    if not isinstance(widget, AsyncGenerator):
        yield ThreadItemDoneEvent(item=item(widget))
        return

    state: WidgetRoot | None = None
    growing: GrowingWidget | None = None
    async with aclosing(widget) as states:
        async for state in states:
            if growing is None:
                growing = GrowingWidget(state)
                yield ThreadItemAddedEvent(item=item(state))
            else:
                for update in growing.becomes(state):
                    yield ThreadItemUpdatedEvent(item_id=item_id, update=update)
    if state is None:
        raise RuntimeError("The widget generator ended before its first state")
    yield ThreadItemDoneEvent(item=item(state))
