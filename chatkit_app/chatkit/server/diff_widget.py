"""What changed between two states of a widget, said as item updates."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from operator import ne
from typing import Any

from ..types import WidgetComponentUpdated, WidgetRootUpdated, WidgetStreamingTextValueDelta
from ..widgets import WidgetRoot

WidgetUpdates = list[WidgetStreamingTextValueDelta | WidgetRootUpdated | WidgetComponentUpdated]
"""Updates in document order; none when nothing changed."""

_STREAMED_TYPES = frozenset({"Text", "Markdown"})


def diff_widget(before: WidgetRoot, after: WidgetRoot) -> WidgetUpdates:
    """The updates that turn `before` into `after`, in document order; none when nothing changed.

    Text and Markdown that merely grew become text deltas, `done` unless the component says `streaming`. Anything else
    replaces the root: also growth that no delta can address, because the component has no `id`, shares it with
    another, or is the single child of its parent instead of one in a list.
    """
    return GrowingWidget(before).becomes(after)


class GrowingWidget:
    """A widget that is shown while it changes from state to state.

    Each state is taken apart once, into one row a component: rows compare at the speed of C, models do not.
    """

    def __init__(self, state: WidgetRoot) -> None:
        self._rows = _rows(state)

    def becomes(self, state: WidgetRoot) -> WidgetUpdates:
        """The updates that lead to the next state."""
        before, self._rows = self._rows, _rows(state)
        growths = _growths(before, self._rows)
        if growths is None or not _are_addressable(growths, self._rows):
            return [WidgetRootUpdated(widget=state)]
        return [
            WidgetStreamingTextValueDelta(component_id=props["id"], delta=delta, done=not props.get("streaming"))
            for props, delta in growths
        ]


_Row = tuple[dict[str, Any], dict[str, Any] | None, int | None, bool]
"""Props of a component, children left out; props its class does not know; how many children it has; whether clients,
who look in lists of children only, find it."""

_SINGLE = -1
"""Stands for the number of children where there is one child and no list."""

_Growth = tuple[dict[str, Any], str]
"""Props of a component, and the text it gained."""


def _rows(root: WidgetRoot) -> list[_Row]:
    rows: list[_Row] = []
    _take_apart((root,), True, rows)
    return rows


def _take_apart(components: Iterable[Any], is_found: bool, rows: list[_Row]) -> None:
    for component in components:
        try:  # asking isinstance() of a pydantic class costs more than the rest
            extra = component.__pydantic_extra__
        except AttributeError:
            rows.append(({"": component}, None, None, is_found))  # something else in its place
            continue
        props = component.__dict__
        children = props.get("children")
        if children is None:
            rows.append((props, extra, None, is_found))
            continue
        others = props.copy()
        others["children"] = None
        if type(children) is list:
            rows.append((others, extra, len(children), is_found))
            _take_apart(children, is_found, rows)
        else:
            rows.append((others, extra, _SINGLE, is_found))
            _take_apart((children,), False, rows)


def _growths(before: list[_Row], after: list[_Row]) -> list[_Growth] | None:
    """Texts that grew, in document order; None if anything else changed."""
    if len(before) != len(after):
        return None
    growths: list[_Growth] = []
    for old, new in compress(zip(before, after, strict=True), map(ne, before, after)):
        # Whether a component is of a named class or dynamic makes no difference, and a missing prop is an unset one.
        was, now = _said(old), _said(new)
        if old[2:] != new[2:]:
            return None
        if was != now:
            gained = _gained(was, now)
            if gained is None or not new[3]:
                return None
            growths.append((now, gained))
    return growths


def _said(row: _Row) -> dict[str, Any]:
    """All props that are set."""
    props, extra = row[:2]
    return {name: value for name, value in (props | (extra or {})).items() if value is not None}


def _gained(was: dict[str, Any], now: dict[str, Any]) -> str | None:
    """The text a Text or Markdown gained at its end, None when it changed in another way."""
    old, new = was.get("value"), now.get("value")
    if not (isinstance(old, str) and isinstance(new, str) and new.startswith(old)):
        return None
    is_all = now["type"] in _STREAMED_TYPES and {**was, "value": new} == now
    return new.removeprefix(old) if is_all else None


def _are_addressable(growths: list[_Growth], rows: list[_Row]) -> bool:
    """Whether the `id` of each growth is there, and belongs to nobody else in the widget."""
    if not growths:
        return True
    wanted = {props.get("id") for props, _ in growths}
    found = [row for row in rows if row[0].get("id") in wanted]
    return len(found) == len(growths) == len(wanted) and all(wanted)
