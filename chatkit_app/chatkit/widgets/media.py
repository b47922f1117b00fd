"""Components that show a picture."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..icons import IconName
from .base import WidgetComponentBase
from .tokens import IconSize, RadiusValue, Spacing, ThemeColor

WidgetIcon = IconName
"""Name of an icon: one of the built-in set, `vendor:…` or `lucide:…`."""

ImagePosition = Literal[
    "top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"
]
"""Part of an image that stays visible when it is cropped."""


class Icon(WidgetComponentBase):
    """A small drawing from the icon set."""

    type: Literal["Icon"] = Field(default="Icon", frozen=True)
    """Name of the component."""
    name: WidgetIcon
    """Which icon."""
    color: str | ThemeColor | None = None
    """Text token, primitive, CSS colour, or one for each scheme."""
    size: IconSize | None = None
    """Icon size."""


class Image(WidgetComponentBase):
    """A picture."""

    type: Literal["Image"] = Field(default="Image", frozen=True)
    """Name of the component."""
    src: str
    """Address of the picture; the page decides which hosts it loads from."""
    alt: str | None = None
    """What the picture shows, for those who cannot see it."""
    fit: Literal["cover", "contain", "fill", "scale-down", "none"] | None = None
    """How the picture fills its box."""
    position: ImagePosition | None = None
    """Part kept visible when cropped."""
    radius: RadiusValue | None = None
    """Corner rounding."""
    frame: bool | None = None
    """A thin border."""
    flush: bool | None = None
    """Bleeds to the edge of its container."""
    height: int | str | None = None
    """Px or CSS, as are the eight sizes below."""
    width: int | str | None = None
    """In px or CSS."""
    size: int | str | None = None
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
    margin: int | str | Spacing | None = None
    """Outer space: spacing units of 4 px, CSS, or one value an edge."""
    background: str | ThemeColor | None = None
    """Ground behind a transparent picture."""
    aspectRatio: float | str | None = None
    """Width divided by height, or CSS (`16 / 9`)."""
    flex: int | str | None = None
    """Share of the free space in a flex container."""
