"""What can be clicked or changed in a widget, and the action that sends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatkit_app.chatkit.actions import Action, ActionConfig
from chatkit_app.chatkit.types import WidgetItem

from .errors import NotThereError, listed
from .fields import Field, Node, field_of, filled_in, merged

_WORDS = {"Text": "value", "Title": "value", "Caption": "value", "Markdown": "value", "Badge": "label"}


@dataclass(frozen=True)
class Fired:
    """An action, and who is to have it."""

    item_id: str
    """The item of the widget it came from."""
    config: ActionConfig
    """How it is to be sent."""
    action: Action[str, Any]
    """The action."""


@dataclass(frozen=True)
class Control:
    """Something to click, or a field that fires when it changes."""

    names: tuple[str, ...]
    """What it says, then its `id` and `key`."""
    config: ActionConfig
    """The action it fires."""
    form: Node | None
    """What holds the fields that are sent along."""
    submits: bool
    """Whether the fields are checked first."""
    is_disabled: bool = False
    """Whether it cannot be used."""
    field: Field | None = None
    """The field, for what fires when it changes."""

    def __str__(self) -> str:
        return f"{self.names[0]!r} ({self.config.type})" if self.names else f"({self.config.type})"

    def does_the_same_as(self, other: "Control") -> bool:
        """Whether it makes no difference which of the two is used."""
        return self.config == other.config and self.form is other.form

    def fire(self, item_id: str, given: Mapping[str, Any]) -> Fired:
        """The action with the form's values as a browser would send it. Raises `NotThereError` if it would not."""
        if self.is_disabled:
            raise NotThereError(f"{self} is disabled")
        fields = list(_fields_in(self.form)) if self.form is not None else [self.field] if self.field else []
        if given and not fields:
            raise NotThereError(f"{self} is in no form with fields: it sends no {listed(list(map(repr, given)))}")
        payload = merged(self.config.payload, filled_in(fields, given, checked=self.submits))
        return Fired(item_id, self.config, Action[str, Any](type=self.config.type, payload=payload))


def click(items: list[WidgetItem], name: str, given: Mapping[str, Any], nth: int | None) -> Fired:
    """Fire what says `name`, or else sends the action of that type, in the newest widget that has it."""
    item, control = _find(items, name, nth, "to click", lambda control: control.field is None)
    return control.fire(item.id, given)


def change(items: list[WidgetItem], name: str, value: Any, given: Mapping[str, Any], nth: int | None) -> Fired:
    """Fire what the field of that name does when it changes, in the newest widget that has it."""
    item, control = _find(items, name, nth, "that fires when it changes", lambda control: control.field is not None)
    return control.fire(item.id, {**given, control.field.name: value} if control.field else given)


def _find(
    items: list[WidgetItem], name: str, nth: int | None, purpose: str, fits: Callable[[Control], bool]
) -> tuple[WidgetItem, Control]:
    offered = {item.id: [control for control in controls_of(item) if fits(control)] for item in items}
    for item in reversed(items):
        found = _named(offered[item.id], name)
        if not found:
            continue
        several = f"There are {len(found)} {name!r} in widget {item.id!r}"
        if nth is None and not all(map(found[0].does_the_same_as, found)):
            raise NotThereError(f"{several}: say which with nth, from 0 to {len(found) - 1}")
        if nth is not None and nth not in range(len(found)):
            raise NotThereError(f"{several}, counted from 0; none is {nth}")
        return item, found[nth or 0]
    there = [f"{listed(list(map(str, controls)))} in {item_id!r}" for item_id, controls in offered.items()]
    raise NotThereError(f"Nothing {name!r} {purpose}; there are: {'; '.join(there)}")


def _named(controls: list[Control], name: str) -> list[Control]:
    return [control for control in controls if name in control.names] or [
        control for control in controls if name == control.config.type
    ]


def controls_of(item: WidgetItem) -> list[Control]:
    """Everything in a widget that fires an action, in reading order."""
    root: Node = item.widget.model_dump(mode="json")
    form = root if root.get("asForm") else None
    footer = [
        Control((button["label"],), ActionConfig.model_validate(button["action"]), form, submits=place == "confirm")
        for place in ("confirm", "cancel")
        if isinstance(button := root.get(place), dict)
    ]
    return [*_controls_in(root, form), *footer]


def _controls_in(node: Node, form: Node | None) -> Iterator[Control]:
    if node.get("type") == "Form":
        form = node
    yield from _controls_at(node, form)
    for child in _children(node):
        yield from _controls_in(child, form)


def _controls_at(node: Node, form: Node | None) -> Iterator[Control]:
    names = (*_words_of(node), *(node[key] for key in ("id", "key") if key in node))
    disabled = bool(node.get("disabled"))
    if node.get("type") == "Button" and node.get("submit"):
        submitted = _submitted(form)
        if submitted is not None:
            yield Control(names, ActionConfig.model_validate(submitted), form, True, disabled)
    elif "onClickAction" in node:
        yield Control(names, ActionConfig.model_validate(node["onClickAction"]), form, False, disabled)
    if "onSubmitAction" in node:
        yield Control((), ActionConfig.model_validate(node["onSubmitAction"]), form, submits=True)
    field = field_of(node)
    if field is not None and "onChangeAction" in node:
        config = ActionConfig.model_validate(node["onChangeAction"])
        yield Control((field.name, *names), config, form, False, disabled, field)


def _submitted(form: Node | None) -> Any:
    if form is None:
        return None
    return form.get("onSubmitAction") or (form.get("confirm") or {}).get("action")


def _words_of(node: Node) -> Iterator[str]:
    """What a user would call it: its label, else every text in it that is not on a control of its own."""
    if isinstance(node.get("label"), str):
        yield node["label"]
        return
    for child in _children(node):
        word = child.get(_WORDS.get(str(child.get("type")), ""))
        if isinstance(word, str):
            yield word
        elif child.get("type") != "Button" and "onClickAction" not in child:
            yield from _words_of(child)


def _fields_in(node: Node) -> Iterator[Field]:
    for child in _children(node):
        field = field_of(child)
        if field is not None:
            yield field
        if child.get("type") != "Form":
            yield from _fields_in(child)


def _children(node: Node) -> list[Node]:
    children = node.get("children") or []
    return [child for child in ([children] if isinstance(children, dict) else children) if isinstance(child, dict)]
