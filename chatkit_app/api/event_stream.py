"""A response that streams events until they end or the client has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Write: TypeAlias = Callable[[bytes], Awaitable[None]]
"""Sends bytes to the client, when it can take them."""

DIRECT_SEND = "chatkit.direct_send"
"""Key of an ASGI scope: a `send` for the body of a response that has begun. Layers between it and the response's own
`send` do not look at bodies."""


class EventStream(Response):
    """Sends events as they come, each at once, as `text/event-stream`.

    A client that leaves is noticed at once, also while nothing is being said: then whoever makes the events is
    cancelled, which is Stop. The response ends when they have, so what must be stored is stored by then.
    """

    media_type = "text/event-stream"

    def __init__(
        self, write_to: Callable[[Write], Coroutine[Any, Any, None]], headers: Mapping[str, str] | None = None
    ) -> None:
        """`write_to` writes whole chunks of events, and stops what makes them when it is cancelled or cannot write."""
        self.status_code = 200
        self.background = None
        # A proxy must neither keep the stream nor hold it back.
        self.init_headers({"cache-control": "no-store", "x-accel-buffering": "no", **(headers or {})})
        self._write_to = write_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send_body: Send = scope.get(DIRECT_SEND, send)

        def write(chunk: bytes) -> Awaitable[None]:
            return send_body({"type": "http.response.body", "body": chunk, "more_body": True})

        with suppress(OSError):  # some servers say only when they are given something that the client has gone
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if await _while_there(self._write_to(write), receive):
                await send_body({"type": "http.response.body", "body": b"", "more_body": False})


async def _while_there(writing: Coroutine[Any, Any, None], receive: Receive) -> bool:
    """Whether everything could be written. What writes is a task of its own: it is cancelled when the client leaves."""
    task = asyncio.create_task(writing)
    watching = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({task, watching}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        task.cancel()
        await _ended(task)
    if task.cancelled():
        return False
    task.result()
    return True


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
