"""A stream that one consumer drives and somebody else may stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import ThreadStreamEvent


class Tee:
    """Hands a turn's events to the consumer that asks for them, until they end or `stop` is called.

    The consumer is a request whose own code must not be cancelled by somebody else's Stop: it only sees the events
    end. There is no task and no queue between the two, so a token costs little more than without it.
    """

    def __init__(self, events: AsyncGenerator[ThreadStreamEvent, None]) -> None:
        self._events = events
        self._waiting: asyncio.Task[object] | None = None
        self._interrupted = False
        self._left = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    async def next(self) -> ThreadStreamEvent | None:
        """The next event; None when there is none, or when it was stopped."""
        if self._interrupted or self._closing is not None:
            return None
        task = self._waiting = asyncio.current_task()
        try:
            return await anext(self._events, None)
        except asyncio.CancelledError:
            if self._interrupted and task is not None and task.cancelling() == 1:
                return None  # only our own Stop, not also somebody who cancels the consumer
            raise
        finally:
            self._waiting = None
            if self._interrupted and task is not None:
                task.uncancel()
                self._left.set()

    async def stop(self) -> None:
        """End the turn as Stop does, wherever it is, and return when what it must keep is stored."""
        if self._waiting is not None and not self._interrupted:
            self._interrupted = True
            self._waiting.cancel()
        if self._interrupted:
            await self._left.wait()
        await asyncio.shield(self.close())

    def close(self) -> asyncio.Task[None]:
        """Begin to close the turn, if nobody has yet. The task ends when what the turn must keep is stored.

        It is a task so that a consumer that is cancelled over and over, as in a closed request, cannot cut it short.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(_close(self._events))
        return self._closing


async def _close(events: AsyncGenerator[ThreadStreamEvent, None]) -> None:
    try:
        await events.aclose()
    except Exception:
        logger.exception("An answer did not close")
