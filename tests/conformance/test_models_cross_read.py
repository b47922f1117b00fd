"""Every model: what one package writes the other reads, both ways, and both write the same bytes."""

import json
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from chatkit_app.chatkit import types as our_types
from chatkit_app.chatkit import widgets as our_widgets
from tests.generated import json_of

from .kits import official, ours
from .model_differences import DIFFERENCES, REFUSED, Difference, outcome

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from chatkit import types as official_types
    from chatkit import widgets as official_widgets

# Official components warn when they are made.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

UNIONS = (
    *("ChatKitReq", "StreamingReq", "NonStreamingReq", "ThreadStreamEvent", "ThreadItemUpdate", "ThreadItem"),
    *("UserMessageContent", "Attachment", "Task", "WorkflowSummary", "Source", "ThreadStatus", "StructuredInput"),
    *("WidgetComponent", "WidgetRoot", "Series", "WidgetStatus"),
)


def _models(module: Any) -> list[str]:
    return [name for name, value in vars(module).items() if isinstance(value, type) and issubclass(value, BaseModel)]


NAMES = sorted({*_models(official_types), *_models(official_widgets), *UNIONS} - {"BaseModel"})


def _ours(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(our_types, name, None) or getattr(our_widgets, name))


def _official(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_official_annotation(name))


def _official_annotation(name: str) -> Any:
    return getattr(official_types, name, None) or getattr(official_widgets, name)


def _written(adapter: TypeAdapter[Any], value: Any) -> tuple[bytes, bytes]:
    """What a store keeps and what a client gets."""
    return adapter.dump_json(value), adapter.dump_json(value, exclude_none=True, context={"exclude_metadata": True})


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_each_package_reads_what_the_other_writes(name: str, data: st.DataObject) -> None:
    drawn = data.draw(json_of(_official_annotation(name)))
    mine, theirs = _ours(name), _official(name)

    their_store, their_wire = _written(theirs, theirs.validate_python(drawn))
    assert _written(mine, mine.validate_json(their_store)) == (their_store, their_wire)

    if outcome(theirs, json.loads(their_store)) is REFUSED:
        # A listed difference: not even the package that wrote it reads it.
        return
    our_store, our_wire = _written(mine, mine.validate_python(drawn))
    read_by_them = _written(theirs, theirs.validate_json(our_store))
    assert _without_widget_nulls(name, *read_by_them) == _without_widget_nulls(name, our_store, our_wire)


def _without_widget_nulls(name: str, *written: bytes) -> list[Any]:
    """Decoded, and without the nulls in widgets, which the official package deletes (row 22)."""
    return [_clean(json.loads(document), inside=hasattr(official_widgets, name)) for document in written]


def _clean(value: Any, inside: bool) -> Any:
    if isinstance(value, dict):
        return {
            name: _clean(item, inside or name in ("widget", "component"))
            for name, item in value.items()
            if not (inside and item is None)
        }
    if isinstance(value, list):
        return [_clean(item, inside) for item in value if not (inside and item is None)]
    return value


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.reason)
def test_every_listed_difference_still_exists(difference: Difference) -> None:
    assert difference.seen_in(official()) == difference.official
    assert difference.seen_in(ours()) == difference.ours
    assert difference.official != difference.ours
