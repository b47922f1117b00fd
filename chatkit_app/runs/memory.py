"""Answers in progress, in the memory of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, TypeVar

from chatkit_app.chatkit.errors import ErrorCode, RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import NotFoundError, owner_of
from chatkit_app.chatkit.types import ErrorEvent, StreamingReq
from chatkit_app.errors import RunsClosedError, ThreadBusyError, TooManyRunsError
from chatkit_app.runs.attached import Attached
from chatkit_app.runs.contract import Runs, StreamEvents
from chatkit_app.runs.run import Run

T = TypeVar("T")

GRACE_SECONDS = 60.0
"""How long a settled run can still be found, so that a tab that was away sees its end."""

MAX_LIVE_PER_OWNER = 8
"""How many answers one user may have in progress at once."""


class MemoryRuns(Runs):
    """Keeps runs in this process. They end with it: what was said by then is in the store.

    `stream_events` answers a request; `grace_seconds` is how long a settled run can still be found;
    `max_live_per_owner` is how many answers a user may have in progress. Use it from one event loop.
    """

    def __init__(
        self,
        stream_events: StreamEvents,
        *,
        grace_seconds: float = GRACE_SECONDS,
        max_live_per_owner: int = MAX_LIVE_PER_OWNER,
    ) -> None:
        self._stream_events = stream_events
        self._grace_seconds = grace_seconds
        self._max_live_per_owner = max_live_per_owner
        self._runs: dict[str, Run] = {}
        self._drivers: dict[Run, asyncio.Task[None] | Attached[Any]] = {}
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, request: StreamingReq, context: Any) -> Run:
        owner, thread_id = owner_of(context), getattr(request.params, "thread_id", None)
        self._admit(owner)
        if thread_id is not None and any(not run.settled for run in self._of_thread(owner, thread_id)):
            raise ThreadBusyError(thread_id)
        run = Run(owner, thread_id)
        self._runs[run.id] = run
        driver = asyncio.create_task(self._drive(run, request, context), name=run.id)
        self._drivers[run] = driver
        driver.add_done_callback(lambda _: self._settle(run))  # also runs if it is cancelled before its first step
        return run

    def attach(
        self,
        turn: Callable[[Run], AsyncGenerator[T, None]],
        failed: Callable[[ErrorEvent], T],
        context: Any,
        thread_id: str | None = None,
    ) -> Attached[T]:
        owner = owner_of(context)
        self._admit(owner)
        run = Run(owner, thread_id)

        def begun(attached: Attached[T]) -> None:
            self._runs[run.id] = run
            self._drivers[run] = attached

        def said(run: Run, error: Exception) -> T:
            event = _failed(run, error)
            run.append(event)
            return failed(event)

        return Attached(run, turn(run), begun, self._settle, said)

    async def find(self, thread_id: str, context: Any) -> Run | None:
        runs = self._of_thread(owner_of(context), thread_id)
        live = [run for run in runs if not run.settled]
        return next(reversed(live or runs), None)

    async def get(self, run_id: str, context: Any) -> Run:
        run = self._runs.get(run_id)
        if run is None or run.owner != owner_of(context):
            raise NotFoundError(f"run {run_id!r} not found")
        return run

    async def stop(self, thread_id: str, context: Any) -> bool:
        live = [run for run in self._of_thread(owner_of(context), thread_id) if not run.settled]
        await asyncio.gather(*(self._stop(run) for run in live))
        return bool(live)

    async def drain(self, seconds: float) -> None:
        self._closed = True
        waiting = [asyncio.ensure_future(run.wait()) for run in self._drivers]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=seconds)
            for waiter in late:
                waiter.cancel()
        await asyncio.gather(*(self._stop(run) for run in list(self._drivers)))

    async def aclose(self) -> None:
        await self.drain(0)
        self._runs.clear()

    # The turn

    async def _drive(self, run: Run, request: StreamingReq, context: Any) -> None:
        try:
            async with aclosing(self._stream_events(request, context)) as events:
                async for event in events:
                    run.append(event)
        except Exception as error:
            run.append(_failed(run, error))

    async def _stop(self, run: Run) -> None:
        driver = self._drivers.get(run)
        if driver is None:
            return
        run.stopped = True
        if isinstance(driver, Attached):
            await driver.stop()
            await run.wait()
        else:
            driver.cancel()
            await asyncio.wait([driver])  # the turn shields what it must store, and ends when that is done

    # The shelf

    def _admit(self, owner: str) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        if self._loop is not asyncio.get_running_loop():
            raise RuntimeError("these runs belong to another event loop: make one MemoryRuns for each loop")
        if self._closed:
            raise RunsClosedError("the server is shutting down")
        if sum(run.owner == owner for run in self._drivers) >= self._max_live_per_owner:
            raise TooManyRunsError(self._max_live_per_owner)

    def _settle(self, run: Run) -> None:
        if self._drivers.pop(run, None) is None:
            return
        run.settle()
        asyncio.get_running_loop().call_later(self._grace_seconds, self._runs.pop, run.id, None)

    def _of_thread(self, owner: str, thread_id: str) -> list[Run]:
        return [run for run in self._runs.values() if run.thread_id == thread_id and run.owner == owner]


def _failed(run: Run, error: Exception) -> ErrorEvent:
    if isinstance(error, RequestError):  # the client's mistake, which trying again does not mend
        logger.info("Answer %s in thread %s refused: %s", run.id, run.thread_id, error)
        return ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=False)
    logger.error("Answer %s in thread %s failed", run.id, run.thread_id, exc_info=error)
    return ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=True)
