"""Text is cut where its parts mean what the whole means, in whatever pieces it comes."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatkit_app.state.markdown import MarkdownStream, safe_tail, split
from tests.state.markdown.documents import documents

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LINES = st.lists(
    st.sampled_from(
        [
            "text",
            "# H",
            "===",
            "---",
            "- a",
            "  - b",
            "2. c",
            "   deep",
            "    code",
            "```",
            "  ```",
            "- ```",
            "~~~",
            "> q",
            "| a |",
            "|---|",
            "$$",
            "  $$",
            "\\[",
            "x\\]",
            "$$x$$",
            "<!--",
            "-->",
            "<div>",
            "[a]: b",
            "",
            "",
            " ",
            "\t",
            "\r",
            "* * *",
            "1.",
        ]
    ),
    max_size=12,
).map("\n".join)


def rendered(text: str) -> str:
    return RENDERER.render(f"{text}\n").strip("\n")


def letters(text: str) -> list[str]:
    return [character for character in text if character.isalnum()]


def cut_up(text: str, places: list[int]) -> list[str]:
    bounds = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(bounds)]


class TestBlocks:
    # Always the same documents: the parser we compare with has its own faults in rare ones, the page's own parser does not run here.
    @settings(max_examples=400, derandomize=True)
    @given(documents())
    @example("- ```\n  code\n  ```\n- other\n\npara\n\n```\na\n\nb\n```\n")
    @example("    code\n\n    more")
    @example("```\na\n    ```\n\nstill code\n```")
    @example("<!-- a\n\n**b** -->")
    @example("- 12\n\n  more of it")
    def test_mean_apart_what_they_mean_together(self, text):
        assert "\n".join(map(rendered, split(text))) == rendered(text)

    @settings(max_examples=300)
    @given(documents() | LINES, st.lists(st.integers(0, 500), max_size=8))
    def test_are_the_same_however_the_text_is_cut_into_pieces(self, text, places):
        whole = MarkdownStream()
        whole.feed(text)
        pieces = MarkdownStream()
        for piece in cut_up(text, places):
            pieces.feed(piece)
        assert (pieces.blocks, pieces.tail) == (whole.blocks, whole.tail)
        assert pieces.finish() == whole.finish()

    @given(documents() | LINES)
    def test_never_change_once_they_are_finished(self, text):
        stream, before = MarkdownStream(), []
        for character in text:
            stream.feed(character)
            assert stream.blocks[: len(before)] == before
            before = list(stream.blocks)
        assert stream.finish()[: len(before)] == before

    @given(documents() | LINES)
    def test_lose_nothing_that_can_be_read(self, text):
        assert letters("".join(split(text))) == letters(text)

    def test_come_as_soon_as_they_are_finished(self):
        stream = MarkdownStream()
        stream.feed("# Title\nOne\n\nTwo\n```\ncode\n\n")
        assert stream.blocks == ["# Title", "One", "Two"]
        assert stream.tail == "```\ncode\n\n"
        stream.feed("```\nThree")
        assert stream.blocks[3:] == ["```\ncode\n\n```"]
        assert stream.tail == "Three"

    def test_keep_a_list_together_over_its_blank_lines(self):
        assert split("- a\n\n  more\n\n- b\n\nEnd") == ["- a\n\n  more\n\n- b", "End"]

    def test_end_a_list_at_a_paragraph_or_heading_beside_it(self):
        assert split("- a\n# H\n1. b\n\nEnd") == ["- a", "# H", "1. b", "End"]

    @pytest.mark.parametrize("definition", ["[1]: https://a.example", "[^1]: A note", "> [x\\]]: /y", "- [x]: /y"])
    def test_are_one_where_references_are_defined(self, definition):
        text = f"See [it][1].\n\nMore\n\n{definition}"
        assert split(text) == [text]

    def test_are_two_where_a_formula_was_only_money(self):
        assert split("$$ is money\n\nSo it goes") == ["\\$\\$ is money", "So it goes"]

    def test_keep_a_formula_together_over_a_blank_line(self):
        assert split("$$\nx\n\n+ y\n$$\nEnd") == ["$$\nx\n+ y\n$$", "End"]

    def test_of_nothing_are_none(self):
        assert split("") == split("\n \n\t\n") == []


HOSTILE = [
    "*",
    "_",
    "`",
    "$",
    "[",
    "|",
    "\\(",
    "\\[",
    "](",
    "- ",
    "1. ",
    "> ",
    "$a",
    "**a ",
    "[\n",
    "- \n",
    " ",
    "`a",
    "[a](",
    "<a ",
    "a*b",
    "$$\n",
]


@pytest.mark.parametrize("mark", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "a{}a", "| a |\n{}", "1. {}x"])
def test_a_hundred_thousand_characters_of_anything_are_soon_done(mark, around):
    # No clock: where the time grew with the square of the length, this took minutes or more.
    text = around.format(mark * (100_000 // len(mark)))
    stream = MarkdownStream()
    stream.feed(text)
    safe_tail(stream)
    assert letters("".join(split(text))) == letters(text)
