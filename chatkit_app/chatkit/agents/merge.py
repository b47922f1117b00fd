"""One stream of two sources, without reading ahead of either and without a task of its own."""

import asyncio
import types
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from inspect import isawaitable
from typing import Any, Generic, NamedTuple, TypeVar

from chatkit_app.chatkit.types import ThreadStreamEvent

from .queue import EventQueue

TRun = TypeVar("TRun")


class _Wakeup(asyncio.Future[None]):
    """Ends when another future ends or when `wake` is called; cancelling it cancels that other future.

    Awaiting it is like awaiting the other future, with one more way to go on.
    """

    def __init__(self, other: asyncio.Future[Any]) -> None:
        super().__init__(loop=other.get_loop())
        self._other = other
        other.add_done_callback(self.wake)

    def wake(self, _: Any = None) -> None:
        if not self.done():
            self.set_result(None)

    def cancel(self, msg: Any | None = None) -> bool:
        return self._other.cancel(msg=msg)

    def release(self) -> None:
        self._other.remove_done_callback(self.wake)


class Queued(NamedTuple):
    """An event that came through the context's queue, not from the run."""

    event: ThreadStreamEvent
    """The event."""


class Merge(Generic[TRun]):
    """The events of a run and of its context's queue, one at a time, in the order they arose.

    The run is only advanced while somebody waits for the next event. While it has nothing, an event put in the queue is
    handed out at once. An event put while the run's own events still wait to be read (`backlog` says how many) comes
    after those: what a tool shows comes after what the model said before it called the tool.

    The run's generator is driven by hand, in the task of whoever waits: a task for each step would cost more than all
    the rest, and could be left behind.
    """

    def __init__(self, run: AsyncIterator[TRun], queue: EventQueue, backlog: Callable[[], int]) -> None:
        self._run = run
        self._queue = queue
        self._backlog = backlog
        self._taken = 0
        self._due = deque([0] * queue.qsize())
        self._has_ended = False
        self._step: Any = None
        self._blocker: Any = None
        self._wakeup: _Wakeup | None = None
        queue.listener = self._arrived

    async def next(self) -> TRun | Queued | None:
        """The next event; None when the run has ended and nothing waits in the queue. What the run raises is raised."""
        if not (self._has_ended or self._queue_is_due()):
            try:
                event = await self._advance()
            except StopAsyncIteration:
                self._has_ended = True
            except BaseException:
                self._has_ended = True
                raise
            else:
                if event is not None:
                    self._taken += 1
                    return event
        if not self._due:
            return None
        self._due.popleft()
        return Queued(self._queue.get_nowait())

    async def aclose(self) -> None:
        """Leave both sources; the run's generator is closed, what is in the queue stays there."""
        self._queue.listener = None
        if self._step is not None:
            await self._abandon(self._step)
        close = getattr(self._run, "aclose", None)
        closing = close() if close is not None else None
        if isawaitable(closing):  # what stands in for a generator may have anything there
            await closing

    def _arrived(self) -> None:
        self._due.append(self._taken + self._backlog())
        if self._wakeup is not None:
            self._wakeup.wake()

    def _queue_is_due(self) -> bool:
        return bool(self._due) and (self._due[0] <= self._taken or not self._backlog())

    @types.coroutine
    def _advance(self) -> Generator[Any, None, TRun | None]:
        """The run's next event, or None once an event of the queue is due; then the step is kept for later."""
        step, blocker = self._step, self._blocker
        self._step = self._blocker = None
        try:
            if step is None:
                step = self._run.__anext__().__await__()
                blocker = step.send(None)
            while True:
                try:
                    yield from self._wait(blocker)
                except BaseException as error:
                    blocker = step.throw(error)
                    continue
                if not _is_over(blocker) or (blocker is None and self._queue_is_due()):
                    self._step, self._blocker = step, blocker
                    return None
                blocker = step.send(None)
        except StopIteration as end:
            event: TRun = end.value
            return event

    def _wait(self, blocker: Any) -> Generator[Any, None, None]:
        """Do for the step what the event loop's task would do, until its blocker is over or the queue is due.

        A step without blocker just lets others run, once.
        """
        if not asyncio.isfuture(blocker):
            yield blocker
            return
        blocker._asyncio_future_blocking = False
        while not (blocker.done() or self._queue_is_due()):
            self._wakeup = _Wakeup(blocker)
            try:
                yield from self._wakeup
            finally:
                self._wakeup.release()
                self._wakeup = None

    @types.coroutine
    def _abandon(self, step: Any) -> Generator[Any, None, None]:
        """End a step that waits: it is cancelled, and may still await what it must."""
        self._step = self._blocker = None
        try:
            blocker = step.throw(asyncio.CancelledError())
            while True:
                try:
                    yield blocker
                except BaseException as error:
                    blocker = step.throw(error)
                else:
                    blocker = step.send(None)
        except (StopIteration, StopAsyncIteration, asyncio.CancelledError):
            return


def _is_over(blocker: Any) -> bool:
    return not asyncio.isfuture(blocker) or blocker.done()
