"""A help desk that does what it is told, and remembers what users did."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from chatkit_app.chatkit.store import AttachmentStore, InMemoryStore
from chatkit_app.chatkit.types import (
    Action,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    AudioInput,
    FileAttachment,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadStreamEvent,
    TranscriptionResult,
    WidgetItem,
)
from chatkit_app.chatkit.widgets import WidgetRoot

from ..scripted import Answer, ScriptedServer, begins, done, said, say_nothing, word


class Shelf(AttachmentStore[Any]):
    """Announces where the bytes go."""

    async def create_attachment(self, input: AttachmentCreateParams, context: Any) -> FileAttachment:
        target = AttachmentUploadDescriptor.model_validate({"url": "https://desk.test/upload", "method": "PUT"})
        attachment_id = self.generate_attachment_id(input.mime_type, context)
        return FileAttachment(
            id=attachment_id, name=input.name, mime_type=input.mime_type, upload_descriptor=target, metadata={"a": 1}
        )

    async def delete_attachment(self, attachment_id: str, context: Any) -> None:
        return


class Desk(ScriptedServer):
    """Answers with what it is given; answers an action with its name, or in its place if it must not stream."""

    def __init__(self, answer: Answer = say_nothing) -> None:
        super().__init__(answer, store=InMemoryStore(), attachment_store=Shelf())
        self.fired: list[tuple[str, Any]] = []
        """Actions that came, with their payload."""
        self.judged: list[tuple[list[str], str]] = []

    async def action(self, thread: Any, action: Action, sender: Any, context: Any) -> AsyncIterator[ThreadStreamEvent]:
        self.fired.append((action.type, action.payload))
        yield done(said(thread.id, f"{action.type} done", id=self.store.generate_item_id("message", thread, context)))

    async def sync_action(self, thread: Any, action: Action, sender: Any, context: Any) -> SyncCustomActionResponse:
        self.fired.append((f"sync {action.type}", action.payload))
        if sender is None or action.type == "look":
            return SyncCustomActionResponse()
        changed = sender.model_copy(update={"copy_text": action.type})
        if action.type != "forget":
            await self.store.save_item(thread.id, changed, context)
        return SyncCustomActionResponse(updated_item=changed)

    async def add_feedback(self, thread_id: str, item_ids: list[str], feedback: Any, context: Any) -> None:
        self.judged.append((item_ids, feedback))

    async def transcribe(self, audio_input: AudioInput, context: Any) -> TranscriptionResult:
        return TranscriptionResult(text=f"{audio_input.data.decode()} ({audio_input.media_type})")


def desk_that_says(*texts: str) -> Desk:
    """Says these one after the other, one a turn, word by word."""
    left = list(texts)

    async def answer(thread: Any, message: Any, context: Any) -> AsyncIterator[ThreadStreamEvent]:
        text = left.pop(0)
        id = f"msg_{text}"
        yield begins(said(thread.id, "", id=id))
        for part in text.split(" "):
            yield word(f"{part} ", id=id)
        yield done(said(thread.id, text, id=id))

    return Desk(answer)


def desk_that_shows(*shown: WidgetRoot | ThreadItem) -> Desk:
    """Shows these in every turn; a widget of its own gets the ids `widget_0`, `widget_1` …"""

    async def answer(thread: Any, message: Any, context: Any) -> AsyncIterator[ThreadStreamEvent]:
        for number, each in enumerate(shown):
            here = {"thread_id": thread.id, "created_at": datetime.now(UTC)}
            if hasattr(each, "thread_id"):
                yield done(each.model_copy(update=here))
            else:
                yield done(WidgetItem(id=f"widget_{number}", widget=each, **here))

    return Desk(answer)
