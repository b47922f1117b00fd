"""One turn as the page shows it: events folded into rows, the growing text and a few flags. Pure, but for the pace of `paced`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from chatkit_app.chatkit.types import (
    ErrorEvent,
    StreamOptionsEvent,
    ThreadItem,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)
from chatkit_app.chatkit.types.reduce import ThreadView, end_turn, reduce
from chatkit_app.state.live import LiveText
from chatkit_app.state.rows import Row, Words, rows_of, text_of

FLUSH_SECONDS = 0.04
"""Time between two updates of a growing text: 25 a second, about what an eye can follow."""


class Turn:
    """Folds the events of one answer. `items` are those the turn begins with, `before` the rows that stay above what it draws.

    `began` tells that the server has taken the request in, `settled` that nothing comes any more.
    """

    def __init__(
        self, said: Words, items: Iterable[ThreadItem] = (), before: Iterable[Row] = (), first_key: str = ""
    ) -> None:
        self.view = ThreadView(items=tuple(items))
        self.live = LiveText()
        self.settled = self.began = False
        self.removed: set[str] = set()
        """Ids of items that went, of this turn or of an earlier one."""
        self._said, self._before, self._first_key = said, list(before), first_key
        self._began_with = frozenset(item.id for item in self.view.items)
        self._live_id: str | None = None

    def take(self, event: ThreadStreamEvent) -> None:
        """Fold one event."""
        # Everything before this event is the server taking the request in: the message is stored, or what is to be redone is gone.
        self.began = self.began or isinstance(event, StreamOptionsEvent)
        if isinstance(event, ThreadItemRemovedEvent):
            self.removed.add(event.item_id)
        self.view = reduce(self.view, event)

    def settle(self, *, stopped: bool) -> None:
        """The last event was taken. What is unfinished is shown as the store kept it: only what a stopped assistant had said."""
        self.view = end_turn(self.view, stopped=stopped)
        self.settled = True

    def rows(self) -> list[Row]:
        """Every row of the turn, the growing one empty and marked."""
        self._watch_live()
        rows = rows_of(self.view.items, self._said, live=self._live_id, ended=self.settled)
        if rows and self._first_key and rows[0]["kind"] == "user":
            rows[0]["key"] = self._first_key  # The bubble drawn before the server named it stays the same element.
        if self._before:
            for line in rows:
                line["asked"] = line["asked"] or self._before[-1]["asked"]
        return [*self._before, *rows]

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to read yet, so that a sign of life is needed."""
        if self.settled:
            return False
        last = self.view.items[-1] if self.view.items else None
        return last is None or last.id in self._began_with or last.type == "user_message" or text_of(last) in (None, "")

    def _watch_live(self) -> None:
        live = self._growing()
        text = text_of(live) if live is not None else None
        if live is None or text is None:
            self._live_id = None
            return
        if live.id != self._live_id:
            self._live_id, self.live = live.id, LiveText()
        self.live.show(text)

    def _growing(self) -> ThreadItem | None:
        """The item whose text is sent by itself: the last one in progress, else the last of the turn even if it is done.

        A row that is done is sent whole, so it is sent once: with the next row, or with the end of the turn.
        """
        if self.settled:
            return None
        unfinished = [item for item in self.view.items if item.id in self.view.in_progress]
        last = (unfinished or self.view.items)[-1:]
        return last[0] if last and last[0].id not in self._began_with else None


@dataclass
class _Intake:
    events: list[ThreadStreamEvent]
    arrived: asyncio.Event
    """Something came."""
    text: asyncio.Event
    """Something to read came."""
    ended: asyncio.Event


async def paced(
    numbered: AsyncGenerator[tuple[int, ThreadStreamEvent], None],
    reading: Callable[[], bool],
    seconds: float = FLUSH_SECONDS,
) -> AsyncGenerator[list[ThreadStreamEvent], None]:
    """Events as they should be drawn: everything that came, at most once in so many seconds.

    Until the reader has something to read (`reading()`), the first text does not wait for the clock, and the end never does. An
    exception out of `numbered` comes out here, after the events before it.
    """
    intake = _Intake([], asyncio.Event(), asyncio.Event(), asyncio.Event())
    reader = asyncio.create_task(_read(numbered, intake))
    try:
        while not (intake.ended.is_set() and not intake.events):
            await intake.arrived.wait()
            if not reading():
                await _at_most(seconds, intake.text)
            had_text = intake.text.is_set()
            intake.arrived.clear()
            intake.text.clear()
            taken, intake.events = intake.events, []
            if taken:
                yield taken
            if (
                had_text or reading()
            ):  # Text that cannot be shown yet, half a table perhaps, must not be drawn at every token.
                await _at_most(seconds, intake.ended)
        await reader
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


async def _at_most(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _read(numbered: AsyncGenerator[tuple[int, ThreadStreamEvent], None], intake: _Intake) -> None:
    try:
        async with aclosing(numbered):
            async for _, event in numbered:
                intake.events.append(event)
                intake.arrived.set()
                if isinstance(event, ThreadItemUpdatedEvent | ErrorEvent):
                    intake.text.set()
    finally:
        for state in (intake.ended, intake.text, intake.arrived):
            state.set()
