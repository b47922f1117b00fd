"""The unions of all components, and how JSON is read into them.

JSON of a known type is read into its class. Where that would drop a prop the class does not know, or where a prop does
not fit it, the component is read as a dynamic one: nothing a template or a newer client wrote is lost.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

from pydantic import BaseModel, Field, SerializeAsAny, ValidatorFunctionWrapHandler, WrapValidator

from .base import WidgetComponentBase
from .chart import Chart
from .controls import Button, Checkbox, DatePicker, Input, RadioGroup, Select, Textarea
from .dynamic import BasicRoot, DynamicWidgetComponent, DynamicWidgetRoot
from .layout import Box, BoxBase, Col, Divider, Form, Row, Spacer, Transition
from .lists import Card, ListView, ListViewItem
from .media import Icon, Image
from .table import Table, TableCell, TableRow
from .text import Badge, Caption, Label, Markdown, Text, Title


def _read_component(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, dict):
        # An empty transition must say so in Python, but the wire, which has no nulls, leaves `children` out.
        complete = {"children": None, **value} if value.get("type") == "Transition" else value
        parsed = handler(complete)
        return parsed if _holds(parsed, value) else DynamicWidgetComponent.model_validate(value)
    # Any component made in Python passes as it is, a program's own subclass of the base too.
    return value if isinstance(value, WidgetComponentBase) else handler(value)


def _read_root(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    parsed = handler(value)
    return parsed if _holds(parsed, value) else DynamicWidgetRoot.model_validate(value)


# Their children are of one class, so no union has looked yet at what those would drop.
_HOLDERS_OF_ONE_CLASS = (ListView, Table, TableRow)


def _holds(parsed: Any, value: Any) -> bool:
    """Whether everything said in `value`, nulls apart, is still there in what it was read into."""
    if isinstance(value, dict):
        return parsed is value or _holds_all(parsed, value)
    if isinstance(value, list):
        return parsed is value or all(map(_holds, parsed, (item for item in value if item is not None)))
    return True


def _holds_all(parsed: Any, value: dict[str, Any]) -> bool:
    if isinstance(parsed, dict):
        kept = parsed
    else:
        extra = parsed.__pydantic_extra__
        kept = {**parsed.__dict__, **extra} if extra else parsed.__dict__
    checked_already = "children" if not isinstance(parsed, _HOLDERS_OF_ONE_CLASS) else None
    for name, item in value.items():
        if item is None:
            continue
        if name not in kept or (name != checked_already and not _holds(kept[name], item)):
            return False
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

_CONTAINERS: tuple[type[BaseModel], ...] = (
    BoxBase,
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
for _model in _CONTAINERS:
    # Each names the union above before it exists. Pydantic looks it up there when a container is first used by itself: to build all
    # twelve now, each with the whole recursive schema inside, would be a quarter of the time it takes to import the server.
    setattr(sys.modules[_model.__module__], "WidgetComponent", WidgetComponent)  # noqa: B010
