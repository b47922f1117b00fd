"""The fold: rules, table by table, and the laws it keeps."""

import copy
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    ClientEffectEvent,
    ClientToolCallItem,
    CustomTask,
    EndOfTurnItem,
    ErrorEvent,
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    NoticeEvent,
    Page,
    ProgressUpdateEvent,
    StreamOptions,
    StreamOptionsEvent,
    ThreadCreatedEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdate,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    URLSource,
    WidgetComponentUpdated,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.types.reduce import (
    EVENT_RULES,
    UPDATE_RULES,
    ThreadView,
    apply_update,
    begin_turn,
    end_turn,
    reduce,
)
from chatkit_app.chatkit.widgets import Badge, Card, Col, DynamicWidgetRoot, Markdown, Row, Text, Title

from ..lives import HERE, SOURCE, THREAD, message, streams, updated, widget, workflow


def texts(item):
    return [part.text for part in item.content]


def delta(text, index=0):
    return AssistantMessageContentPartTextDelta(content_index=index, delta=text)


def fold(view, *events):
    for event in events:
        view = reduce(view, event)
    return view


def test_every_event_and_every_update_has_a_rule():
    assert set(EVENT_RULES) == set(ThreadStreamEvent.__origin__.__args__)
    assert set(UPDATE_RULES) == set(ThreadItemUpdate.__args__)


class TestMessages:
    def test_a_part_is_put_in_its_place_and_the_gap_is_filled(self):
        part = AssistantMessageContent(text="c")
        item = apply_update(message("a"), AssistantMessageContentPartAdded(content_index=2, content=part))
        assert texts(item) == ["a", "", "c"]

    def test_text_is_appended_and_nothing_is_changed_in_place(self):
        before = message("a", "b")
        kept = before.model_copy(deep=True)
        assert texts(apply_update(before, delta("!", 1))) == ["a", "b!"]
        assert before == kept

    def test_a_reference_is_inserted_and_appended_beyond_the_end(self):
        other = Annotation(source=URLSource(title="o", url="o"))
        item = message("a", annotations=[SOURCE])
        first = AssistantMessageContentPartAnnotationAdded(content_index=0, annotation_index=0, annotation=other)
        assert apply_update(item, first).content[0].annotations == [other, SOURCE]
        beyond = first.model_copy(update={"annotation_index": 9})
        assert apply_update(item, beyond).content[0].annotations == [SOURCE, other]

    def test_row_10_a_part_that_is_done_keeps_references_unless_it_brings_some(self):
        item = message("a", annotations=[SOURCE])
        bare = AssistantMessageContentPartDone(content_index=0, content=AssistantMessageContent(text="whole"))
        assert apply_update(item, bare).content == [AssistantMessageContent(text="whole", annotations=[SOURCE])]
        other = Annotation(source=URLSource(title="o", url="o"))
        own = AssistantMessageContent(text="whole", annotations=[other])
        done = AssistantMessageContentPartDone(content_index=0, content=own)
        assert apply_update(item, done).content == [own]

    @pytest.mark.parametrize("index", [-1, 1_000, 10**9])
    def test_a_place_that_cannot_exist_is_ignored(self, index):
        item = message("a")
        assert apply_update(item, delta("x", index)) is item


class TestWorkflows:
    def test_a_task_is_appended_and_replaced(self):
        item = apply_update(workflow("a"), WorkflowTaskAdded(task_index=1, task=CustomTask(title="b")))
        item = apply_update(item, WorkflowTaskUpdated(task_index=0, task=CustomTask(title="A")))
        assert [task.title for task in item.workflow.tasks] == ["A", "b"]

    @pytest.mark.parametrize("index", [-1, 1])
    def test_a_task_that_is_not_there_is_ignored(self, index):
        item = workflow("a")
        assert apply_update(item, WorkflowTaskUpdated(task_index=index, task=CustomTask())) is item


