"""What an answer refers to, and where in its text."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chatkit_app.chatkit.icons import IconName


class SourceBase(BaseModel):
    """What every source can say about itself."""

    title: str
    """Name shown to the reader."""
    description: str | None = None
    """A line about it."""
    timestamp: str | None = None
    """When it was published, in the words to show."""
    group: str | None = None
    """Heading under which sources are listed together."""


class FileSource(SourceBase):
    """A file the answer was drawn from."""

    type: Literal["file"] = "file"
    """Says which kind it is."""
    filename: str
    """Name of the file."""


class URLSource(SourceBase):
    """A page on the web."""

    type: Literal["url"] = "url"
    """Says which kind it is."""
    url: str
    """Address of the page."""
    attribution: str | None = None
    """Who published it."""


class EntitySource(SourceBase):
    """A thing of the application: a person, a product, a station."""

    type: Literal["entity"] = "entity"
    """Says which kind it is."""
    id: str
    """Identity in the application."""
    icon: IconName | None = None
    """Icon drawn beside it."""
    label: str | None = None
    """Short kind of thing, shown in the list of sources."""
    inline_label: str | None = None
    """Text of the marker inside the answer."""
    interactive: bool = False
    """Whether a click on it is reported to the page."""
    data: dict[str, Any] = Field(default_factory=dict)
    """Free data handed to the page with a click or a preview."""
    preview: Literal["lazy"] | None = Field(default=None, deprecated="Previews are asked for by interactive entities.")
    """Formerly: ask for a preview when it is shown."""


Source = Annotated[URLSource | FileSource | EntitySource, Field(discriminator="type")]
"""Anything an answer or a task may refer to."""


class Annotation(BaseModel):
    """A reference from a place in an answer to its source."""

    type: Literal["annotation"] = "annotation"
    """Says which kind it is."""
    source: URLSource | FileSource | EntitySource
    """What is referred to."""
    index: int | None = None
    """Character offset of the marker in the text; without one the source is only listed."""
