"""No body is larger than it may be."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Refuses a body as soon as it says it is, or turns out to be, larger than `max_bytes`.

    It raises Starlette's `HTTPException` with status 413, which the application around it answers.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        self._check(_declared(scope))
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            self._check(received)
            return message

        return await self._app(scope, counting, send)

    def _check(self, size: int) -> None:
        if size > self._max_bytes:
            raise HTTPException(413, f"The body is larger than {self._max_bytes} bytes")


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])  # a number so long is too large at any length
    return 0
