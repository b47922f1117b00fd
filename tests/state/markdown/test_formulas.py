"""Formulas get the renderer's mark; money and code are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.state.markdown import prepare, split


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("so $x$ is", "so $$x$$ is"),
        ("so \\(x\\) is", "so $$x$$ is"),
        ("so \\( a + b \\) is", "so $$a + b$$ is"),
        ("so \\[x\\] is", "so $$x$$ is"),
        ("so $$x$$ is", "so $$x$$ is"),
        ("($n$-th), $k$.", "($$n$$-th), $$k$$."),
        ("\\(a\nb\\)", "$$a b$$"),
        ("\\[\nx\n\\]", "$$\nx\n$$"),
        ("\\[x\\]", "$$\nx\n$$"),
        ("$$x$$", "$$\nx\n$$"),
        ("$$x\n+ y$$", "$$\nx\n+ y\n$$"),
        ("so\n\\[ x \\]\nand", "so\n$$\nx\n$$\nand"),
        ("so \\[\nx\n\\] and", "so $$x$$ and"),
        ("- a\n  \\[\n  x\n  \\]\n- b", "- a\n  $$\n  x\n  $$\n- b"),
        ("- $$x$$", "- $$\n  x\n  $$"),
        ("> \\[\n> x\n> \\]", "> $$\n> x\n> $$"),
        ("$x$ costs $5 and $10", "$$x$$ costs $5 and $10"),
    ],
)
def test_a_formula_is_written_with_two_dollars(written, shown):
    assert prepare(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "$5-$10",
        "from US$5 to A$6",
        "$ 5 or 5 $",
        "$HOME/$USER",
        "$AAPL, $TSLA",
        "\\$x\\$",
        "`$x$` and ``\\(y\\)``",
        "```\n$x$\n```",
        "~~~sh\necho $a $b\n~~~",
        "\\(never closed",
        "empty \\(\\) and \\[ \\]",
        "a $x\ny$ b",
    ],
)
def test_what_is_no_formula_is_left_alone(text):
    assert prepare(text) == text


@pytest.mark.parametrize("dollars", ["$$", "$$$", "$$$$"])
def test_dollars_that_open_nothing_cannot_swallow_what_follows(dollars):
    assert prepare(f"{dollars} is dear") == "\\$" * len(dollars) + " is dear"


@pytest.mark.parametrize("code", ["```sh\necho $a$ \\(b\\)\n```", "~~~\n$a$\n\n$b$\n~~~"])
def test_code_inside_a_list_is_left_alone_while_its_prose_is_not(code):
    inside = code.replace("\n", "\n  ")
    assert split(f"- $x$\n  {inside}\n- $y$") == [f"- $$x$$\n  {inside}\n- $$y$$"]


def test_indented_code_is_left_alone():
    assert split("    $x$\n\n    $$\n\n$y$") == ["    $x$\n\n    $$", "$$y$$"]


@given(st.text("$\\()[]`a1 \n"))
def test_letters_and_digits_are_never_lost(text):
    def letters(text):
        return [character for character in text if character.isalnum()]

    assert letters(prepare(text)) == letters(text)
