"""Charts: bars, areas and lines over one set of rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, BeforeValidator, Field
from typing_extensions import TypedDict

from .base import WidgetComponentBase
from .tokens import CurveType, ThemeColor


class XAxisConfig(TypedDict):
    """The horizontal axis of a chart."""

    dataKey: str
    """Key of a row that holds its place on the axis."""
    hide: NotRequired[bool]
    """Draw no axis."""
    labels: NotRequired[dict[str, str]]
    """Words shown in place of the values."""


class BarSeries(BaseModel):
    """One set of bars."""

    type: Literal["bar"] = Field(default="bar", frozen=True)
    """Says which kind it is."""
    label: str | None
    """Name in the legend and the tooltip."""
    dataKey: str
    """Key of a row that holds the value."""
    stack: str | None = None
    """Series with the same name are stacked."""
    color: str | ThemeColor | None = None
    """Chart token, primitive, CSS colour, or one for each scheme; assigned in order when left out."""


class AreaSeries(BaseModel):
    """One filled line."""

    type: Literal["area"] = Field(default="area", frozen=True)
    """Says which kind it is."""
    label: str | None
    """Name in the legend and the tooltip."""
    dataKey: str
    """Key of a row that holds the value."""
    stack: str | None = None
    """Series with the same name are stacked."""
    color: str | ThemeColor | None = None
    """Chart token, primitive, CSS colour, or one for each scheme; assigned in order when left out."""
    curveType: CurveType | None = None
    """How the points are joined."""


class LineSeries(BaseModel):
    """One line."""

    type: Literal["line"] = Field(default="line", frozen=True)
    """Says which kind it is."""
    label: str | None
    """Name in the legend and the tooltip."""
    dataKey: str
    """Key of a row that holds the value."""
    color: str | ThemeColor | None = None
    """Chart token, primitive, CSS colour, or one for each scheme; assigned in order when left out."""
    curveType: CurveType | None = None
    """How the points are joined."""


Series = Annotated[BarSeries | AreaSeries | LineSeries, Field(discriminator="type")]
"""One set of values in a chart; kinds may be mixed."""


def _with_labels_left_out(series: Any) -> Any:
    # A series must say that it has no name, but the wire, which has no nulls, leaves that out.
    if isinstance(series, list):
        return [{"label": None, **one} if isinstance(one, dict) else one for one in series]
    return series


class Chart(WidgetComponentBase):
    """A chart over rows of data."""

    type: Literal["Chart"] = Field(default="Chart", frozen=True)
    """Name of the component."""
    data: list[dict[str, str | int | float]]
    """The rows; every series picks its value by key."""
    series: Annotated[list[Series], BeforeValidator(_with_labels_left_out)]
    """What is drawn, in order."""
    xAxis: str | XAxisConfig
    """Key of a row that holds its place on the axis, or more about that axis."""
    showYAxis: bool | None = None
    """Draw the vertical axis."""
    showLegend: bool | None = None
    """Name the series below."""
    showTooltip: bool | None = None
    """Show the values of a row when pointed at."""
    barGap: int | None = None
    """Space between bars of one row, in px."""
    barCategoryGap: int | None = None
    """Space between the bars of two rows, in px."""
    flex: int | str | None = None
    """Share of the free space in a flex container."""
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
    aspectRatio: float | str | None = None
    """Width divided by height, or CSS (`16 / 9`)."""
