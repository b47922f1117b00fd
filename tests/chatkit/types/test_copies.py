"""Copies are equal to the original and share nothing with it that can change."""

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from pydantic import AnyUrl, BaseModel, ConfigDict, PrivateAttr, TypeAdapter

from chatkit_app.chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadMetadata, ThreadStreamEvent
from chatkit_app.chatkit.types.copies import deep_copy
from tests.generated import json_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def parts(value):
    """Everything in it that can change."""
    if isinstance(value, BaseModel):
        yield value
        for entry in (value.__dict__, value.__pydantic_extra__, value.__pydantic_private__, value.model_fields_set):
            yield from parts(entry)
    elif isinstance(value, dict):
        yield value
        for entry in value.values():
            yield from parts(entry)
    elif isinstance(value, list):
        yield value
        for entry in value:
            yield from parts(entry)
    elif isinstance(value, set):
        yield value


def same(one, other):
    """As `==`, with the names of the fields that were set."""
    return one == other and [p.model_fields_set for p in parts(one) if isinstance(p, BaseModel)] == [
        p.model_fields_set for p in parts(other) if isinstance(p, BaseModel)
    ]


@given(json_of(ThreadStreamEvent))
def test_every_event_is_copied_as_deepcopy_does(document):
    event = TypeAdapter(ThreadStreamEvent).validate_python(document)
    copied = deep_copy(event)
    assert same(copied, event) and same(copied, copy.deepcopy(event))
    assert not {id(part) for part in parts(copied)} & {id(part) for part in parts(event)}


class Odd(BaseModel):
    model_config = ConfigDict(extra="allow")
    url: AnyUrl
    things: tuple[list[int], set[str]]
    _secret: list[int] = PrivateAttr(default_factory=lambda: [1])


class OfItsOwn(BaseModel):
    def __deepcopy__(self, memo=None):
        return "mine"


def test_values_of_other_kinds_and_private_and_extra_ones_are_copied_too():
    odd = Odd(url="https://example.com", things=([1], {"a"}), more={"x": [AssistantMessageContent(text="t")]})
    copied = deep_copy(odd)
    assert copied == odd == copy.deepcopy(odd)
    copied.things[0].append(2)
    copied.things[1].add("b")
    copied.more["x"][0].text = "changed"
    copied._secret.append(2)
    assert (odd.things, odd.more["x"][0].text, odd._secret) == (([1], {"a"}), "t", [1])


def test_a_model_that_says_how_it_is_copied_is_copied_so():
    assert deep_copy({"a": OfItsOwn()}) == {"a": "mine"}


def test_subclasses_of_a_programs_own_stay_what_they_are():
    class Mine(ThreadMetadata):
        colour: str

    thread = Mine(id="t", created_at=NOW, colour="red", metadata={"a": [1]})
    copied = deep_copy(thread)
    assert type(copied) is Mine and copied == thread and copied.metadata["a"] is not thread.metadata["a"]


def test_a_copy_goes_on_to_behave_as_a_model():
    item = deep_copy(AssistantMessageItem(id="m", thread_id="t", created_at=NOW, content=[]))
    item.content.append(AssistantMessageContent(text="x"))
    assert AssistantMessageItem.model_validate_json(item.model_dump_json()) == item
    assert item.model_copy(update={"id": "n"}).id == "n"


def test_a_tree_that_contains_itself_is_refused():
    metadata = {}
    metadata["self"] = metadata
    with pytest.raises(RecursionError):
        deep_copy(metadata)
