"""Operations answered with one document."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import (
    Attachment,
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    AudioInput,
    InputTranscribeReq,
    ItemsFeedbackReq,
    ItemsListReq,
    NonStreamingReq,
    Page,
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadMetadata,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsSyncCustomActionReq,
    ThreadsUpdateReq,
    TranscriptionResult,
    WidgetItem,
)

from .paging import DEFAULT_PAGE_SIZE, page_size
from .projection import to_response, without_hidden

if TYPE_CHECKING:
    from .server import ChatKitServer


async def answer(server: "ChatKitServer[Any]", request: NonStreamingReq, context: Any) -> BaseModel | None:
    """The document a request is answered with; None where there is nothing to say."""
    return await DOCUMENTS[type(request)](server, request, context)


async def load_full_thread(store: Store[Any], thread_id: str, context: Any) -> tuple[ThreadMetadata, Page[ThreadItem]]:
    """The thread and its first page of items, hidden ones included. Raises the store's `NotFoundError`."""
    thread = await store.load_thread(thread_id, context=context)
    items = await store.load_thread_items(thread.id, after=None, limit=DEFAULT_PAGE_SIZE, order="asc", context=context)
    return thread, items


async def _get_thread(server: "ChatKitServer[Any]", request: ThreadsGetByIdReq, context: Any) -> Thread:
    return to_response(*await load_full_thread(server.store, request.params.thread_id, context))


async def _list_threads(server: "ChatKitServer[Any]", request: ThreadsListReq, context: Any) -> Page[Thread]:
    params = request.params
    page = await server.store.load_threads(
        limit=page_size(params.limit), after=params.after, order=params.order, context=context
    )
    return Page(data=[to_response(thread) for thread in page.data], has_more=page.has_more, after=page.after)


async def _update_thread(server: "ChatKitServer[Any]", request: ThreadsUpdateReq, context: Any) -> Thread:
    params = request.params
    async with server.thread_lock(params.thread_id):
        thread = await server.store.load_thread(params.thread_id, context=context)
        thread.title = params.title
        await server.store.save_thread(thread, context=context)
    return to_response(thread)


async def _delete_thread(server: "ChatKitServer[Any]", request: ThreadsDeleteReq, context: Any) -> None:
    await server.store.delete_thread(request.params.thread_id, context=context)


async def _list_items(server: "ChatKitServer[Any]", request: ItemsListReq, context: Any) -> Page[ThreadItem]:
    params = request.params
    page = await server.store.load_thread_items(
        params.thread_id, limit=page_size(params.limit), order=params.order, after=params.after, context=context
    )
    return without_hidden(page)


async def _add_feedback(server: "ChatKitServer[Any]", request: ItemsFeedbackReq, context: Any) -> None:
    params = request.params
    await server.add_feedback(params.thread_id, params.item_ids, params.kind, context)


async def _create_attachment(server: "ChatKitServer[Any]", request: AttachmentsCreateReq, context: Any) -> Attachment:
    attachments = server.require_attachment_store()
    attachment = await attachments.create_attachment(request.params, context)
    await server.store.save_attachment(attachment, context=context)
    return attachment


async def _delete_attachment(server: "ChatKitServer[Any]", request: AttachmentsDeleteReq, context: Any) -> None:
    attachments = server.require_attachment_store()
    attachment_id = request.params.attachment_id
    await attachments.delete_attachment(attachment_id, context=context)
    await server.store.delete_attachment(attachment_id, context=context)


async def _transcribe(server: "ChatKitServer[Any]", request: InputTranscribeReq, context: Any) -> TranscriptionResult:
    try:
        recording = base64.b64decode(request.params.audio_base64)
    except ValueError as error:  # not only `binascii.Error`: letters that are not ASCII are another one
        raise binascii.Error(f"params.audio_base64: {error}") from error
    audio = AudioInput(data=recording, mime_type=request.params.mime_type)
    return await server.transcribe(audio, context=context)


async def _sync_action(
    server: "ChatKitServer[Any]", request: ThreadsSyncCustomActionReq, context: Any
) -> SyncCustomActionResponse:
    params = request.params
    thread = await server.store.load_thread(params.thread_id, context=context)
    sender = None
    if params.item_id:
        item = await server.store.load_item(thread.id, params.item_id, context=context)
        if not isinstance(item, WidgetItem):
            raise RequestError(f"Item {params.item_id!r} is not a widget: only those send actions")
        sender = item
    return await server.sync_action(thread, params.action, sender, context)


DOCUMENTS: Mapping[type, Callable[["ChatKitServer[Any]", Any, Any], Awaitable[BaseModel | None]]] = MappingProxyType(
    {
        ThreadsGetByIdReq: _get_thread,
        ThreadsListReq: _list_threads,
        ThreadsUpdateReq: _update_thread,
        ThreadsDeleteReq: _delete_thread,
        ItemsListReq: _list_items,
        ItemsFeedbackReq: _add_feedback,
        AttachmentsCreateReq: _create_attachment,
        AttachmentsDeleteReq: _delete_attachment,
        InputTranscribeReq: _transcribe,
        ThreadsSyncCustomActionReq: _sync_action,
    }
)
"""Who answers a request with a document."""
