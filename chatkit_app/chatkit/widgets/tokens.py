"""The words a widget's props are made of: sizes, alignments, colours, edges."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

RadiusValue = Literal["2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "full", "100%", "none"]
"""Corner rounding, from barely visible to a circle."""

TextAlign = Literal["start", "center", "end"]
"""Where a line of text sits; `start` follows the reading direction."""

TextWeight = Literal["normal", "medium", "semibold", "bold"]
"""How heavy the strokes of a text are."""

TextSize = Literal["xs", "sm", "md", "lg", "xl"]
"""Size of running text."""

IconSize = Literal["xs", "sm", "md", "lg", "xl", "2xl", "3xl"]
"""Size of an icon."""

TitleSize = Literal["sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl"]
"""Size of a heading."""

CaptionSize = Literal["sm", "md", "lg"]
"""Size of small supporting text."""

Alignment = Literal["start", "center", "end", "baseline", "stretch"]
"""Place of children on the cross axis."""

Justification = Literal["start", "center", "end", "between", "around", "evenly", "stretch"]
"""Place of children on the main axis."""

Direction = Literal["row", "col", "column"]
"""Main axis of a container. `col` and `column` mean the same; what was written is kept."""

Wrap = Literal["nowrap", "wrap", "wrap-reverse"]
"""What happens to children that do not fit on one line."""

ControlVariant = Literal["solid", "soft", "outline", "ghost"]
"""How loudly a control is drawn."""

ControlSize = Literal["3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl"]
"""Height of a control."""

FieldVariant = Literal["soft", "outline"]
"""How a text field is drawn."""

GutterSize = Literal["2xs", "xs", "sm", "md", "lg", "xl"]
"""Space between a field's edge and its text."""

CurveType = Literal[
    "basis",
    "basisClosed",
    "basisOpen",
    "bumpX",
    "bumpY",
    "bump",
    "linear",
    "linearClosed",
    "natural",
    "monotoneX",
    "monotoneY",
    "monotone",
    "step",
    "stepBefore",
    "stepAfter",
]
"""How the points of a chart's line are joined."""

Theme = Literal["light", "dark"]
"""Forces one colour scheme on a widget."""


class ThemeColor(TypedDict):
    """A colour that differs between the two schemes; each side is a token, a primitive such as `red-100`, or CSS."""

    dark: str
    """The colour on a dark background."""
    light: str
    """The colour on a light background."""


Color = str | ThemeColor
"""A colour token, a primitive such as `red-100`, any CSS colour, or one colour for each scheme."""


class Spacing(TypedDict):
    """Space on each edge: a number counts spacing units of 4 px, a string is CSS. `x` and `y` set two edges at once."""

    top: NotRequired[float | str]
    """Above."""
    right: NotRequired[float | str]
    """On the right."""
    bottom: NotRequired[float | str]
    """Below."""
    left: NotRequired[float | str]
    """On the left."""
    x: NotRequired[float | str]
    """Left and right at once."""
    y: NotRequired[float | str]
    """Above and below at once."""


class Border(TypedDict):
    """One line around, or on one edge of, a box."""

    size: int
    """Thickness in px."""
    color: NotRequired[str | ThemeColor]
    """Line colour; the tokens are `default`, `subtle` and `strong`."""
    style: NotRequired[Literal["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"]]
    """Line style; solid when left out."""


class Borders(TypedDict):
    """A line for each edge: a number is a thickness in px. `x` and `y` set two edges at once."""

    top: NotRequired[int | Border]
    """Above."""
    right: NotRequired[int | Border]
    """On the right."""
    bottom: NotRequired[int | Border]
    """Below."""
    left: NotRequired[int | Border]
    """On the left."""
    x: NotRequired[int | Border]
    """Left and right at once."""
    y: NotRequired[int | Border]
    """Above and below at once."""


class MinMax(TypedDict):
    """A lower and an upper bound, both inclusive."""

    min: NotRequired[int]
    """The lower bound."""
    max: NotRequired[int]
    """The upper bound."""


class EditableProps(TypedDict):
    """Turns a text into a field that is edited in place and joins the form around it."""

    name: str
    """Key of the value in the form's payload; dots nest (`todo.title`)."""
    autoFocus: NotRequired[bool]
    """Focus the field when it appears."""
    autoSelect: NotRequired[bool]
    """Select the text on focus."""
    autoComplete: NotRequired[str]
    """The browser's autocomplete hint."""
    allowAutofillExtensions: NotRequired[bool]
    """Let password managers and the like fill the field."""
    pattern: NotRequired[str]
    """Regular expression the value must match before the form is sent."""
    placeholder: NotRequired[str]
    """Shown while the field is empty."""
    required: NotRequired[bool]
    """An empty field blocks the form."""
