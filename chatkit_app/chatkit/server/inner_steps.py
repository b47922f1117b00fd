"""The steps inside the server, under the names by which published programs call and override them.

A turn of ours goes another, shorter way. It goes through these where a program overrides one of `_ON_THE_WAY`.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import AttachmentStore, TContext
from chatkit_app.chatkit.store.walk import newest_first
from chatkit_app.chatkit.types import (
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    NonStreamingReq,
    StreamingReq,
    StructuredInputItem,
    StructuredInputSubmission,
    Thread,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadsSyncCustomActionReq,
    ThreadStreamEvent,
    UserMessageInput,
    UserMessageItem,
)
from chatkit_app.chatkit.types.reduce import apply_update
from chatkit_app.chatkit.types.threads import without_items

from .client_tools import drop_pending_calls
from .documents import answer, load_full_thread
from .encoding import encode
from .output import CHUNKS, Output
from .paging import DEFAULT_PAGE_SIZE
from .projection import to_response
from .streams import MessageToAnswer, begin
from .structured_input import fill_in
from .turns import Answer, Opening, run_turn
from .user_messages import build_user_message, store_user_message

if TYPE_CHECKING:
    from .server import ChatKitServer

T = TypeVar("T")
_PartUpdate = (
    AssistantMessageContentPartAdded
    | AssistantMessageContentPartTextDelta
    | AssistantMessageContentPartAnnotationAdded
    | AssistantMessageContentPartDone
)

_ON_THE_WAY = ("_process_streaming_impl", "_process_events", "_process_new_thread_item_respond")
_AS_THEY_ARE: Output[ThreadStreamEvent] = Output(
    lambda event: event, lambda item_id, content_index: lambda event, delta: event
)


class InnerSteps(Generic[TContext]):
    """What `ChatKitServer` does inside. A program may override the steps of a turn and `_build_user_message_item`;
    the others are there to be called."""

    # -- the steps of a turn -------------------------------------------------------------------------------------------

    def _process_streaming(self, request: StreamingReq, context: TContext) -> AsyncGenerator[bytes, None]:
        """The chunks of a stream."""
        return stream(_server(self), request, context, CHUNKS)

    async def _process_streaming_impl(
        self, request: StreamingReq, context: TContext
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The events of a stream."""
        apart = _overrides(self, "_process_new_thread_item_respond")
        opening = await begin(_server(self), request, context, apart=apart)
        for event in opening.announced:
            yield event
        if opening.thread is None:
            return
        if isinstance(opening, MessageToAnswer):
            events = self._process_new_thread_item_respond(opening.thread, opening.message, context)
        elif opening.answer is not None:
            events = self._process_events(opening.thread, context, _whole(opening.first, opening.answer))
        else:
            return
        async with _closing(events):
            async for event in events:
                yield event

    async def _process_new_thread_item_respond(
        self, thread: ThreadMetadata, item: UserMessageItem, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Store a message, show it, and answer it."""
        await store_user_message(_server(self), item.model_copy(update={"thread_id": thread.id}), context)
        yield ThreadItemDoneEvent(item=item)
        events = self._process_events(thread, context, lambda: _server(self).respond(thread, item, context))
        async with _closing(events):
            async for event in events:
                yield event

    def _process_events(
        self, thread: ThreadMetadata, context: TContext, stream: Answer
    ) -> AsyncIterator[ThreadStreamEvent]:
        """A turn: what `stream` says, stored before it is given on."""

        async def opened() -> Opening:
            return Opening(thread=thread, answer=stream)

        return run_turn(_server(self), opened, context, _AS_THEY_ARE)

    async def _build_user_message_item(
        self, input: UserMessageInput, thread: ThreadMetadata, context: TContext
    ) -> UserMessageItem:
        """The item for a message; nothing is stored yet."""
        return await build_user_message(_server(self), input, thread, context)

    # -- to be called --------------------------------------------------------------------------------------------------

    def _get_attachment_store(self) -> AttachmentStore[TContext]:
        """The attachment store. Raises `RuntimeError` if there is none."""
        return _server(self).require_attachment_store()

    async def _process_non_streaming(self, request: NonStreamingReq, context: TContext) -> bytes:
        """The document that answers a request."""
        return encode(await answer(_server(self), request, context))

    async def _process_sync_custom_action(self, request: ThreadsSyncCustomActionReq, context: TContext) -> bytes:
        """The document that answers an action."""
        return encode(await answer(_server(self), request, context))

    async def _apply_structured_input_submission(
        self, item: StructuredInputItem, submission: StructuredInputSubmission
    ) -> StructuredInputItem:
        """A copy of the form with a submission filled in."""
        return fill_in(item, submission)

    async def _cleanup_pending_client_tool_call(self, thread: ThreadMetadata, context: TContext) -> None:
        """Drop the newest pending client tool calls."""
        await drop_pending_calls(_server(self).store, thread.id, context)

    def _apply_assistant_message_update(self, item: AssistantMessageItem, update: _PartUpdate) -> AssistantMessageItem:
        """The message after an update."""
        changed = apply_update(item, update)
        assert isinstance(changed, AssistantMessageItem)
        return changed

    def _update_pending_items(self, pending_items: dict[str, ThreadItem], event: ThreadItemUpdatedEvent) -> None:
        """Update the item that an event is about, if it is among these."""
        if (item := pending_items.get(event.item_id)) is not None:
            pending_items[event.item_id] = apply_update(item, event.update)

    async def _load_full_thread(self, thread_id: str, context: TContext) -> Thread:
        """The thread with its first page of items, hidden ones included."""
        thread, items = await load_full_thread(_server(self).store, thread_id, context)
        return Thread(**dict(without_items(thread)), items=items)

    def _paginate_thread_items_reverse(self, thread_id: str, context: TContext) -> AsyncIterator[ThreadItem]:
        """The items of a thread, newest first, read page by page."""
        return newest_first(_server(self).store, thread_id, context, DEFAULT_PAGE_SIZE)

    def _serialize(self, obj: BaseModel) -> bytes:
        """The JSON a client gets of a model."""
        return encode(obj)

    def _to_thread_response(self, thread: ThreadMetadata | Thread) -> Thread:
        """What a client may see of a thread."""
        return to_response(thread, thread.items if isinstance(thread, Thread) else None)


def stream(
    server: "ChatKitServer[Any]", request: StreamingReq, context: Any, output: Output[T]
) -> AsyncGenerator[T, None]:
    """The answer to a streaming request; `output` makes of each event what is yielded."""
    if any(_overrides(server, step) for step in _ON_THE_WAY):
        return _through_steps(server, request, context, output)
    return run_turn(server, lambda: begin(server, request, context), context, output)


# What follows are functions because every name of a method is one that a program may have for something else.


def _server(steps: InnerSteps[TContext]) -> "ChatKitServer[TContext]":
    return cast("ChatKitServer[TContext]", steps)


def _overrides(server: InnerSteps[Any], step: str) -> bool:
    return getattr(getattr(server, step), "__func__", None) is not getattr(InnerSteps, step)


async def _through_steps(
    server: "ChatKitServer[Any]", request: StreamingReq, context: Any, output: Output[T]
) -> AsyncGenerator[T, None]:
    try:
        events = server._process_streaming_impl(request, context)
        async with _closing(events):
            async for event in events:
                yield output.event(event)
    except RequestError:  # logged where it was raised
        raise
    except Exception:
        logger.exception("A stream failed outside of its turn")
        raise


@asynccontextmanager
async def _closing(events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


def _whole(first: Iterable[ThreadStreamEvent], handler: Answer) -> Answer:
    if not first:
        return handler

    async def whole() -> AsyncIterator[ThreadStreamEvent]:
        for event in first:
            yield event
        async for event in handler():
            yield event

    return whole
