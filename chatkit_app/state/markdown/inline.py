"""Emphasis, code and links that have begun and are not complete."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from chatkit_app.state.markdown.formulas import Span, spans

_MARK = re.compile(r"\\[\s\S]|\*+|_+|~+|!?\[|\]\(?")
_AUTOLINK = re.compile(r"<(?=(?:https?:|mailto:)[^\s<>]*\Z)")
LONGEST_LABEL = 300
"""Characters after an open `[` in which a link is still expected."""


def closed(text: str) -> str:
    """The text of one paragraph as it is most likely meant, when more of it is to come."""
    opaque = list(spans(text, growing=True))
    code = ""
    if opaque and opaque[-1].open:
        last = opaque.pop()
        text, code = text[: last.start], _closed_code(text[last.start :]) if last.kind == "code" else ""
        text = text if code else text.rstrip()
    inline = _Inline(text, bool(code))
    inline.read(opaque)
    return inline.shown(code)


def _closed_code(text: str) -> str:
    inside = text.lstrip("`")
    ticks = text[: len(text) - len(inside)]
    inside = inside.rstrip("`")
    return f"{ticks}{inside}{ticks}" if inside.strip() else ""


@dataclass
class _Opener:
    mark: str
    count: int
    start: int
    end: int
    """Where the text it opens begins."""


@dataclass
class _Inline:
    """One reading of a paragraph from its first mark to its last."""

    text: str
    goes_on: bool
    """Whether something follows the text, so that its last mark is not at the end."""
    openers: list[_Opener] = field(default_factory=list)
    of_mark: Counter[str] = field(default_factory=Counter)
    brackets: list[re.Match[str]] = field(default_factory=list)
    end: int = 0
    """Where what can be shown ends."""

    def read(self, opaque: list[Span]) -> None:
        """Find what is open at the end. Marks inside of code, formulas and addresses are none."""
        self.end = len(self.text)
        position, ahead = 0, iter(opaque)
        span = next(ahead, None)
        while mark := _MARK.search(self.text, position):
            while span is not None and span.end <= mark.start():
                span = next(ahead, None)
            if span is not None and span.start <= mark.start():
                position = span.end
            elif mark[0][0] in "*_~":
                position = self._emphasis(mark)
            elif mark[0][0] == "\\":
                position = mark.end()
            else:
                position = self._bracket(mark)

    def shown(self, code: str) -> str:
        """The text up to its end, with everything closed that is open there."""
        text = self.text[: self.end]
        if self.brackets:
            text = self._without_open_bracket(text)
        if not code:
            text = _AUTOLINK.sub("", text[:-1] if _ends_in_escape(text) else text)
            while self.openers and not text[self.openers[-1].end :].strip():
                text = text.rstrip()[: -self.openers.pop().count]
        closing = "".join(opener.mark * opener.count for opener in reversed(self.openers))
        return (text + code if code else text.rstrip() if closing else text) + closing

    def _emphasis(self, mark: re.Match[str]) -> int:
        start, end, kind = mark.start(), mark.end(), mark[0][0]
        if end == len(self.text) and not self.goes_on:
            self.end = start  # It may have more characters yet. If it closes something, that is closed without it.
            return end
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else "`"
        opens, closes = _flanks(kind, before, after)
        count = self._close(kind, len(mark[0])) if closes else len(mark[0])
        if count and opens and not (count == 1 and before.isalnum()) and not (kind == "~" and count > 2):
            self.openers.append(_Opener(kind, count, start, end))
            self.of_mark[kind] += 1
        return end

    def _close(self, kind: str, count: int) -> int:
        while count and self.of_mark[kind]:
            while self.openers[-1].mark != kind:
                self.of_mark[self.openers.pop().mark] -= 1
            used = min(2, count, self.openers[-1].count)
            self.openers[-1].count -= used
            count -= used
            if not self.openers[-1].count:
                self.openers.pop()
                self.of_mark[kind] -= 1
        return count

    def _bracket(self, mark: re.Match[str]) -> int:
        if mark[0][-1] == "[":
            self.brackets.append(mark)
        elif self.brackets:
            close = self.text.find(")", mark.end()) if mark[0] == "](" else mark.end() - (mark.end() == len(self.text))
            if close < 0 or close < mark.end():
                self.end = mark.start()
                return len(self.text)
            self.brackets.pop()
            return close + (mark[0] == "](")
        return mark.end()

    def _without_open_bracket(self, text: str) -> str:
        bracket = self.brackets[-1]
        label = text[bracket.end() :]
        if "\n" in label or len(label) > LONGEST_LABEL:
            return text
        if bracket[0] == "[":
            for opener in self.openers:
                opener.end -= opener.end > bracket.start()
            return text[: bracket.start()] + label
        self.end = bracket.start()
        self.openers = [opener for opener in self.openers if opener.start < self.end]
        return text[: self.end]


def _flanks(kind: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a run of marks between these two characters can open and can close emphasis: CommonMark's rule."""
    left = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
    right = not before.isspace() and (not _is_punctuation(before) or after.isspace() or _is_punctuation(after))
    if kind != "_":
        return left, right
    return left and (not right or _is_punctuation(before)), right and (not left or _is_punctuation(after))


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _ends_in_escape(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1
