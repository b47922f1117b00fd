"""Reading one stream, event by event."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from chatkit_app.chatkit.types import (
    StreamOptionsEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    UserMessageItem,
)
from chatkit_app.chatkit.types.reduce import ThreadView, begin_turn, end_turn, reduce

from .errors import NotThereError, listed
from .turn import Turn
from .wire import read_chunk, read_event

Until = int | str | Callable[[ThreadStreamEvent], bool]
"""When to stop: after so many events, when the answer says this, or when this is true of an event."""


class Reading:
    """A turn while it comes in. `view` is what is on the screen meanwhile.

    `known` are events nobody sends because the client knows them: they happen when the turn begins.
    """

    def __init__(self, view: ThreadView, known: Iterable[ThreadStreamEvent], until: Until | None) -> None:
        self.view = begin_turn(view)
        """What is on the screen."""
        self._known = list(known)
        self._until = until
        self._wire: list[dict[str, Any]] = []
        self._events: list[ThreadStreamEvent] = []
        self._touched: set[str | None] = set()
        self._stopped = False

    def take(self, chunk: bytes) -> bool:
        """Take in what came; False when the user stops here."""
        self._wire.append(read_chunk(chunk))
        event = read_event(self._wire[-1])
        self._events.append(event)
        self._touched.add(_item_id(event))
        if isinstance(event, StreamOptionsEvent):
            while self._known:
                self.view = reduce(self.view, self._known.pop(0))
        self.view = reduce(self.view, event)
        self._stopped = self._until is not None and self._is_reached(self._until, event)
        return not self._stopped

    def end(self, error: BaseException | None = None) -> None:
        """The stream is over, or broke. Raises `NotThereError` if it was to be stopped before its end."""
        cut = isinstance(error, asyncio.CancelledError | TimeoutError)
        self.view = end_turn(self.view, stopped=self._stopped or cut)
        if error is None and self._until is not None and not self._stopped:
            raise NotThereError(f"The answer was over before {self._until!r}: {listed(self.turn.kinds)}")

    @property
    def turn(self) -> Turn:
        """What has come."""
        return Turn(tuple(self._events), tuple(self._wire), self._items(), self._stopped)

    def _is_reached(self, until: Until, event: ThreadStreamEvent) -> bool:
        if isinstance(until, int):
            return len(self._events) >= until
        return any(until in text for text in self.turn.texts) if isinstance(until, str) else until(event)

    def _items(self) -> tuple[ThreadItem, ...]:
        came = (item for item in self.view.items if item.id in self._touched)
        return tuple(item for item in came if not isinstance(item, UserMessageItem))


def _item_id(event: ThreadStreamEvent) -> str | None:
    if isinstance(event, ThreadItemUpdatedEvent):
        return event.item_id
    if isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent | ThreadItemReplacedEvent):
        return event.item.id
    return None
