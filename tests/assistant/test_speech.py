import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.assistant.offline import _events
from chatkit_app.assistant.speech import Act, Call, Fail, Say, Think, split_words, tell

MARKDOWN = "# Hello\n\n- a *b*\n- c\n\n```py\nx = 1\n```\n"


def told(*acts: Act) -> list[dict[str, Any]]:
    return list(tell(acts, model="test"))


def joined(events: list[dict[str, Any]], kind: str) -> str:
    return "".join(event["delta"] for event in events if event["type"] == kind)


@given(st.text())
def test_the_words_of_a_text_make_the_text(text: str) -> None:
    assert "".join(split_words(text)) == text


def test_words_keep_the_space_before_them() -> None:
    assert split_words("one two\n\nthree ") == ["one", " two", "\n\nthree", " "]


def test_every_event_is_one_the_responses_api_knows() -> None:
    events = told(Think("First.\n\nSecond."), Call("clock", {"zone": "Zürich"}), Say(MARKDOWN))
    typed = [_events().validate_python(event | {"sequence_number": 0}) for event in events]
    assert [event.type for event in typed] == [event["type"] for event in events]


def test_a_message_is_told_in_words_and_whole_at_the_end() -> None:
    events = told(Say(MARKDOWN))
    assert joined(events, "response.output_text.delta") == MARKDOWN
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == MARKDOWN
    assert events[-2]["item"] == events[-1]["response"]["output"][0]


def test_reasoning_is_one_summary_a_paragraph() -> None:
    events = told(Think("First one.\n\nSecond one."))
    assert [part["text"] for part in events[-2]["item"]["summary"]] == ["First one.", "Second one."]
    assert joined(events, "response.reasoning_summary_text.delta") == "First one.Second one."


def test_a_call_carries_its_arguments_as_json() -> None:
    call = told(Call("clock", {"zone": "Zürich"}))[-2]["item"]
    assert (call["name"], json.loads(call["arguments"])) == ("clock", {"zone": "Zürich"})


def test_items_have_ids_of_their_own_and_rising_places() -> None:
    done = [event for event in told(Think("a"), Say("b"), Say("c")) if event["type"] == "response.output_item.done"]
    assert [event["output_index"] for event in done] == [0, 1, 2]
    assert len({event["item"]["id"] for event in done}) == 3


def test_a_failure_comes_after_what_was_said_before_it() -> None:
    events = tell([Say("well"), Fail(OSError("gone"))], model="test")
    seen = []
    with pytest.raises(OSError, match="gone"):
        for event in events:
            seen.append(event["type"])
    assert seen[-1] == "response.output_item.done"
