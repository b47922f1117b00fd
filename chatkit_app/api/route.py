"""A ChatKit server as one route of somebody's own web application."""

from __future__ import annotations

import binascii
import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatkit_app.api.body import whole_body
from chatkit_app.api.errors import REQUEST, answer_for, bad_request, not_offered
from chatkit_app.api.event_stream import EventStream, Write
from chatkit_app.chatkit.errors import ErrorCode, RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.server import ChatKitServer, StreamingResult, encode_event
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import ErrorEvent


def chatkit_route(
    server: ChatKitServer[Any],
    context: Callable[[Request], Any] | None = None,
    path: str = "/chatkit",
) -> Route:
    """A Starlette route (FastAPI takes it too: `app.router.routes.append(…)`) that answers `POST` requests of ChatKit.

    `context` makes the server's context from the request, and may be a coroutine function; by default it is
    `{"request": request}`. What it raises goes to your application, so an `HTTPException` there refuses the request.
    A body that is no ChatKit request is answered with 400, what does not exist with 404. A client that leaves
    stops its answer. How large a body may be, who may ask and from which origin is your application's to say.
    """

    async def chatkit(request: Request) -> Response:
        body = await whole_body(request)
        made = {"request": request} if context is None else context(request)
        return await answer(server, body, await made if inspect.isawaitable(made) else made)

    return Route(path, chatkit, methods=["POST"], name="chatkit")


async def answer(server: ChatKitServer[Any], body: bytes, context: Any) -> Response:
    """The response to one ChatKit request."""
    try:
        # Here, so that a fault in the program's own models is not blamed on the client.
        asked = REQUEST.validate_json(body)
    except ValidationError as error:
        return bad_request(body, error)
    if (refused := not_offered(server, asked)) is not None:
        return refused
    try:
        result = await server.process(body, context)
    except (NotFoundError, NotImplementedError, RequestError, binascii.Error) as error:
        return answer_for(error, asked)
    if isinstance(result, StreamingResult):
        return EventStream(partial(_write_all, result.json_events))
    return Response(result.json, media_type="application/json")


async def _write_all(chunks: AsyncGenerator[bytes, None], write: Write) -> None:
    """Write the chunks, and an `error` event where they would break off."""
    async with aclosing(chunks):
        while True:
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except Exception:  # the client would only see that the stream ends too soon
                logger.exception("A stream broke")
                chunk = encode_event(ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=False))
            await write(chunk)