class TestWidgets:
    @pytest.mark.parametrize(
        "child",
        [
            Text(id="t", value="a"),
            Markdown(id="t", value="a"),
            Row(children=[Title(value="x"), Col(children=[Text(id="t", value="a")])]),
        ],
    )
    def test_text_is_appended_wherever_the_component_is(self, child):
        before = widget(Badge(label="b"), child)
        kept = before.model_copy(deep=True)
        item = apply_update(before, WidgetStreamingTextValueDelta(component_id="t", delta="bc", done=True))
        assert '"value":"abc"' in item.model_dump_json()
        assert before == kept

    def test_text_grows_in_a_widget_of_any_kind(self):
        root = {
            "type": "Card",
            "children": [{"type": "Strange", "children": [{"type": "Text", "id": "t", "value": "a"}]}],
        }
        item = WidgetItem(id="x", widget=DynamicWidgetRoot.model_validate(root), **HERE)
        item = apply_update(item, WidgetStreamingTextValueDelta(component_id="t", delta="b", done=False))
        assert item.widget.model_dump(exclude_none=True)["children"][0]["children"][0]["value"] == "ab"

    def test_the_last_text_ends_the_streaming(self):
        update = WidgetStreamingTextValueDelta(component_id="t", delta="", done=True)
        item = apply_update(widget(Text(id="t", value="a", streaming=True)), update)
        assert item.widget.children[0].streaming is False

    @pytest.mark.parametrize("child", [Title(id="t", value="a"), Text(id="other", value="a"), Badge(id="t", label="a")])
    def test_what_is_no_text_of_that_id_is_left_alone(self, child):
        item = widget(child)
        assert apply_update(item, WidgetStreamingTextValueDelta(component_id="t", delta="b", done=True)) is item

    def test_a_component_is_replaced_where_it_is(self):
        before = widget(Row(children=[Text(id="t", value="a"), Text(value="b")]))
        item = apply_update(before, WidgetComponentUpdated(component_id="t", component=Badge(id="t", label="new")))
        assert item.widget.children[0].children == [Badge(id="t", label="new"), Text(value="b")]
        assert before.widget.children[0].children[0] == Text(id="t", value="a")

    def test_a_component_that_is_not_there_is_ignored(self):
        item = widget(Text(value="a"))
        assert apply_update(item, WidgetComponentUpdated(component_id="t", component=Text(value="b"))) is item

    def test_the_whole_widget_is_replaced(self):
        root = Card(children=[])
        assert apply_update(widget(Text(value="a")), WidgetRootUpdated(widget=root)).widget is root


UPDATES = [
    AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text="")),
    delta("x"),
    AssistantMessageContentPartAnnotationAdded(content_index=0, annotation_index=0, annotation=SOURCE),
    AssistantMessageContentPartDone(content_index=0, content=AssistantMessageContent(text="x")),
    WidgetStreamingTextValueDelta(component_id="t", delta="x", done=False),
    WidgetComponentUpdated(component_id="t", component=Text(value="x")),
    WidgetRootUpdated(widget=Card(children=[])),
    WorkflowTaskAdded(task_index=0, task=CustomTask()),
    WorkflowTaskUpdated(task_index=0, task=CustomTask()),
    GeneratedImageUpdated(image=GeneratedImage(id="i", url="u")),
]


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update.type)
def test_an_update_for_another_kind_of_item_is_ignored(update):
    item = EndOfTurnItem(id="e", **HERE)
    assert apply_update(item, update) is item


class TestItems:
    def test_an_item_begins_grows_and_settles(self):
        view = fold(ThreadView(), ThreadItemAddedEvent(item=message()), updated(delta("a")), updated(delta("b")))
        assert view.in_progress == {"m"}
        assert texts(view.items[0]) == ["ab"]
        assert view.settled == ()
        view = reduce(view, ThreadItemDoneEvent(item=message("ab.")))
        assert view.in_progress == frozenset()
        assert view.settled == view.items == (message("ab."),)

    def test_an_item_done_twice_is_there_once_in_its_old_place(self):
        events = ThreadItemDoneEvent(item=message("a", id="a")), ThreadItemDoneEvent(item=message("b", id="b"))
        view = fold(ThreadView(), *events, ThreadItemDoneEvent(item=message("A", id="a")))
        assert [texts(item) for item in view.items] == [["A"], ["b"]]

    def test_an_item_is_replaced_in_place_and_removed(self):
        view = fold(ThreadView(), *(ThreadItemDoneEvent(item=message(id=id)) for id in "abc"))
        view = reduce(view, ThreadItemReplacedEvent(item=workflow(id="b")))
        assert [item.type for item in view.items] == ["assistant_message", "workflow", "assistant_message"]
        assert [item.id for item in reduce(view, ThreadItemRemovedEvent(item_id="b")).items] == ["a", "c"]

    def test_what_nobody_knows_is_ignored(self):
        view = fold(ThreadView(), ThreadItemDoneEvent(item=message("a")))
        assert fold(view, updated(delta("x"), "other"), ThreadItemRemovedEvent(item_id="other")).items == view.items

    def test_a_settled_widget_still_changes(self):
        view = fold(ThreadView(), ThreadItemDoneEvent(item=widget()), updated(UPDATES[6], "x"))
        assert view.items[0].widget == Card(children=[])

    def test_a_picture_tells_how_far_it_is_until_it_is_done(self):
        item = GeneratedImageItem(id="g", **HERE)
        part = GeneratedImageUpdated(image=GeneratedImage(id="i", url="u"), progress=0.5)
        view = fold(ThreadView(), ThreadItemAddedEvent(item=item), updated(part, "g"))
        assert view.image_progress == {"g": 0.5}
        assert view.items[0].image == GeneratedImage(id="i", url="u")
        assert reduce(view, ThreadItemDoneEvent(item=item)).image_progress == {}
        assert reduce(view, ThreadItemRemovedEvent(item_id="g")).image_progress == {}


