"""Widgets: the components a program can put into a thread, and templates to build them from."""

from typing import TYPE_CHECKING, Any

from ..actions import ActionConfig
from ..icons import IconName
from .base import WidgetComponentBase
from .chart import AreaSeries, BarSeries, Chart, LineSeries, Series, XAxisConfig
from .controls import (
    Button,
    Checkbox,
    DatePicker,
    Input,
    RadioGroup,
    RadioOption,
    Select,
    SelectOption,
    Textarea,
)
from .dynamic import BasicRoot, DynamicWidgetComponent, DynamicWidgetRoot
from .layout import Box, BoxBase, Col, Divider, Form, Row, Spacer, Transition
from .lists import (
    Card,
    CardAction,
    ListView,
    ListViewItem,
    WidgetStatus,
    WidgetStatusWithFavicon,
    WidgetStatusWithIcon,
)
from .media import Icon, Image, WidgetIcon
from .table import Table, TableCell, TableRow
from .template import WidgetTemplate
from .text import Badge, Caption, Label, Markdown, Text, Title
from .tokens import (
    Alignment,
    Border,
    Borders,
    CaptionSize,
    ControlSize,
    ControlVariant,
    CurveType,
    Direction,
    EditableProps,
    IconSize,
    Justification,
    MinMax,
    RadiusValue,
    Spacing,
    TextAlign,
    TextSize,
    ThemeColor,
    TitleSize,
)
from .unions import StrictWidgetComponent, StrictWidgetRoot, WidgetComponent, WidgetRoot

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = [
    "ActionConfig",
    "Alignment",
    "AreaSeries",
    "Badge",
    "BarSeries",
    "BasicRoot",
    "Border",
    "Borders",
    "Box",
    "BoxBase",
    "Button",
    "Caption",
    "CaptionSize",
    "Card",
    "CardAction",
    "Chart",
    "Checkbox",
    "Col",
    "ControlSize",
    "ControlVariant",
    "CurveType",
    "DatePicker",
    "Direction",
    "Divider",
    "DynamicWidgetComponent",
    "DynamicWidgetRoot",
    "EditableProps",
    "Form",
    "Icon",
    "IconName",
    "IconSize",
    "Image",
    "Input",
    "Justification",
    "Label",
    "LineSeries",
    "ListView",
    "ListViewItem",
    "Markdown",
    "MinMax",
    "RadioGroup",
    "RadioOption",
    "RadiusValue",
    "Row",
    "Select",
    "SelectOption",
    "Series",
    "Spacer",
    "Spacing",
    "StrictWidgetComponent",
    "StrictWidgetRoot",
    "Table",
    "TableCell",
    "TableRow",
    "Template",
    "Text",
    "TextAlign",
    "TextSize",
    "Textarea",
    "ThemeColor",
    "Title",
    "TitleSize",
    "Transition",
    "WidgetComponent",
    "WidgetComponentBase",
    "WidgetIcon",
    "WidgetRoot",
    "WidgetStatus",
    "WidgetStatusWithFavicon",
    "WidgetStatusWithIcon",
    "WidgetTemplate",
    "XAxisConfig",
]


def __getattr__(name: str) -> Any:
    if name == "Template":  # programs import it from here; it is slow to load, so only those that do pay for it
        from jinja2 import Template

        return Template
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
