"""Ids: prefix, time, chance."""

import pytest

from chatkit_app.chatkit.store import _ID_PREFIXES, default_generate_id

PREFIXES = {
    "thread": "thr",
    "message": "msg",
    "tool_call": "tc",
    "workflow": "wf",
    "task": "tsk",
    "attachment": "atc",
    "sdk_hidden_context": "shcx",
}


def test_the_prefixes_are_those_of_the_protocol():
    assert _ID_PREFIXES == PREFIXES


@pytest.mark.parametrize("kind", PREFIXES)
def test_an_id_says_what_it_is_and_is_long_enough_to_be_unguessable(kind):
    prefix, _, rest = default_generate_id(kind).partition("_")
    assert prefix == PREFIXES[kind]
    assert len(rest) * 5 >= 48 + 80
    assert rest.isascii()
    assert rest.isalnum()
    assert rest == rest.lower()


def test_an_unknown_kind_is_a_key_error():
    with pytest.raises(KeyError):
        default_generate_id("nothing")


def test_no_two_are_alike():
    assert len({default_generate_id("message") for _ in range(10_000)}) == 10_000


def test_they_sort_by_the_time_they_were_made_at(monkeypatch):
    made = []
    for milliseconds in (0, 1, 31, 32, 1_000, 1_763_000_000_000, 2**48 - 1):
        monkeypatch.setattr("time.time_ns", lambda now=milliseconds: now * 1_000_000)
        made.append(default_generate_id("message"))
    assert made == sorted(made)
