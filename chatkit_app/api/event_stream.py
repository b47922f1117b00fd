"""A response that streams events until they end or the client has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Closable(Protocol[T_co]):
    """What can be iterated over once, and closed before its end. An async generator is one."""

    def __aiter__(self) -> AsyncIterator[T_co]: ...

    async def aclose(self) -> None: ...


class EventStream(Response):
    """Sends events as they come, each at once, as `text/event-stream`.

    A client that leaves is noticed at once, also while nothing is being said: then whoever makes the events is
    cancelled, which is Stop. The response ends when they have, so what must be stored is stored by then.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: Closable[T], encode: Callable[[T], bytes], headers: Mapping[str, str] | None = None
    ) -> None:
        """`encode` makes the whole chunk of an event; `events` are closed in every case."""
        self.status_code = 200
        self.background = None
        # A proxy must neither keep the stream nor hold it back.
        self.init_headers({"cache-control": "no-store", "x-accel-buffering": "no", **(headers or {})})
        self._events: Closable[Any] = events
        self._encode: Callable[[Any], bytes] = encode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(self._write(send))
        watching = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({writing, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            writing.cancel()
            await _ended(writing)
        if not writing.cancelled() and (error := writing.exception()) is not None:
            raise error

    async def _write(self, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            encode = self._encode
            async for event in self._events:
                await send({"type": "http.response.body", "body": encode(event), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            pass  # some servers say only here that the client has gone
        finally:
            await self._events.aclose()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _ended(task: asyncio.Task[None]) -> None:
    """Wait until the task has ended, however often we are cancelled meanwhile; then pass the cancellation on."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
