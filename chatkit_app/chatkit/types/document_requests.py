"""Requests answered with one document."""

from typing import Literal

from pydantic import BaseModel

from .items import ThreadItem
from .streaming_requests import BaseReq, ThreadCustomActionParams

FeedbackKind = Literal["positive", "negative"]
"""A thumb up or down."""

Order = Literal["asc", "desc"]
"""Oldest or newest first."""


class ThreadGetByIdParams(BaseModel):
    """Parameters of `threads.get_by_id`."""

    thread_id: str
    """The thread."""


class ThreadsGetByIdReq(BaseReq):
    """Read a thread with its oldest items."""

    type: Literal["threads.get_by_id"] = "threads.get_by_id"
    """Says which kind it is."""
    params: ThreadGetByIdParams
    """What is asked."""


class ThreadListParams(BaseModel):
    """Parameters of `threads.list`."""

    limit: int | None = None
    """Rows a page; absent or 0 means 20, at most 100."""
    order: Order = "desc"
    """Oldest or newest first."""
    after: str | None = None
    """Exclusive cursor: id of the last thread already seen."""


class ThreadsListReq(BaseReq):
    """Read the history."""

    type: Literal["threads.list"] = "threads.list"
    """Says which kind it is."""
    params: ThreadListParams
    """What is asked."""


class ThreadUpdateParams(BaseModel):
    """Parameters of `threads.update`."""

    thread_id: str
    """The thread."""
    title: str
    """Its new name."""


class ThreadsUpdateReq(BaseReq):
    """Rename a thread."""

    type: Literal["threads.update"] = "threads.update"
    """Says which kind it is."""
    params: ThreadUpdateParams
    """What is asked."""


class ThreadDeleteParams(BaseModel):
    """Parameters of `threads.delete`."""

    thread_id: str
    """The thread."""


class ThreadsDeleteReq(BaseReq):
    """Delete a thread with its items."""

    type: Literal["threads.delete"] = "threads.delete"
    """Says which kind it is."""
    params: ThreadDeleteParams
    """What is asked."""


class ItemsListParams(BaseModel):
    """Parameters of `items.list`."""

    thread_id: str
    """The thread."""
    limit: int | None = None
    """Rows a page; absent or 0 means 20, at most 100."""
    order: Order = "desc"
    """Oldest or newest first."""
    after: str | None = None
    """Exclusive cursor: id of the last item already seen."""


class ItemsListReq(BaseReq):
    """Read items of a thread."""

    type: Literal["items.list"] = "items.list"
    """Says which kind it is."""
    params: ItemsListParams
    """What is asked."""


class ItemFeedbackParams(BaseModel):
    """Parameters of `items.feedback`."""

    thread_id: str
    """The thread."""
    item_ids: list[str]
    """The items judged."""
    kind: FeedbackKind
    """The judgement."""


class ItemsFeedbackReq(BaseReq):
    """Judge an answer."""

    type: Literal["items.feedback"] = "items.feedback"
    """Says which kind it is."""
    params: ItemFeedbackParams
    """What is asked."""


class AttachmentCreateParams(BaseModel):
    """Parameters of `attachments.create`."""

    name: str
    """File name."""
    size: int
    """Bytes, as the client counted them."""
    mime_type: str
    """Media type."""


class AttachmentsCreateReq(BaseReq):
    """Announce a file; its bytes are uploaded next."""

    type: Literal["attachments.create"] = "attachments.create"
    """Says which kind it is."""
    params: AttachmentCreateParams
    """What is asked."""


class AttachmentDeleteParams(BaseModel):
    """Parameters of `attachments.delete`."""

    attachment_id: str
    """The attachment."""


class AttachmentsDeleteReq(BaseReq):
    """Delete a file."""

    type: Literal["attachments.delete"] = "attachments.delete"
    """Says which kind it is."""
    params: AttachmentDeleteParams
    """What is asked."""


class InputTranscribeParams(BaseModel):
    """Parameters of `input.transcribe`."""

    audio_base64: str
    """The recording in Base64; other characters are skipped."""
    mime_type: str
    """Media type with parameters."""


class InputTranscribeReq(BaseReq):
    """Turn a recording into text."""

    type: Literal["input.transcribe"] = "input.transcribe"
    """Says which kind it is."""
    params: InputTranscribeParams
    """What is asked."""


class ThreadsSyncCustomActionReq(BaseReq):
    """Run an action of a widget beside a running answer."""

    type: Literal["threads.sync_custom_action"] = "threads.sync_custom_action"
    """Says which kind it is."""
    params: ThreadCustomActionParams
    """What is asked."""


class SyncCustomActionResponse(BaseModel):
    """What an action answered with one document."""

    updated_item: ThreadItem | None = None
    """The item to show instead of the one it was fired from. The handler stores it."""


NonStreamingReq = (
    ThreadsGetByIdReq
    | ThreadsListReq
    | ItemsListReq
    | ItemsFeedbackReq
    | AttachmentsCreateReq
    | AttachmentsDeleteReq
    | ThreadsUpdateReq
    | ThreadsDeleteReq
    | InputTranscribeReq
    | ThreadsSyncCustomActionReq
)
"""Requests answered with one document."""
