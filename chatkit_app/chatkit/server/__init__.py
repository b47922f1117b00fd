"""The ChatKit protocol, answered: `ChatKitServer` and what a program around it needs.

Names of the types, the store and the errors are importable from here too, because programs import them from here.
"""

import asyncio
import base64
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, assert_never

from pydantic import BaseModel, TypeAdapter
from typing_extensions import TypeVar

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.errors import CustomStreamError, ErrorCode, RequestError, StreamError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import AttachmentStore, Store, StoreItemType, TContext, default_generate_id
from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    AudioInput,
    ChatKitReq,
    ClientToolCallItem,
    ErrorEvent,
    FeedbackKind,
    HiddenContextItem,
    InputTranscribeReq,
    ItemsFeedbackReq,
    ItemsListReq,
    NonStreamingReq,
    Page,
    SDKHiddenContextItem,
    StreamingReq,
    StreamOptions,
    StreamOptionsEvent,
    StructuredInputAnswer,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputSubmission,
    SyncCustomActionResponse,
    Thread,
    ThreadCreatedEvent,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadsAddClientToolOutputReq,
    ThreadsAddStructuredInputReq,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsCustomActionReq,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsRetryAfterItemReq,
    ThreadsSyncCustomActionReq,
    ThreadStreamEvent,
    ThreadsUpdateReq,
    ThreadUpdatedEvent,
    TranscriptionResult,
    UserMessageInput,
    UserMessageItem,
    WidgetComponentUpdated,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
    is_streaming_req,
)
from chatkit_app.chatkit.version import __version__
from chatkit_app.chatkit.widgets import WidgetComponent, WidgetComponentBase, WidgetRoot

from .diff_widget import diff_widget
from .encoding import encode, encode_event, word_encoder
from .output import CHUNKS, EVENTS, Output
from .paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from .results import NonStreamingResult, StreamingResult
from .server import ChatKitServer
from .stream_widget import stream_widget
from .user_agent import agents_sdk_user_agent_override

__all__ = [
    "ABC",
    "CHUNKS",
    "DEFAULT_ERROR_MESSAGE",
    "DEFAULT_PAGE_SIZE",
    "EVENTS",
    "MAX_PAGE_SIZE",
    "Action",
    "Any",
    "AssistantMessageContent",
    "AssistantMessageContentPartAdded",
    "AssistantMessageContentPartAnnotationAdded",
    "AssistantMessageContentPartDone",
    "AssistantMessageContentPartTextDelta",
    "AssistantMessageItem",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "AttachmentStore",
    "AttachmentsCreateReq",
    "AttachmentsDeleteReq",
    "AudioInput",
    "BaseModel",
    "Callable",
    "ChatKitReq",
    "ChatKitServer",
    "ClientToolCallItem",
    "CustomStreamError",
    "ErrorCode",
    "ErrorEvent",
    "FeedbackKind",
    "Generic",
    "HiddenContextItem",
    "InputTranscribeReq",
    "ItemsFeedbackReq",
    "ItemsListReq",
    "NonStreamingReq",
    "NonStreamingResult",
    "Output",
    "Page",
    "RequestError",
    "SDKHiddenContextItem",
    "Store",
    "StoreItemType",
    "StreamError",
    "StreamOptions",
    "StreamOptionsEvent",
    "StreamingReq",
    "StreamingResult",
    "StructuredInputAnswer",
    "StructuredInputItem",
    "StructuredInputMultipleChoice",
    "StructuredInputSubmission",
    "SyncCustomActionResponse",
    "TContext",
    "Thread",
    "ThreadCreatedEvent",
    "ThreadItem",
    "ThreadItemAddedEvent",
    "ThreadItemDoneEvent",
    "ThreadItemRemovedEvent",
    "ThreadItemReplacedEvent",
    "ThreadItemUpdatedEvent",
    "ThreadMetadata",
    "ThreadStreamEvent",
    "ThreadUpdatedEvent",
    "ThreadsAddClientToolOutputReq",
    "ThreadsAddStructuredInputReq",
    "ThreadsAddUserMessageReq",
    "ThreadsCreateReq",
    "ThreadsCustomActionReq",
    "ThreadsDeleteReq",
    "ThreadsGetByIdReq",
    "ThreadsListReq",
    "ThreadsRetryAfterItemReq",
    "ThreadsSyncCustomActionReq",
    "ThreadsUpdateReq",
    "TranscriptionResult",
    "TypeAdapter",
    "TypeVar",
    "UserMessageInput",
    "UserMessageItem",
    "WidgetComponent",
    "WidgetComponentBase",
    "WidgetComponentUpdated",
    "WidgetItem",
    "WidgetRoot",
    "WidgetRootUpdated",
    "WidgetStreamingTextValueDelta",
    "WorkflowItem",
    "WorkflowTaskAdded",
    "WorkflowTaskUpdated",
    "__version__",
    "abstractmethod",
    "agents_sdk_user_agent_override",
    "assert_never",
    "asyncio",
    "base64",
    "contextmanager",
    "datetime",
    "default_generate_id",
    "diff_widget",
    "encode",
    "encode_event",
    "is_streaming_req",
    "logger",
    "stream_widget",
    "word_encoder",
]

DEFAULT_ERROR_MESSAGE = "Something went wrong while this was being answered."
"""Words for a failure without any of its own. The server sends none: clients have theirs."""


def __getattr__(name: str) -> Any:
    if name == "agents":  # programs import it from here; it takes a second, so only those that do pay for it
        import agents

        return agents
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
