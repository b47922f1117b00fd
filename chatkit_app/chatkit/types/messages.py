"""What users and assistants say."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from .sources import Annotation


class UserMessageTextContent(BaseModel):
    """Text the user typed."""

    type: Literal["input_text"] = "input_text"
    """Says which kind it is."""
    text: str
    """Plain text."""


class UserMessageTagContent(BaseModel):
    """An entity the user mentioned."""

    type: Literal["input_tag"] = "input_tag"
    """Says which kind it is."""
    id: str
    """Identity of the entity in the application."""
    text: str
    """How it reads in the message."""
    data: dict[str, Any]
    """Free data of the entity."""
    group: str | None = None
    """Heading it was offered under."""
    interactive: bool = False
    """Whether a click on it is reported to the page."""


UserMessageContent = Annotated[UserMessageTextContent | UserMessageTagContent, Field(discriminator="type")]
"""A piece of a user's message."""


class ToolChoice(BaseModel):
    """A tool the user picked in the composer."""

    id: str
    """Identity of the tool."""


class InferenceOptions(BaseModel):
    """What the user picked in the composer for one message."""

    tool_choice: ToolChoice | None = None
    """The tool to use."""
    model: str | None = None
    """Identity of the model to use."""


class UserMessageInput(BaseModel):
    """A message as the composer sends it."""

    content: list[UserMessageContent]
    """Text and mentions, in reading order."""
    attachments: list[str]
    """Ids of attachments created before."""
    quoted_text: str | None = None
    """Text of an earlier message that is answered."""
    inference_options: InferenceOptions
    """What was picked in the composer."""


class AssistantMessageContent(BaseModel):
    """A part of an assistant's message."""

    annotations: list[Annotation] = Field(default_factory=list)
    """References to sources, in the order they were found."""
    text: str
    """Markdown."""
    type: Literal["output_text"] = "output_text"
    """Says which kind it is."""
