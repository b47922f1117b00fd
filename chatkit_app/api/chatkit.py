"""`POST /chatkit`: the protocol, for any ChatKit client."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeAlias

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chatkit_app.api.body import whole_body
from chatkit_app.api.errors import REQUEST, answer_for, bad_request, error_response, not_offered
from chatkit_app.api.event_stream import EventStream
from chatkit_app.chatkit.server import CHUNKS, EVENTS, ChatKitServer, Output, encode, encode_event, word_encoder
from chatkit_app.chatkit.types import (
    StreamingReq,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    is_streaming_req,
)
from chatkit_app.identity import Identity, RequestContext
from chatkit_app.runs import Attached, Run, Runs

Context: TypeAlias = Callable[[Request], RequestContext]
"""Says who is asking, or raises `HTTPException`."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")


class ChatKitEndpoint:
    """Answers ChatKit requests: with JSON, or with events until the client leaves, which is Stop."""

    def __init__(self, server: ChatKitServer[Any], runs: Runs, context: Context) -> None:
        self._server = server
        self._runs = runs
        self._context = context

    async def answer(self, request: Request) -> Response:
        """The response to one request."""
        if not _is_json(request.headers.get("content-type", "")):
            # Also a defence: a page of another site can send any type but this one without asking first.
            return error_response(415, "unsupported_media_type", "Send the request as application/json.")
        context = self._context(request)
        body = await whole_body(request)
        try:
            asked = REQUEST.validate_json(body)
        except ValidationError as error:
            return bad_request(body, error)
        if (refused := not_offered(self._server, asked)) is not None:
            return refused
        try:
            if is_streaming_req(asked):
                return EventStream(self._attached(asked, context).write_to)
            return Response(encode(await self._server.call(asked, context)), media_type="application/json")
        except HTTPException:  # the program's own answer
            raise
        except Exception as error:
            return answer_for(error, asked)

    def _attached(self, asked: StreamingReq, context: RequestContext) -> Attached[bytes]:
        def turn(run: Run) -> AsyncGenerator[bytes, None]:
            return self._server.stream(asked, context, _into(run))

        return self._runs.attach(turn, encode_event, context, getattr(asked.params, "thread_id", None))


def _into(run: Run) -> Output[bytes]:
    """The bytes of events that go into the run's log as well."""

    def event(event: ThreadStreamEvent) -> bytes:
        run.append(EVENTS.event(event))
        return CHUNKS.event(event)

    def words(item_id: str, content_index: int) -> Callable[[ThreadItemUpdatedEvent, str], bytes]:
        return word_encoder(item_id, content_index, keep=run.append_to(item_id, content_index))

    return Output(event, words)


def cookie_context(identity: Identity) -> Context:
    """Who is asking, by the session cookie and nothing else; 401 without one that we signed."""

    def context(request: Request) -> RequestContext:
        user_id = identity.from_cookie_header("; ".join(request.headers.getlist("cookie")))
        if user_id is None:
            raise HTTPException(401, "There is no session: open the chat first")
        return RequestContext(user_id, locale(request.headers.get("accept-language")))

    return context


def locale(accept_language: str | None) -> str:
    """The first language of an `Accept-Language` header; ChatKit's own client sends exactly one. `en` without one."""
    first = (accept_language or "").split(",")[0].split(";")[0].strip()
    return first if _LANGUAGE.fullmatch(first) else "en"


def _is_json(content_type: str) -> bool:
    return content_type.split(";")[0].strip().lower() == "application/json"
