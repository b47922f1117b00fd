"""What `process` answers."""

from collections.abc import AsyncGenerator, AsyncIterable


class StreamingResult(AsyncIterable[bytes]):
    """A stream of server-sent events; iterate it once, each chunk is one whole event.

    Closing the iterator early, or cancelling the task that iterates, stops the turn.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None]) -> None:
        self.json_events = stream
        """The chunks."""

    def __aiter__(self) -> AsyncGenerator[bytes, None]:
        return self.json_events


class NonStreamingResult:
    """One JSON document."""

    def __init__(self, result: bytes) -> None:
        self.json = result
        """The document, encoded."""
