"""Markdown as hypothesis makes it up, out of what models write."""

from hypothesis import strategies as st

WORDS = st.sampled_from(["apple", "a *b* c", "**bold** and `code`", "two\nlines", "[link](https://a.example)", "1984"])


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else "" for line in text.split("\n"))


FENCES = st.builds(
    lambda mark, info, inside: f"{mark}{info}\n{inside}\n{mark}",
    st.sampled_from(["```", "~~~", "````"]),
    st.sampled_from(["", "py", "sh title=x"]),
    st.sampled_from(["x = 1", "a\n\nb", "# no heading\n\n- no list", "    ```", "```", "~~~\n\nz"]),
)
LEAVES = st.one_of(
    WORDS,
    FENCES,
    st.sampled_from(
        [
            "# Heading",
            "###### Six #",
            "Title\n=====",
            "Title\n---",
            "---",
            "* * *",
            "> quote\n> goes on",
            "> quote\nlazily",
            "> - item\n>\n> more",
            "> ```\n> code\n> ```",
            "| a | b |\n|---|:-:|\n| 1 | `2` |",
            "    code\n\n    more code",
            "<!-- a comment\n\nwith **a** gap -->",
            "<pre>\n\nkept\n</pre>",
            "<div>\n# no heading\n</div>",
            "<b>bold</b>",
            "line  \nbreak",
            "\\# no heading",
            "~~gone~~",
        ]
    ),
)


@st.composite
def lists(draw: st.DrawFn, leaves: st.SearchStrategy[str]) -> str:
    ordered, loose = draw(st.booleans()), draw(st.booleans())
    items = []
    for number, inside in enumerate(draw(st.lists(st.lists(leaves, min_size=1, max_size=3), min_size=1, max_size=3))):
        mark = f"{number + 1}." if ordered else "-"
        between = "\n\n" if loose else "\n"
        text = indented(between.join(inside), len(mark) + 1)
        items.append(mark + text[len(mark) :])
    return ("\n\n" if loose else "\n").join(items)


CONSTRUCTS = st.just("\tcode") | st.recursive(LEAVES, lists, max_leaves=4)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Blocks in any order, with or without a blank line between them, some of them indented."""
    text = ""
    for part in draw(st.lists(CONSTRUCTS, min_size=1, max_size=6)):
        text += indented(part, draw(st.sampled_from([0, 0, 0, 2, 3]))) + draw(
            st.sampled_from(["\n", "\n\n", "\n \n", "\n\n\n"])
        )
    return text.rstrip().replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
