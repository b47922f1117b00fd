"""One answer in progress: a log that grows, and anybody's number of readers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from typing import TypeAlias

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadCreatedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

_Text: TypeAlias = tuple[str, int, str]


class Run:
    """The events of one turn, numbered from 1, and whether more will come.

    Readers only ever read: one that is slow, or that leaves, costs the run and the other readers nothing. Only the
    `Runs` that drives a run calls `append` and `settle`. Everything happens in one event loop.
    """

    def __init__(self, owner: str, thread_id: str | None = None) -> None:
        self.id = f"run_{secrets.token_urlsafe(16)}"
        """Unguessable: 128 random bits."""
        self.owner = owner
        """Id of the user whose thread this is."""
        self.thread_id = thread_id
        """The thread; for a new one None until its `thread.created` was seen."""
        self.settled = False
        """True once no more events will come."""
        self.stopped = False
        """True if somebody stopped it: what had been said by then is in the store."""
        self._log: list[ThreadStreamEvent | _Text] = []
        self._news = asyncio.Event()

    @property
    def length(self) -> int:
        """How many events there are so far, which is the number of the last one."""
        return len(self._log)

    async def events(self, after: int = 0) -> AsyncGenerator[tuple[int, ThreadStreamEvent], None]:
        """Every event numbered above `after`: first those that are there, then live ones, until the run settles.

        `ValueError` if `after` is negative or beyond the events there are: the reader is thinking of another run.
        """
        if not 0 <= after <= len(self._log):
            raise ValueError(f"after must be between 0 and {len(self._log)}, not {after}")
        number = after
        while True:
            while number < len(self._log):  # a reader that wakes up takes everything new before it sleeps again
                number += 1
                yield number, _unpacked(self._log[number - 1])
            if self.settled:
                return
            await self._news.wait()

    async def wait(self) -> None:
        """Return when the run has settled."""
        while not self.settled:
            await self._news.wait()

    def append(self, event: ThreadStreamEvent) -> None:
        """Add the next event and wake the readers."""
        if self.thread_id is None and isinstance(event, ThreadCreatedEvent):
            self.thread_id = event.thread.id
        self._log.append(_packed(event))
        self._wake()

    def settle(self) -> None:
        """Say that no more events will come."""
        self.settled = True
        self._wake()

    def _wake(self) -> None:
        # Set and cleared at once: those who wait now wake up, those who come later wait for the next event.
        self._news.set()
        self._news.clear()


def _packed(event: ThreadStreamEvent) -> ThreadStreamEvent | _Text:
    """A bit of text as a tuple of plain values, which the garbage collector does not visit again and again.

    Nearly all events are such bits. Kept as they come, the logs of a hundred answers double the cost of a token.
    """
    if type(event) is ThreadItemUpdatedEvent and type(event.update) is AssistantMessageContentPartTextDelta:
        return event.item_id, event.update.content_index, event.update.delta
    return event


def _unpacked(entry: ThreadStreamEvent | _Text) -> ThreadStreamEvent:
    if not isinstance(entry, tuple):
        return entry
    item_id, content_index, delta = entry
    update = AssistantMessageContentPartTextDelta(content_index=content_index, delta=delta)
    return ThreadItemUpdatedEvent(item_id=item_id, update=update)
