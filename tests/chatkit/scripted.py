"""A server that answers from a script, and the short way to ask it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

from chatkit_app.chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit_app.chatkit.store import InMemoryStore, Store
from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    InferenceOptions,
    ThreadAddUserMessageParams,
    ThreadCreateParams,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadStreamEvent,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
)

NOW = datetime(2026, 11, 22, 7, 37, tzinfo=UTC)
ANN = {"user_id": "ann"}

Answer = Callable[[ThreadMetadata, Any, Any], AsyncIterator[ThreadStreamEvent]]


async def say_nothing(thread: ThreadMetadata, message: Any, context: Any) -> AsyncIterator[ThreadStreamEvent]:
    for event in ():
        yield event


class ScriptedServer(ChatKitServer[Any]):
    """Answers with what it is given: an async generator function of thread, message (or action) and context."""

    def __init__(
        self, answer: Answer = say_nothing, *, store: Store[Any] | None = None, attachment_store: Any = None
    ) -> None:
        super().__init__(store if store is not None else InMemoryStore(), attachment_store)
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        self.asked.append((thread, input_user_message, context))
        return self.answer(thread, input_user_message, context)


class SlowStore(InMemoryStore[Any]):
    """Suspends in every call before it does anything, as a database does."""

    async def _wait(self) -> None:
        await asyncio.sleep(0.001)

    async def add_thread_item(self, *args: Any, **kwargs: Any) -> None:
        await self._wait()
        await super().add_thread_item(*args, **kwargs)

    async def save_thread(self, *args: Any, **kwargs: Any) -> None:
        await self._wait()
        await super().save_thread(*args, **kwargs)

    async def load_thread(self, *args: Any, **kwargs: Any) -> ThreadMetadata:
        await self._wait()
        return await super().load_thread(*args, **kwargs)

    async def delete_thread(self, *args: Any, **kwargs: Any) -> None:
        await self._wait()
        await super().delete_thread(*args, **kwargs)


def message(text: str = "hello", attachments: list[str] | None = None) -> UserMessageInput:
    return UserMessageInput(
        content=[UserMessageTextContent(text=text)],
        attachments=attachments or [],
        inference_options=InferenceOptions(),
    )


def create(text: str = "hello", attachments: list[str] | None = None) -> ThreadsCreateReq:
    return ThreadsCreateReq(params=ThreadCreateParams(input=message(text, attachments)))


def add(thread_id: str, text: str = "hello", attachments: list[str] | None = None) -> ThreadsAddUserMessageReq:
    params = ThreadAddUserMessageParams(thread_id=thread_id, input=message(text, attachments))
    return ThreadsAddUserMessageReq(params=params)


async def open_stream(server: ChatKitServer[Any], request: Any, context: Any = ANN) -> StreamingResult:
    result = await server.process(request.model_dump_json(), context)
    assert isinstance(result, StreamingResult)
    return result


async def stream(server: ChatKitServer[Any], request: Any, context: Any = ANN) -> list[dict[str, Any]]:
    """Every event, decoded."""
    return [decode(chunk) async for chunk in await open_stream(server, request, context)]


async def ask(server: ChatKitServer[Any], request: Any, context: Any = ANN) -> Any:
    """The document, decoded."""
    result = await server.process(request.model_dump_json(), context)
    assert isinstance(result, NonStreamingResult)
    return json.loads(result.json)


def decode(chunk: bytes) -> dict[str, Any]:
    assert chunk.startswith(b"data: ")
    assert chunk.endswith(b"\n\n")
    event: dict[str, Any] = json.loads(chunk[6:])
    return event


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def said(thread_id: str, *texts: str, id: str = "msg_answer") -> AssistantMessageItem:
    """A message of the assistant, said now: items are ordered by time."""
    content = [AssistantMessageContent(text=text) for text in texts]
    return AssistantMessageItem(id=id, thread_id=thread_id, created_at=datetime.now(UTC), content=content)


def begins(item: Any) -> ThreadItemAddedEvent:
    return ThreadItemAddedEvent(item=item)


def done(item: Any) -> ThreadItemDoneEvent:
    return ThreadItemDoneEvent(item=item)


def word(text: str, id: str = "msg_answer", part: int = 0) -> ThreadItemUpdatedEvent:
    return ThreadItemUpdatedEvent(
        item_id=id, update=AssistantMessageContentPartTextDelta(content_index=part, delta=text)
    )


async def items_of(server: ChatKitServer[Any], thread_id: str, context: Any = ANN) -> list[Any]:
    """What the store has, oldest first."""
    page = await server.store.load_thread_items(thread_id, None, 100, "asc", context)
    return page.data


async def a_thread(server: ChatKitServer[Any], *items: Any, id: str = "thr_1", **fields: Any) -> ThreadMetadata:
    """A stored thread with these items."""
    thread = ThreadMetadata(id=id, created_at=NOW, **fields)
    await server.store.save_thread(thread, ANN)
    for item in items:
        await server.store.add_thread_item(id, item, ANN)
    return thread