class TestTheRest:
    def test_the_thread_is_the_last_one_told(self):
        view = reduce(ThreadView(), ThreadCreatedEvent(thread=THREAD.model_copy(update={"title": None})))
        assert view.thread.title is None
        view = reduce(view, ThreadUpdatedEvent(thread=THREAD))
        assert view.thread.title == "T"
        assert not hasattr(view.thread, "items")

    def test_a_loaded_thread_is_a_view(self):
        view = ThreadView.of(THREAD.model_copy(update={"items": Page(data=[message("a")])}))
        assert view.items == view.settled == (message("a"),)
        assert view.thread.title == "T"

    def test_progress_lasts_until_something_takes_its_place(self):
        view = reduce(ThreadView(), ProgressUpdateEvent(text="looking"))
        assert reduce(view, ThreadItemAddedEvent(item=workflow())).progress.text == "looking"
        assert reduce(view, ProgressUpdateEvent(text="reading")).progress.text == "reading"
        assert reduce(view, ThreadItemAddedEvent(item=message())).progress is None
        assert reduce(view, ErrorEvent()).progress is None

    def test_a_notice_is_told_once_and_an_effect_leaves_no_trace(self):
        notice = NoticeEvent(level="info", message="hi")
        view = fold(ThreadView(), notice, notice)
        assert view.notices == (notice,)
        assert reduce(view, ClientEffectEvent(name="e")) is view

    def test_an_error_and_the_stream_options_are_remembered_until_the_next_turn(self):
        options = StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=True))
        view = fold(ThreadView(), options, NoticeEvent(level="info", message="x"), ErrorEvent(message="bad"))
        assert (view.allow_cancel, view.error.message) == (True, "bad")
        fresh = begin_turn(view)
        assert (fresh.allow_cancel, fresh.error, fresh.notices) == (False, None, ())

    def test_an_unknown_event_changes_nothing(self):
        view = ThreadView()
        assert reduce(view, object()) is view

    @pytest.mark.parametrize(("stopped", "kept"), [(True, ["d", "m"]), (False, ["d"])])
    def test_at_the_end_only_what_is_stored_remains(self, stopped, kept):
        view = fold(
            ThreadView(),
            ThreadItemDoneEvent(item=message("x", id="d")),
            ThreadItemAddedEvent(item=message(" ", id="blank")),
            ThreadItemAddedEvent(item=workflow()),
            ThreadItemAddedEvent(item=message("half")),
            ProgressUpdateEvent(text="x"),
        )
        view = end_turn(view, stopped=stopped)
        assert [item.id for item in view.items] == kept
        assert (view.in_progress, view.progress, view.settled) == (frozenset(), None, view.items)

    @pytest.mark.parametrize(
        ("more", "stopped", "kept"),
        [
            ([], False, ["w", "c"]),
            ([], True, ["c"]),
            ([ErrorEvent(message="bad")], False, ["c"]),
            ([ThreadItemDoneEvent(item=message("x"))], False, ["c", "m"]),
        ],
    )
    def test_a_workflow_stays_while_a_client_tool_is_waited_for(self, more, stopped, kept):
        call = ClientToolCallItem(id="c", call_id="c", name="n", arguments={}, **HERE)
        begun = [ThreadItemAddedEvent(item=workflow()), ThreadItemDoneEvent(item=call)]
        assert [item.id for item in end_turn(fold(ThreadView(), *begun, *more), stopped=stopped).items] == kept


@given(streams(), st.data())
def test_a_prefix_and_then_the_rest_is_the_whole(events, data):
    cut = data.draw(st.integers(0, len(events)))
    assert fold(fold(ThreadView(), *events[:cut]), *events[cut:]) == fold(ThreadView(), *events)


@given(streams())
def test_a_stream_told_twice_is_a_stream_told_once(events):
    once = fold(ThreadView(), *events)
    assert fold(once, *events) == once


@given(streams(), st.data())
def test_a_reader_who_joins_again_from_the_start_of_an_item_misses_nothing(events, data):
    """Replaying from any earlier point at which nothing was in progress."""
    quiet = [index for index in range(len(events) + 1) if not fold(ThreadView(), *events[:index]).in_progress]
    start = data.draw(st.sampled_from(quiet))
    whole = fold(ThreadView(), *events)
    assert fold(whole, *events[start:]) == whole


@given(streams())
def test_nothing_is_changed_in_place(events):
    kept = copy.deepcopy(events)
    view = ThreadView()
    for event in events:
        before, snapshot = (
            view,
            {f.name: copy.deepcopy(getattr(view, f.name)) for f in fields(view) if f.name != "image_progress"},
        )
        view = reduce(view, event)
        assert {name: getattr(before, name) for name in snapshot} == snapshot
    assert events == kept
