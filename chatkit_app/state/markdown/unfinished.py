"""The end of a text that is still arriving, made safe to show.

What has begun and is not complete is shown as what it will most likely be: open emphasis and code are closed, an open link is its text,
and what cannot be guessed yet (a heading's `#`, half a table, half a formula) waits until it can be.
"""

from __future__ import annotations

import re
from itertools import takewhile

from chatkit_app.state.markdown.blocks import MarkdownStream, written
from chatkit_app.state.markdown.formulas import prepare
from chatkit_app.state.markdown.inline import closed

# What may still become a heading, list item, rule, quote, fence or table when the next character comes.
_UNDECIDED = re.compile(r"(?:\d{1,9}[.)]\s)?[-=*_~`+:|>#$\\\s]*(?:\d{1,9}[.)]?|\[[ xX]?\]?)?")
_FENCE = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3,}[^`]*|~{3,}.*)")
_TABLE_ROW = re.compile(r"[ \t]*\|")
_RULE_SO_FAR = re.compile(r"[-:|\s]*")
# Where text begins in a line that begins a block of its own; marks before it are not of that text.
_BLOCK_START = re.compile(r"[ \t>]*(?:(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+)+(?:\[[ xX]\][ \t]+)?|\|(?:.*\|)?)")

LONGEST_HEAD = 300
"""Characters of a line beginning with `|` that wait for what tells whether it is the head of a table."""


def safe_tail(stream: MarkdownStream) -> str:
    """What of the growing block can be shown now without a flash of raw syntax."""
    lines, leaf = stream.finished_lines, stream.leaf
    if leaf is None:
        begin = next((n for n in range(len(lines), 0, -1) if lines[n - 1][1] or not lines[n - 1][0].strip()), 0)
        growing = _decided([*(line for line, _ in lines[begin:]), stream.last_line])
        return _joined(written(lines[:begin]), prepare(_safe("\n".join(growing))))
    if leaf.kind == "formula":
        return written([*takewhile(lambda line: line[1] is not leaf, lines)])
    perhaps_the_end = leaf.kind == "code" and not stream.last_line.strip().strip("`~")
    return _joined(written(lines), "" if perhaps_the_end else stream.last_line)


def _joined(settled: str, growing: str) -> str:
    return f"{settled}\n{growing}" if settled and growing.strip() else settled or growing


def _decided(lines: list[str]) -> list[str]:
    last = lines[-1].strip()
    if _UNDECIDED.fullmatch(last) or _FENCE.fullmatch(last):
        lines = lines[:-1]
    head = next((n for n, line in enumerate(lines) if _TABLE_ROW.match(line)), None)
    if head is not None and all(_RULE_SO_FAR.fullmatch(line) for line in lines[head + 1 : head + 2]):
        below = len(lines) - head - 1
        if below < 2 and not (below and lines[-1]) and len(lines[head]) <= LONGEST_HEAD:
            return lines[:head]
    return lines


def _safe(text: str) -> str:
    """The text with its last paragraph, list item, heading or cell closed."""
    begin, line_start = 0, 0
    for line in text.split("\n"):
        if start := _BLOCK_START.match(line):
            begin = line_start + start.end()
        line_start += len(line) + 1
    return text[:begin] + closed(text[begin:])
