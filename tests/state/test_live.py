"""A growing text in four parts: always the whole of it, and few characters a flush."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.state.live import LiveText
from chatkit_app.state.markdown import MarkdownStream, safe_tail
from tests.state.markdown.documents import documents

PARTS = ("blocks", "fresh", "head", "tail")


def parts_of(live):
    return [list(part) if isinstance(part, list) else part for part in (getattr(live, name) for name in PARTS)]


def splitter_of(text):
    stream = MarkdownStream()
    stream.feed(text)
    return stream.blocks, safe_tail(stream)


def shown_by(live):
    return [*live.blocks, *live.fresh], live.head + live.tail


def characters_sent(text, step):
    """What the page is sent while a text grows by `step` characters a flush: every part that changed, whole."""
    live, sent, last = LiveText(), 0, [[], [], "", ""]
    for length in range(step, len(text) + step, step):
        live.show(text[:length])
        now = parts_of(live)
        sent += sum(len("".join(new)) for new, old in zip(now, last, strict=True) if new != old)
        last = now
    return sent


@given(documents() | st.text("*`a- \n|#$\\()[]"), st.lists(st.integers(0, 400), max_size=10))
def test_the_parts_together_are_what_the_splitter_says_of_the_whole(text, places):
    live = LiveText()
    for place in [*sorted(place % (len(text) + 1) for place in places), len(text)]:
        live.show(text[:place])
        assert shown_by(live) == splitter_of(text[:place])


@given(st.lists(documents(), min_size=1, max_size=4))
def test_a_text_that_was_replaced_is_shown_from_its_start(texts):
    live = LiveText()
    for text in texts:
        live.show(text)
        assert shown_by(live) == splitter_of(text)


PARAGRAPHS = "\n\n".join(" ".join(f"word{n % 97}" for n in range(60)) for _ in range(10))
LONG_LINE = " ".join(f"word{n % 97}" for n in range(3000))
LIST = "\n".join(f"- **item** number {n} of the long list" for n in range(100))
CODE = "```py\n" + "\n".join(f"value_{n} = compute({n})" for n in range(150)) + "\n```"


LONG_CODE = "```py\n" + "\n".join(f"value_{n} = compute({n})" for n in range(800)) + "\n```"


@pytest.mark.parametrize(
    ("text", "tokens", "most_a_token"),
    [
        pytest.param(PARAGRAPHS, 600, 80, id="paragraphs"),
        pytest.param(LONG_LINE[:3500], 500, 120, id="one paragraph of 500 tokens"),
        pytest.param(LIST, 700, 110, id="one list"),
        pytest.param(CODE, 900, 100, id="one block of code"),
        pytest.param("\n\n".join([PARAGRAPHS] * 5), 3000, 110, id="3,000 tokens in paragraphs"),
        pytest.param(LONG_CODE, 3000, 260, id="3,000 tokens in one block of code"),
    ],
)
def test_a_token_costs_few_characters_at_four_tokens_a_flush(text, tokens, most_a_token):
    assert characters_sent(text, 4 * len(text) // tokens) / tokens < most_a_token


def test_what_a_token_costs_hardly_grows_with_the_answer():
    once, ten_times = (characters_sent("\n\n".join([PARAGRAPHS] * many), 28) / many for many in (1, 10))
    assert ten_times < 3 * once
