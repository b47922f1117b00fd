"""The exact bytes of events and documents."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chatkit_app.chatkit.server import encode, encode_event, word_encoder
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartTextDelta,
    ClientEffectEvent,
    ClientToolCallItem,
    CustomTask,
    DurationSummary,
    EndOfTurnItem,
    EntitySource,
    ErrorEvent,
    FileAttachment,
    FileTask,
    GeneratedImageItem,
    ImageTask,
    NoticeEvent,
    Page,
    ProgressUpdateEvent,
    SearchTask,
    StreamOptions,
    StreamOptionsEvent,
    StructuredInputFreeform,
    StructuredInputItem,
    SyncCustomActionResponse,
    TaskItem,
    ThoughtTask,
    Thread,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    TranscriptionResult,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.types.threads import LockedStatus
from chatkit_app.chatkit.widgets import ActionConfig, Button, Card, DatePicker, Row, Text, Transition

from ..scripted import NOW, ScriptedServer, a_thread, add, kinds, stream

HERE = {"id": "m", "thread_id": "thr_1", "created_at": NOW}
ENVELOPE = '"id":"m","thread_id":"thr_1","created_at":"2026-11-22T07:37:00Z"'


def update(change):
    return ThreadItemUpdatedEvent(item_id="m", update=change)


EVENTS = {
    '{"type":"progress_update","text":"x"}': ProgressUpdateEvent(text="x"),
    '{"type":"client_effect","name":"e","data":{"a":null,"b":{"c":null,"d":[null,1]}}}': ClientEffectEvent(
        name="e", data={"a": None, "b": {"c": None, "d": [None, 1]}}
    ),
    '{"type":"notice","level":"info","message":"hi"}': NoticeEvent(level="info", message="hi"),
    '{"type":"error","code":"custom","message":"bad","allow_retry":false}': ErrorEvent(message="bad"),
    '{"type":"error","code":"stream.error","allow_retry":true}': ErrorEvent(code="stream.error", allow_retry=True),
    '{"type":"stream_options","stream_options":{"allow_cancel":true}}': StreamOptionsEvent(
        stream_options=StreamOptions(allow_cancel=True)
    ),
    '{"type":"thread.item.updated","item_id":"m","update":{"type":"assistant_message.content_part.added",'
    '"content_index":0,"content":{"annotations":[],"text":"","type":"output_text"}}}': update(
        AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
    ),
    '{"type":"thread.item.updated","item_id":"m","update":{"type":"assistant_message.content_part.annotation_added",'
    '"content_index":0,"annotation_index":0,"annotation":{"type":"annotation","source":{"title":"t","type":"entity",'
    '"id":"1","interactive":false,"data":{"x":null}},"index":3}}}': update(
        AssistantMessageContentPartAnnotationAdded(
            content_index=0,
            annotation_index=0,
            annotation=Annotation(source=EntitySource(title="t", id="1", data={"x": None}), index=3),
        )
    ),
    '{"type":"thread.updated","thread":{"id":"thr_1","created_at":"2026-11-22T07:37:00Z","status":{"type":"locked",'
    '"reason":"r"},"metadata":{},"items":{"data":[],"has_more":false}}}': ThreadUpdatedEvent(
        thread=Thread(id="thr_1", created_at=NOW, status=LockedStatus(reason="r"), items=Page())
    ),
}

ITEMS = {
    '"type":"client_tool_call","status":"pending","call_id":"c","name":"n","arguments":{"a":null}': ClientToolCallItem(
        call_id="c", name="n", arguments={"a": None}, **HERE
    ),
    '"type":"workflow","workflow":{"type":"custom","tasks":[{"status_indicator":"none","type":"custom","title":"a"},'
    '{"status_indicator":"none","type":"web_search","queries":["q"],"sources":[]},'
    '{"status_indicator":"none","type":"thought","content":"c"},{"status_indicator":"none","type":"file","sources":[]},'
    '{"status_indicator":"none","type":"image"}],"summary":{"duration":3},"expanded":false}': WorkflowItem(
        workflow=Workflow(
            type="custom",
            tasks=[
                CustomTask(title="a"),
                SearchTask(queries=["q"]),
                ThoughtTask(content="c"),
                FileTask(),
                ImageTask(),
            ],
            summary=DurationSummary(duration=3),
        ),
        **HERE,
    ),
    '"type":"widget","widget":{"type":"Card","children":[{"type":"Text","value":"a"},{"type":"Transition"},'
    '{"type":"Button","label":"x","onClickAction":{"type":"t","payload":{"l":[1]},"handler":"server",'
    '"loadingBehavior":"auto","streaming":true}},{"type":"DatePicker","name":"d","defaultValue":"2020-01-01T00:00:00"},'
    '{"children":[],"type":"Row"}]}': WidgetItem(
        widget=Card(
            children=[
                Text(value="a"),
                Transition(children=None),
                Button(label="x", onClickAction=ActionConfig(type="t", payload={"l": [1]})),
                DatePicker(name="d", defaultValue="2020-01-01"),
                Row(children=[]),
            ]
        ),
        **HERE,
    ),
    '"type":"structured_input","status":"pending","inputs":[{"id":"q","question":"Q?","type":"freeform"}]': (
        StructuredInputItem(inputs=[StructuredInputFreeform(id="q", question="Q?")], **HERE)
    ),
    '"type":"generated_image"': GeneratedImageItem(**HERE),
    '"type":"end_of_turn"': EndOfTurnItem(**HERE),
    '"type":"task","task":{"status_indicator":"none","type":"custom","title":"x"}': TaskItem(
        task=CustomTask(title="x"), **HERE
    ),
}

DOCUMENTS = {
    "{}": None,
    '{"text":"hi"}': TranscriptionResult(text="hi"),
    '{"id":"1","name":"n","mime_type":"m","upload_descriptor":{"url":"https://x.y/z","method":"PUT","headers":{}},'
    '"type":"file"}': FileAttachment.model_validate(
        {
            "id": "1",
            "name": "n",
            "mime_type": "m",
            "upload_descriptor": {"url": "https://x.y/z", "method": "PUT"},
            "metadata": {"secret": 1},
        }
    ),
    '{"data":[],"has_more":true,"after":"gi"}': Page(has_more=True, after="gi"),
}


@pytest.mark.parametrize(("expected", "event"), EVENTS.items(), ids=lambda value: getattr(value, "type", ""))
def test_an_event_is_exactly_these_bytes(expected, event):
    assert encode_event(event) == f"data: {expected}\n\n".encode()


@pytest.mark.parametrize(("expected", "item"), ITEMS.items(), ids=lambda value: getattr(value, "type", ""))
def test_an_item_is_exactly_these_bytes(expected, item):
    chunk = encode_event(ThreadItemDoneEvent(item=item))
    assert chunk == f'data: {{"type":"thread.item.done","item":{{{ENVELOPE},{expected}}}}}\n\n'.encode()


@pytest.mark.parametrize(("expected", "document"), DOCUMENTS.items())
def test_a_document_is_exactly_these_bytes(expected, document):
    assert encode(document) == expected.encode()


def test_an_answer_to_an_action_without_an_item_is_an_empty_document():
    assert encode(SyncCustomActionResponse()) == b"{}"


text = st.text(st.characters(exclude_categories=["Cs"]))


@given(item_id=text, index=st.integers(0, 10**6), delta=text)
def test_a_word_is_encoded_as_everything_else_is(item_id, index, delta):
    event = ThreadItemUpdatedEvent(
        item_id=item_id, update=AssistantMessageContentPartTextDelta(content_index=index, delta=delta)
    )
    assert encode_event(event) == word_encoder(item_id, index)(event, delta) == b"data: " + encode(event) + b"\n\n"
    assert TypeAdapter(ThreadStreamEvent).validate_json(encode_event(event)[6:]) == event


@pytest.mark.parametrize(("delta", "shown"), [("a\ud83d", "a\ufffd"), ("\ud83d\ude00", "\U0001f600")])
def test_half_a_character_does_not_break_the_stream(delta, shown):
    word = update(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))
    assert json.loads(encode_event(word)[6:])["update"]["delta"] == shown
    assert word_encoder(word.item_id, 0)(word, delta) == encode_event(word)
    assert json.loads(encode_event(ProgressUpdateEvent(text=delta))[6:]) == {"type": "progress_update", "text": shown}


async def test_an_event_without_json_is_an_error_event_and_the_turn_goes_on(caplog):
    async def answer(thread, message, context):
        yield ClientEffectEvent(name="e", data={"x": object()})
        yield NoticeEvent(level="info", message="still here")

    server = ScriptedServer(answer)
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == ["error", "notice"]
    assert "object" in caplog.text
