"""What the official package writes ours reads, and the other way round.

Deliberate differences: nulls in action payloads stay, null children are dropped, unknown props make a component dynamic
instead of disappearing (8.1 rows 21 to 23), and the props and components only clients know have fields here.
"""

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter

from chatkit_app.chatkit import widgets as ours
from tests.generated import json_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import chatkit.widgets as official

our_root: TypeAdapter[Any] = TypeAdapter(ours.WidgetRoot)
official_root: TypeAdapter[Any] = TypeAdapter(official.WidgetRoot)

# Official components warn when they are made.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@settings(max_examples=150, deadline=None)
@given(json_of(official.WidgetRoot))
def test_ours_reads_what_the_official_package_writes_and_writes_the_same(drawn: dict[str, Any]) -> None:
    theirs = official_root.validate_python(drawn)
    written = official_root.dump_json(theirs, exclude_none=True)
    read = our_root.validate_json(written)
    assert our_root.dump_json(read, exclude_none=True) == written
    assert _classes(read) == _classes(theirs)


@settings(max_examples=150, deadline=None)
@given(json_of(ours.WidgetRoot))
def test_the_official_package_reads_what_ours_writes_and_invents_nothing(drawn: dict[str, Any]) -> None:
    written = our_root.dump_python(our_root.validate_python(drawn), mode="json", exclude_none=True)
    theirs = official_root.dump_python(official_root.validate_python(written), mode="json", exclude_none=True)
    assert _is_part_of(theirs, written)


@pytest.mark.parametrize("name", [name for name in dir(official) if name[0].isupper()])
def test_every_public_name_of_the_official_module_is_here(name: str) -> None:
    incidental = {"Annotated", "Any", "BaseModel", "ConfigDict", "Environment", "Field", "Literal", "NotRequired"}
    incidental |= {"Path", "StrictUndefined", "TypedDict"}
    assert hasattr(ours, name) or name in incidental


def _classes(component: Any) -> Any:
    children = getattr(component, "children", None)
    below = [_classes(child) for child in children] if isinstance(children, list) else children and _classes(children)
    return type(component).__name__, below


def _is_part_of(part: Any, whole: Any) -> bool:
    """Whether all of `part` is in `whole`; nulls, which the official package deletes, shift lists."""
    if isinstance(part, dict):
        return all(name in whole and _is_part_of(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        remaining = [item for item in whole if item is not None]
        return len(part) == len(remaining) and all(map(_is_part_of, part, remaining))
    return bool(part == whole)
