"""Copies that share nothing with the original."""

import copy
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel

T = TypeVar("T")

_ATOMS = frozenset({str, int, float, bool, type(None), bytes, datetime, date, timedelta})
_set = object.__setattr__


def deep_copy(value: T) -> T:
    """What `copy.deepcopy` gives for a tree of models, dictionaries and lists, at a fifth of its cost.

    Each event and each row of a store in memory is copied, most of the time of which `copy.deepcopy` spends on the
    time zones of dates and on places that are met twice. A place that is met twice is copied twice here, and a tree
    that contains itself raises `RecursionError`.
    """
    copied: T = _copied(value)
    return copied


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        if _ATOMS.issuperset(map(type, value.values())):
            return value.copy()
        return {key: _copied(entry) for key, entry in value.items()}
    if kind is list:
        return [_copied(entry) for entry in value]
    if getattr(kind, "__deepcopy__", None) is not BaseModel.__deepcopy__:
        return copy.deepcopy(value)
    model: Any = object.__new__(kind)
    _set(model, "__dict__", {name: _copied(entry) for name, entry in value.__dict__.items()})
    _set(model, "__pydantic_fields_set__", value.__pydantic_fields_set__.copy())
    _set(model, "__pydantic_extra__", _copied(value.__pydantic_extra__))
    _set(model, "__pydantic_private__", _copied(value.__pydantic_private__))
    return model
