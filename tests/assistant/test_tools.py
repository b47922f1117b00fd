import json

import pytest
from agents import FunctionTool
from agents.tool_context import ToolContext

from chatkit_app.assistant.tools import TOOLS, calculate, current_time, find_zone


async def call(tool: FunctionTool, **arguments: str) -> str:
    given = json.dumps(arguments)
    context = ToolContext(context=None, tool_name=tool.name, tool_call_id="call_1", tool_arguments=given)
    return str(await tool.on_invoke_tool(context, given))


async def test_the_time_is_told_with_its_zone() -> None:
    assert (await call(current_time, zone="tokyo")).startswith("In Asia/Tokyo it is ")
    assert "(UTC+0900)" in await call(current_time, zone="Asia/Tokyo")


async def test_an_unknown_place_is_answered_with_how_to_ask() -> None:
    assert "no time zone called 'Atlantis'" in await call(current_time, zone="Atlantis")


async def test_a_sum_is_worked_out() -> None:
    assert await call(calculate, expression="(17 + 4) * 2") == "(17 + 4) * 2 = 42"


@pytest.mark.parametrize("expression", ["1/0", "9**9**9", "open('x')", "1e999"])
async def test_a_sum_that_cannot_be_worked_out_says_why(expression: str) -> None:
    assert (await call(calculate, expression=expression)).startswith("That cannot be worked out: ")


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        (" Paris ", "Europe/Paris"),
        ("New York", "America/New_York"),
        ("UTC", "UTC"),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_a_place_is_found_by_its_zone_or_its_city(place: str, zone: str | None) -> None:
    assert find_zone(place) == zone


def test_every_tool_explains_itself_and_its_arguments() -> None:
    for tool in TOOLS:
        assert isinstance(tool, FunctionTool)
        assert tool.description
        assert all(field.get("description") for field in tool.params_json_schema["properties"].values())
