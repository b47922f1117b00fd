"""Where Markdown that is still arriving can be cut, so that its finished blocks never change again."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby

from chatkit_app.state.markdown.formulas import prepare

_MARKER = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])(?=[ \t]|$)")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*$")
_ROW = re.compile(r" {0,3}\|.*\|[ \t]*$")
_QUOTE = re.compile(r" {0,3}>")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_FORMULA = re.compile(r" {0,3}(?:\$\$(?!\$)((?:(?!\$\$).)*)|\\\[((?:(?!\\\]).)*))$")
_HTML = re.compile(
    r" {0,3}<(?:(script|pre|style|textarea)(?=[\s>]|$)|(!--)|(\?)|(!\[CDATA\[)|(![A-Za-z]))", re.IGNORECASE
)
_HTML_ENDS = (
    re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    *map(re.compile, (r"-->", r"\?>", r"\]\]>", ">")),
)
_HTML_BLOCK = re.compile(
    r" {0,3}</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    r"|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav"
    r"|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(r" {0,3}(?:<[A-Za-z][\w-]*(?:\s[^<>]*)?>|</[A-Za-z][\w-]*\s*>)[ \t]*$")

# References (`[1]: url`, `[^1]: note`) reach across the whole text, so a text that defines some is never cut.
_DEFINITION = re.compile(r"^[ \t>*+.)\d-]{0,40}\[(?:\\.|[^\[\]\\]){1,999}\]:", re.MULTILINE)

DEEPEST = 40
"""Lists inside of one another that are told apart."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """A block of lines that are not read as text."""

    kind: str
    """`code`, `formula`, `html`, or `indented` for code without a fence."""
    end: re.Pattern[str] | None = None
    """Found in its last line, if that has a mark."""
    patient: bool = True
    """Whether it goes on after a blank line."""


@dataclass
class MarkdownStream:
    """Cuts Markdown into blocks while it arrives.

    `feed` takes text in pieces of any size; `blocks` are finished (they never change again), `tail` is the rest. However the same text
    is cut into pieces, the same blocks come out. With `whole` there is one block only.
    """

    whole: bool = False
    blocks: list[str] = field(default_factory=list)
    leaf: Leaf | None = None
    """What the tail is inside of: code or a formula that is not closed."""
    _lines: list[tuple[str, Leaf | None]] = field(default_factory=list)
    _partial: str = ""
    _items: list[int] = field(default_factory=list)
    """The columns where the open list items' own text begins, the outermost first."""
    _blank: bool = False
    """Whether the last line was blank, in something that may go on after it."""
    _paragraph: bool = False
    """Whether the last line belongs to a paragraph, which the next line may continue."""
    _quote: bool = False
    """Whether the last line belongs to a quotation."""
    _empty_item: bool = False
    """Whether the last line is a list item that says nothing yet."""

    @property
    def tail(self) -> str:
        """The block that is still growing, as it was written."""
        return "\n".join([*(line for line, _ in self._lines), self._partial])

    @property
    def finished_lines(self) -> list[tuple[str, Leaf | None]]:
        """The whole lines of the tail, each with what it is inside of."""
        return self._lines

    @property
    def last_line(self) -> str:
        """The line that is still growing."""
        return self._partial.removesuffix("\r")

    def feed(self, text: str) -> None:
        """Take more text. A `\\r\\n` counts as one line end."""
        lines = (self._partial + text).split("\n")
        self._partial = lines.pop()
        for line in lines:
            self._line(line.removesuffix("\r"))

    def finish(self) -> list[str]:
        """All blocks, the tail included; nothing may be fed afterwards."""
        if self._partial:
            self._line(self._partial.removesuffix("\r"))
            self._partial = ""
        self._cut(at_end=True)
        return self.blocks

    def _line(self, line: str) -> None:
        if not line.strip(" \t"):
            self._blank_line(line)
            return
        rest, depth = self._inside_of(line)
        if self.leaf is not None and depth == len(self._items) and self._goes_on(rest):
            self._keep(line)
            self._end_leaf(rest)
            return
        self.leaf = None
        if depth < len(self._items) and self._paragraph and not _begins_block(rest):
            self._keep(line)  # A paragraph in a list goes on even if its next line is not indented.
            return
        was_list = bool(self._items)
        self._paragraph = self._paragraph and depth == len(self._items)
        del self._items[depth:]
        self._begin(line, rest, was_list)

    def _inside_of(self, line: str) -> tuple[str, int]:
        """How many of the open list items the line is in, and the line as it reads inside of them."""
        text = line.lstrip(" \t")
        indent = len(line[: len(line) - len(text)].expandtabs(4))
        depth = bisect_right(self._items, indent)
        return " " * (indent - (self._items[depth - 1] if depth else 0)) + text, depth

    def _goes_on(self, rest: str) -> bool:
        return self.leaf is not None and (self.leaf.kind != "indented" or rest.startswith("    "))

    def _end_leaf(self, rest: str) -> None:
        if self.leaf is not None and self.leaf.end is not None and self.leaf.end.search(rest):
            markdown_again = self.leaf.kind != "html"  # What follows HTML on the next line still belongs to its block.
            self.leaf = None
            if markdown_again and not self._items:
                self._cut()

    def _blank_line(self, line: str) -> None:
        self._paragraph = False
        if self.leaf is not None and not self.leaf.patient:
            self.leaf = None
        if self._empty_item:
            self._empty_item = False
            self._items.pop()  # An item may begin with a blank line, but then has no more than that.
            self._blank = True
        if not self._lines:
            return
        if self.leaf is not None or self._items or self._blank or self.whole:
            self._blank = self.leaf is None or self.leaf.kind == "indented"
            self._keep(line)
        else:
            self._cut()

    def _begin(self, line: str, rest: str, was_list: bool) -> None:
        rest, is_item = self._enter_items(rest)
        if not self._items and (was_list or self._blank):
            self._cut()
        self._blank = False
        heading = _HEADING.match(rest) is not None
        leaf = _leaf_of(rest, self._paragraph and not is_item)
        if not self._items and (heading or (leaf is not None and leaf.kind in ("code", "formula"))):
            self._cut()
        self.leaf = leaf
        self._keep(line)
        lazily = self._quote and self._paragraph and not is_item
        self._paragraph = leaf is None and _is_paragraph(rest)
        self._quote = _QUOTE.match(rest) is not None or (lazily and self._paragraph)
        if heading and not self._items:
            self._cut()
        elif leaf is not None and leaf.kind == "html":
            self._end_leaf(rest)

    def _enter_items(self, rest: str) -> tuple[str, bool]:
        is_item = False
        while len(self._items) < DEEPEST and not _RULE.match(rest) and (marker := _MARKER.match(rest)):
            after = rest[marker.end() :]
            text = after.lstrip(" \t")
            if self._paragraph and not self._quote and not is_item and (not text or marker[2][:-1] not in ("", "1")):
                break  # "…, born in\n1984. A good year": inside a paragraph only an item that counts from 1 and says something is one.
            column = marker.end() + (self._items[-1] if self._items else 0)
            gap = len((" " * column + after[: len(after) - len(text)]).expandtabs(4)) - column
            own = gap if text and gap <= 4 else 1
            self._items.append(column + own)
            rest, is_item = " " * (gap - own) + text, True
        self._empty_item = is_item and not rest.strip()
        return rest, is_item

    def _keep(self, line: str) -> None:
        self._lines.append((line, self.leaf))

    def _cut(self, *, at_end: bool = False) -> None:
        if self.whole and not at_end:
            return
        while self._lines and not self._lines[-1][0].strip(" \t") and not _is_verbatim(self._lines[-1][1]):
            self._lines.pop()
        if self._lines:
            self.blocks.append(written(self._lines))
            self._lines = []
        self._blank = self._paragraph = False


