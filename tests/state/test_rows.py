"""Every item of the protocol has a row, says that it cannot be drawn, or is not for readers."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    CustomSummary,
    CustomTask,
    DurationSummary,
    EndOfTurnItem,
    EntitySource,
    FileAttachment,
    FileSource,
    GeneratedImage,
    GeneratedImageItem,
    HiddenContextItem,
    InferenceOptions,
    SDKHiddenContextItem,
    SearchTask,
    StructuredInputItem,
    Task,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.widgets import Card
from chatkit_app.i18n import words
from chatkit_app.state import rows
from chatkit_app.state.rows import Row, mark_turns, row, rows_of, text_of, written

SAID = words("en")
HERE = {"id": "i", "thread_id": "t", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}


def members(annotation):
    """The classes of a union, through aliases and annotations."""
    if isinstance(annotation, type):
        return {annotation}
    parts = get_args(annotation)
    return set().union(*(members(part) for part in parts if isinstance(part, type) or get_args(part)))


INVISIBLE = {ClientToolCallItem, EndOfTurnItem, HiddenContextItem, SDKHiddenContextItem}
UNSUPPORTED = {WidgetItem, StructuredInputItem}


def one(item, **how):
    (line,) = rows_of([item], SAID, **how)
    return line


def user(*content, **fields):
    return UserMessageItem(
        content=list(content), attachments=[], inference_options=InferenceOptions(), **HERE, **fields
    )


def answer(*parts, **fields):
    return AssistantMessageItem(content=[AssistantMessageContent(text=part) for part in parts], **HERE, **fields)


def workflow(*tasks, **fields):
    return WorkflowItem(workflow=Workflow(type=fields.pop("type", "custom"), tasks=list(tasks), **fields), **HERE)


class TestTheTable:
    def test_knows_every_item_of_the_protocol(self):
        assert set(rows._DRAWN) | UNSUPPORTED | INVISIBLE == members(ThreadItem)
        assert {kind.__name__ for kind in UNSUPPORTED} == rows._UNSUPPORTED
        assert not set(rows._DRAWN) & (UNSUPPORTED | INVISIBLE)

    def test_what_cannot_be_drawn_yet_says_so(self):
        assert one(WidgetItem(widget=Card(children=[]), **HERE))["kind"] == "unsupported"

    @pytest.mark.parametrize("kind", [HiddenContextItem, SDKHiddenContextItem])
    def test_what_is_for_the_model_alone_never_reaches_the_page(self, kind):
        assert rows_of([kind(content="secret", **HERE)], SAID) == []

    def test_marks_and_calls_are_not_for_readers(self):
        call = ClientToolCallItem(call_id="c", name="n", arguments={"secret": 1}, **HERE)
        assert rows_of([EndOfTurnItem(**HERE), call], SAID) == []

    @pytest.mark.parametrize("task", sorted(members(Task), key=lambda kind: kind.__name__))
    def test_knows_every_kind_of_task(self, task):
        line = one(TaskItem(task=task.model_construct(title="T", status_indicator="none"), **HERE))
        assert (line["kind"], line["text"], line["tasks"][0]["title"]) == ("workflow", "T", "T")

    def test_every_row_has_every_key(self):
        items = [user(), answer("a"), workflow(), GeneratedImageItem(**HERE), TaskItem(task=CustomTask(), **HERE)]
        assert all(set(line) == set(Row.__annotations__) for line in rows_of(items, SAID))


class TestAUserMessage:
    def test_is_text_with_mentions_quote_and_files(self):
        file = FileAttachment(id="f", name="notes.pdf", mime_type="application/pdf")
        message = user(
            UserMessageTextContent(text="ask "),
            UserMessageTagContent(id="1", text="Ada", data={}, interactive=False),
            UserMessageTextContent(text=" **now**"),
            quoted_text="said before",
        ).model_copy(update={"attachments": [file]})
        line = one(message)
        assert (line["kind"], line["text"], line["quote"]) == ("user", "ask @Ada **now**", "said before")
        assert (line["files"], line["blocks"]) == (["notes.pdf"], [])

    def test_of_nothing_is_empty(self):
        assert written([]) == ""


class TestAnAnswer:
    def test_is_its_parts_as_blocks(self):
        assert one(answer("# One\ntext", "two"))["blocks"] == ["# One", "text", "two"]

    def test_that_grows_leaves_its_text_to_the_live_part(self):
        line = one(answer("text"), live="i")
        assert (line["live"], line["blocks"]) == (True, [])

    def test_names_each_source_once_and_links_only_to_the_web(self):
        sources = [
            URLSource(title="Web", url="https://a.example"),
            URLSource(title="Web", url="https://a.example"),
            URLSource(title="Script", url="javascript:alert(1)"),
            URLSource(title="Data", url="data:text/html,x"),
            FileSource(title="File", filename="a.txt"),
            EntitySource(id="e", title="Entity"),
        ]
        content = AssistantMessageContent(text="x", annotations=[Annotation(source=source) for source in sources])
        line = one(AssistantMessageItem(content=[content], **HERE))
        assert [(link["title"], link["url"]) for link in line["links"]] == [
            ("Web", "https://a.example"),
            ("Script", ""),
            ("Data", ""),
            ("File", ""),
            ("Entity", ""),
        ]


class TestAWorkflow:
    def test_is_named_by_its_last_task_while_it_runs(self):
        line = one(workflow(CustomTask(title="one"), SearchTask(title="two")), live="i")
        assert (line["text"], line["open"], line["live"]) == ("two", True, True)

    def test_is_folded_under_its_summary(self):
        line = one(workflow(ThoughtTask(title="T", content="**x**"), summary=CustomSummary(title="Looked around")))
        assert (line["text"], line["open"]) == ("Looked around", False)
        assert line["tasks"][0]["blocks"] == ["**x**"]

    @pytest.mark.parametrize(
        ("kind", "seconds", "said"),
        [("reasoning", 0, "thought_briefly"), ("reasoning", 3, "thought_for"), ("custom", 3, "worked_for")],
    )
    def test_says_how_long_it_took(self, kind, seconds, said):
        line = one(workflow(type=kind, summary=DurationSummary(duration=seconds)))
        assert line["text"].startswith(SAID[said].split("{")[0])
        assert "{" not in line["text"]
        assert (str(seconds) in line["text"]) is bool(seconds)

    def test_that_grows_leaves_the_text_of_its_last_task_to_the_live_part(self):
        tasks = [ThoughtTask(title="one", content="a"), ThoughtTask(content="b")]
        line = one(workflow(*tasks, type="reasoning"), live="i")
        assert [(task["title"], task["blocks"]) for task in line["tasks"]] == [("one", ["a"])]
        assert text_of(workflow(*tasks)) == "b"

    def test_of_a_search_shows_queries_and_sources(self):
        search = SearchTask(title="s", queries=["q"], sources=[URLSource(title="W", url="http://w.example")])
        task = one(workflow(search))["tasks"][0]
        assert (task["queries"], task["links"]) == (["q"], [{"title": "W", "url": "http://w.example"}])


class TestAPicture:
    def test_is_awaited_then_shown(self):
        assert one(GeneratedImageItem(**HERE))["live"]
        line = one(GeneratedImageItem(image=GeneratedImage(id="g", url="data:image/png;base64,AA"), **HERE))
        assert (line["src"], line["live"]) == ("data:image/png;base64,AA", False)


class TestTurns:
    def lines(self, kinds):
        return [row(f"{kind}{n}", {"u": "user", "a": "assistant"}[kind]) for n, kind in enumerate(kinds)]

    @pytest.mark.parametrize(
        ("kinds", "ended", "ends", "asked"),
        [
            ("", True, [], []),
            ("u", True, [False], ["u0"]),
            ("ua", True, [False, True], ["u0", "u0"]),
            ("ua", False, [False, False], ["u0", "u0"]),
            ("uaa", True, [False, False, True], ["u0"] * 3),
            ("uaua", False, [False, True, False, False], ["u0", "u0", "u2", "u2"]),
            ("a", True, [True], [""]),
            ("uu", True, [False, False], ["u0", "u1"]),
        ],
    )
    def test_the_last_row_of_each_ends_it_and_every_row_knows_its_question(self, kinds, ended, ends, asked):
        marked = mark_turns(self.lines(kinds), ended=ended)
        assert [line["ends_turn"] for line in marked] == ends
        assert [line["asked"] for line in marked] == asked

    def test_marked_again_are_the_same(self):
        marked = mark_turns(self.lines("auaaua"), ended=True)
        assert mark_turns([dict(line) for line in marked], ended=True) == marked
