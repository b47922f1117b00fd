"""Components known only by their `type`: what templates build, and what no named class can hold without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, GetPydanticSchema, InstanceOf, SerializeAsAny
from pydantic_core import CoreSchema, PydanticOmit, core_schema

from .base import NullsDropped, WidgetComponentBase
from .tokens import Alignment, Direction, Justification, Spacing, Theme

if TYPE_CHECKING:
    DynamicChild = WidgetComponentBase


def _no_json_schema(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> NoReturn:
    raise PydanticOmit


_NotFromJson = GetPydanticSchema(lambda source, _handler: core_schema.is_instance_schema(source), _no_json_schema)
"""Put on `InstanceOf`, which reads JSON too: any JSON of a component, without its props."""

_AsGiven = GetPydanticSchema(lambda _source, _handler: core_schema.any_schema())
"""Put on a prop, says what clients understand, and takes whatever it is given as it is."""


class DynamicWidgetComponent(WidgetComponentBase):
    """A component of any type with any props. Every prop is kept as given and read as an attribute."""

    model_config = ConfigDict(extra="allow")

    type: str
    """Name of the component, known to us or not."""
    children: Annotated[
        list[DynamicChild] | DynamicChild | None,
        # JSON is always read by the first member that takes it; looking for the best one takes twice as long.
        Field(union_mode="left_to_right"),
        NullsDropped,
        SerializeAsAny(),
    ] = None
    """What it contains: one component or several. Nulls in a list are dropped."""


if not TYPE_CHECKING:
    # JSON below a dynamic component stays dynamic, so that nothing in it is coerced or lost;
    # a component made in Python is taken as it is.
    DynamicChild = Annotated[
        DynamicWidgetComponent | Annotated[InstanceOf[WidgetComponentBase], _NotFromJson],
        Field(union_mode="left_to_right"),
    ]
    DynamicWidgetComponent.model_rebuild()


class DynamicWidgetRoot(DynamicWidgetComponent):
    """A whole widget with any props: what `WidgetTemplate.build` returns."""

    type: Literal["Card", "ListView", "Basic"]
    """Name of the root."""


class BasicRoot(DynamicWidgetComponent):
    """A root without a frame: entity previews, and widgets that bring their own look. Any further prop is kept."""

    type: Literal["Basic"] = Field(default="Basic", frozen=True)
    """Name of the component."""
    gap: Annotated[int | float | str | None, _AsGiven] = None
    """Space between children: spacing units of 4 px, or CSS."""
    padding: Annotated[int | float | str | Spacing | None, _AsGiven] = None
    """Inner space: spacing units of 4 px, CSS, or one value an edge."""
    align: Annotated[Alignment | str | None, _AsGiven] = None
    """Children on the cross axis."""
    justify: Annotated[Justification | str | None, _AsGiven] = None
    """Children on the main axis."""
    direction: Annotated[Direction | str | None, _AsGiven] = None
    """Main axis."""
    theme: Annotated[Theme | str | None, _AsGiven] = None
    """Forces one colour scheme."""
