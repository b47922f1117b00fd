"""One answer in progress: a log that grows, and anybody's number of readers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from typing import TypeAlias

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadCreatedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

_Part: TypeAlias = tuple[str, int]
"""Id of a message, and the index of one of its parts."""
_FirstWord: TypeAlias = tuple[str, int, str]
"""The same, and the text that an event adds there."""


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
        # Nearly all events add text where the last one did: of those only the text is kept. Kept as they come, events
        # would make the garbage collector's work, and with it the cost of a token, grow by a third.
        self._log: list[ThreadStreamEvent | _FirstWord | str] = []
        self._part: _Part | None = None
        self.awaited: asyncio.Event | None = None
        """What readers wait for, if there are any who have read everything."""

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
        number, part = after, self._part_before(after)
        while True:
            while number < len(self._log):  # a reader that wakes up takes everything new before it sleeps again
                entry = self._log[number]
                number += 1
                if isinstance(entry, tuple):
                    part, entry = entry[:2], entry[2]
                if isinstance(entry, str):
                    assert part is not None
                    yield number, _word(*part, entry)
                else:
                    yield number, entry
            if self.settled:
                return
            await self._wait_for_news()

    async def wait(self) -> None:
        """Return when the run has settled."""
        while not self.settled:
            await self._wait_for_news()

    def append(self, event: ThreadStreamEvent) -> None:
        """Add the next event and wake the readers."""
        if type(event) is ThreadItemUpdatedEvent and type(event.update) is AssistantMessageContentPartTextDelta:
            part, delta = (event.item_id, event.update.content_index), event.update.delta
            self._log.append(delta if part == self._part else (*part, delta))
            self._part = part
        else:
            if self.thread_id is None and isinstance(event, ThreadCreatedEvent):
                self.thread_id = event.thread.id
            self._log.append(event)
        self.wake()

    def append_to(self, item_id: str, content_index: int) -> Callable[[str], None]:
        """`append` for events that each add the given text to this part of this item, as the last event did.

        It does not `wake` the readers, and is not to be used any more once text went elsewhere.
        """
        assert self._part == (item_id, content_index)
        return self._log.append

    def wake(self) -> None:
        """Tell those who wait that there is something new; those who come later wait for the next event."""
        if self.awaited is not None:
            self.awaited.set()
            self.awaited = None

    def settle(self) -> None:
        """Say that no more events will come."""
        self.settled = True
        self.wake()

    def _part_before(self, number: int) -> _Part | None:
        """Where text is added that comes next in the log and does not say where."""
        first = next((entry for entry in reversed(self._log[:number]) if isinstance(entry, tuple)), None)
        return None if first is None else first[:2]

    async def _wait_for_news(self) -> None:
        if self.awaited is None:
            self.awaited = asyncio.Event()
        await self.awaited.wait()


def _word(item_id: str, content_index: int, delta: str) -> ThreadItemUpdatedEvent:
    update = AssistantMessageContentPartTextDelta(content_index=content_index, delta=delta)
    return ThreadItemUpdatedEvent(item_id=item_id, update=update)
