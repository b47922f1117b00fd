"""While an answer arrives, its end never flashes raw syntax."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatkit_app.state.markdown import MarkdownStream, safe_tail, split
from tests.state.markdown.documents import documents

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(text: str) -> str:
    stream = MarkdownStream()
    stream.feed(text)
    return safe_tail(stream)


@pytest.mark.parametrize(
    ("so_far", "safe"),
    [
        ("a **bo", "a **bo**"),
        ("a **bold*", "a **bold**"),
        ("a **bold**", "a **bold**"),
        ("a **", "a "),
        ("a *", "a "),
        ("a ***b", "a ***b***"),
        ("**a *b", "**a *b***"),
        ("**a `b", "**a `b`**"),
        ("an _it", "an _it_"),
        ("snake_ca", "snake_ca"),
        ("2 * 3", "2 * 3"),
        ("5*3 is", "5*3 is"),
        ("~~st", "~~st~~"),
        ("a `co", "a `co`"),
        ("a `", "a"),
        ("a ``b`", "a ``b``"),
        ("a `**`", "a `**`"),
        ("see [it", "see it"),
        ("see [it]", "see it"),
        ("see [it](htt", "see it"),
        ("see [it](h) **a", "see [it](h) **a**"),
        ("**[it](ht", "**it**"),
        ("see ![it](h", "see "),
        ("see <https://a", "see https://a"),
        ("a\\", "a"),
        ("it is \\(x", "it is"),
        ("it is $x +", "it is"),
        ("it is $5 or", "it is $5 or"),
        ("$$\nx", ""),
        ("so\n\\[\nx", ""),
        ("#", ""),
        ("## ", ""),
        ("## Ti", "## Ti"),
        ("-", ""),
        ("- [", ""),
        ("- [x] **a", "- [x] **a**"),
        ("1", ""),
        ("1. **a", "1. **a**"),
        ("- **a**\n- b", "- **a**\n- b"),
        ("- a\n  **b", "- a\n  **b**"),
        ("* a", "* a"),
        ("> **a", "> **a**"),
        ("text\n--", "text"),
        ("```", ""),
        ("```py", ""),
        ("- ```py", ""),
        ("```\nx\n``", "```\nx"),
        ("```\nx **y", "```\nx **y"),
        ("- \\(x\\)\n  ```\n  \\(y\\)\n", "- $$x$$\n  ```\n  \\(y\\)"),
        ("| a | b |", ""),
        ("| a |\n|--", ""),
        ("| a |\n|---|", ""),
        ("| a |\n|---|\n", "| a |\n|---|"),
        ("| a |\n|---|\n|", "| a |\n|---|"),
        ("| a |\n|---|\n| **b", "| a |\n|---|\n| **b**"),
        ("|x| is\nabs", "|x| is\nabs"),
    ],
)
def test_what_has_begun_is_shown_as_what_it_will_be_or_waits(so_far, safe):
    assert shown(so_far).rstrip("\n") == safe


WORD = st.text("abcdefgh", min_size=1, max_size=6)
INLINE = st.recursive(
    WORD,
    lambda inner: st.one_of(
        st.builds("**{}**".format, inner),
        st.builds("*{}*".format, WORD),
        st.builds("~~{}~~".format, WORD),
        st.builds("`{}`".format, WORD),
        st.builds("[{}](https://a.example/{})".format, WORD, WORD),
        st.builds("{} {}".format, inner, WORD),
    ),
    max_leaves=4,
)
PROSE = st.lists(INLINE, min_size=1, max_size=4).map(" ".join)
PARAGRAPHS = st.one_of(
    PROSE,
    st.builds("## {}".format, PROSE),
    st.lists(PROSE, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(PROSE, min_size=1, max_size=3).map(
        lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))
    ),
    st.builds("> {}".format, PROSE),
    st.builds("| {} | {} |\n| --- | :-: |\n| {} | {} |".format, WORD, PROSE, PROSE, WORD),
    st.builds("```py\n{}\n```".format, WORD),
)


@settings(max_examples=200)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=3).map("\n\n".join))
def test_no_beginning_of_an_answer_shows_a_mark_that_the_whole_does_not(text):
    for length in range(len(text) + 1):
        words = re.sub(r"<[^>]*>", "", RENDERER.render(shown(text[:length])))
        assert not re.search(r"[^a-h\s]", words), text[:length]


@settings(max_examples=300)
@given(documents() | st.text("*_~`[]()!|$\\#->1. a\n"))
def test_any_beginning_of_any_text_can_be_shown(text):
    stream = MarkdownStream()
    for character in text:
        stream.feed(character)
        safe_tail(stream)
    assert stream.blocks + split(stream.tail) == split(text) or "]:" in text


@given(documents())
def test_words_that_were_shown_stay(text):
    """Between two beginnings the shown text only loses what is at its very end."""
    whole = list(re.findall(r"[a-z]{3,}", "\n".join(split(text))))
    for length in range(0, len(text) + 1, 3):
        stream = MarkdownStream()
        stream.feed(text[:length])
        seen = re.findall(r"[a-z]{3,}", "\n".join([*stream.blocks, safe_tail(stream)]))
        assert seen[:-1] == whole[: max(len(seen) - 1, 0)]
