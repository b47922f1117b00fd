"""A stream that one consumer drives and somebody else may stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import ErrorEvent, ThreadStreamEvent
from chatkit_app.runs.run import Run


class Attached(AsyncIterator[ThreadStreamEvent]):
    """Hands a turn's events to the consumer that asks for them, and to a run on the way, until they end or are stopped.

    The consumer is a request whose own code must not be cancelled by somebody else's Stop: it only sees the events
    end. There is no task, no queue and no second generator between the two: where a hundred answers take turns, each
    such layer costs a token more than a microsecond.

    `begin` makes the run when the first event is asked for; `failed` makes an event of an exception; `ended` is called
    when nothing more will come.
    """

    def __init__(
        self,
        events: AsyncGenerator[ThreadStreamEvent, None],
        begin: Callable[[Attached], Run],
        failed: Callable[[Run, Exception], ErrorEvent],
        ended: Callable[[Run], None],
    ) -> None:
        self._events = events
        self._begin, self._failed, self._ended = begin, failed, ended
        self._run: Run | None = None
        self._over = False
        self._waiting: asyncio.Task[object] | None = None
        self._interrupted = False
        self._left = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    async def __anext__(self) -> ThreadStreamEvent:
        if self._over:
            raise StopAsyncIteration
        if self._run is None:
            self._run = self._begin(self)
        self._waiting = asyncio.current_task()
        try:
            event = await anext(self._events)
        except StopAsyncIteration:
            self._end(self._run)
            raise
        except asyncio.CancelledError:
            self._run.stopped = True
            self._end(self._run)
            if self._leave():
                raise StopAsyncIteration from None
            raise
        except Exception as error:
            event = self._failed(self._run, error)
            self._run.append(event)
            self._end(self._run)
        else:
            self._run.append(event)
        self._leave()
        return event

    async def aclose(self) -> None:
        """Stop, if the events have not ended; return when what the turn must keep is stored."""
        if not self._over and self._run is not None:
            self._run.stopped = True
        await self._close()

    async def stop(self) -> None:
        """Stop from elsewhere, wherever the turn is; return when what it must keep is stored."""
        if self._run is None or self._over:
            return
        self._over = True
        self._run.stopped = True
        if self._waiting is not None:
            self._interrupted = True
            self._waiting.cancel()
            await self._left.wait()
        await self._close()

    def _end(self, run: Run) -> None:
        self._over = True
        self._ended(run)

    def _leave(self) -> bool:
        """The consumer goes on. True if what it waited for was cut short by a Stop, and by nothing else."""
        task, self._waiting = self._waiting, None
        if not self._interrupted or task is None:
            return False
        self._left.set()
        return task.uncancel() == 0

    async def _close(self) -> None:
        # In a task, so that a consumer that is cancelled over and over, as in a closed request, cannot cut it short.
        self._over = True
        if self._closing is None:
            self._closing = asyncio.create_task(_closed(self._events))
            self._closing.add_done_callback(lambda _: self._run and self._ended(self._run))
        await asyncio.shield(self._closing)


async def _closed(events: AsyncGenerator[ThreadStreamEvent, None]) -> None:
    try:
        await events.aclose()
    except Exception:
        logger.exception("An answer did not close")
