"""What an assistant did on the way to its answer."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chatkit_app.chatkit.icons import IconName

from .sources import FileSource, URLSource


class BaseTask(BaseModel):
    """What every task has."""

    status_indicator: Literal["none", "loading", "complete"] = "none"
    """Whether activity or success is shown beside it."""


class CustomTask(BaseTask):
    """A step in the application's own words."""

    type: Literal["custom"] = "custom"
    """Says which kind it is."""
    title: str | None = None
    """Headline."""
    icon: IconName | None = None
    """Icon drawn beside the headline."""
    content: str | None = None
    """Markdown below the headline."""


class SearchTask(BaseTask):
    """A search of the web."""

    type: Literal["web_search"] = "web_search"
    """Says which kind it is."""
    title: str | None = None
    """Headline; the client has its own words without one."""
    title_query: str | None = None
    """The query named in the headline."""
    queries: list[str] = Field(default_factory=list)
    """Every query tried."""
    sources: list[URLSource] = Field(default_factory=list)
    """What was found."""


class ThoughtTask(BaseTask):
    """A piece of reasoning."""

    type: Literal["thought"] = "thought"
    """Says which kind it is."""
    title: str | None = None
    """Headline."""
    content: str
    """Markdown."""


class FileTask(BaseTask):
    """Reading files."""

    type: Literal["file"] = "file"
    """Says which kind it is."""
    title: str | None = None
    """Headline."""
    sources: list[FileSource] = Field(default_factory=list)
    """The files."""


class ImageTask(BaseTask):
    """Making or looking at a picture."""

    type: Literal["image"] = "image"
    """Says which kind it is."""
    title: str | None = None
    """Headline."""


Task = Annotated[CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask, Field(discriminator="type")]
"""One step."""


class CustomSummary(BaseModel):
    """A finished workflow in the application's own words."""

    title: str
    """Headline."""
    icon: IconName | None = None
    """Icon drawn beside it."""


class DurationSummary(BaseModel):
    """A finished workflow told by how long it took."""

    duration: int
    """Seconds."""


WorkflowSummary = CustomSummary | DurationSummary
"""The line a finished workflow folds into. An object with a title is always a `CustomSummary`."""


class Workflow(BaseModel):
    """Steps shown together, live while they run and folded when they are done."""

    type: Literal["custom", "reasoning"]
    """Whether these are steps of the application or thoughts of the model."""
    tasks: list[Task]
    """The steps, oldest first."""
    summary: WorkflowSummary | None = None
    """Present once it has ended."""
    expanded: bool = False
    """Whether it starts unfolded."""
