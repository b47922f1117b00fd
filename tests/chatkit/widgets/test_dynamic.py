import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chatkit_app.chatkit.widgets import BasicRoot, DynamicWidgetComponent, DynamicWidgetRoot, Text, WidgetRoot


def test_props_are_kept_as_given_and_read_as_attributes() -> None:
    component = DynamicWidgetComponent(type="Map", zoom=4, center=[1, 2])  # type: ignore[call-arg]
    assert component.zoom == 4  # type: ignore[attr-defined]
    assert component.model_dump(exclude_none=True) == {"type": "Map", "zoom": 4, "center": [1, 2]}


def test_children_are_one_component_or_several() -> None:
    one = DynamicWidgetComponent.model_validate({"type": "X", "children": {"type": "Text", "value": "a"}})
    assert type(one.children) is DynamicWidgetComponent
    several = DynamicWidgetComponent.model_validate({"type": "X", "children": [{"type": "Text", "value": "a"}]})
    assert isinstance(several.children, list)
    assert type(several.children[0]) is DynamicWidgetComponent


def test_row_23_children_that_rendered_to_null_are_dropped() -> None:
    root = DynamicWidgetRoot.model_validate({"type": "Card", "children": [None, {"type": "Text", "value": "a"}, None]})
    assert root.model_dump(exclude_none=True) == {"type": "Card", "children": [{"type": "Text", "value": "a"}]}


def test_a_child_made_in_python_is_taken_as_it_is() -> None:
    text = Text(value="a")
    root = BasicRoot(children=[text])
    assert isinstance(root.children, list)
    assert root.children[0] is text
    assert root.model_dump(exclude_none=True) == {"type": "Basic", "children": [{"type": "Text", "value": "a"}]}


@pytest.mark.parametrize("children", ["text", ["text"], [{"value": "no type"}], 3])
def test_a_child_that_is_no_component_is_refused(children: object) -> None:
    with pytest.raises(ValidationError, match="children"):
        DynamicWidgetComponent.model_validate({"type": "X", "children": children})


@pytest.mark.parametrize("below", ["text", {}, ["text"], [{"value": "no type"}], 3])
def test_json_with_a_child_that_is_no_component_is_refused_and_never_read_without_it(below: object) -> None:
    child = {"type": "X", "zoom": 1, "children": below}
    for children in (child, [child]):
        with pytest.raises(ValidationError, match="children"):
            DynamicWidgetRoot.model_validate_json(json.dumps({"type": "Card", "children": children}))


def test_only_a_root_type_makes_a_root() -> None:
    with pytest.raises(ValidationError, match="type"):
        DynamicWidgetRoot.model_validate({"type": "Text", "value": "x"})
    with pytest.raises(ValidationError, match="type"):
        BasicRoot.model_validate({"type": "Card"})


def test_a_basic_root_keeps_layout_props_and_any_other() -> None:
    written = {"type": "Basic", "gap": 2, "padding": {"x": 1}, "direction": "column", "shadow": "lg", "children": []}
    assert BasicRoot.model_validate(written).model_dump(exclude_none=True) == written
    assert BasicRoot(gap=1.5).gap == 1.5


@pytest.mark.parametrize(
    "props",
    [{"padding": {"x": 1, "inline": 2}}, {"gap": True}, {"gap": {"row": 1}}, {"theme": 3}, {"align": ["start"]}],
)
def test_a_basic_root_neither_coerces_nor_refuses_a_prop(props: dict[str, Any]) -> None:
    written = {"type": "Basic", **props}
    root = TypeAdapter[Any](WidgetRoot).validate_json(json.dumps(written))
    assert type(root) is BasicRoot
    assert json.loads(root.model_dump_json(exclude_none=True)) == written
    assert repr(root.model_dump(exclude_none=True)) == repr(BasicRoot(**props).model_dump(exclude_none=True))
    assert [repr(getattr(root, name)) for name in props] == [repr(value) for value in props.values()]


def test_the_schema_of_a_dynamic_component_knows_no_components_but_dynamic_ones() -> None:
    assert set(DynamicWidgetRoot.model_json_schema()["$defs"]) == {"DynamicWidgetComponent"}
