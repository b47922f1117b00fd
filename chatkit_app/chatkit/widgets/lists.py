"""The framed roots of a widget: one card, or a list of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ..actions import ActionConfig
from .base import NullsDropped, WidgetComponentBase
from .media import WidgetIcon
from .tokens import Alignment, Border, Borders, Spacing, Theme, ThemeColor

if TYPE_CHECKING:
    from .unions import WidgetComponent


class WidgetStatusWithFavicon(TypedDict):
    """A line above a widget, with the icon of the site it comes from."""

    text: str
    """The line."""
    favicon: NotRequired[str]
    """Address of the site's icon."""
    frame: NotRequired[bool]
    """A thin border around the icon."""


class WidgetStatusWithIcon(TypedDict):
    """A line above a widget, with an icon from the set."""

    text: str
    """The line."""
    icon: NotRequired[WidgetIcon]
    """Which icon."""


WidgetStatus = WidgetStatusWithFavicon | WidgetStatusWithIcon
"""The line above a widget."""


class CardAction(TypedDict):
    """A button in a card's footer."""

    label: str
    """The words on it."""
    action: ActionConfig
    """Sent on click."""


class Card(WidgetComponentBase):
    """A framed widget: the usual root."""

    type: Literal["Card"] = Field(default="Card", frozen=True)
    """Name of the component."""
    asForm: bool | None = None
    """The whole card is a form; its fields join the payload of `confirm`."""
    children: Annotated[list[WidgetComponent], NullsDropped]
    """What it contains, from top to bottom."""
    background: str | ThemeColor | None = None
    """Surface token, primitive, CSS (a gradient too), or one for each scheme."""
    size: Literal["sm", "md", "lg", "full"] | None = None
    """Width of the card."""
    padding: float | str | Spacing | None = None
    """Inner space: spacing units of 4 px, CSS, or one value an edge."""
    border: int | Border | Borders | None = None
    """Thickness in px, one line all around, or one an edge."""
    status: WidgetStatus | None = None
    """The line above."""
    collapsed: bool | None = None
    """Folds the body away once the main action is done."""
    confirm: CardAction | None = None
    """Main button of the footer."""
    cancel: CardAction | None = None
    """Second button of the footer."""
    theme: Theme | None = None
    """Forces one colour scheme."""


class ListViewItem(WidgetComponentBase):
    """One row of a list."""

    type: Literal["ListViewItem"] = Field(default="ListViewItem", frozen=True)
    """Name of the component."""
    children: Annotated[list[WidgetComponent], NullsDropped]
    """What it contains, side by side."""
    onClickAction: ActionConfig | None = None
    """Makes the row clickable."""
    gap: int | str | None = None
    """Space between children: spacing units of 4 px, or CSS."""
    align: Alignment | None = None
    """Children on the cross axis."""


class ListView(WidgetComponentBase):
    """A framed list of rows."""

    type: Literal["ListView"] = Field(default="ListView", frozen=True)
    """Name of the component."""
    children: Annotated[list[ListViewItem], NullsDropped]
    """The rows, from top to bottom."""
    limit: int | Literal["auto"] | None = None
    """Rows shown before a "Show more" control."""
    status: WidgetStatus | None = None
    """The line above."""
    theme: Theme | None = None
    """Forces one colour scheme."""
