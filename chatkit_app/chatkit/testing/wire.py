"""Requests to bytes, and bytes to what they say."""

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

from chatkit_app.chatkit.types import ThreadStreamEvent

_START, _END = b"data: ", b"\n\n"


def request_body(kind: str, params: dict[str, Any]) -> bytes:
    """The body of a request; models and times may stand in the parameters."""
    return to_json({"type": kind, "params": params})


def read_chunk(chunk: bytes) -> dict[str, Any]:
    """The JSON of one chunk of a stream. Raises `AssertionError` unless it is exactly one server-sent event."""
    if not (chunk.startswith(_START) and chunk.endswith(_END)) or b"\n" in chunk[: -len(_END)]:
        raise AssertionError(f"Not one server-sent event: {chunk!r}")
    read: dict[str, Any] = json.loads(chunk[len(_START) : -len(_END)])
    return read


def read_event(said: dict[str, Any]) -> ThreadStreamEvent:
    """The event that was said. Raises pydantic's `ValidationError` for one no client knows."""
    return _events().validate_python(said)


@cache
def _events() -> TypeAdapter[ThreadStreamEvent]:
    return TypeAdapter(ThreadStreamEvent)
