"""Questions an assistant asks in a form, and their answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class StructuredInputAnswer(BaseModel):
    """The stored answer to one question."""

    values: list[str] = Field(default_factory=list)
    """What was chosen or written; free text is allowed for a choice too."""
    skipped: bool = False
    """Whether the user passed over the question."""


class StructuredInputBase(BaseModel):
    """What every question has."""

    id: str
    """Identity of the question within its item."""
    question: str
    """The words of the question."""
    answer: StructuredInputAnswer | None = None
    """Absent until the form was submitted."""


class StructuredInputMultipleChoiceOption(BaseModel):
    """One option to choose."""

    value: str
    """Its words, and the value submitted."""


class StructuredInputMultipleChoice(StructuredInputBase):
    """A question with options."""

    type: Literal["multiple_choice"] = "multiple_choice"
    """Says which kind it is."""
    options: list[StructuredInputMultipleChoiceOption]
    """What is offered."""
    multiple: bool = False
    """Whether more than one value is kept."""


class StructuredInputFreeform(StructuredInputBase):
    """A question answered in the user's own words."""

    type: Literal["freeform"] = "freeform"
    """Says which kind it is."""
    description: str | None = None
    """A hint below the question."""


StructuredInput = Annotated[StructuredInputMultipleChoice | StructuredInputFreeform, Field(discriminator="type")]
"""Any question."""


class StructuredInputAnswerSubmission(BaseModel):
    """The answer to one question as the client sends it."""

    values: list[str] = Field(default_factory=list)
    """What was chosen or written."""
    skipped: bool = False
    """Whether the user passed over the question."""


class StructuredInputSubmission(BaseModel):
    """A form as the client sends it."""

    status: Literal["answered", "skipped"] = "answered"
    """Whether the form was answered or passed over as a whole."""
    answers: dict[str, StructuredInputAnswerSubmission] = Field(default_factory=dict)
    """Answers by id of the question."""
