"""The same program has the same effects under both packages, but for the differences that are listed."""

from typing import Annotated, get_args, get_origin

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chatkit_app.chatkit import types

from .differences import DIFFERENCES
from .kits import Program, official, ours
from .programs import EVENTS, HISTORY, OPERATIONS, act, add, create
from .sequences import sequences


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


def test_the_generated_sequences_reach_everything_there_is():
    reached: set[str] = set()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(sequences)
    def look(program):
        reached.update(request["type"] for request in program.requests)
        for what, *details in (step for script in program.scripts for step in script):
            if what == "event":
                event = details[0]
                reached.update({event["type"]} | {event[part]["type"] for part in ("item", "update") if part in event})

    look()
    unions = (
        types.StreamingReq,
        types.NonStreamingReq,
        types.ThreadStreamEvent,
        types.ThreadItemUpdate,
        types.ThreadItem,
    )
    kinds = {member.model_fields["type"].default for union in unions for member in _members(union)}
    assert len(kinds) == 16 + 12 + 10 + 11
    assert kinds <= reached


def _members(union):
    union = get_args(union)[0] if get_origin(union) is Annotated else union
    return get_args(union)


@pytest.mark.parametrize("difference", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_listed_difference_exists(difference):
    assert difference.seen_in(ours()) != difference.seen_in(official()), difference.reason
