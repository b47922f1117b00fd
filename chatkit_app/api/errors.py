"""What goes wrong with a request, as JSON: `{"error": {"code", "message", "field"}}`.

No text of an exception is ever sent: what a client did wrong is said in our words, what we did wrong is logged under a
reference that the answer names.
"""

from __future__ import annotations

import binascii
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import AttachmentsCreateReq, AttachmentsDeleteReq, ChatKitReq
from chatkit_app.errors import RunsClosedError, TooManyRunsError

REQUEST: TypeAdapter[ChatKitReq] = TypeAdapter(ChatKitReq)
"""What the body of a request must be."""

_CODES = {401: "not_authenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_RETRY_SECONDS = 5
_IDS = ("thread_id", "item_id", "attachment_id")
_AUDIO = "params.audio_base64"  # the only field that holds base64


def error_response(
    status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as JSON. `field` is the path of what is wrong in the request, such as `params.input.content.0.text`."""
    content = {"error": {"code": code, "message": message, "field": field}}
    return JSONResponse(content, status_code=status, headers={"cache-control": "no-store", **(headers or {})})


def bad_request(body: bytes, error: ValidationError) -> Response:
    """400 for a body that is no ChatKit request, naming the first field that is wrong."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return error_response(400, "invalid_json", f"{first['msg']}.")
    if first["type"] == "dict_type" and not first["loc"]:
        return error_response(400, "invalid_request", "The body must be a JSON object.")
    path = _path(from_json(body), first["loc"][1:])  # the first part is the type of the request, and no key
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        path.append("type")
    field = ".".join(map(str, path))
    return error_response(400, "invalid_request", f"{field}: {first['msg']}.", field)


def _path(value: Any, location: tuple[int | str, ...]) -> list[int | str]:
    """The location as the client knows it: pydantic also names the member of a union it tried, which is no key."""
    path: list[int | str] = []
    for depth, part in enumerate(location):
        here = isinstance(value, dict) and part in value
        if here or (isinstance(value, list) and isinstance(part, int) and part < len(value)):
            value = value[part]
            path.append(part)
        elif depth == len(location) - 1:  # a key that is missing
            path.append(part)
    return path


def not_offered(server: ChatKitServer[Any], asked: ChatKitReq) -> Response | None:
    """501 for a request that is nothing to this server, else None."""
    if server.attachment_store is None and isinstance(asked, AttachmentsCreateReq | AttachmentsDeleteReq):
        return error_response(501, "not_supported", "This chat takes no attachments.")
    return None


def answer_for(error: Exception, asked: ChatKitReq) -> Response:
    """The answer to a request that failed in the server."""
    if isinstance(error, NotFoundError):
        # The same words for what is missing and for what is somebody else's.
        message = "There is no such thread, item, attachment or cursor."
        return error_response(404, "not_found", message, _missing(asked))
    if isinstance(error, RequestError):
        return error_response(400, "invalid_request", f"{error}.")
    if isinstance(error, binascii.Error):
        return error_response(400, "invalid_request", f"{_AUDIO} is not base64.", _AUDIO)
    if isinstance(error, TooManyRunsError):
        message = f"At most {error.limit} answers can be in progress at once."
        return error_response(429, "too_many_answers", message, headers={"retry-after": str(_RETRY_SECONDS)})
    if isinstance(error, RunsClosedError):
        headers = {"retry-after": str(_RETRY_SECONDS)}
        return error_response(503, "shutting_down", "The server is restarting.", headers=headers)
    if isinstance(error, NotImplementedError):
        return error_response(501, "not_supported", "This chat does not support that request.")
    reference = secrets.token_hex(6)
    logger.error("Request failed (%s)", reference, exc_info=error)
    return error_response(500, "internal_error", f"Something went wrong here. Reference: {reference}.")


def _missing(asked: ChatKitReq) -> str | None:
    """The field that names what does not exist; None if it may be one of two."""
    if getattr(asked.params, "after", None) is not None:  # a missing thread has no items, which is no error
        return "params.after"
    named = [name for name in _IDS if getattr(asked.params, name, None) is not None]
    return f"params.{named[0]}" if len(named) == 1 else None


async def http_error(_request: Request, error: Exception) -> Response:
    """What Starlette itself refuses, in the same shape."""
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad_request" if error.status_code < 500 else "internal_error")
    return error_response(error.status_code, code, f"{error.detail}.", headers=error.headers)


EXCEPTION_HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {HTTPException: http_error}
"""For `Starlette(exception_handlers=…)`."""
