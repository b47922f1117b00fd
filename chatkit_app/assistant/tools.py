"""What the assistant can do besides talking: functions that the model may call.

A tool is a plain function: its signature and docstring tell the model how to use it. Add yours to `TOOLS`. One that must
not run without the user's word is `@function_tool(needs_approval=True)`: the chat asks with a card first.
"""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from agents import Tool, function_tool

from chatkit_app.assistant.arithmetic import evaluate


@function_tool
def current_time(zone: str) -> str:
    """Tell the date and the time of day somewhere.

    Args:
        zone: An IANA time zone such as Europe/Paris, or a city that names one, such as Paris.
    """
    name = find_zone(zone)
    if name is None:
        return f"There is no time zone called {zone!r}. Use an IANA name such as Europe/Paris."
    return f"In {name} it is {datetime.now(ZoneInfo(name)):%H:%M on %A, %d %B %Y (UTC%z)}."


@function_tool
def calculate(expression: str) -> str:
    """Work out an arithmetic expression.

    Args:
        expression: Numbers, parentheses and + - * / // % **, such as (2 + 3) * 4.
    """
    try:
        return f"{expression} = {evaluate(expression)}"
    except (ValueError, ArithmeticError) as error:
        return f"That cannot be worked out: {error}."


TOOLS: list[Tool] = [current_time, calculate]


def find_zone(place: str) -> str | None:
    """The IANA name of a time zone, given as itself or as its city in any case; None when there is none."""
    return _zones().get(place.strip().lower().replace(" ", "_"))


@cache
def _zones() -> dict[str, str]:
    names = {name.lower(): name for name in sorted(available_timezones())}
    return {name.rpartition("/")[2]: known for name, known in names.items()} | names
