"""Bridge to openai-agents: a run becomes events of a thread, a thread becomes input of a run.

Besides its own names this module hands on those that programs are used to import from here.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import datetime
from inspect import cleandoc
from typing import Annotated, Any, Generic, TypeVar, assert_never, cast

from agents import (
    Agent,
    InputGuardrailTripwireTriggered,
    OutputGuardrailTripwireTriggered,
    Runner,
    RunResultStreaming,
    StreamEvent,
    TResponseInputItem,
)
from openai.types.responses import (
    EasyInputMessageParam,
    ResponseFunctionToolCall,
    ResponseFunctionToolCallParam,
    ResponseInputContentParam,
    ResponseInputImageParam,
    ResponseInputMessageContentListParam,
    ResponseInputTextParam,
    ResponseOutputText,
)
from openai.types.responses.response_input_item_param import FunctionCallOutput, Message
from openai.types.responses.response_output_message import Content
from openai.types.responses.response_output_text import (
    AnnotationContainerFileCitation,
    AnnotationFileCitation,
    AnnotationURLCitation,
)
from pydantic import BaseModel, ConfigDict, SkipValidation, TypeAdapter

from chatkit_app.chatkit.server.stream_widget import stream_widget
from chatkit_app.chatkit.store import Store, StoreItemType, TContext
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    Attachment,
    ClientToolCallItem,
    DurationSummary,
    EndOfTurnItem,
    FileSource,
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    HiddenContextItem,
    SDKHiddenContextItem,
    StructuredInputItem,
    Task,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
    WorkflowSummary,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.widgets import Markdown, Text, WidgetRoot

from .accumulate import TWidget, accumulate_text
from .approval import ApprovalCards, is_approval
from .citations import ResponsesAnnotation
from .context import AgentContext, ClientToolCall
from .input import ThreadItemConverter, simple_to_agent_input
from .responses import ResponseStreamConverter
from .resume import answer_approval
from .stream import stream_agent_response
from .thoughts import StreamingThoughtTracker
from .tool_tasks import ToolTasks

__all__ = [
    "Agent",
    "AgentContext",
    "Annotated",
    "Annotation",
    "AnnotationContainerFileCitation",
    "AnnotationFileCitation",
    "AnnotationURLCitation",
    "Any",
    "ApprovalCards",
    "AssistantMessageContent",
    "AssistantMessageContentPartAdded",
    "AssistantMessageContentPartAnnotationAdded",
    "AssistantMessageContentPartDone",
    "AssistantMessageContentPartTextDelta",
    "AssistantMessageItem",
    "AsyncGenerator",
    "AsyncIterator",
    "Attachment",
    "BaseModel",
    "ClientToolCall",
    "ClientToolCallItem",
    "ConfigDict",
    "Content",
    "DurationSummary",
    "EasyInputMessageParam",
    "EndOfTurnItem",
    "FileSource",
    "FunctionCallOutput",
    "GeneratedImage",
    "GeneratedImageItem",
    "GeneratedImageUpdated",
    "Generic",
    "HiddenContextItem",
    "InputGuardrailTripwireTriggered",
    "Markdown",
    "Message",
    "OutputGuardrailTripwireTriggered",
    "ResponseFunctionToolCall",
    "ResponseFunctionToolCallParam",
    "ResponseInputContentParam",
    "ResponseInputImageParam",
    "ResponseInputMessageContentListParam",
    "ResponseInputTextParam",
    "ResponseOutputText",
    "ResponseStreamConverter",
    "ResponsesAnnotation",
    "RunResultStreaming",
    "Runner",
    "SDKHiddenContextItem",
    "Sequence",
    "SkipValidation",
    "Store",
    "StoreItemType",
    "StreamEvent",
    "StreamingThoughtTracker",
    "StructuredInputItem",
    "TContext",
    "TResponseInputItem",
    "TWidget",
    "Task",
    "TaskItem",
    "Text",
    "ThoughtTask",
    "ThreadItem",
    "ThreadItemAddedEvent",
    "ThreadItemConverter",
    "ThreadItemDoneEvent",
    "ThreadItemRemovedEvent",
    "ThreadItemUpdatedEvent",
    "ThreadMetadata",
    "ThreadStreamEvent",
    "ToolTasks",
    "TypeAdapter",
    "TypeVar",
    "URLSource",
    "UserMessageItem",
    "UserMessageTagContent",
    "UserMessageTextContent",
    "WidgetItem",
    "WidgetRoot",
    "Workflow",
    "WorkflowItem",
    "WorkflowSummary",
    "WorkflowTaskAdded",
    "WorkflowTaskUpdated",
    "accumulate_text",
    "answer_approval",
    "assert_never",
    "asyncio",
    "cast",
    "cleandoc",
    "datetime",
    "defaultdict",
    "is_approval",
    "json",
    "simple_to_agent_input",
    "stream_agent_response",
    "stream_widget",
]
