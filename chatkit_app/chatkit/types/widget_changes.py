"""Changes inside a tree of widget components. The tree is never changed in place."""

from collections.abc import Callable
from typing import Any, TypeVar

from chatkit_app.chatkit.widgets import WidgetComponent, WidgetComponentBase, WidgetRoot

_TEXTS = ("Text", "Markdown")

TComponent = TypeVar("TComponent", bound=WidgetComponentBase)


def append_text(widget: WidgetRoot, component_id: str, delta: str, *, done: bool) -> WidgetRoot:
    """The widget with text appended to its `Text` or `Markdown` of that id; the same object if there is none."""

    def append(component: WidgetComponentBase) -> WidgetComponentBase:
        value = getattr(component, "value", None)
        if component.type not in _TEXTS or not isinstance(value, str):
            return component
        changes: dict[str, Any] = {"value": value + delta}
        if done and getattr(component, "streaming", None):
            changes["streaming"] = False
        return component.model_copy(update=changes)

    return _change(widget, component_id, append)


def replace_component(widget: WidgetRoot, component_id: str, component: WidgetComponent) -> WidgetRoot:
    """The widget with its component of that id replaced; the same object if there is none. The root stays."""

    def put(old: WidgetComponentBase) -> WidgetComponentBase:
        return old if old is widget else component

    return _change(widget, component_id, put)


def _change(
    node: TComponent, component_id: str, change: Callable[[WidgetComponentBase], WidgetComponentBase]
) -> TComponent:
    if node.id == component_id:
        changed = change(node)
        if changed is not node:
            return changed  # type: ignore[return-value]  # the root keeps its class, a child may take another's place
    for name, value in _fields(node):
        new = _change_value(value, component_id, change)
        if new is not value:
            return node.model_copy(update={name: new})
    return node


def _change_value(value: Any, component_id: str, change: Callable[[WidgetComponentBase], WidgetComponentBase]) -> Any:
    if isinstance(value, WidgetComponentBase):
        return _change(value, component_id, change)
    if isinstance(value, list):
        for index, entry in enumerate(value):
            new = _change_value(entry, component_id, change)
            if new is not entry:
                return [*value[:index], new, *value[index + 1 :]]
    return value


def _fields(node: WidgetComponentBase) -> list[tuple[str, Any]]:
    return [*node.__dict__.items(), *(node.model_extra or {}).items()]
