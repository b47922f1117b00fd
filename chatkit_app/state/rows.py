"""What a thread looks like line by line: items of the protocol, as rows a component can draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from chatkit_app.chatkit.types import (
    AssistantMessageItem,
    CustomSummary,
    DurationSummary,
    GeneratedImageItem,
    Task,
    TaskItem,
    ThreadItem,
    URLSource,
    UserMessageContent,
    UserMessageItem,
    Workflow,
    WorkflowItem,
)
from chatkit_app.i18n import fill
from chatkit_app.state.markdown import split

Words = dict[str, str]


class LinkRow(TypedDict):
    """A source of an answer or of a step."""

    title: str
    url: str


class TaskRow(TypedDict):
    """One step of a workflow."""

    title: str
    status: str
    blocks: list[str]
    queries: list[str]
    links: list[LinkRow]


class Row(TypedDict):
    """One line of the thread. Every row has every key, so that what draws it need not ask."""

    key: str
    """Identity on the page; stays when the server gives the item its own id."""
    id: str
    kind: str
    """`user`, `assistant`, `workflow`, `image` or `unsupported`."""
    text: str
    """What the user wrote, or the one line a folded row shows."""
    quote: str
    files: list[str]
    blocks: list[str]
    """Finished Markdown; empty while `live`."""
    tasks: list[TaskRow]
    links: list[LinkRow]
    src: str
    live: bool
    """Whether its text is still being written, and so is in `AnswerState`."""
    open: bool
    """Whether a workflow is shown unfolded."""
    ends_turn: bool
    """Whether the buttons for the answer stand below this row."""
    asked: str
    """Id of the user message this row answers, empty if there is none."""
    feedback: str


def row(item_id: str, kind: str, **given: Any) -> Row:
    """A row with these values and nothing else."""
    empty: Row = {
        "key": item_id, "id": item_id, "kind": kind, "text": "", "quote": "", "files": [], "blocks": [], "tasks": [], "links": [],
        "src": "", "live": False, "open": False, "ends_turn": False, "asked": "", "feedback": "",
    }  # fmt: skip
    return {**empty, **given}  # type: ignore[typeddict-item]


def rows_of(items: Iterable[ThreadItem], said: Words, *, live: str | None = None, ended: bool = True) -> list[Row]:
    """The rows of items in order. `live` names the item whose text is left out; `ended` says that the last turn is complete."""
    drawn = [r for item in items if (r := _row_of(item, said, item.id == live)) is not None]
    return mark_turns(drawn, ended=ended)


def mark_turns(rows: list[Row], *, ended: bool) -> list[Row]:
    """The same rows, each knowing which message it answers, and the last of each turn carrying the buttons."""
    asked = ""
    for position, line in enumerate(rows):
        if line["kind"] == "user":
            asked = line["id"]
        last = position + 1 == len(rows)
        line["asked"] = asked
        line["ends_turn"] = line["kind"] != "user" and (ended if last else rows[position + 1]["kind"] == "user")
    return rows


def text_of(item: ThreadItem) -> str | None:
    """The text of an item that can be watched while it is written, None if it has none."""
    if isinstance(item, AssistantMessageItem):
        return "\n\n".join(part.text for part in item.content)
    if isinstance(item, WorkflowItem) and item.workflow.tasks:
        return getattr(item.workflow.tasks[-1], "content", None) or ""
    return None


def written(content: Iterable[UserMessageContent]) -> str:
    """What a user's message says, mentions as `@name`."""
    return "".join(part.text if part.type == "input_text" else f"@{part.text}" for part in content)


def _row_of(item: ThreadItem, said: Words, live: bool) -> Row | None:
    draw = _DRAWN.get(type(item))
    if draw is not None:
        return draw(item, said, live)
    return row(item.id, "unsupported") if type(item).__name__ in _UNSUPPORTED else None


def _user(item: UserMessageItem, said: Words, live: bool) -> Row:
    return row(
        item.id,
        "user",
        text=written(item.content),
        quote=item.quoted_text or "",
        files=[a.name for a in item.attachments],
    )


def _assistant(item: AssistantMessageItem, said: Words, live: bool) -> Row:
    if live:
        return row(item.id, "assistant", live=True)
    sources = [note.source for part in item.content for note in part.annotations]
    return row(item.id, "assistant", blocks=split(text_of(item) or ""), links=_links(sources))


def _workflow(item: WorkflowItem, said: Words, live: bool) -> Row:
    work = item.workflow
    running = work.summary is None
    tasks = [_task(task) for task in work.tasks]
    if live and tasks:
        tasks[-1]["blocks"] = []
        tasks = tasks if tasks[-1]["title"] else tasks[:-1]
    return row(
        item.id, "workflow", text=_summary(work, said), tasks=tasks, live=live, open=work.expanded or (running and live)
    )


def _summary(work: Workflow, said: Words) -> str:
    if isinstance(work.summary, CustomSummary):
        return work.summary.title
    reasoning = work.type == "reasoning"
    if isinstance(work.summary, DurationSummary):
        seconds = work.summary.duration
        if reasoning:
            return fill(said["thought_for"], seconds=seconds) if seconds else said["thought_briefly"]
        if seconds:
            return fill(said["worked_for"], seconds=seconds)
    titles = [title for task in work.tasks if (title := getattr(task, "title", None))]
    return titles[-1] if titles else said["reasoning_live" if reasoning else "working"]


def _task(task: Task) -> TaskRow:
    return {
        "title": getattr(task, "title", None) or "",
        "status": task.status_indicator,
        "blocks": split(getattr(task, "content", None) or ""),
        "queries": list(getattr(task, "queries", ())),
        "links": _links(getattr(task, "sources", ())),
    }


def _one_task(item: TaskItem, said: Words, live: bool) -> Row:
    return row(item.id, "workflow", text=getattr(item.task, "title", None) or said["working"], tasks=[_task(item.task)])


def _image(item: GeneratedImageItem, said: Words, live: bool) -> Row:
    return row(item.id, "image", src=item.image.url if item.image else "", live=item.image is None)


def _links(sources: Iterable[Any]) -> list[LinkRow]:
    found = {
        (source.title, source.url if isinstance(source, URLSource) and _is_web(source.url) else ""): None
        for source in sources
    }
    return [{"title": title, "url": url} for title, url in found]


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


_DRAWN: dict[type, Callable[[Any, Words, bool], Row]] = {
    UserMessageItem: _user,
    AssistantMessageItem: _assistant,
    WorkflowItem: _workflow,
    TaskItem: _one_task,
    GeneratedImageItem: _image,
}
# Items a reader is meant to see but this page cannot draw yet say so; all others (hidden context, tool calls, marks) are not for readers.
_UNSUPPORTED = {"WidgetItem", "StructuredInputItem"}
