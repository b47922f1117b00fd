"""The offline assistant's tour: which words of the user lead to which answer. The answers are the Markdown files here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from chatkit_app.assistant.speech import Act, Call, Fail, Say, Think
from chatkit_app.assistant.tools import find_zone
from chatkit_app.chatkit.errors import CustomStreamError
from chatkit_app.i18n import fill

_PAGES = Path(__file__).parent
_SUM = re.compile(r"[-+(]*\d[\d\s.()]*[-+*/%^][-+*/%^\d\s.()]*")
_LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Question:
    """What the user asks for, and what there is to answer it with."""

    text: str
    """The user's last message."""
    tools: Sequence[str] = ()
    """Names of the tools at hand."""
    again: bool = False
    """This very question failed before."""


@dataclass(frozen=True)
class Stop:
    """A stop of the tour."""

    words: re.Pattern[str]
    """Words in a message that lead here; the stop with most of them wins, the first of equals."""
    acts: Callable[[Question], list[Act]]
    next: str
    """What the footer suggests to ask for afterwards."""


def answer(question: Question) -> list[Act]:
    """What the tour does about a question."""
    question = replace(question, text=question.text[:_LONGEST_QUESTION])
    stop = choose_stop(question.text)
    *before, last = stop.acts(question)
    return [*before, Say(last.text + _footer(stop.next))] if isinstance(last, Say) and stop.next else [*before, last]


def answer_tool(output: str) -> list[Act]:
    """What the tour says when a tool it called has answered."""
    return [Say(_page("tool", output=output) + _footer("a long answer"))]


def choose_stop(text: str) -> Stop:
    """Where a message leads: the overview when it names no stop."""
    hits = [len(stop.words.findall(text)) for stop in STOPS]
    best = max(hits)
    return STOPS[hits.index(best)] if best else _OVERVIEW


def _overview(question: Question) -> list[Act]:
    return [Say(_page("overview"))]


def _connect(question: Question) -> list[Act]:
    return [Say(_page("connect"))]


def _markdown(question: Question) -> list[Act]:
    return [Say(_page("markdown"))]


def _thinking(question: Question) -> list[Act]:
    return [Think(_page("thoughts")), Say(_page("thinking"))]


def _tool(question: Question) -> list[Act]:
    name, arguments = "current_time", {"zone": _zone_in(question.text)}
    if expression := _sum_in(question.text):
        name, arguments = "calculate", {"expression": expression}
    if name not in question.tools:
        return [Say(_page("no_tool", name=name))]
    return [Call(name, arguments)]


def _error(question: Question) -> list[Act]:
    if question.again:
        return [Say(_page("failed"))]
    return [
        Say(_page("failing")),
        Fail(CustomStreamError("The answer broke off, as the tour promised. Try again.", allow_retry=True)),
    ]


def _long(question: Question) -> list[Act]:
    return [Say(_page("long"))]


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


_OVERVIEW = Stop(_words("tour|overview|help"), _overview, next="")
STOPS = [
    Stop(_words("error|fail|retry|try again|break|broke|crash|wrong"), _error, next="Markdown"),
    Stop(_words(r"tools?\b|time\b|clock|what is \d|calculat|compute|sum\b|\d+ ?[*+/^] ?\(?\d"), _tool, next=""),
    Stop(_words("think|thought|reason|plan\\b|garden"), _thinking, next="a tool"),
    Stop(_words("long|essay|story|article|scroll|1,?500|words"), _long, next="an error"),
    Stop(
        _words("markdown|rich|format|table|code|formula|latex|math|heading|list|quot|image|picture|link"),
        _markdown,
        next="thinking",
    ),
    Stop(_words("connect|api|keys?\\b|real|ollama|llama|openai|local|settings?|model"), _connect, next=""),
    _OVERVIEW,
]


def _sum_in(text: str) -> str:
    found = _SUM.search(text)
    expression = found[0].strip(" .\n") if found else ""
    while expression.count(")") > expression.count("("):
        expression = "".join(expression.rsplit(")", 1)).strip()
    return expression


def _zone_in(text: str) -> str:
    words = re.findall(r"[\w/]+", text)
    phrases = [" ".join(words[i : i + size]) for size in (3, 2, 1) for i in range(len(words) - size + 1)]
    return next((zone for phrase in phrases if len(phrase) > 3 and (zone := find_zone(phrase))), "UTC")


def _footer(following: str) -> str:
    return "\n\n" + _page("footer", next=following)


def _page(page: str, **values: str) -> str:
    return fill(_read(page), **values)


@cache
def _read(page: str) -> str:
    return (_PAGES / f"{page}.md").read_text(encoding="utf-8").strip()
