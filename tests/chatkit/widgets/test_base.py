from typing import Any, Literal

from chatkit_app.chatkit.widgets import (
    ActionConfig,
    Button,
    Card,
    DynamicWidgetComponent,
    Row,
    Text,
    Transition,
    WidgetComponentBase,
)


def test_a_dump_holds_the_props_that_are_set_and_the_type() -> None:
    assert Card(children=[Text(value="x")]).model_dump() == {
        "type": "Card",
        "children": [{"type": "Text", "value": "x"}],
    }


def test_the_type_survives_every_exclusion() -> None:
    text = Text(value="x")
    assert text.model_dump(exclude_defaults=True) == {"value": "x", "type": "Text"}
    assert text.model_dump(exclude_unset=True) == {"value": "x", "type": "Text"}
    assert text.model_dump(exclude={"type"}) == {"value": "x", "type": "Text"}


def test_a_childless_transition_says_so_except_on_the_wire() -> None:
    assert Transition(children=None).model_dump() == {"type": "Transition", "children": None}
    assert Transition(children=None).model_dump_json(exclude_none=True) == '{"type":"Transition"}'


def test_layout_props_come_before_the_type_on_the_wire() -> None:
    row = Row(children=[], gap=2, key="k")
    assert row.model_dump_json(exclude_none=True) == '{"children":[],"gap":2,"key":"k","type":"Row"}'


def test_row_22_nulls_in_an_action_payload_keep_their_places() -> None:
    payload = {"n": None, "l": [None, 1, {"deep": None}]}
    button = Button(onClickAction=ActionConfig(type="t", payload=payload))
    assert button.model_dump(exclude_none=True)["onClickAction"]["payload"] == payload

    dynamic = DynamicWidgetComponent.model_validate({"type": "X", "onTap": {"type": "t", "payload": payload}})
    assert dynamic.model_dump(exclude_none=True)["onTap"]["payload"] == payload


def test_other_nulls_are_dropped_from_props_at_any_depth() -> None:
    component = DynamicWidgetComponent.model_validate(
        {"type": "X", "a": None, "b": {"c": None, "d": [None, {"e": None}]}}
    )
    assert component.model_dump(exclude_none=True) == {"type": "X", "b": {"d": [{}]}}


def test_a_programs_own_component_stands_in_a_widget_with_all_its_props() -> None:
    class Rating(WidgetComponentBase):
        type: Literal["Rating"] = "Rating"
        stars: int

    card = Card(children=[Rating(stars=4)])  # type: ignore[list-item]
    written: dict[str, Any] = card.model_dump(exclude_none=True)
    assert written["children"] == [{"type": "Rating", "stars": 4}]
    read_back = Card.model_validate(written).children[0]
    assert isinstance(read_back, DynamicWidgetComponent)
    assert read_back.model_dump(exclude_none=True) == {"type": "Rating", "stars": 4}
