"""The same program has the same effects under both packages, but for the differences that are listed."""

import pytest
from hypothesis import HealthCheck, given, settings

from .differences import DIFFERENCES
from .kits import Program, official, ours
from .programs import EVENTS, HISTORY, OPERATIONS, act, add, create, sequences


@pytest.mark.parametrize("program", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_is_the_same(program):
    assert ours().run(program) == official().run(program)


@pytest.mark.parametrize("steps", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("request_", [create(), add(), act("w1")], ids=["create", "add", "action"])
def test_an_event_is_the_same_in_every_operation(steps, request_):
    program = Program([request_], [steps], HISTORY)
    assert ours().run(program) == official().run(program)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sequences)
def test_a_sequence_of_requests_is_the_same(program):
    assert ours().run(program) == official().run(program)


@pytest.mark.parametrize("difference", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_listed_difference_exists(difference):
    assert difference.seen_in(ours()) != difference.seen_in(official()), difference.reason
