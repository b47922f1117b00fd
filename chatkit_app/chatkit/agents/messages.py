"""What the model says → an assistant message that grows."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
)

from .citations import annotation_of, annotations_of
from .turn import Events, Ids, Turn


class Messages:
    """Follows the messages of a run."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._ids = Ids(turn, "message")
        self._last = ""
        self._begun: dict[str, datetime] = {}
        self._references: defaultdict[tuple[str, int], int] = defaultdict(int)

    async def added(self, item: Any) -> Events:
        """A message begins, which ends a workflow."""
        ended = self._turn.end_workflow()
        message = await self._message(self._ids.opened(item.id), item)
        self._begun[message.id] = message.created_at
        return (*ended, ThreadItemAddedEvent(item=message))

    async def part_added(self, data: Any) -> Events:
        """A part of the message begins. Raw reasoning announces its parts too, but is no message."""
        if data.part.type == "reasoning_text":
            return ()
        content = await self._content(data.part)
        return self._update(
            data, AssistantMessageContentPartAdded(content_index=data.content_index or 0, content=content)
        )

    async def text_delta(self, data: Any) -> Events:
        """The message grows."""
        return self._update(
            data, AssistantMessageContentPartTextDelta(content_index=data.content_index or 0, delta=data.delta)
        )

    async def text_done(self, data: Any) -> Events:
        """A part is complete. Its references are not repeated: the client has them already."""
        content = AssistantMessageContent(text=data.text, annotations=[])
        return self._update(
            data, AssistantMessageContentPartDone(content_index=data.content_index or 0, content=content)
        )

    async def annotation_added(self, data: Any) -> Events:
        """A reference; counted among those that were kept, whatever number the model gave it."""
        annotation = await annotation_of(data.annotation, self._turn.converter)
        if annotation is None:
            return ()
        part = (self._ids.current(data.item_id), data.content_index or 0)
        position = self._references[part]
        self._references[part] += 1
        return self._update(
            data,
            AssistantMessageContentPartAnnotationAdded(
                content_index=data.content_index or 0, annotation_index=position, annotation=annotation
            ),
        )

    async def done(self, item: Any) -> Events:
        """The message is complete."""
        return (self._complete(await self._message(self._ids.closed(item.id), item)),)

    async def refused(self, text: str) -> Events:
        """The model refused with these words: they are the message in progress, or a message, unless just said."""
        if self._last == text:
            return ()
        given = next(iter(self._ids.open), None)
        ended = self._turn.end_workflow() if given is None else ()
        envelope = self._turn.envelope(self._ids.closed(given))
        content = [AssistantMessageContent(text=text, annotations=[])]
        return (*ended, self._complete(AssistantMessageItem(**envelope, content=content)))

    def _complete(self, message: AssistantMessageItem) -> ThreadItemDoneEvent:
        """The message keeps the time it began at: so it is stored where it was seen."""
        self._last = "".join(part.text for part in message.content)
        message.created_at = self._begun.pop(message.id, message.created_at)
        return ThreadItemDoneEvent(item=message)

    def _update(self, data: Any, update: ThreadItemUpdate) -> Events:
        return (ThreadItemUpdatedEvent(item_id=self._ids.current(data.item_id), update=update),)

    async def _message(self, item_id: str, item: Any) -> AssistantMessageItem:
        content = [await self._content(part) for part in item.content]
        return AssistantMessageItem(**self._turn.envelope(item_id), content=content)

    async def _content(self, part: Any) -> AssistantMessageContent:
        if part.type == "refusal":
            return AssistantMessageContent(text=part.refusal, annotations=[])
        annotations = await annotations_of(part.annotations, self._turn.converter)
        return AssistantMessageContent(text=part.text, annotations=annotations)
