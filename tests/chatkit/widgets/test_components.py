from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chatkit_app.chatkit.widgets import (
    BarSeries,
    Box,
    Button,
    Card,
    Form,
    Icon,
    ListView,
    RadioGroup,
    Table,
    Text,
    Transition,
    WidgetComponent,
    WidgetComponentBase,
    WidgetRoot,
)
from tests.generated import json_of

from .families import COMPONENTS, ROOTS


@pytest.mark.parametrize("component", [*COMPONENTS, *ROOTS], ids=lambda component: component.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_component_reads_back_what_it_wrote(component: type[WidgetComponentBase], data: st.DataObject) -> None:
    reader = TypeAdapter[Any](WidgetRoot if component in ROOTS else WidgetComponent)
    drawn = data.draw(json_of(component))
    first = component.model_validate(drawn)
    for written in (first.model_dump(), first.model_dump(mode="json", exclude_none=True)):
        assert reader.validate_python(written) == first
    assert reader.validate_json(first.model_dump_json(exclude_none=True)) == first


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_plain_json_is_read_into_its_class(component: type[WidgetComponentBase], data: st.DataObject) -> None:
    drawn = data.draw(json_of(component))
    assert type(TypeAdapter[Any](WidgetComponent).validate_python(drawn)) is component


@pytest.mark.parametrize("component", [*COMPONENTS, *ROOTS], ids=lambda component: component.__name__)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_the_type_of_a_named_class_is_fixed(component: type[WidgetComponentBase], data: st.DataObject) -> None:
    made = component.model_validate(data.draw(json_of(component)))
    with pytest.raises(ValidationError, match="frozen"):
        made.type = "Other"


def test_unknown_props_given_to_a_named_class_are_ignored() -> None:
    assert Text.model_validate({"value": "x", "zoom": 3}) == Text(value="x")


def test_equality_goes_by_value() -> None:
    assert Card.model_validate({"type": "Card", "children": [{"type": "Text", "value": "x"}]}) == Card(
        children=[Text(value="x")]
    )


def test_null_children_of_a_named_class_are_dropped() -> None:
    assert Card.model_validate({"children": [None, {"type": "Text", "value": "x"}]}) == Card(children=[Text(value="x")])


def test_a_table_is_built_from_its_own_rows_and_cells() -> None:
    table = Table(
        children=[
            Table.Row(header=True, children=[Table.Cell(children=[Text(value="Name")], colSpan=2, vAlign="center")]),
        ]
    )
    written = table.model_dump(exclude_none=True)
    assert written == {
        "type": "Table",
        "children": [
            {
                "type": "Table.Row",
                "header": True,
                "children": [
                    {
                        "type": "Table.Cell",
                        "children": [{"type": "Text", "value": "Name"}],
                        "colSpan": 2,
                        "vAlign": "center",
                    }
                ],
            }
        ],
    }
    assert TypeAdapter[Any](WidgetComponent).validate_python(written) == table


@pytest.mark.parametrize("component", [Box, Form])
@pytest.mark.parametrize("direction", ["row", "col", "column"])
def test_both_spellings_of_a_column_are_kept(component: type[Box] | type[Form], direction: Any) -> None:
    assert component(direction=direction).model_dump()["direction"] == direction
    assert RadioGroup(name="n", direction=direction).model_dump()["direction"] == direction


def test_a_card_has_a_border() -> None:
    border = {"size": 1, "color": "subtle"}
    assert Card.model_validate({"children": [], "border": border}).model_dump()["border"] == border


@pytest.mark.parametrize(
    ("component", "wrong", "field"),
    [
        (Box, {"gap": 1.5}, "gap"),
        (Icon, {"name": "no-such-icon"}, "name"),
        (Button, {"onClickAction": {"payload": 1}}, "onClickAction.type"),
        (ListView, {"children": [{"type": "Text", "value": "x"}]}, "children.0.type"),
        (BarSeries, {"label": "l"}, "dataKey"),
        (Transition, {}, "children"),
    ],
)
def test_a_wrong_prop_is_refused_by_name(component: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=f"(?m)^{field.replace('.', '[.]')}"):
        component.model_validate(wrong)
