import inspect
import warnings

import pytest

from chatkit_app.chatkit import agents as ours

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the official package warns about its own widgets
    from chatkit import agents as official

NAMELESS = {"T1", "T2"}
"""Type variables of its inner functions."""


def test_every_name_of_the_official_module_can_be_imported_from_ours():
    names = {name for name in dir(official) if not name.startswith("_")} - NAMELESS

    assert sorted(name for name in names if not hasattr(ours, name)) == []
    assert {"Agent", "Runner"} <= set(ours.__all__)


@pytest.mark.parametrize("name", ["AgentContext", "ClientToolCall", "ResponseStreamConverter", "ThreadItemConverter"])
def test_every_method_takes_what_the_official_one_takes(name: str):
    theirs, mine = getattr(official, name), getattr(ours, name)
    methods = [each for each in vars(theirs) if not each.startswith("_") and inspect.isfunction(vars(theirs)[each])]

    for method in methods:
        expected = list(inspect.signature(getattr(theirs, method)).parameters.values())
        given = list(inspect.signature(getattr(mine, method)).parameters.values())
        assert [(each.name, each.kind, each.default) for each in given] == [
            (each.name, each.kind, each.default) for each in expected
        ], method


def test_the_stream_of_a_run_takes_what_the_official_one_takes_and_more():
    expected = inspect.signature(official.stream_agent_response).parameters
    given = inspect.signature(ours.stream_agent_response).parameters

    assert list(given)[: len(expected)] == list(expected)
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in list(given.values())[2:])
