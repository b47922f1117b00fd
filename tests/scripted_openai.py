"""A real HTTP server that speaks like OpenAI's and says what a script tells it to."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, NamedTuple

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.scripted_wire import CompletionsWriter, ResponsesWriter, Writer, sse


class Message(NamedTuple):
    """A message the model was shown, the same for both APIs."""

    role: str
    text: str


@dataclass(frozen=True)
class Pause:
    """Nothing comes for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Hold:
    """Nothing comes until the event is set, from any thread."""

    until: threading.Event


@dataclass(frozen=True)
class Think:
    """A piece of reasoning."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call of a function tool."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Refuse:
    """As the first part: an HTTP error. Later: an error in the stream."""

    status: int
    code: str = ""
    message: str = "refused"


@dataclass(frozen=True)
class Drop:
    """The connection breaks."""


Part = str | Pause | Hold | Think | Call | Refuse | Drop
"""What a model does next; a `str` is the next piece of its text."""
Script = Callable[[list[Message]], Iterable[Part] | AsyncIterable[Part]]


class _Dropped(Exception):
    pass


@dataclass
class ScriptedOpenAI:
    """`/v1/responses` and `/v1/chat/completions`, streaming, on a loopback port; use it as a context manager.

    The script gets what the model was shown and returns what it does, part by part.
    """

    script: Script
    places: bool = True
    """False: leaves out the positions of text within a response, as llama.cpp does."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    """What was asked: the JSON bodies, with `path` and `authorization` added."""
    closed_early: int = 0
    """Answers whose reader went away before their end."""
    _numbers: Iterator[int] = field(default_factory=count)

    def __enter__(self) -> "ScriptedOpenAI":
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(self._app(), log_level="critical", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        self._socket.close()

    @property
    def url(self) -> str:
        """The base URL, for `OPENAI_BASE_URL`."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    async def reader_left(self, seconds: float = 10) -> bool:
        """Whether a reader went away before the end of its answer, or does within so many seconds."""
        deadline = time.monotonic() + seconds
        while not self.closed_early and time.monotonic() < deadline:  # noqa: ASYNC110 - counted by another thread
            await asyncio.sleep(0.005)
        return bool(self.closed_early)

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/responses", self._respond, methods=["POST"]),
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
            ]
        )

    async def _respond(self, request: Request) -> Response:
        body = await self._asked(request)
        messages = [_response_message(item) for item in body["input"]]
        if body.get("instructions"):
            messages.insert(0, Message("system", body["instructions"]))
        return await self._answer(messages, ResponsesWriter(self._new_id, self.places))

    async def _complete(self, request: Request) -> Response:
        body = await self._asked(request)
        messages = [Message(message["role"], _text(message.get("content"))) for message in body["messages"]]
        return await self._answer(messages, CompletionsWriter(self._new_id))

    async def _asked(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        where = {"path": request.url.path, "authorization": request.headers.get("authorization")}
        self.requests.append(body | where)
        return body

    async def _answer(self, messages: list[Message], writer: "Writer") -> Response:
        parts = _parts(self.script(messages))
        first = await anext(parts, None)
        if isinstance(first, Refuse):
            return JSONResponse({"error": _error(first)}, first.status)
        return StreamingResponse(self._chunks(first, parts, writer), media_type="text/event-stream")

    async def _chunks(self, part: Part | None, parts: AsyncIterator[Part], writer: "Writer") -> AsyncIterator[str]:
        is_over = False
        try:
            for chunk in writer.begin():
                yield chunk
            while part is not None:
                for chunk in await _perform(part, writer):
                    yield chunk
                part = await anext(parts, None)
            for chunk in writer.end():
                yield chunk
            is_over = True
        except _Dropped:
            is_over = True
            raise
        finally:
            self.closed_early += not is_over

    def _new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers)}"


async def _perform(part: Part, writer: "Writer") -> list[str]:
    match part:
        case str():
            return writer.text(part)
        case Think():
            return writer.thought(part.text)
        case Call():
            return writer.call(part.name, json.dumps(part.arguments))
        case Refuse():
            return [sse({"error": _error(part), "type": "error"} | _error(part), "error")]
        case Pause():
            await asyncio.sleep(part.seconds)
        case Hold():
            while not part.until.is_set():  # noqa: ASYNC110 - the event belongs to another thread
                await asyncio.sleep(0.005)
        case Drop():
            raise _Dropped
    return []


async def _parts(script: Iterable[Part] | AsyncIterable[Part]) -> AsyncIterator[Part]:
    if isinstance(script, AsyncIterable):
        async for part in script:
            yield part
    else:
        for part in script:
            yield part


def _response_message(item: dict[str, Any]) -> Message:
    if item.get("type") == "function_call_output":
        return Message("tool", _text(item["output"]))
    return Message(item.get("role", item.get("type", "")), _text(item.get("content")))


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def _error(refusal: Refuse) -> dict[str, Any]:
    return {"code": refusal.code or None, "message": refusal.message, "param": None, "type": "scripted_error"}
