"""Where our models read or write something else than the official ones, on purpose."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from .kits import Kit

REFUSED = object()
"""Stands for JSON that a package does not read."""
UNWRITABLE = object()
"""Stands for a value that was read but cannot be written."""


@dataclass(frozen=True)
class Difference:
    """One JSON value, and what each package writes after reading it."""

    reason: str
    """Why ours differs; the number is a row of the list of known defects."""
    model: str
    """Name of the type in `types` or `widgets`."""
    read: Any
    """The JSON."""
    official: Any
    """What the official package writes, or `REFUSED`, or `UNWRITABLE`."""
    ours: Any
    """What ours writes, or `REFUSED`."""

    def seen_in(self, kit: Kit) -> Any:
        """What a package writes after reading the JSON."""
        adapter: TypeAdapter[Any] = TypeAdapter(
            getattr(kit.types, self.model, None) or getattr(kit.widgets, self.model)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # official components warn when they are made
            return outcome(adapter, self.read)


def outcome(adapter: TypeAdapter[Any], value: Any) -> Any:
    """What is written after reading the value, or that it is not."""
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json", exclude_none=True)
    except ValidationError:
        return REFUSED
    except PydanticSerializationError:
        return UNWRITABLE


_CARD_WITH_UNKNOWN_PROP = {"type": "Card", "shadow": "lg", "children": []}
_TEXT = {"type": "Text", "value": "a"}
_ACTION = {"type": "t", "handler": "server", "loadingBehavior": "auto", "streaming": True}
_CHART = {"type": "Chart", "data": [], "series": [{"type": "bar", "dataKey": "k"}], "xAxis": "x"}
_TABLE = {"type": "Table", "children": [{"type": "Table.Row", "header": "yes"}]}

DIFFERENCES = (
    Difference("25: an action without a name is no action", "Action", {"payload": 1}, UNWRITABLE, REFUSED),
    Difference(
        "21: props a class does not know survive",
        "WidgetRoot",
        _CARD_WITH_UNKNOWN_PROP,
        {"type": "Card", "children": []},
        _CARD_WITH_UNKNOWN_PROP,
    ),
    Difference(
        "21: props inside props survive",
        "WidgetRoot",
        {"type": "Card", "children": [], "status": {"text": "t", "icon": "star", "favicon": "f"}},
        {"type": "Card", "children": [], "status": {"text": "t", "favicon": "f"}},
        {"type": "Card", "children": [], "status": {"text": "t", "icon": "star", "favicon": "f"}},
    ),
    Difference(
        "22: nulls in a payload stay",
        "WidgetComponent",
        {"type": "Button", "onClickAction": {**_ACTION, "payload": {"n": None, "l": [None, 1]}}},
        {"type": "Button", "onClickAction": {**_ACTION, "payload": {"l": [1]}}},
        {"type": "Button", "onClickAction": {**_ACTION, "payload": {"n": None, "l": [None, 1]}}},
    ),
    Difference(
        "23: children that rendered to null are dropped",
        "WidgetRoot",
        {"type": "Card", "children": [None, _TEXT]},
        REFUSED,
        {"type": "Card", "children": [_TEXT]},
    ),
    Difference(
        "a series without a name, as both packages write it, is read back",
        "Chart",
        _CHART,
        REFUSED,
        _CHART,
    ),
    Difference(
        "an update says which kind it is: to be ready to guess it would make the import of the server a sixth slower",
        "ThreadItemUpdatedEvent",
        {"item_id": "i", "update": {"task_index": 0, "task": {"type": "custom"}}},
        {
            "type": "thread.item.updated",
            "item_id": "i",
            "update": {
                "type": "workflow.task.added",
                "task_index": 0,
                "task": {"type": "custom", "status_indicator": "none"},
            },
        },
        REFUSED,
    ),
    Difference(
        "clients have cards with a border",
        "Card",
        {"type": "Card", "children": [], "border": 1},
        {"type": "Card", "children": []},
        {"type": "Card", "children": [], "border": 1},
    ),
    Difference(
        "clients have tables: their props are checked, not just kept",
        "WidgetComponent",
        _TABLE,
        _TABLE,
        {"type": "Table", "children": [{"type": "Table.Row", "header": True}]},
    ),
    Difference(
        "the guides spell it column",
        "Box",
        {"type": "Box", "direction": "column"},
        REFUSED,
        {"type": "Box", "direction": "column"},
    ),
)
