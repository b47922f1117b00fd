"""What a client needs from the other side. Anything with these methods will do: the server in this process, or one behind HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Protocol

from chatkit_app.chatkit.types import NonStreamingReq, StreamingReq, ThreadStreamEvent


class Transport(Protocol):
    """The two ways a request can be answered. `context` says who is asking; it is handed on untouched."""

    async def call(self, request: NonStreamingReq, context: Any) -> Any:
        """The typed answer of a request that is answered at once, None where the protocol answers `{}`."""
        ...

    def stream_events(self, request: StreamingReq, context: Any) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The typed events of a request that is answered in a stream. Closing the generator is Stop."""
        ...


class Answer(Protocol):
    """An answer in progress, or just settled. Any number of readers may follow it; none of them can slow it down."""

    @property
    def thread_id(self) -> str | None:
        """The thread it belongs to, None until the server has named a new one."""
        ...

    @property
    def settled(self) -> bool:
        """Whether the last event is in the log."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether it settled because somebody stopped it."""
        ...

    def events(self, after: int = 0) -> AsyncGenerator[tuple[int, ThreadStreamEvent], None]:
        """The events numbered above `after` (the first is 1): those that are there at once, then live; ends when the answer settled."""
        ...


class Answers(Protocol):
    """Where answers in progress are kept, apart from any connection."""

    async def start(self, request: StreamingReq, context: Any) -> Answer:
        """Begin an answer. It goes on whether anybody follows it or not."""
        ...

    async def find(self, thread_id: str, context: Any) -> Answer | None:
        """The answer in progress (or just settled) in this thread of this user, None if there is none."""
        ...

    async def stop(self, thread_id: str, context: Any) -> bool:
        """Stop the answer of this thread and keep what it said so far. False if none was in progress."""
        ...
