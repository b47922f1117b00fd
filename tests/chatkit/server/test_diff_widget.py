import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chatkit_app.chatkit.server import diff_widget
from chatkit_app.chatkit.types import WidgetItem, WidgetRootUpdated, WidgetStreamingTextValueDelta
from chatkit_app.chatkit.types.reduce import apply_update
from chatkit_app.chatkit.widgets import (
    BasicRoot,
    Box,
    Card,
    DynamicWidgetComponent,
    DynamicWidgetRoot,
    Markdown,
    Text,
    Title,
    Transition,
    WidgetRoot,
)
from tests.chatkit.widgets.families import wild_roots
from tests.generated import KEYS, json_of

root_adapter: TypeAdapter[Any] = TypeAdapter(WidgetRoot)


def card(*children: Any, **props: Any) -> Card:
    return Card(children=list(children), **props)


def dynamic(*children: dict[str, Any], **props: Any) -> DynamicWidgetRoot:
    return DynamicWidgetRoot.model_validate({"type": "Card", "children": list(children), **props})


def delta(component_id: str, text: str, *, done: bool) -> WidgetStreamingTextValueDelta:
    return WidgetStreamingTextValueDelta(component_id=component_id, delta=text, done=done)


def test_nothing_changed_is_no_update() -> None:
    assert diff_widget(card(Text(value="a")), card(Text(value="a"))) == []
    same = card(Text(value="a"))
    assert diff_widget(same, same) == []


@pytest.mark.parametrize("kind", [Text, Markdown])
@pytest.mark.parametrize(("streaming", "done"), [(True, False), (False, True), (None, True)])
def test_text_that_grew_is_a_delta_done_unless_it_says_streaming(
    kind: type[Text] | type[Markdown], streaming: bool | None, done: bool
) -> None:
    before = card(kind(id="t", value="Hel", streaming=streaming))
    after = card(kind(id="t", value="Hello", streaming=streaming))
    assert diff_widget(before, after) == [delta("t", "lo", done=done)]


def test_several_growths_come_in_document_order() -> None:
    def state(first: str, second: str, third: str) -> Card:
        inner = Box(children=[Markdown(id="b", value=second)])
        return card(Text(id="c", value=first), inner, Text(id="a", value=third))

    updates = diff_widget(state("1", "2", "3"), state("1x", "2y", "3z"))
    assert updates == [delta("c", "x", done=True), delta("b", "y", done=True), delta("a", "z", done=True)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (card(Text(id="t", value="abc")), card(Text(id="t", value="ab"))),
        (card(Text(id="t", value="abc")), card(Text(id="u", value="abcd"))),
        (card(Text(id="t", value="a")), card(Text(id="t", value="ab", key="k"))),
        (card(Text(id="t", value="a")), card(Markdown(id="t", value="ab"))),
        (card(Text(id="t", value="a", streaming=True)), card(Text(id="t", value="ab", streaming=False))),
        (card(Title(id="t", value="a")), card(Title(id="t", value="ab"))),
        (card(Text(id="t", value="a")), card(Text(id="t", value="ab"), Text(value="new"))),
        (card(Text(id="t", value="a"), size="sm"), card(Text(id="t", value="ab"), size="lg")),
        (card(), dynamic(size="sm")),
        (card(Text(value="a")), BasicRoot(children=[Text(value="a")])),
    ],
)
def test_any_other_change_replaces_the_root(before: Any, after: Any) -> None:
    assert diff_widget(before, after) == [WidgetRootUpdated(widget=after)]


def test_a_named_class_and_a_dynamic_component_that_say_the_same_are_the_same() -> None:
    before = card(Text(id="t", value="a"), size="sm")
    after = dynamic({"type": "Text", "id": "t", "value": "ab"}, size="sm")
    assert diff_widget(before, dynamic({"type": "Text", "id": "t", "value": "a"}, size="sm")) == []
    assert diff_widget(before, after) == [delta("t", "b", done=True)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (card(Text(value="a")), card(Text(value="ab"))),
        (card(Text(id="", value="a")), card(Text(id="", value="ab"))),
        (
            card(Text(id="t", value="a"), Text(id="t", value="b")),
            card(Text(id="t", value="a"), Text(id="t", value="bc")),
        ),
        (
            card(Transition(children=Text(id="t", value="a"))),
            card(Transition(children=Text(id="t", value="ab"))),
        ),
        (
            dynamic({"type": "X", "children": {"type": "Text", "id": "t", "value": "a"}}),
            dynamic({"type": "X", "children": {"type": "Text", "id": "t", "value": "ab"}}),
        ),
    ],
    ids=["no id", "empty id", "shared id", "child of a transition", "single dynamic child"],
)
def test_row_5_growth_that_no_delta_can_address_replaces_the_root(before: Any, after: Any) -> None:
    assert diff_widget(before, after) == [WidgetRootUpdated(widget=after)]


