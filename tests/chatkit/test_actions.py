"""Actions: made for a widget, fired by a client."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from chatkit_app.chatkit.actions import Action, ActionConfig


class Line(BaseModel):
    id: str


Select = Action[Literal["line.select"], Line]
Clear = Action[Literal["line.clear"], None]


def test_a_named_action_makes_its_own_configuration_and_keeps_the_payload_it_was_given():
    line = Line(id="blue")
    made = Select.create(line, handler="client", loading_behavior="container", streaming=False)
    expected = ActionConfig(
        type="line.select", payload=line, handler="client", loadingBehavior="container", streaming=False
    )
    assert made == expected
    assert made.payload is line


@pytest.mark.parametrize("action", [Action, Action[str, Any], Action[Literal["a", "b"], Any]])
def test_an_action_without_one_name_cannot_make_a_configuration(action):
    with pytest.raises(TypeError, match="one literal name"):
        action.create(None)


def test_actions_are_equal_by_value_whatever_their_parameters():
    assert Action[str, Any](type="x", payload=None) == Action(type="x")


def test_the_name_cannot_be_changed():
    with pytest.raises(ValidationError):
        Action(type="x").type = "y"


def test_row_25_the_name_is_required():
    with pytest.raises(ValidationError):
        Action[str, Any].model_validate({"payload": 1})


def test_what_a_widget_adds_is_ignored_and_unions_go_by_name():
    fired = {"type": "line.select", "payload": {"id": "blue"}, "handler": "server", "streaming": True}
    parsed = TypeAdapter(Select | Clear).validate_python(fired)
    assert isinstance(parsed, Select)
    assert parsed.payload == Line(id="blue")
