"""The HTTP side of this application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_app.api.body_limit import BodyLimit
from chatkit_app.api.chatkit import ChatKitEndpoint, Context, cookie_context
from chatkit_app.api.errors import EXCEPTION_HANDLERS
from chatkit_app.api.event_stream import DIRECT_SEND
from chatkit_app.api.headers import body_send
from chatkit_app.api.health import alive, ready
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import Store
from chatkit_app.identity import Identity
from chatkit_app.runs import Runs

MAX_BODY_BYTES = 1024 * 1024
"""The largest body of a ChatKit request, in bytes: 1 MiB."""


def create_api(
    server: ChatKitServer[Any],
    runs: Runs,
    store: Store[Any],
    identity: Identity,
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    context: Context | None = None,
    rest: ASGIApp | None = None,
) -> Starlette:
    """`POST /chatkit`, `GET /healthz`, `GET /readyz` and `GET /session.js`; `rest` answers every other path.

    `runs` must drive the same `server`. `context` says who is asking, by default the session cookie that `shield`
    sets: put the result behind `shield`.
    """
    endpoint = ChatKitEndpoint(server, runs, context or cookie_context(identity))
    limit = Middleware(BodyLimit, max_bytes=max_body_bytes)
    routes: list[BaseRoute] = [
        Route("/chatkit", endpoint.answer, methods=["POST"], middleware=[limit]),
        Route("/healthz", alive),
        Route("/readyz", ready(store)),
        Route("/session.js", session),
    ]
    if rest is not None:
        routes.append(Mount("", rest))
    return _Api(routes=routes, exception_handlers=EXCEPTION_HANDLERS)


class _Api(Starlette):
    """Lets the bits of an answer past Starlette's layers, which look at the beginning of a response only."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[DIRECT_SEND] = body_send(send)
        await super().__call__(scope, receive, send)


async def session(_request: Request) -> Response:
    """`GET /session.js`: an empty script, asked for only to bring the session cookie.

    In development the page comes from another port, and a browser keeps no cookie that arrives with a websocket.
    """
    return Response("", media_type="text/javascript", headers={"cache-control": "no-store"})
