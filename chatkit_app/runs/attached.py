"""A turn that one consumer drives and somebody else may stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Generic, TypeVar

from chatkit_app.chatkit.logger import logger
from chatkit_app.runs.run import Run

T = TypeVar("T")


class Attached(Generic[T]):
    """A turn that is written to one consumer as it goes, by the consumer's own task, until it ends or is stopped.

    The consumer is a request whose own code must not be cancelled by somebody else's Stop: it only sees the turn end.
    There is no queue, no task and no second generator between the two: where a hundred answers take turns, each such
    layer costs a token more than a microsecond.

    `said` is what the turn says, which goes into `run`'s log on its way; its readers are woken here. `begun` is called
    before it is asked for the first time, `ended` when nothing more will come; `failed` says an exception, to the log
    too.
    """

    def __init__(
        self,
        run: Run,
        said: AsyncGenerator[T, None],
        begun: Callable[[Attached[T]], None],
        ended: Callable[[Run], None],
        failed: Callable[[Run, Exception], T],
    ) -> None:
        self.run = run
        """The run, which others can find and join once this is being written."""
        self._said = said
        self._begun, self._ended, self._failed = begun, ended, failed
        self._driver: asyncio.Task[object] | None = None
        self._inside = False  # whether it is the turn that the driver waits for, rather than the consumer
        self._over = False
        self._left = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    async def write_to(self, write: Callable[[T], Awaitable[None]]) -> None:
        """Write everything that is said; a failure of the turn is the last of it.

        Cancelling this is Stop, and so is an exception of `write`, which is raised. Call it once.
        """
        run = self.run
        self._begun(self)
        self._driver = asyncio.current_task()
        self._inside = True
        try:
            async for said in self._said:
                self._inside = False
                if run.awaited is not None:
                    run.wake()
                if self._over:  # stopped, but the handler would not let itself be cancelled
                    self._leave()
                await write(said)
                if self._over:
                    return
                self._inside = True
        except asyncio.CancelledError:
            self.run.stopped = True
            if not (self._inside and self._over and self._leave()):
                raise
        except Exception as error:
            if not self._inside:
                raise
            last = self._failed(self.run, error)
            self._end()
            await write(last)
        finally:
            if self._inside:
                self._end()
            else:
                self.run.stopped = self.run.stopped or not self._over
                await self._close()

    async def stop(self) -> None:
        """Stop from elsewhere, wherever the turn is; return when what it must keep is stored."""
        if self._driver is None or self._over:
            return
        self._over = self.run.stopped = True
        if self._inside:
            self._driver.cancel()
            await self._left.wait()
        await self._close()

    def _end(self) -> None:
        """The turn has ended by itself."""
        self._inside, self._over = False, True
        self._left.set()
        self._ended(self.run)

    def _leave(self) -> bool:
        """The driver got out of the turn that a Stop interrupts. Whether nothing else interrupts the driver."""
        self._left.set()
        return self._driver is not None and self._driver.uncancel() == 0

    async def _close(self) -> None:
        # In a task, so that a consumer that is cancelled over and over, as in a closed request, cannot cut it short.
        self._over = True
        if self._closing is None:
            self._closing = asyncio.create_task(_closed(self._said))
            self._closing.add_done_callback(lambda _: self._ended(self.run))
        await asyncio.shield(self._closing)


async def _closed(said: AsyncGenerator[T, None]) -> None:
    try:
        await said.aclose()
    except Exception:  # nobody waits for its words any more
        logger.exception("An answer did not close")
