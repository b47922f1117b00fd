"""The fields of a form: what a browser would send for them."""

import re
import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import NotThereError, listed

Node = dict[str, Any]
"""A component of a widget, as its JSON is."""

_WRITTEN = frozenset({"Input", "Textarea", "Text"})
_CHOSEN = frozenset({"Select", "RadioGroup"})
_OTHERS = frozenset({"Checkbox", "DatePicker"})


@dataclass(frozen=True)
class Field:
    """One field of a widget."""

    kind: str
    """Type of the component."""
    name: str
    """Where its value goes in the payload; dots nest."""
    props: Node
    """The props that tell how it behaves."""

    @property
    def is_disabled(self) -> bool:
        """Whether it can be changed; if not, it is not sent either."""
        return bool(self.props.get("disabled"))

    @property
    def default(self) -> Any:
        """What it holds at first; None while nothing is chosen."""
        if self.kind == "Checkbox":
            return bool(self.props.get("defaultChecked"))
        return self.props.get("defaultValue", "" if self.kind in _WRITTEN else None)

    def read(self, value: Any) -> Any:
        """What it holds once the user has entered this; None empties it. Raises `NotThereError` if it is no option."""
        if self.is_disabled:
            raise NotThereError(f"The field {self.name!r} is disabled")
        if self.kind == "Checkbox":
            return bool(value)
        if self.kind in _WRITTEN:
            return "" if value is None else str(value)
        if self.kind in _CHOSEN and value is not None:
            return self._choose(value)
        return value.isoformat() if isinstance(value, date) else value

    def check(self, value: Any) -> None:
        """Raises `NotThereError` if the browser would not send the form with this."""
        if self.props.get("required") and value in ("", None, False):
            raise NotThereError(f"The form is not sent: the field {self.name!r} is required and empty")
        pattern = self.props.get("pattern")
        if pattern and value and not re.fullmatch(pattern, str(value)):
            raise NotThereError(
                f"The form is not sent: {value!r} in the field {self.name!r} does not match {pattern!r}"
            )

    def _choose(self, value: Any) -> Any:
        options = [option for option in self.props.get("options") or () if not option.get("disabled")]
        for key in ("value", "label"):
            for option in options:
                if option.get(key) == value:
                    return option["value"]
        names = [repr(option["value"]) for option in options]
        raise NotThereError(f"{value!r} is no option of the field {self.name!r}; there are: {listed(names)}")


def field_of(node: Node) -> Field | None:
    """The field a component is; None if it is none."""
    kind = str(node.get("type"))
    props = node.get("editable") if kind == "Text" else node
    if not isinstance(props, dict) or not isinstance(props.get("name"), str):
        return None
    if kind == "Text":
        props = {**props, "defaultValue": node.get("value", "")}
    elif kind not in _WRITTEN | _CHOSEN | _OTHERS and not {"defaultValue", "onChangeAction"} & props.keys():
        return None  # an icon has a name too
    return Field(kind, props["name"], props)


def filled_in(fields: list[Field], given: Mapping[str, Any], *, checked: bool) -> dict[str, Any]:
    """The values of a form by the names of its fields; None stands for nothing chosen.

    Values may be given nested or by dotted names. Raises `NotThereError` for a field that is not there, an option that
    is not there, and, if `checked`, for a value that keeps the browser from sending the form.
    """
    names = {field.name for field in fields}
    entered = dict(_flat(given, names))
    unknown = [repr(name) for name in entered if name not in names]
    if unknown:
        there = listed([repr(field.name) for field in fields])
        raise NotThereError(f"No field {listed(unknown)} in this form; there are: {there}")
    values: dict[str, Any] = {}
    for field in fields:
        value = field.read(entered[field.name]) if field.name in entered else field.default
        if field.is_disabled:
            continue
        if checked:
            field.check(value)
        values[field.name] = value
    return values


def merged(payload: Any, values: Mapping[str, Any]) -> Any:
    """The payload with the values of a form in it.

    As the client does, a value whose place is taken is dropped; here with a warning.
    """
    if not values:
        return payload
    whole = {} if payload is None else deepcopy(payload)
    for name, value in values.items():
        if value is None:
            continue
        *way, last = name.split(".")
        place = whole
        for step in way:
            place = place.setdefault(step, {}) if isinstance(place, dict) else None
        if not isinstance(place, dict) or last in place:
            warnings.warn(
                f"The value of the field {name!r} is dropped: the action's payload has its place", stacklevel=2
            )
        else:
            place[last] = value
    return whole


def _flat(given: Mapping[str, Any], names: set[str], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        name = above + key
        if isinstance(value, Mapping) and name not in names:
            yield from _flat(value, names, f"{name}.")
        else:
            yield name, value