@pytest.mark.parametrize("gained", [{"streaming": True}, {"extra": {"a": 1}}, {"id": "late"}])
def test_row_6_a_dynamic_component_may_gain_or_lose_a_prop(gained: dict[str, Any]) -> None:
    plain = dynamic({"type": "Text", "value": "a"})
    fuller = dynamic({"type": "Text", "value": "a", **gained})
    assert diff_widget(plain, fuller) == [WidgetRootUpdated(widget=fuller)]
    assert diff_widget(fuller, plain) == [WidgetRootUpdated(widget=plain)]


def test_row_6_a_prop_that_appears_as_null_is_no_change() -> None:
    with_null = dynamic({"type": "Text", "id": "t", "value": "ab", "color": None})
    assert diff_widget(dynamic({"type": "Text", "id": "t", "value": "a"}), with_null) == [delta("t", "b", done=True)]
    assert diff_widget(with_null, dynamic({"type": "Text", "id": "t", "value": "ab"})) == []


def test_row_6_a_named_component_compares_with_a_dynamic_one_that_knows_more() -> None:
    after = dynamic({"type": "Text", "value": "a", "glow": True})
    assert diff_widget(card(Text(value="a")), after) == [WidgetRootUpdated(widget=after)]


def test_the_states_are_left_as_they_were() -> None:
    before, after = card(Text(id="t", value="a")), card(Text(id="t", value="ab"))
    copies = before.model_copy(deep=True), after.model_copy(deep=True)
    diff_widget(before, after)
    assert (before, after) == copies


@st.composite
def two_states(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two states of one widget: unrelated, or the second grown here and there out of the first."""
    first = draw(json_of(WidgetRoot) | wild_roots())
    if draw(st.integers(0, 9)) == 0:
        second = draw(wild_roots())
    else:
        second = copy.deepcopy(first)
        _grow(draw, second)
        if draw(st.integers(0, 4)) == 0:
            second[draw(st.sampled_from(["id", "gap", "zoom", "children"]))] = draw(KEYS)
    return _read(draw, first), _read(draw, second)


def _grow(draw: st.DrawFn, component: dict[str, Any]) -> None:
    if isinstance(component.get("value"), str) and draw(st.booleans()):
        component["value"] += draw(KEYS)
    children = component.get("children")
    for child in children if isinstance(children, list) else [children]:
        if isinstance(child, dict):
            _grow(draw, child)


def _read(draw: st.DrawFn, written: dict[str, Any]) -> Any:
    if not isinstance(written.get("children"), list | dict | None):
        written = {**written, "children": None}
    dynamically = draw(st.booleans())
    return DynamicWidgetRoot.model_validate(written) if dynamically else root_adapter.validate_python(written)


@settings(max_examples=300, deadline=None)
@given(two_states())
def test_the_updates_applied_to_one_state_give_the_next(states: tuple[Any, Any]) -> None:
    before, after = states
    item: Any = WidgetItem(id="w", thread_id="t", created_at=datetime(2026, 1, 1, tzinfo=UTC), widget=before)
    for update in diff_widget(before, after):
        item = apply_update(item, update)
    assert _said(item.widget) == _said(after)


def _said(component: Any) -> Any:
    """What a component says, whichever class holds it."""
    if isinstance(component, list):
        return [_said(child) for child in component]
    if hasattr(component, "model_extra"):
        props = {**component.__dict__, **(component.model_extra or {})}
        return {name: _said(value) for name, value in props.items() if value is not None}
    return component


def test_a_grown_dynamic_component_stays_dynamic() -> None:
    before = dynamic({"type": "Text", "id": "t", "value": "a", "glow": True})
    after = dynamic({"type": "Text", "id": "t", "value": "ab", "glow": True})
    assert isinstance(after.children, list)
    assert type(after.children[0]) is DynamicWidgetComponent
    assert diff_widget(before, after) == [delta("t", "b", done=True)]
