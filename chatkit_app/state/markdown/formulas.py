"""Formulas, however a model writes them, as the one mark the renderer takes: `$$…$$`.

A formula that has its lines to itself is drawn as a block, one inside a sentence as part of it. Code and money are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK_LINE = re.compile(r"(\n[ \t]*(?=\n))")
_CODE_BLOCK = re.compile(r" {0,3}(?:```|~~~)")
_TICKS = re.compile(r"`+")
_MARK = re.compile(r"\\[\s\S]|`+|\$+")
# A single dollar opens a formula only tight before its first character and closes only tight behind its last, with no letter or digit
# on the outer side: so "$5 and $10" stays money and "$HOME/$USER" stays what it is.
_DOLLARS = re.compile(r"(?<!\w)\$(?=[^\s$])(?P<inside>[^$\n]*)(?<=[^\s\\])\$(?![\w$])")
_GROWING_DOLLAR = re.compile(r"(?<!\w)\$(?=[A-Za-z\\({|])[^$\n]{0,80}\Z")
_OWN_LINE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}


@dataclass(frozen=True)
class Span:
    """Text from `start` to `end` in which no other mark means anything."""

    kind: str
    """`code`, `formula`, or `dollars`: two or more that open nothing."""
    start: int
    end: int
    inside: str = ""
    """What is between the marks of a formula."""
    open: bool = False
    """Whether its closing mark is missing, so that it goes on to the end."""


def prepare(text: str) -> str:
    """Write every formula of a block as `$$…$$`. A block of code is left as it is."""
    if _CODE_BLOCK.match(text) or not ("$" in text or "\\(" in text or "\\[" in text):
        return text
    return "".join(part if part.isspace() else _paragraph(part) for part in _BLANK_LINE.split(text))


def _paragraph(text: str) -> str:
    written, done = [], 0
    for span in spans(text):
        written.append(text[done : span.start])
        written.append(_rewritten(text, span))
        done = span.end
    return "".join([*written, text[done:]])


def _rewritten(text: str, span: Span) -> str:
    if span.kind == "dollars":
        return "\\$" * (
            span.end - span.start
        )  # Left bare at the start of a line they would make a formula of all that follows.
    if span.kind == "code" or span.open:
        return text[span.start : span.end]
    own = _prefix_of_own_line(text, span) if text.startswith(("$$", "\\["), span.start) else None
    if own is None:
        return f"$${' '.join(span.inside.split())}$$"
    lines = [line.strip() for line in span.inside.split("\n")]
    if ">" in own:
        lines = [line.lstrip("> \t") for line in lines]
    return f"\n{own}".join(["$$", *filter(None, lines), "$$"])


def _prefix_of_own_line(text: str, span: Span) -> str | None:
    """What stands before every line of a formula that shares its lines with nothing else, None if it does share them."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    end = text.find("\n", span.end)
    if text[span.end : None if end < 0 else end].strip() or not _OWN_LINE.fullmatch(before):
        return None
    return re.sub(r"[^\s>]", " ", before)


def spans(text: str, *, growing: bool = False) -> Iterator[Span]:
    """The code and the formulas of a paragraph in order; marks inside one do not count.

    While the paragraph grows, a mark that is not closed yet opens a last span up to the end.
    """
    ticks: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        ticks.setdefault(len(run[0]), []).append(run.start())
    position, missing = 0, set[str]()
    while mark := _MARK.search(text, position):
        span = _code(mark, ticks) if mark[0][0] == "`" else _formula(text, mark, missing)
        if span is None and growing and _opens(text, mark, missing):
            span = Span("code" if mark[0][0] == "`" else "formula", mark.start(), len(text), open=True)
        if span is None and mark[0].startswith("$$"):
            span = Span("dollars", mark.start(), mark.end())
        if span is not None:
            yield span
        position = mark.end() if span is None else span.end


def _code(mark: re.Match[str], ticks: dict[int, list[int]]) -> Span | None:
    same = ticks.get(len(mark[0]), [])
    following = bisect_right(same, mark.start())
    return Span("code", mark.start(), same[following] + len(mark[0])) if following < len(same) else None


def _formula(text: str, mark: re.Match[str], missing: set[str]) -> Span | None:
    start, end = mark.span()
    if mark[0] == "$":
        dollars = _DOLLARS.match(text, start)
        return Span("formula", start, dollars.end(), dollars["inside"]) if dollars else None
    closing = _CLOSING.get(mark[0])
    if closing is None or closing in missing:
        return None
    close = text.find(closing, end)
    if close < 0:
        missing.add(closing)  # Looked for once: a text of nothing but opening marks must not be searched for each.
        return None
    inside = text[end:close].replace("$$", "")
    return Span("formula", start, close + len(closing), inside) if inside.strip() else None


def _opens(text: str, mark: re.Match[str], missing: set[str]) -> bool:
    if mark[0] == "$":
        return _GROWING_DOLLAR.match(text, mark.start()) is not None
    return mark[0][0] == "`" or _CLOSING.get(mark[0]) in missing
