"""The items of a thread."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chatkit_app.chatkit.widgets import WidgetRoot

from .attachments import Attachment
from .messages import AssistantMessageContent, InferenceOptions, UserMessageContent
from .structured_inputs import StructuredInput
from .times import Time
from .workflows import Task, Workflow


class ThreadItemBase(BaseModel):
    """What every item has."""

    id: str
    """Identity, unique among all items of a store."""
    thread_id: str
    """The thread it belongs to."""
    created_at: Time
    """When it was made; items are ordered by it."""


class UserMessageItem(ThreadItemBase):
    """What the user said."""

    type: Literal["user_message"] = "user_message"
    """Says which kind it is."""
    content: list[UserMessageContent]
    """Text and mentions, in reading order."""
    attachments: list[Attachment] = Field(default_factory=list)
    """Files that came with it."""
    quoted_text: str | None = None
    """Text of an earlier message that is answered."""
    inference_options: InferenceOptions
    """What was picked in the composer."""


class AssistantMessageItem(ThreadItemBase):
    """What the assistant said."""

    type: Literal["assistant_message"] = "assistant_message"
    """Says which kind it is."""
    content: list[AssistantMessageContent]
    """Parts, in reading order."""


class ClientToolCallItem(ThreadItemBase):
    """A call of a tool that runs in the user's page."""

    type: Literal["client_tool_call"] = "client_tool_call"
    """Says which kind it is."""
    status: Literal["pending", "completed"] = "pending"
    """Whether the page has answered."""
    call_id: str
    """The model's own id of the call."""
    name: str
    """Name of the tool."""
    arguments: dict[str, Any]
    """What it is called with."""
    output: Any | None = None
    """What the page answered."""


class WidgetItem(ThreadItemBase):
    """A widget in the conversation."""

    type: Literal["widget"] = "widget"
    """Says which kind it is."""
    widget: WidgetRoot
    """What is drawn."""
    copy_text: str | None = None
    """What the copy button copies; without it there is no button."""


class GeneratedImage(BaseModel):
    """A picture a model made."""

    id: str
    """Identity of the picture."""
    url: str
    """Where it is loaded from; a `data:` URL works too."""


class GeneratedImageItem(ThreadItemBase):
    """A picture in the conversation."""

    type: Literal["generated_image"] = "generated_image"
    """Says which kind it is."""
    image: GeneratedImage | None = None
    """Absent until a first version exists."""


class StructuredInputItem(ThreadItemBase):
    """A form the assistant asks the user to fill in."""

    type: Literal["structured_input"] = "structured_input"
    """Says which kind it is."""
    status: Literal["pending", "answered", "skipped"] = "pending"
    """Whether the user has submitted it."""
    inputs: list[StructuredInput]
    """The questions, in order."""


class TaskItem(ThreadItemBase):
    """A single step, shown by itself."""

    type: Literal["task"] = "task"
    """Says which kind it is."""
    task: Task
    """The step."""


class WorkflowItem(ThreadItemBase):
    """Steps shown together."""

    type: Literal["workflow"] = "workflow"
    """Says which kind it is."""
    workflow: Workflow
    """The steps."""


class EndOfTurnItem(ThreadItemBase):
    """Marks the end of the assistant's turn."""

    type: Literal["end_of_turn"] = "end_of_turn"
    """Says which kind it is."""


class HiddenContextItem(ThreadItemBase):
    """What the application tells the model and never shows the user."""

    type: Literal["hidden_context_item"] = "hidden_context_item"
    """Says which kind it is."""
    content: Any
    """Free data; text by convention."""


class SDKHiddenContextItem(ThreadItemBase):
    """What this framework tells the model and never shows the user."""

    type: Literal["sdk_hidden_context"] = "sdk_hidden_context"
    """Says which kind it is."""
    content: str
    """Plain text."""


ThreadItem = Annotated[
    UserMessageItem
    | AssistantMessageItem
    | ClientToolCallItem
    | WidgetItem
    | GeneratedImageItem
    | StructuredInputItem
    | WorkflowItem
    | TaskItem
    | HiddenContextItem
    | SDKHiddenContextItem
    | EndOfTurnItem,
    Field(discriminator="type"),
]
"""Any item of a thread."""
