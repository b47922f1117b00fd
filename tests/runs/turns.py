"""A turn of an assistant that the test leads by the hand."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from chatkit_app.chatkit.types import (
    InferenceOptions,
    Page,
    ProgressUpdateEvent,
    Thread,
    ThreadAddUserMessageParams,
    ThreadCreatedEvent,
    ThreadCreateParams,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadStreamEvent,
    UserMessageInput,
    UserMessageTextContent,
)
from chatkit_app.identity import RequestContext

ALICE = RequestContext("alice")
BOB = RequestContext("bob")
_END = object()


class LedTurn:
    """Streams what the test says, one event a `say`. What it keeps when it is stopped takes a few suspensions."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        self.request: Any = None
        self.context: Any = None
        self.began = asyncio.Event()
        self.kept: list[str] = []
        self.outcome: str | None = None

    async def stream_events(self, request: Any, context: Any) -> AsyncGenerator[ThreadStreamEvent, None]:
        self.request, self.context = request, context
        self.began.set()
        spoken: list[str] = []
        try:
            while (said := await self._said.get()) is not _END:
                if isinstance(said, BaseException):
                    raise said
                if isinstance(said, ProgressUpdateEvent):
                    spoken.append(said.text)
                yield said
        except (asyncio.CancelledError, GeneratorExit):
            self.outcome = "stopping"
            saving = asyncio.create_task(self._keep(spoken))
            await _whatever_happens(saving)
            self.outcome = "stopped"
            raise
        self.outcome = "ended"

    async def _keep(self, spoken: list[str]) -> None:
        for word in spoken:
            await asyncio.sleep(0)
            self.kept.append(word)
        await asyncio.sleep(0)

    def say(self, *words: str) -> None:
        for word in words:
            self._said.put_nowait(ProgressUpdateEvent(text=word))

    def send(self, event: ThreadStreamEvent) -> None:
        self._said.put_nowait(event)

    def fail(self, error: Exception) -> None:
        self._said.put_nowait(error)

    def end(self) -> None:
        self._said.put_nowait(_END)


async def _whatever_happens(task: asyncio.Task[None]) -> None:
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            continue


def message(thread_id: str = "thr_1") -> ThreadsAddUserMessageReq:
    return ThreadsAddUserMessageReq(params=ThreadAddUserMessageParams(thread_id=thread_id, input=_input()))


def first_message() -> ThreadsCreateReq:
    return ThreadsCreateReq(params=ThreadCreateParams(input=_input()))


def created(thread_id: str) -> ThreadCreatedEvent:
    return ThreadCreatedEvent(thread=Thread(id=thread_id, created_at=datetime(2026, 1, 2, tzinfo=UTC), items=Page()))


def _input() -> UserMessageInput:
    content = [UserMessageTextContent(text="hi")]
    return UserMessageInput(content=content, attachments=[], inference_options=InferenceOptions())
