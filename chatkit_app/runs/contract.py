"""What keeps answers in progress: the contract."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeAlias, TypeVar

from chatkit_app.chatkit.types import ErrorEvent, StreamingReq, ThreadStreamEvent
from chatkit_app.runs.attached import Attached
from chatkit_app.runs.run import Run

T = TypeVar("T")
StreamEvents: TypeAlias = Callable[[StreamingReq, Any], AsyncGenerator[ThreadStreamEvent, None]]
"""Answers a request: `ChatKitServer.stream_events`. Cancelling or closing what it returns is Stop; nobody changes an
event after it was sent."""


class Runs(ABC):
    """Answers in progress. Whose they are is `owner_of(context)`; a foreign run answers exactly as a missing one."""

    @abstractmethod
    async def start(self, request: StreamingReq, context: Any) -> Run:
        """Begin answering, and go on to the end whether or not anybody reads.

        `ThreadBusyError` if the thread is being answered, `TooManyRunsError` if the user has too many answers in
        progress, `RunsClosedError` during shutdown.
        """

    @abstractmethod
    def attach(
        self,
        turn: Callable[[Run], AsyncGenerator[T, None]],
        failed: Callable[[ErrorEvent], T],
        context: Any,
        thread_id: str | None = None,
    ) -> Attached[T]:
        """A turn driven by whoever has it written to himself, while others may join its run.

        For a plain HTTP client, whose connection *is* the answer. `turn` makes what is written of the run, into whose
        log it puts every event on the way; an exception out of it becomes a last `error` event, of which `failed` makes
        what is written. Raises as `start` does, except that a busy thread is no reason: ChatKit's HTTP clients may
        answer a client tool while another request still ends.
        """

    @abstractmethod
    async def find(self, thread_id: str, context: Any) -> Run | None:
        """The thread's run in progress, else its last one if that settled a moment ago, else None."""

    @abstractmethod
    async def get(self, run_id: str, context: Any) -> Run:
        """The run with this id. `NotFoundError` if it is unknown, forgotten or another user's."""

    @abstractmethod
    async def stop(self, thread_id: str, context: Any) -> bool:
        """Stop answering in this thread, from any tab, and return when what must be kept is stored.

        The run's log just ends. False if there was nothing to stop.
        """

    @abstractmethod
    async def drain(self, seconds: float) -> None:
        """Begin nothing new, let what is in progress end for so many `seconds`, then stop the rest and wait for it."""

    @abstractmethod
    async def aclose(self) -> None:
        """Stop everything, keep what must be kept, forget the logs."""
