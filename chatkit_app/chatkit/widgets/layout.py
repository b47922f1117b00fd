"""Components that arrange others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from ..actions import ActionConfig
from .base import NullsDropped, WidgetComponentBase
from .tokens import Alignment, Border, Borders, Direction, Justification, RadiusValue, Spacing, ThemeColor, Wrap

if TYPE_CHECKING:
    from .unions import WidgetComponent


class BoxBase(BaseModel):
    """The props of a flex container."""

    children: Annotated[list[WidgetComponent] | None, NullsDropped] = None
    """What it contains, in order."""
    align: Alignment | None = None
    """Children on the cross axis."""
    justify: Justification | None = None
    """Children on the main axis."""
    wrap: Wrap | None = None
    """What happens to children that do not fit on one line."""
    flex: int | str | None = None
    """Share of the free space in the container around."""
    gap: int | str | None = None
    """Space between children: spacing units of 4 px, or CSS."""
    height: float | str | None = None
    """Px or CSS, as are the eight sizes below."""
    width: float | str | None = None
    """In px or CSS."""
    size: float | str | None = None
    """Height and width at once."""
    minHeight: int | str | None = None
    """At least this high."""
    minWidth: int | str | None = None
    """At least this wide."""
    minSize: int | str | None = None
    """At least this high and wide."""
    maxHeight: int | str | None = None
    """At most this high."""
    maxWidth: int | str | None = None
    """At most this wide."""
    maxSize: int | str | None = None
    """At most this high and wide."""
    padding: float | str | Spacing | None = None
    """Inner space: spacing units of 4 px, CSS, or one value an edge."""
    margin: float | str | Spacing | None = None
    """Outer space, in the units of `padding`."""
    border: int | Border | Borders | None = None
    """Thickness in px, one line all around, or one an edge."""
    radius: RadiusValue | None = None
    """Corner rounding."""
    background: str | ThemeColor | None = None
    """Surface token, primitive, CSS (a gradient too), or one for each scheme."""
    aspectRatio: float | str | None = None
    """Width divided by height, or CSS (`16 / 9`)."""


class Box(WidgetComponentBase, BoxBase):
    """A flex container with a chosen direction."""

    type: Literal["Box"] = Field(default="Box", frozen=True)
    """Name of the component."""
    direction: Direction | None = None
    """Main axis."""


class Row(WidgetComponentBase, BoxBase):
    """A flex container that runs sideways."""

    type: Literal["Row"] = Field(default="Row", frozen=True)
    """Name of the component."""


class Col(WidgetComponentBase, BoxBase):
    """A flex container that runs down."""

    type: Literal["Col"] = Field(default="Col", frozen=True)
    """Name of the component."""


class Form(WidgetComponentBase, BoxBase):
    """A flex container whose fields are sent together, merged by `name` into the payload of every action inside."""

    type: Literal["Form"] = Field(default="Form", frozen=True)
    """Name of the component."""
    onSubmitAction: ActionConfig | None = None
    """Sent on Enter or by a submit button, once the fields are valid."""
    direction: Direction | None = None
    """Main axis."""


class Divider(WidgetComponentBase):
    """A line between siblings."""

    type: Literal["Divider"] = Field(default="Divider", frozen=True)
    """Name of the component."""
    color: str | ThemeColor | None = None
    """Border token, primitive, CSS colour, or one for each scheme."""
    size: int | str | None = None
    """Thickness in px, or CSS."""
    spacing: int | str | None = None
    """Space before and after: spacing units of 4 px, or CSS."""
    flush: bool | None = None
    """Runs to the edges of the container."""


class Spacer(WidgetComponentBase):
    """Grows to push its siblings apart."""

    type: Literal["Spacer"] = Field(default="Spacer", frozen=True)
    """Name of the component."""
    minSize: int | str | None = None
    """Smallest extent on the main axis, px or CSS."""


class Transition(WidgetComponentBase):
    """Animates the change from one child to another. Has one child or, explicitly, none."""

    type: Literal["Transition"] = Field(default="Transition", frozen=True)
    """Name of the component."""
    children: WidgetComponent | None
    """The one child."""
