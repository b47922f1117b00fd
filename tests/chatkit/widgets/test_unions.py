from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from chatkit_app.chatkit.widgets import (
    BarSeries,
    BasicRoot,
    Button,
    Card,
    Chart,
    DynamicWidgetComponent,
    DynamicWidgetRoot,
    ListView,
    ListViewItem,
    Text,
    Transition,
    WidgetComponent,
    WidgetRoot,
)
from tests.generated import json_of

from .families import wild_roots

root_adapter: TypeAdapter[Any] = TypeAdapter(WidgetRoot)
component_adapter: TypeAdapter[Any] = TypeAdapter(WidgetComponent)


@pytest.mark.parametrize(
    "instance",
    [Card(children=[]), ListView(children=[]), BasicRoot(), DynamicWidgetRoot(type="Card")],
    ids=lambda instance: type(instance).__name__,
)
def test_a_root_made_in_python_passes_as_it_is(instance: Any) -> None:
    assert root_adapter.validate_python(instance) is instance


def test_a_component_made_in_python_passes_as_it_is() -> None:
    for instance in (Text(value="x"), DynamicWidgetComponent(type="Text"), Card(children=[])):
        assert component_adapter.validate_python(instance) is instance


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ({"type": "Card", "children": []}, Card),
        ({"type": "ListView", "children": []}, ListView),
        ({"type": "Basic", "anything": 1}, BasicRoot),
        ({"type": "Card", "children": {"type": "Text", "value": "a"}}, DynamicWidgetRoot),
        ({"type": "Card", "children": [], "size": "huge"}, DynamicWidgetRoot),
        ({"type": "Card", "children": [], "shadow": "lg"}, DynamicWidgetRoot),
        ({"type": "Card", "children": [], "shadow": None}, Card),
    ],
)
def test_row_21_a_root_is_read_into_its_class_unless_that_would_lose_something(
    written: dict[str, Any], kind: type
) -> None:
    assert type(root_adapter.validate_python(written)) is kind


@pytest.mark.parametrize("root_type", ["Text", "Map", "", 3, None])
def test_only_roots_are_read_as_roots(root_type: object) -> None:
    with pytest.raises(ValidationError):
        root_adapter.validate_python({"type": root_type, "children": []})


def test_one_unknown_component_leaves_its_siblings_alone() -> None:
    card = root_adapter.validate_python(
        {"type": "Card", "children": [{"type": "Map", "zoom": 1}, {"type": "Text", "value": "a"}]}
    )
    assert [type(child) for child in card.children] == [DynamicWidgetComponent, Text]


@pytest.mark.parametrize(
    "written",
    [
        {"type": "Card", "children": [], "status": {"text": "t", "icon": "star", "favicon": "https://a.example/i"}},
        {"type": "Card", "children": [], "padding": {"top": 1, "inline": 2}},
        {"type": "Card", "children": [], "confirm": {"label": "ok", "action": {"type": "t"}, "icon": "check"}},
        {"type": "ListView", "children": [{"type": "ListViewItem", "children": [], "tone": "calm"}]},
        {
            "type": "Card",
            "children": [{"type": "Button", "label": "b", "onClickAction": {"type": "t", "confirm": "?"}}],
        },
        {
            "type": "Card",
            "children": [{"type": "Select", "name": "n", "options": [{"value": "v", "label": "l", "icon": "i"}]}],
        },
        {"type": "Card", "children": [{"type": "Table", "children": [{"type": "Table.Row", "sticky": True}]}]},
        {
            "type": "Card",
            "children": [
                {
                    "type": "Chart",
                    "data": [],
                    "series": [{"type": "bar", "label": None, "dataKey": "k", "glow": 1}],
                    "xAxis": "x",
                }
            ],
        },
    ],
)
def test_row_21_a_prop_inside_a_prop_is_not_lost_either(written: dict[str, Any]) -> None:
    assert _loses_nothing(written, _through_storage(written))


@settings(deadline=None)
@given(wild_roots())
def test_row_21_nothing_a_widget_says_is_lost_in_storage(written: dict[str, Any]) -> None:
    stored = _through_storage(written)
    assert _loses_nothing(written, stored)
    assert _through_storage(stored) == stored


@settings(deadline=None)
@given(json_of(WidgetRoot))
def test_a_stored_widget_reads_back_as_the_same_classes_and_values(written: dict[str, Any]) -> None:
    first = root_adapter.validate_python(written)
    again = root_adapter.validate_json(root_adapter.dump_json(first, exclude_none=True))
    assert again == first


def test_a_template_built_widget_keeps_its_unknown_props_in_storage() -> None:
    built = DynamicWidgetRoot.model_validate(
        {"type": "Card", "shadow": "lg", "children": [{"type": "Button", "label": "b", "glow": True}]}
    )
    assert root_adapter.validate_python(_through_storage(built)) == built


def test_the_first_reader_of_a_plain_button_adds_the_defaults_of_its_action() -> None:
    button = component_adapter.validate_python({"type": "Button", "onClickAction": {"type": "t"}})
    assert type(button) is Button
    assert button.onClickAction is not None
    assert button.onClickAction.handler == "server"


def test_list_items_are_read_into_their_class() -> None:
    view = root_adapter.validate_python({"type": "ListView", "children": [{"type": "ListViewItem", "children": []}]})
    assert view == ListView(children=[ListViewItem(children=[])])


def test_a_required_null_that_the_wire_leaves_out_is_read_back() -> None:
    series = BarSeries(label=None, dataKey="k")
    card = Card(children=[Transition(children=None), Chart(data=[], series=[series], xAxis="x")])
    assert root_adapter.validate_json(card.model_dump_json(exclude_none=True)) == card


def test_the_unions_have_a_json_schema() -> None:
    assert "Card" in root_adapter.json_schema()["$defs"]
    assert "Text" in component_adapter.json_schema()["$defs"]


def _through_storage(written: Any) -> Any:
    widget = root_adapter.validate_python(written)
    return root_adapter.dump_python(widget, mode="json", exclude_none=True)


def _loses_nothing(written: Any, stored: Any) -> bool:
    """Whether everything but nulls is still there; a known prop may have been coerced or gained defaults."""
    if isinstance(written, dict):
        return all(
            name in stored and _loses_nothing(value, stored[name])
            for name, value in written.items()
            if value is not None
        )
    if isinstance(written, list):
        kept, still_there = ([item for item in items if item is not None] for items in (written, stored))
        return len(kept) == len(still_there) and all(map(_loses_nothing, kept, still_there))
    return True
