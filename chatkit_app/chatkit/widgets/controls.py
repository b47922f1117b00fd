"""Components a person acts on: buttons and form fields."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ..actions import ActionConfig
from .base import WidgetComponentBase
from .media import WidgetIcon
from .tokens import ControlSize, ControlVariant, Direction, FieldVariant, GutterSize


class Button(WidgetComponentBase):
    """A button: sends its action, or submits the form around it."""

    type: Literal["Button"] = Field(default="Button", frozen=True)
    """Name of the component."""
    submit: bool | None = None
    """Submits the nearest form."""
    label: str | None = None
    """The words on it."""
    onClickAction: ActionConfig | None = None
    """Sent on click."""
    iconStart: WidgetIcon | None = None
    """Icon before the label."""
    iconEnd: WidgetIcon | None = None
    """Icon after the label."""
    style: Literal["primary", "secondary"] | None = None
    """Shorthand for a colour and a variant that belong together."""
    iconSize: Literal["sm", "md", "lg", "xl", "2xl"] | None = None
    """Size of both icons."""
    color: Literal["primary", "secondary", "info", "discovery", "success", "caution", "warning", "danger"] | None = None
    """Meaning of the button."""
    variant: ControlVariant | None = None
    """How loudly it is drawn."""
    size: ControlSize | None = None
    """Height."""
    pill: bool | None = None
    """Fully rounded."""
    uniform: bool | None = None
    """As wide as high: an icon button."""
    block: bool | None = None
    """As wide as its container."""
    disabled: bool | None = None
    """Cannot be used."""


class SelectOption(TypedDict):
    """One choice of a `Select`."""

    value: str
    """What the form receives."""
    label: str
    """What is shown."""
    disabled: NotRequired[bool]
    """Shown, but cannot be chosen."""
    description: NotRequired[str]
    """A second line."""


class Select(WidgetComponentBase):
    """A list that opens to choose one value."""

    type: Literal["Select"] = Field(default="Select", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    options: list[SelectOption]
    """The choices, in order."""
    onChangeAction: ActionConfig | None = None
    """Sent with the new value."""
    placeholder: str | None = None
    """Shown while nothing is chosen."""
    defaultValue: str | None = None
    """`value` of the option chosen at first."""
    variant: ControlVariant | None = None
    """How loudly it is drawn."""
    size: ControlSize | None = None
    """Height."""
    pill: bool | None = None
    """Fully rounded."""
    block: bool | None = None
    """As wide as its container."""
    clearable: bool | None = None
    """The choice can be taken back."""
    disabled: bool | None = None
    """Cannot be used."""
    searchable: bool | None = None
    """Has a search box; by default lists of more than 15 options do."""


class DatePicker(WidgetComponentBase):
    """A calendar that opens to choose one day."""

    type: Literal["DatePicker"] = Field(default="DatePicker", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    onChangeAction: ActionConfig | None = None
    """Sent with the new value, in ISO form."""
    placeholder: str | None = None
    """Shown while nothing is chosen."""
    defaultValue: datetime | None = None
    """The day chosen at first."""
    min: datetime | None = None
    """First day that can be chosen, inclusive."""
    max: datetime | None = None
    """Last day that can be chosen, inclusive."""
    variant: ControlVariant | None = None
    """How loudly it is drawn."""
    size: ControlSize | None = None
    """Height."""
    side: Literal["top", "bottom", "left", "right"] | None = None
    """Where the calendar opens."""
    align: Literal["start", "center", "end"] | None = None
    """Where the calendar sits along that side."""
    pill: bool | None = None
    """Fully rounded."""
    block: bool | None = None
    """As wide as its container."""
    clearable: bool | None = None
    """The choice can be taken back."""
    disabled: bool | None = None
    """Cannot be used."""


class Checkbox(WidgetComponentBase):
    """A yes or no."""

    type: Literal["Checkbox"] = Field(default="Checkbox", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    label: str | None = None
    """The words beside it."""
    defaultChecked: bool | None = None
    """Checked at first."""
    onChangeAction: ActionConfig | None = None
    """Sent with the new value."""
    disabled: bool | None = None
    """Cannot be used."""
    required: bool | None = None
    """Unchecked, it blocks the form."""


class Input(WidgetComponentBase):
    """A field of one line."""

    type: Literal["Input"] = Field(default="Input", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    inputType: Literal["number", "email", "text", "password", "tel", "url"] | None = None
    """What is typed: keyboard and validation follow."""
    defaultValue: str | None = None
    """Content at first."""
    required: bool | None = None
    """An empty field blocks the form."""
    pattern: str | None = None
    """Regular expression the value must match before the form is sent."""
    placeholder: str | None = None
    """Shown while empty."""
    allowAutofillExtensions: bool | None = None
    """Let password managers and the like fill the field."""
    autoSelect: bool | None = None
    """Select the content on focus."""
    autoFocus: bool | None = None
    """Focus the field when it appears."""
    disabled: bool | None = None
    """Cannot be used."""
    variant: FieldVariant | None = None
    """How it is drawn."""
    size: ControlSize | None = None
    """Height."""
    gutterSize: GutterSize | None = None
    """Space between edge and content."""
    pill: bool | None = None
    """Fully rounded."""


class Textarea(WidgetComponentBase):
    """A field of several lines."""

    type: Literal["Textarea"] = Field(default="Textarea", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    defaultValue: str | None = None
    """Content at first."""
    required: bool | None = None
    """An empty field blocks the form."""
    pattern: str | None = None
    """Regular expression the value must match before the form is sent."""
    placeholder: str | None = None
    """Shown while empty."""
    autoSelect: bool | None = None
    """Select the content on focus."""
    autoFocus: bool | None = None
    """Focus the field when it appears."""
    disabled: bool | None = None
    """Cannot be used."""
    variant: FieldVariant | None = None
    """How it is drawn."""
    size: ControlSize | None = None
    """Size of the text and its surroundings."""
    gutterSize: GutterSize | None = None
    """Space between edge and content."""
    rows: int | None = None
    """Height at first, in lines."""
    autoResize: bool | None = None
    """Grows with its content."""
    maxRows: int | None = None
    """Height up to which it grows, in lines."""
    allowAutofillExtensions: bool | None = None
    """Let password managers and the like fill the field."""


class RadioOption(TypedDict):
    """One choice of a `RadioGroup`."""

    label: str
    """What is shown."""
    value: str
    """What the form receives."""
    disabled: NotRequired[bool]
    """Shown, but cannot be chosen."""


class RadioGroup(WidgetComponentBase):
    """Choices all in sight, one of which holds."""

    type: Literal["RadioGroup"] = Field(default="RadioGroup", frozen=True)
    """Name of the component."""
    name: str
    """Key of the value in the payload; dots nest."""
    options: list[RadioOption] | None = None
    """The choices, in order."""
    ariaLabel: str | None = None
    """Name of the group for assistive technology; `name` when left out."""
    onChangeAction: ActionConfig | None = None
    """Sent with the new value."""
    defaultValue: str | None = None
    """`value` of the option chosen at first."""
    direction: Direction | None = None
    """How the choices run."""
    disabled: bool | None = None
    """Cannot be used."""
    required: bool | None = None
    """Without a choice the form is blocked."""
