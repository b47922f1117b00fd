"""What changed between two states of a widget, said as item updates."""

from __future__ import annotations

from typing import Any

from ..types import WidgetComponentUpdated, WidgetRootUpdated, WidgetStreamingTextValueDelta
from ..widgets import WidgetComponentBase, WidgetRoot

_STREAMED_TYPES = frozenset({"Text", "Markdown"})


def diff_widget(
    before: WidgetRoot, after: WidgetRoot
) -> list[WidgetStreamingTextValueDelta | WidgetRootUpdated | WidgetComponentUpdated]:
    """The updates that turn `before` into `after`, in document order; none when nothing changed.

    Text and Markdown that merely grew become text deltas, `done` unless the component says `streaming`. Anything else
    replaces the root: also growth that no delta can address, because the component has no `id`, shares it with
    another, or is the single child of its parent instead of one in a list.
    """
    growths: list[_Growth] = []
    if not _same_but_for_growth(before, after, growths) or not _addressable(growths, after):
        return [WidgetRootUpdated(widget=after)]
    return [
        WidgetStreamingTextValueDelta(
            component_id=component_id, delta=delta, done=not getattr(component, "streaming", None)
        )
        for component_id, delta, component in growths
    ]


_Growth = tuple[Any, str, WidgetComponentBase]
"""`id` of a component (or a falsy value), the text it gained, and its new state."""


def _same_but_for_growth(before: Any, after: Any, growths: list[_Growth]) -> bool:
    """Whether two components differ in nothing but grown texts, which are added to `growths`.

    Whether a component is of a named class or dynamic makes no difference, and a missing prop is an unset one.
    """
    if before is after:
        return True
    try:  # asking isinstance() of a pydantic class costs more than the rest of the comparison
        old_extra, new_extra = before.__pydantic_extra__, after.__pydantic_extra__
    except AttributeError:
        return bool(before == after)
    old, new = before.__dict__, after.__dict__
    # Nearly every component has the props it had, or has them all and others below: dicts compare at the speed of C.
    # Children do not, so they stand for themselves in that comparison.
    was, children = old.get("children"), new.get("children")
    if children is None:
        if was is None and old == new and old_extra == new_extra:
            return True
    elif was is not None and old == {**new, "children": was} and old_extra == new_extra:
        return _same_children(was, children, growths)
    old = {**old, **old_extra} if old_extra else old
    new = {**new, **new_extra} if new_extra else new
    return _same_props(old, new, after, growths)


def _same_props(old: dict[str, Any], new: dict[str, Any], after: WidgetComponentBase, growths: list[_Growth]) -> bool:
    for name, value in new.items():
        was = old.get(name)
        if was is value:
            continue
        if name == "children":
            if not _same_children(was, value, growths):
                return False
        elif was != value:
            gained = _gained(old, new) if name == "value" else None
            if gained is None:
                return False
            growths.append((new["id"], gained, after))
    return old.keys() == new.keys() or all(name in new or value is None for name, value in old.items())


def _same_children(before: Any, after: Any, growths: list[_Growth]) -> bool:
    if type(before) is list and type(after) is list:
        if len(before) != len(after):
            return False
        for one, other in zip(before, after, strict=True):  # noqa: SIM110  # a generator costs as much as the work
            if not _same_but_for_growth(one, other, growths):
                return False
        return True
    # Clients look for the addressed component in lists only.
    growths_of_single_child: list[_Growth] = []
    return _same_but_for_growth(before, after, growths_of_single_child) and not growths_of_single_child


def _gained(old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """The text a Text or Markdown gained at its end, None when it changed in another way."""
    was, value = old.get("value"), new["value"]
    if new["type"] in _STREAMED_TYPES and isinstance(was, str) and isinstance(value, str) and value.startswith(was):
        return value[len(was) :]
    return None


def _addressable(growths: list[_Growth], root: WidgetComponentBase) -> bool:
    """Whether the `id` of each growth is there, and belongs to nobody else in the widget."""
    wanted = {component_id for component_id, _, _ in growths}
    if not wanted:
        return True
    times_seen = 0
    waiting: list[Any] = [root]
    while waiting:
        component = waiting.pop()
        props = getattr(component, "__dict__", {})
        if props.get("id") in wanted:
            times_seen += 1
        children = props.get("children")
        if children:
            waiting.extend(children if isinstance(children, list) else [children])
    return times_seen == len(wanted) and all(wanted)
