"""What `process` answers."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing


class StreamingResult(AsyncIterable[bytes]):
    """A stream of server-sent events; iterate it once, each chunk is one whole event.

    Closing the iterator early, or cancelling the task that iterates, stops the turn.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None]) -> None:
        self.json_events = stream
        """The chunks."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self.json_events) as chunks:
            async for chunk in chunks:
                yield chunk


class NonStreamingResult:
    """One JSON document."""

    def __init__(self, result: bytes) -> None:
        self.json = result
        """The document, encoded."""
