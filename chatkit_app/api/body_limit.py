"""No body is larger than it may be."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatkit_app.api.errors import error_response


class BodyLimit:
    """Answers 413 as soon as a body says it is, or turns out to be, larger than `max_bytes`."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        too_large = HTTPException(413, f"The body is larger than {self._max_bytes} bytes")
        if _declared(scope) > self._max_bytes:
            return await self._refuse(too_large, scope, receive, send)
        received = 0
        started = False

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise too_large
            return message

        async def watching(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counting, watching)
        except HTTPException as error:
            if error is not too_large or started:
                raise
            await self._refuse(too_large, scope, receive, send)

    async def _refuse(self, error: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
        await error_response(413, "too_large", f"{error.detail}.")(scope, receive, send)


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])  # a number so long is too large at any length
    return 0