def written(lines: list[tuple[str, Leaf | None]]) -> str:
    """Lines as the renderer takes them: formulas in its own marks, code as it is."""
    parts = []
    for leaf, group in groupby(lines, key=lambda line: line[1]):
        taken = [line for line, _ in group]
        if leaf is None:
            parts.append(prepare("\n".join(taken)))
        elif (
            leaf.kind == "formula"
        ):  # A blank line would end the paragraph that the formula is to the renderer, and is an error in TeX.
            parts.append(prepare("\n".join(line for line in taken if line.strip())))
        else:
            parts.append("\n".join(taken))
    return "\n".join(parts)


def _is_verbatim(leaf: Leaf | None) -> bool:
    return leaf is not None and leaf.kind in ("code", "html")


def _begins_block(rest: str) -> bool:
    if rest.startswith("    "):
        return False
    starts = (_MARKER, _RULE, _HEADING, _QUOTE, _FENCE, _FORMULA, _HTML, _HTML_BLOCK)
    return any(start.match(rest) for start in starts)


def _is_paragraph(rest: str) -> bool:
    inner = rest.lstrip(" >") if _QUOTE.match(rest) else rest
    return bool(inner.strip()) and not any(start.match(inner) for start in (_HEADING, _RULE, _UNDERLINE, _FENCE, _ROW))


def _leaf_of(rest: str, in_paragraph: bool) -> Leaf | None:
    if rest.startswith("    "):
        return None if in_paragraph else Leaf("indented")
    if fence := _FENCE.match(rest):
        mark = fence[1] or fence[2]
        return Leaf("code", re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$"))
    if formula := _FORMULA.match(rest):
        end = r"\$\$" if formula[1] is not None else r"\\\]"
        # With its first line on the opening mark's own it may as well be prose: then a blank line tells that it was.
        return Leaf("formula", re.compile(end), patient=not (formula[1] or formula[2] or "").strip())
    if html := _HTML.match(rest):
        return Leaf("html", _HTML_ENDS[next(n for n, found in enumerate(html.groups()) if found)])
    if _HTML_BLOCK.match(rest) or (not in_paragraph and _HTML_TAG.match(rest)):
        return Leaf("html", patient=False)
    return None


def split(text: str) -> list[str]:
    """The blocks of a finished text. Texts with reference or footnote definitions stay in one piece."""
    stream = MarkdownStream(whole=_DEFINITION.search(text) is not None)
    stream.feed(text)
    return stream.finish()
