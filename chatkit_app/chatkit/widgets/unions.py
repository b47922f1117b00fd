"""The unions of all components, and how JSON is read into them.

JSON of a known type is read into its class. Where that would drop a prop the class does not know, or where a prop does
not fit it, the component is read as a dynamic one: nothing a template or a newer client wrote is lost.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, SerializeAsAny, ValidatorFunctionWrapHandler, WrapValidator

from .base import WidgetComponentBase
from .chart import Chart
from .controls import Button, Checkbox, DatePicker, Input, RadioGroup, Select, Textarea
from .dynamic import BasicRoot, DynamicWidgetComponent, DynamicWidgetRoot
from .layout import Box, Col, Divider, Form, Row, Spacer, Transition
from .lists import Card, ListView, ListViewItem
from .media import Icon, Image
from .table import Table, TableCell, TableRow
from .text import Badge, Caption, Label, Markdown, Text, Title


def _read_component(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    # Any component made in Python passes as it is, a program's own subclass of the base too.
    if isinstance(value, WidgetComponentBase):
        return value
    parsed = handler(value)
    return parsed if _holds(parsed, value) else DynamicWidgetComponent.model_validate(value)


def _read_root(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, Card | ListView | BasicRoot | DynamicWidgetRoot):
        return value
    parsed = handler(value)
    return parsed if _holds(parsed, value) else DynamicWidgetRoot.model_validate(value)


# Their children are of one class, so no union has looked yet at what those would drop.
_HOLDERS_OF_ONE_CLASS = (ListView, Table, TableRow)


def _holds(parsed: Any, value: Any) -> bool:
    """Whether everything said in `value`, nulls apart, is still there in what it was read into."""
    if parsed is value:
        return True
    if isinstance(value, dict):
        if isinstance(parsed, BaseModel):
            extra = parsed.__pydantic_extra__
            kept = {**parsed.__dict__, **extra} if extra else parsed.__dict__
        else:
            kept = parsed
        skip_children = isinstance(parsed, WidgetComponentBase) and not isinstance(parsed, _HOLDERS_OF_ONE_CLASS)
        return all(
            name in kept and ((name == "children" and skip_children) or _holds(kept[name], item))
            for name, item in value.items()
            if item is not None
        )
    if isinstance(value, list):
        return all(map(_holds, parsed, (item for item in value if item is not None)))
    return True


StrictWidgetComponent = Annotated[
    Text
    | Title
    | Caption
    | Chart
    | Badge
    | Markdown
    | Box
    | Row
    | Col
    | Divider
    | Icon
    | Image
    | ListViewItem
    | Button
    | Checkbox
    | Spacer
    | Select
    | DatePicker
    | Form
    | Input
    | Label
    | RadioGroup
    | Textarea
    | Transition
    | Table
    | TableRow
    | TableCell,
    Field(discriminator="type"),
]
"""Any component that has a class of its own and may stand inside a widget."""

StrictWidgetRoot = Annotated[Card | ListView | BasicRoot, Field(discriminator="type")]
"""Any root that has a class of its own."""

WidgetComponent = Annotated[
    StrictWidgetComponent | DynamicWidgetComponent,
    WrapValidator(_read_component),
    SerializeAsAny(),
]
"""Any component inside a widget."""

WidgetRoot = Annotated[
    StrictWidgetRoot | DynamicWidgetRoot,
    WrapValidator(_read_root),
    SerializeAsAny(),
]
"""Any whole widget."""

_DYNAMIC: tuple[type[BaseModel], ...] = (DynamicWidgetComponent, DynamicWidgetRoot, BasicRoot)
_CONTAINERS: tuple[type[BaseModel], ...] = (
    Box,
    Row,
    Col,
    Form,
    Transition,
    TableCell,
    TableRow,
    Table,
    Card,
    ListViewItem,
    ListView,
)
for _model in _DYNAMIC:
    _model.model_rebuild()
for _model in _CONTAINERS:
    _model.model_rebuild(_types_namespace={"WidgetComponent": WidgetComponent})
