import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chatkit_app.assistant.tour as tour
from chatkit_app.assistant.options import OPTIONS
from chatkit_app.assistant.speech import Call, Fail, Say, Think
from chatkit_app.assistant.tour import STOPS, Question, answer, answer_tool

TOOLS = ("current_time", "calculate")


def said(question: str, again: bool = False) -> str:
    return "".join(act.text for act in answer(Question(question, TOOLS, again)) if isinstance(act, Say))


@pytest.mark.parametrize("greeting", ["", "hello", "What can you do?", "Bonjour !", "東京", "\x00", "🙂"])
def test_whatever_names_no_stop_gets_the_overview(greeting: str) -> None:
    text = said(greeting)
    assert "offline assistant" in text
    assert "OPENAI_API_KEY" in text
    assert all(word in text for word in ("Markdown", "Thinking", "A tool", "An error", "A long answer"))


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Show me Markdown: tables, code and formulas", "# Everything Markdown can do"),
        ("markdown", "# Everything Markdown can do"),
        ("can you format a TABLE?", "# Everything Markdown can do"),
        ("a long answer please", "# How a message travels"),
        ("tell me a very long story", "# How a message travels"),
        ("how do I connect a real model", "A real model takes one line"),
        ("where do I put my API key?", "A real model takes one line"),
    ],
)
def test_the_words_of_a_question_lead_to_its_answer(question: str, title: str) -> None:
    assert said(question).startswith(title)


@pytest.mark.parametrize("question", ["think", "Think about how to plan a small garden", "show me some reasoning"])
def test_thinking_comes_with_its_reasoning(question: str) -> None:
    thought, spoken = answer(Question(question))
    assert isinstance(thought, Think)
    assert thought.text.count("\n\n") >= 1
    assert isinstance(spoken, Say)


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("what time is it in Tokyo?", Call("current_time", {"zone": "Asia/Tokyo"})),
        ("Use a tool: what time is it in new york", Call("current_time", {"zone": "America/New_York"})),
        ("the time in Europe/Paris", Call("current_time", {"zone": "Europe/Paris"})),
        ("a tool", Call("current_time", {"zone": "UTC"})),
        ("what is 12*7?", Call("calculate", {"expression": "12*7"})),
        ("calculate (17 + 4) * 2.", Call("calculate", {"expression": "(17 + 4) * 2"})),
        ("what is the sum (2+2)?", Call("calculate", {"expression": "(2+2)"})),
        ("calculate (thank you) 3 + 4) now", Call("calculate", {"expression": "3 + 4"})),
    ],
)
def test_a_tool_is_called_with_what_the_question_names(question: str, call: Call) -> None:
    assert answer(Question(question, TOOLS)) == [call]


def test_a_tool_that_was_taken_away_is_said_to_be_missing() -> None:
    assert "`calculate`, is not among the tools" in "".join(
        act.text for act in answer(Question("what is 1+1", ("current_time",))) if isinstance(act, Say)
    )


def test_what_a_tool_answered_is_told() -> None:
    (act,) = answer_tool("12*7 = 84")
    assert isinstance(act, Say)
    assert "> 12*7 = 84" in act.text


def test_the_error_allows_a_retry_and_the_retry_succeeds() -> None:
    spoken, failure = answer(Question("show me an error"))
    assert isinstance(spoken, Say)
    assert isinstance(failure, Fail)
    assert failure.error.allow_retry is True  # type: ignore[attr-defined]
    assert said("show me an error", again=True).startswith("This time it worked")


def test_the_long_answer_is_about_1500_words() -> None:
    assert 1400 <= len(said("a long answer").split()) <= 1700


def test_the_markdown_answer_shows_every_kind() -> None:
    text = said("markdown")
    kinds = {
        "heading": r"^## ",
        "nested list": r"^  - ",
        "ordered list": r"^2\. ",
        "task list": r"^- \[x\] ",
        "table": r"^\| :-- ",
        "python": r"^```python$",
        "sql": r"^```sql$",
        "quote": r"^> ",
        "inline formula": r" \$[^$]+\$ ",
        "block formula": r"^\$\$$",
        "link": r"[^!]\[[^]]+\]\(https://",
        "remote image": r"!\[[^]]+\]\(https://",
        "strikethrough": r"~~\w",
        "html": r"<b>",
    }
    assert [kind for kind, pattern in kinds.items() if not re.search(pattern, text, re.MULTILINE)] == []


def test_every_footer_and_every_starter_prompt_leads_to_a_stop() -> None:
    overview = STOPS[-1]
    ways = [stop.next for stop in STOPS if stop.next]
    assert [way for way in ways if tour.choose_stop(way) is overview] == []
    prompts = [str(prompt.prompt) for prompt in OPTIONS.start_screen.prompts]
    assert len({id(tour.choose_stop(prompt)) for prompt in prompts}) == len(prompts)


def test_every_page_is_used() -> None:
    source = Path(tour.__file__).read_text()
    pages = [page.stem for page in Path(tour.__file__).parent.glob("*.md")]
    assert pages
    assert [page for page in pages if f'_page("{page}"' not in source] == []


@given(st.text())
def test_any_question_has_an_answer(question: str) -> None:
    assert answer(Question(question, TOOLS))


def test_a_huge_message_is_answered_at_once() -> None:
    assert answer(Question("time " + "1 " * 500_000, TOOLS)) == [Call("current_time", {"zone": "UTC"})]
