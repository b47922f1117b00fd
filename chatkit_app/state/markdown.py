"""Markdown that grows: finished blocks and one tail.

A streamed answer is re-parsed on every flush, so only its last block may change. This module cuts Markdown at boundaries where parsing
the pieces apart gives what parsing the whole would, and makes the unfinished end safe to show (an open `**`, link or table must not
flash its raw syntax). Pure: no clock, no state class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s|$)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*\S")
_HTML = re.compile(r"^ {0,3}<[A-Za-z/!?]")

# A document of references (`[1]: url`, `[^1]: note`) only means something whole; it is never cut.
_NEEDS_WHOLE = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)


@dataclass
class MarkdownStream:
    """Cuts Markdown into blocks while it arrives.

    `feed` takes text in pieces of any size; `blocks` are finished (they never change again), `tail` is the rest. However the same text
    is cut into pieces, the same blocks come out.
    """

    blocks: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _partial: str = ""
    _fence: str = ""
    _math: str = ""
    _list: bool = False
    _blank: bool = False

    @property
    def tail(self) -> str:
        """The block that is still growing, as it was written."""
        return "\n".join([*self._lines, self._partial]) if self._lines else self._partial

    @property
    def in_code(self) -> bool:
        """Whether the tail is inside a fenced code block."""
        return bool(self._fence)

    @property
    def in_math(self) -> bool:
        """Whether the tail is inside a formula block."""
        return bool(self._math)

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
        self._cut()
        return self.blocks

    def _line(self, line: str) -> None:
        if self._fence:
            self._inside_fence(line)
        elif self._math:
            self._inside_math(line)
        elif not line.strip():
            self._blank_line()
        else:
            self._text_line(line)

    def _inside_fence(self, line: str) -> None:
        self._lines.append(line)
        mark = line.strip()
        if mark.startswith(self._fence) and not mark.strip(self._fence[0]):
            self._fence = ""
            if not self._list:
                self._cut()

    def _inside_math(self, line: str) -> None:
        self._lines.append(line)
        if line.rstrip().endswith(self._math):
            self._math = ""
            if not self._list:
                self._cut()

    def _blank_line(self) -> None:
        if not self._lines:
            return
        if self._list:
            # A list goes on after a blank line if the next line is indented or an item; only that line can tell.
            self._blank = True
            self._lines.append("")
        else:
            self._cut()

    def _text_line(self, line: str) -> None:
        if self._blank:
            self._blank = False
            if not (line.startswith(("  ", "\t")) or _LIST_ITEM.match(line)):
                self._cut()
        self._open(line)
        self._lines.append(line)
        if _HEADING.match(line) and not self._list and len(self._lines) == 1:
            self._cut()

    def _open(self, line: str) -> None:
        fence, stripped = _FENCE.match(line), line.strip()
        if fence or _indented_fence(line, self._list):
            mark = fence.group(2) if fence else stripped[: len(stripped) - len(stripped.lstrip(stripped[0]))]
            if not (mark[0] == "`" and "`" in stripped[len(mark) :]):
                if not self._list:
                    self._cut()
                self._fence = mark
        elif stripped.startswith("$$") and (stripped == "$$" or not stripped.endswith("$$")):
            self._open_math("$$")
        elif stripped.startswith("\\[") and not stripped.endswith("\\]"):
            self._open_math("\\]")
        elif _LIST_ITEM.match(line):
            self._list = True
        elif _HEADING.match(line) and not self._list:
            self._cut()

    def _open_math(self, end: str) -> None:
        if not self._list:
            self._cut()
        self._math = end

    def _cut(self) -> None:
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        if self._lines:
            self.blocks.append(prepare("\n".join(self._lines)))
            self._lines = []
        self._list = self._blank = False


def _indented_fence(line: str, in_list: bool) -> bool:
    return in_list and line.lstrip().startswith(("```", "~~~"))


def split(text: str) -> list[str]:
    """The blocks of a finished text. Texts with reference or footnote definitions stay in one piece."""
    if _NEEDS_WHOLE.search(text):
        return [prepare(text)]
    stream = MarkdownStream()
    stream.feed(text)
    return stream.finish()


# --- formulas -----------------------------------------------------------------------------------------------------------------

_CODE_OR_MATH = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?<!`)(?P=ticks)(?!`))"
    r"|\\\((?P<paren>.+?)\\\)"
    r"|\\\[(?P<bracket>.+?)\\\]"
    r"|(?P<kept>\$\$.+?\$\$)"
    # A single dollar opens a formula only tight before its first character and closes only tight behind its last, not before a digit:
    # so "$5 and $10" stays money.
    r"|(?<![\\$\w])\$(?P<dollar>(?=[^\s$])[^$\n]*?(?<=[^\s\\$]))\$(?![\d$])",
    re.DOTALL,
)


def prepare(block: str) -> str:
    """Write every formula of a block as `$$…$$`, the only mark the renderer takes, and leave code and money alone."""
    if _FENCE.match(block) or not ("$" in block or "\\(" in block or "\\[" in block):
        return block
    return _CODE_OR_MATH.sub(_as_double_dollars, block)


def _as_double_dollars(match: re.Match[str]) -> str:
    if match["paren"] is not None:
        return f"$${match['paren'].strip()}$$"
    if match["dollar"] is not None:
        return f"$${match['dollar']}$$"
    if match["bracket"] is not None:
        return f"$$\n{match['bracket'].strip()}\n$$"
    return match[0]


# --- the unfinished end -------------------------------------------------------------------------------------------------------

# What may still become a heading, list item, rule, quote, fence or table when the next character comes: better not shown yet.
_UNDECIDED_LINE = re.compile(
    r"^\s*(?:[-=*_]{1,3}|#{1,6}|>|\d{1,9}[.)]?|[-*+]|`{1,2}|~{1,2}|\[[ xX]?\]?|[-*+] \[[ xX]?)\s*$"
)
_OPEN_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]\n]*)(?:\](?:\([^()\n]*)?)?$")
_TABLE_ROW = re.compile(r"^\s*\|")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$")
_MARKS = ("***", "**", "__", "~~", "*", "_")
_DANGLING = re.compile(r"(?:(?<=\s)|^)(?:[*_~$]{1,3}|\\)$|\\$")
_INLINE_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def safe_tail(stream: MarkdownStream) -> str:
    """What of the growing block can be shown now without a flash of raw syntax."""
    tail = stream.tail
    if stream.in_code:
        return tail
    if stream.in_math:
        return tail[: max(tail.rfind("$$"), tail.rfind("\\["))].rstrip() if _opens_late(tail) else ""
    return prepare(_close_inline(_hold_back(tail)))


def _opens_late(tail: str) -> bool:
    return not tail.lstrip().startswith(("$$", "\\["))


def _hold_back(tail: str) -> str:
    lines = tail.split("\n")
    if lines and _UNDECIDED_LINE.match(lines[-1]):
        lines.pop()
    table = next((i for i, line in enumerate(lines) if _TABLE_ROW.match(line)), None)
    if table is not None and (
        len(lines) < table + 3 and not (len(lines) > table + 1 and _TABLE_RULE.match(lines[table + 1]))
    ):
        lines = lines[:table]
    return "\n".join(lines)


def _close_inline(text: str) -> str:
    head, gap, last = text.rpartition("\n\n")
    last = _DANGLING.sub("", last)
    link = _OPEN_LINK.search(last)
    if link and _is_text(last, link.start()):
        last = last[: link.start()] + ("" if link["image"] else link["text"])
    for opener in ("\\(", "$$"):
        start = last.rfind(opener)
        if start >= 0 and (
            (opener == "\\(" and "\\)" not in last[start:]) or (opener == "$$" and last.count("$$") % 2)
        ):
            last = last[:start].rstrip()
    bare = _INLINE_CODE.sub("", last)
    if "`" in bare:
        tick = last.rfind("`")
        return head + gap + (last + "`" if last[tick + 1 :].strip() else last[:tick].rstrip("`"))
    return head + gap + _close_marks(last, bare)


def _is_text(line: str, position: int) -> bool:
    return "`" not in _INLINE_CODE.sub("", line[:position])


def _close_marks(last: str, bare: str) -> str:
    closing = ""
    for mark in _MARKS:
        count = len(re.findall(rf"(?<!\\){re.escape(mark)}(?=\S)|(?<=\S){re.escape(mark)}", bare))
        bare = bare.replace(mark, "")
        if mark == "_" or not count % 2:
            continue
        if last.endswith(mark):
            return last[: -len(mark)] + closing
        closing = mark + closing
    return last.rstrip() + closing if closing else last
