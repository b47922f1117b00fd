"""The server: override `respond`, hand requests to `process`."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import AttachmentStore, Store, TContext
from chatkit_app.chatkit.types import (
    AudioInput,
    ChatKitReq,
    FeedbackKind,
    NonStreamingReq,
    SDKHiddenContextItem,
    StreamingReq,
    StreamOptions,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
    is_streaming_req,
)
from chatkit_app.chatkit.types.reduce import is_worth_keeping

from .documents import answer
from .inner_steps import InnerSteps, stream
from .locks import ThreadLocks
from .output import EVENTS, Output
from .persistence import keep_item
from .results import NonStreamingResult, StreamingResult

T = TypeVar("T")

_STOPPED = "The user cancelled the stream. Stop responding to the prior request."


class ChatKitServer(InnerSteps[TContext], ABC, Generic[TContext]):
    """A chat that speaks the ChatKit protocol.

    Subclasses override `respond`, and whichever other methods below they want to. A host hands every request to
    `process` with a context of its own making, which is passed on untouched to the store and to these methods.
    """

    persist_widget_updates: ClassVar[bool] = False
    """Whether updates of a widget that is stored already are stored too. Clients see the same either way; without it
    the widget is as it was before after a reload, unless the handler also yields `thread.item.replaced`."""

    def __init__(self, store: Store[TContext], attachment_store: AttachmentStore[TContext] | None = None) -> None:
        self.store = store
        """Where threads and items are kept. It may be replaced at any time."""
        self.attachment_store = attachment_store
        """Where the bytes of attachments are kept, if any are."""

    # -- to override ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Answer a message, or go on after a tool's output or a form (`input_user_message` is None).

        Usually an async generator. What it changes on `thread` is stored and shown. A `CustomStreamError` is shown as
        it is, any other exception as a general failure.
        """

    def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Answer an action of a widget, or of the page when `sender` is None. As `respond`."""
        raise NotImplementedError(f"{type(self).__name__} must override action to handle actions of widgets")

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> SyncCustomActionResponse:
        """Answer an action with one document, perhaps while an answer is streaming. Store what changes."""
        raise NotImplementedError(f"{type(self).__name__} must override sync_action to handle them")

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: TContext
    ) -> None:
        """The user judged these items. Nothing is kept by default."""
        return

    async def transcribe(self, audio_input: AudioInput, context: TContext) -> TranscriptionResult:
        """What the user said."""
        raise NotImplementedError(f"{type(self).__name__} must override transcribe to offer dictation")

    def get_stream_options(self, thread: ThreadMetadata, context: TContext) -> StreamOptions:
        """What the client may do with the answer that begins."""
        return StreamOptions(allow_cancel=True)

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: TContext
    ) -> None:
        """The user stopped the answer. `pending_items` are copies of what was not done, as far as it had come.

        Messages with text are stored, and a note to the model that it was stopped. Whatever this does is finished even
        if the task that streams is being cancelled.
        """
        for item in pending_items:
            if is_worth_keeping(item):
                await keep_item(self.store, thread.id, item, context)
        note = SDKHiddenContextItem(
            id=self.store.generate_item_id("sdk_hidden_context", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=_STOPPED,
        )
        await self.store.add_thread_item(thread.id, note, context=context)

    # -- to call -------------------------------------------------------------------------------------------------------

    async def process(
        self, request: str | bytes | bytearray, context: TContext
    ) -> StreamingResult | NonStreamingResult:
        """Answer the JSON of a request.

        For a streaming request nothing happens before the result is iterated. Raises pydantic's `ValidationError` for
        a request that is none, the store's `NotFoundError`, `RequestError` for one that does not fit the thread, and
        `RuntimeError` if it needs an attachment store and there is none.
        """
        parsed = _request_adapter().validate_json(request)
        logger.info("Request %s", parsed.type)
        if is_streaming_req(parsed):
            return StreamingResult(self._process_streaming(parsed, context))
        return NonStreamingResult(await self._process_non_streaming(parsed, context))

    def stream(self, request: StreamingReq, context: TContext, output: Output[T]) -> AsyncGenerator[T, None]:
        """Answer a streaming request; `output` makes of each event what is yielded.

        Cancelling the task that iterates, or closing the generator, is Stop. Iterating raises `RequestError` if the
        request does not fit the thread.
        """
        return stream(self, request, context, output)

    def stream_events(self, request: StreamingReq, context: TContext) -> AsyncGenerator[ThreadStreamEvent, None]:
        """The events `process` would encode, each one the receiver's own to keep. Otherwise as `stream`."""
        return self.stream(request, context, EVENTS)

    async def call(self, request: NonStreamingReq, context: TContext) -> BaseModel | None:
        """The document `process` would encode; None stands for `{}`. Raises as `process` does."""
        return await answer(self, request, context)

    def thread_lock(self, thread_id: str) -> asyncio.Lock:
        """To be held between loading a thread and saving it, so that turns do not undo each other's changes."""
        return self._thread_locks.of(thread_id)

    def require_attachment_store(self) -> AttachmentStore[TContext]:
        """The attachment store. Raises `RuntimeError` if the server has none."""
        if self.attachment_store is None:
            raise RuntimeError(f"{type(self).__name__} has no attachment store: pass one to accept attachments")
        return self.attachment_store

    # -- inside --------------------------------------------------------------------------------------------------------

    @cached_property
    def _thread_locks(self) -> ThreadLocks:  # made when needed: subclasses may not call our __init__
        return ThreadLocks()


@cache
def _request_adapter() -> TypeAdapter[ChatKitReq]:
    return TypeAdapter(ChatKitReq)
