"""Components that show words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import WidgetComponentBase
from .tokens import CaptionSize, EditableProps, TextAlign, TextSize, TextWeight, ThemeColor, TitleSize


class Text(WidgetComponentBase):
    """Plain text, no Markdown. May be streamed into, when it has an `id`."""

    type: Literal["Text"] = Field(default="Text", frozen=True)
    """Name of the component."""
    value: str
    """The text."""
    streaming: bool | None = None
    """More of the value is still to come."""
    italic: bool | None = None
    """Slanted."""
    lineThrough: bool | None = None
    """Struck through."""
    color: str | ThemeColor | None = None
    """Text token, primitive, CSS colour, or one for each scheme."""
    weight: TextWeight | None = None
    """Stroke weight."""
    width: float | str | None = None
    """Px or CSS."""
    size: TextSize | None = None
    """Text size."""
    textAlign: TextAlign | None = None
    """Alignment of the lines."""
    truncate: bool | None = None
    """Cut with an ellipsis what does not fit."""
    minLines: int | None = None
    """Height kept free, in lines."""
    maxLines: int | None = None
    """Lines shown at most."""
    editable: Literal[False] | EditableProps | None = None
    """Makes the text a field of the form around it."""


class Markdown(WidgetComponentBase):
    """Markdown, drawn like a message. May be streamed into, when it has an `id`."""

    type: Literal["Markdown"] = Field(default="Markdown", frozen=True)
    """Name of the component."""
    value: str
    """The Markdown source."""
    streaming: bool | None = None
    """More of the value is still to come."""


class Title(WidgetComponentBase):
    """A heading."""

    type: Literal["Title"] = Field(default="Title", frozen=True)
    """Name of the component."""
    value: str
    """The text."""
    color: str | ThemeColor | None = None
    """Text token, primitive, CSS colour, or one for each scheme."""
    weight: TextWeight | None = None
    """Stroke weight."""
    size: TitleSize | None = None
    """Heading size."""
    textAlign: TextAlign | None = None
    """Alignment of the lines."""
    truncate: bool | None = None
    """Cut with an ellipsis what does not fit."""
    maxLines: int | None = None
    """Lines shown at most."""


class Caption(WidgetComponentBase):
    """Small supporting text."""

    type: Literal["Caption"] = Field(default="Caption", frozen=True)
    """Name of the component."""
    value: str
    """The text."""
    color: str | ThemeColor | None = None
    """Text token, primitive, CSS colour, or one for each scheme."""
    weight: TextWeight | None = None
    """Stroke weight."""
    size: CaptionSize | None = None
    """Caption size."""
    textAlign: TextAlign | None = None
    """Alignment of the lines."""
    truncate: bool | None = None
    """Cut with an ellipsis what does not fit."""
    maxLines: int | None = None
    """Lines shown at most."""


class Badge(WidgetComponentBase):
    """A short label on a coloured ground."""

    type: Literal["Badge"] = Field(default="Badge", frozen=True)
    """Name of the component."""
    label: str
    """The text."""
    color: Literal["secondary", "success", "danger", "warning", "info", "discovery"] | None = None
    """Meaning of the ground."""
    variant: Literal["solid", "soft", "outline"] | None = None
    """How loudly it is drawn."""
    size: Literal["sm", "md", "lg"] | None = None
    """Badge size."""
    pill: bool | None = None
    """Fully rounded."""


class Label(WidgetComponentBase):
    """The label of a form field."""

    type: Literal["Label"] = Field(default="Label", frozen=True)
    """Name of the component."""
    value: str
    """The text."""
    fieldName: str
    """`name` of the field it belongs to."""
    size: TextSize | None = None
    """Text size."""
    weight: TextWeight | None = None
    """Stroke weight."""
    textAlign: TextAlign | None = None
    """Alignment of the lines."""
    color: str | ThemeColor | None = None
    """Text token, primitive, CSS colour, or one for each scheme."""
