"""A table of rows and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from .base import NullsDropped, WidgetComponentBase
from .tokens import Spacing

if TYPE_CHECKING:
    from .unions import WidgetComponent


class TableCell(WidgetComponentBase):
    """One cell of a row."""

    type: Literal["Table.Cell"] = Field(default="Table.Cell", frozen=True)
    """Name of the component."""
    children: Annotated[list[WidgetComponent] | None, NullsDropped] = None
    """What it contains."""
    width: float | str | None = None
    """Px or CSS."""
    padding: float | str | Spacing | None = None
    """Inner space: spacing units of 4 px, CSS, or one value an edge."""
    colSpan: int | None = None
    """Columns it covers."""
    rowSpan: int | None = None
    """Rows it covers."""
    align: Literal["start", "center", "end"] | None = None
    """Content sideways."""
    vAlign: Literal["start", "center", "end"] | None = None
    """Content up and down."""
    colSize: Literal["xs", "sm", "md", "lg", "xl"] | None = None
    """Width of its column, relative to the others."""


class TableRow(WidgetComponentBase):
    """One row of a table."""

    type: Literal["Table.Row"] = Field(default="Table.Row", frozen=True)
    """Name of the component."""
    children: Annotated[list[TableCell] | None, NullsDropped] = None
    """The cells, in reading order."""
    header: bool | None = None
    """Its cells head their columns."""


class Table(WidgetComponentBase):
    """A table: `Table(children=[Table.Row(children=[Table.Cell(children=[...])])])`."""

    # Bare, because `type` in this class body is the field.
    Row: ClassVar = TableRow
    """The class of its rows."""
    Cell: ClassVar = TableCell
    """The class of their cells."""

    type: Literal["Table"] = Field(default="Table", frozen=True)
    """Name of the component."""
    children: Annotated[list[TableRow] | None, NullsDropped] = None
    """The rows, from top to bottom."""
