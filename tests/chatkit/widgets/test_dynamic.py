import pytest
from pydantic import ValidationError

from chatkit_app.chatkit.widgets import BasicRoot, DynamicWidgetComponent, DynamicWidgetRoot, Text


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


def test_only_a_root_type_makes_a_root() -> None:
    with pytest.raises(ValidationError, match="type"):
        DynamicWidgetRoot.model_validate({"type": "Text", "value": "x"})
    with pytest.raises(ValidationError, match="type"):
        BasicRoot.model_validate({"type": "Card"})


def test_a_basic_root_keeps_layout_props_and_any_other() -> None:
    written = {"type": "Basic", "gap": 2, "padding": {"x": 1}, "direction": "column", "shadow": "lg", "children": []}
    assert BasicRoot.model_validate(written).model_dump(exclude_none=True) == written
    assert BasicRoot(gap=1.5).gap == 1.5
