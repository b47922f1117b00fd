"""Asking an ASGI application, without a network."""

from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from chatkit_app.identity import Identity

SECRET = "0123456789abcdef0123456789abcdef"
IDENTITY = Identity(SECRET)
BASE = "http://chat.example:8000"


def client(app: ASGIApp, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, **options)


async def _page(request: Request) -> Response:
    user = IDENTITY.from_cookie_header(request.headers.get("cookie"))
    return JSONResponse({"user": user, "body": len(await request.body()), "cookie": request.headers.get("cookie")})


async def _image(_request: Request) -> Response:
    headers = {"content-security-policy": "sandbox", "access-control-allow-origin": "*", "cache-control": "max-age=9"}
    return PlainTextResponse("image", headers=headers)


def site() -> Starlette:
    """A small application that says who asked."""
    return Starlette(routes=[Route("/", _page, methods=["GET", "POST", "PUT", "DELETE"]), Route("/image", _image)])


async def websocket(app: ASGIApp, headers: list[tuple[bytes, bytes]], path: str = "/ws") -> tuple[list[Any], Any]:
    """Open a websocket: the messages the application sent, and the scope the inner application saw."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "scheme": "ws", "path": path, "headers": headers}
    await app(scope, receive, send)
    return sent, scope


class Echo:
    """Accepts every websocket and remembers what it was asked with."""

    def __init__(self) -> None:
        self.scope: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await send({"type": "websocket.accept"})
