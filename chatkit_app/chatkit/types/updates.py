"""Changes to an item in progress."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from chatkit_app.chatkit.widgets import WidgetComponent, WidgetRoot

from .items import GeneratedImage
from .messages import AssistantMessageContent
from .sources import Annotation
from .workflows import Task


class AssistantMessageContentPartAdded(BaseModel):
    """A part of a message begins."""

    type: Literal["assistant_message.content_part.added"] = "assistant_message.content_part.added"
    """Says which kind it is."""
    content_index: int
    """Position of the part in the message, from 0."""
    content: AssistantMessageContent
    """The part as it begins, usually empty."""


class AssistantMessageContentPartTextDelta(BaseModel):
    """Text is appended to a part."""

    type: Literal["assistant_message.content_part.text_delta"] = "assistant_message.content_part.text_delta"
    """Says which kind it is."""
    content_index: int
    """Position of the part in the message, from 0."""
    delta: str
    """The text to append."""


class AssistantMessageContentPartAnnotationAdded(BaseModel):
    """A reference is added to a part."""

    type: Literal["assistant_message.content_part.annotation_added"] = "assistant_message.content_part.annotation_added"
    """Says which kind it is."""
    content_index: int
    """Position of the part in the message, from 0."""
    annotation_index: int
    """Position among the references of the part; beyond the end it is appended."""
    annotation: Annotation
    """The reference."""


class AssistantMessageContentPartDone(BaseModel):
    """A part of a message is complete."""

    type: Literal["assistant_message.content_part.done"] = "assistant_message.content_part.done"
    """Says which kind it is."""
    content_index: int
    """Position of the part in the message, from 0."""
    content: AssistantMessageContent
    """The whole part. Without references it keeps those that were added before."""


class WidgetStreamingTextValueDelta(BaseModel):
    """Text is appended to a `Text` or `Markdown` component."""

    type: Literal["widget.streaming_text.value_delta"] = "widget.streaming_text.value_delta"
    """Says which kind it is."""
    component_id: str
    """The component's `id`."""
    delta: str
    """The text to append."""
    done: bool
    """Whether the text is complete."""


class WidgetRootUpdated(BaseModel):
    """The whole widget is replaced."""

    model_config = ConfigDict(defer_build=True)  # all components are in it: a tenth of what importing the server took

    type: Literal["widget.root.updated"] = "widget.root.updated"
    """Says which kind it is."""
    widget: WidgetRoot
    """The new widget."""


class WidgetComponentUpdated(BaseModel):
    """One component of a widget is replaced."""

    model_config = ConfigDict(defer_build=True)

    type: Literal["widget.component.updated"] = "widget.component.updated"
    """Says which kind it is."""
    component_id: str
    """The component's `id`."""
    component: WidgetComponent
    """The new component."""


class WorkflowTaskAdded(BaseModel):
    """A step is added to a workflow."""

    type: Literal["workflow.task.added"] = "workflow.task.added"
    """Says which kind it is."""
    task_index: int
    """Position of the step, from 0; a new step is always the last one."""
    task: Task
    """The step."""


class WorkflowTaskUpdated(BaseModel):
    """A step of a workflow is replaced."""

    type: Literal["workflow.task.updated"] = "workflow.task.updated"
    """Says which kind it is."""
    task_index: int
    """Position of the step, from 0."""
    task: Task
    """The new step."""


class GeneratedImageUpdated(BaseModel):
    """A better version of a picture exists."""

    type: Literal["generated_image.updated"] = "generated_image.updated"
    """Says which kind it is."""
    image: GeneratedImage
    """The new version."""
    progress: float | None = None
    """How far the picture is, from 0 to 1."""


ThreadItemUpdate = (
    AssistantMessageContentPartAdded
    | AssistantMessageContentPartTextDelta
    | AssistantMessageContentPartAnnotationAdded
    | AssistantMessageContentPartDone
    | WidgetStreamingTextValueDelta
    | WidgetComponentUpdated
    | WidgetRootUpdated
    | WorkflowTaskAdded
    | WorkflowTaskUpdated
    | GeneratedImageUpdated
)
"""Any change to an item in progress."""
