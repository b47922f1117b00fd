"""A chat server for the tests of the HTTP side: it answers in words, or as the test tells it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import AttachmentStore, InMemoryStore, NotFoundError, Store
from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    FileAttachment,
    ProgressUpdateEvent,
    SyncCustomActionResponse,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    TranscriptionResult,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Talking(ChatKitServer[Any]):
    """Says `words`, one delta each. With a `gate` it waits before each word after the first."""

    def __init__(self, store: Store[Any] | None = None, words: tuple[str, ...] = ("Hel", "lo ", "wörld")) -> None:
        super().__init__(store or InMemoryStore())
        self.words = words
        self.gate: asyncio.Semaphore | None = None
        self.error: Exception | None = None
        self.ended = asyncio.Event()

    async def respond(self, thread, input_user_message, context) -> AsyncIterator[Any]:
        try:
            item = AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[],
            )
            yield ThreadItemAddedEvent(item=item)
            part = AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
            yield ThreadItemUpdatedEvent(item_id=item.id, update=part)
            for number, word in enumerate(self.words):
                if self.gate is not None and number:
                    await self.gate.acquire()
                update = AssistantMessageContentPartTextDelta(content_index=0, delta=word)
                yield ThreadItemUpdatedEvent(item_id=item.id, update=update)
            if self.error is not None:
                raise self.error
            done = item.model_copy(update={"content": [AssistantMessageContent(text="".join(self.words))]})
            yield ThreadItemDoneEvent(item=done)
        finally:
            self.ended.set()

    async def action(self, thread, action, sender, context) -> AsyncIterator[Any]:
        yield ProgressUpdateEvent(text=f"{action.type} of {sender and sender.id}")

    async def sync_action(self, thread, action, sender, context) -> SyncCustomActionResponse:
        return SyncCustomActionResponse(updated_item=sender)

    async def transcribe(self, audio_input, context) -> TranscriptionResult:
        return TranscriptionResult(text=f"{len(audio_input.data)} bytes")


class Shelf(AttachmentStore[Any]):
    """Announces uploads and deletes only what is in the same user's store."""

    def __init__(self, store: Store[Any]) -> None:
        self.store = store
        self.deleted: list[str] = []

    async def create_attachment(self, input, context) -> FileAttachment:
        return FileAttachment(id="atc_1", name=input.name, mime_type=input.mime_type, metadata={"private": True})

    async def delete_attachment(self, attachment_id, context) -> None:
        try:
            await self.store.load_attachment(attachment_id, context)
        except NotFoundError:
            return
        self.deleted.append(attachment_id)


def message(text: str = "hi", thread_id: str | None = None, **extra: Any) -> dict[str, Any]:
    said = {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}, **extra}
    if thread_id is None:
        return {"type": "threads.create", "params": {"input": said}}
    return {"type": "threads.add_user_message", "params": {"thread_id": thread_id, "input": said}}
