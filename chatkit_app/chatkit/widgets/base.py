"""What every widget component has, and how it is written to the wire."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class WidgetComponentBase(BaseModel):
    """A node of a widget. A program's own component is a subclass with a literal `type` and its props."""

    model_config = ConfigDict(serialize_by_alias=True)

    key: str | None = None
    """Identity among siblings, kept while the widget is redrawn."""
    id: str | None = None
    """Address inside the widget; text can only be streamed into a component that has one."""
    type: str
    """Name of the component."""

    @model_serializer(mode="wrap")
    def serialize(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Props without the unset ones. `type` is always there, whatever the dump excludes."""
        written = {
            name: value if name == "children" else without_nulls(value)
            for name, value in handler(self).items()
            # A childless Transition says so in a plain dump: its `children` key is required.
            if value is not None or name == "children"
        }
        written.setdefault("type", self.type)
        return written


def without_nulls(value: Any) -> Any:
    """A copy of a JSON value without nulls in objects and lists.

    What stands under `payload` belongs to the application and is kept to the last null.
    """
    if type(value) is dict:
        return {
            name: item if name == "payload" else without_nulls(item) for name, item in value.items() if item is not None
        }
    if type(value) is list:
        return [without_nulls(item) for item in value if item is not None]
    return value


def without_null_items(value: Any) -> Any:
    """A list without its nulls: a conditional child of a template may render to null. Other values pass."""
    if isinstance(value, list | tuple):
        return [item for item in value if item is not None]
    return value


NullsDropped = BeforeValidator(without_null_items)
"""Put on a list of children, drops the nulls in it before they are read."""
