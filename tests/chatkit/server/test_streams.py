"""Operations answered with events: what is stored, what is shown, and in which order."""

import json

import pytest
from pydantic import ValidationError

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.server import RequestError
from chatkit_app.chatkit.server.streams import STREAMS
from chatkit_app.chatkit.store import InMemoryStore, NotFoundError
from chatkit_app.chatkit.types import (
    ClientToolCallItem,
    FileAttachment,
    HiddenContextItem,
    StreamingReq,
    ThreadAddClientToolOutputParams,
    ThreadCustomActionParams,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadRetryAfterItemParams,
    ThreadsAddClientToolOutputReq,
    ThreadsCustomActionReq,
    ThreadsRetryAfterItemReq,
    WidgetItem,
)
from chatkit_app.chatkit.widgets import Card, Text

from ..scripted import (
    ANN,
    NOW,
    ScriptedServer,
    a_thread,
    add,
    create,
    done,
    items_of,
    kinds,
    open_stream,
    said,
    stream,
)


def call(id, status="pending", **fields):
    return ClientToolCallItem(
        id=id, thread_id="thr_1", created_at=NOW, call_id="c", name="get", arguments={}, status=status, **fields
    )


def output(result, thread_id="thr_1"):
    return ThreadsAddClientToolOutputReq(params=ThreadAddClientToolOutputParams(thread_id=thread_id, result=result))


def retry(item_id, thread_id="thr_1"):
    return ThreadsRetryAfterItemReq(params=ThreadRetryAfterItemParams(thread_id=thread_id, item_id=item_id))


def act(item_id=None, thread_id="thr_1"):
    action = Action(type="press", payload={"n": 1})
    return ThreadsCustomActionReq(params=ThreadCustomActionParams(thread_id=thread_id, item_id=item_id, action=action))


async def a_user_message(server, text="hello"):
    await stream(server, add("thr_1", text))
    return (await items_of(server, "thr_1"))[-1]


def test_every_streaming_request_has_somebody_who_answers_it():
    assert set(STREAMS) == set(StreamingReq.__args__)


class TestCreate:
    async def test_the_thread_and_the_message_are_stored_and_then_shown(self):
        server = ScriptedServer()
        events = await stream(server, create("héllo"))
        assert kinds(events) == ["thread.created", "thread.item.done", "stream_options"]
        thread, item = events[0]["thread"], events[1]["item"]
        assert thread["items"] == {"data": [], "has_more": False}
        assert thread["status"] == {"type": "active"}
        assert "title" not in thread
        assert item["thread_id"] == thread["id"]
        assert item["content"] == [{"type": "input_text", "text": "héllo"}]
        assert item["attachments"] == []
        assert item["inference_options"] == {}
        assert events[2]["stream_options"] == {"allow_cancel": True}
        assert [stored.id for stored in await items_of(server, thread["id"])] == [item["id"]]

    async def test_nothing_happens_before_the_first_event_is_asked_for(self):
        server = ScriptedServer()
        await open_stream(server, create())
        assert (await server.store.load_threads(10, None, "desc", ANN)).data == []

    async def test_the_message_is_stored_before_anything_is_shown(self):
        server = ScriptedServer()
        iterator = aiter(await open_stream(server, create()))
        first = json.loads((await anext(iterator))[6:])
        assert len(await items_of(server, first["thread"]["id"])) == 1
        await iterator.aclose()

    async def test_row_2_respond_gets_a_thread_without_items_which_may_be_saved(self):
        async def answer(thread, message, context):
            assert type(thread) is ThreadMetadata
            thread.title = "Named"
            yield done(said(thread.id, "hi"))

        server = ScriptedServer(answer)
        events = await stream(server, create())
        assert (await server.store.load_thread(events[0]["thread"]["id"], ANN)).title == "Named"

    async def test_ids_come_from_the_store_thread_first_with_the_prefixes_of_the_protocol(self):
        asked = []

        class Store(InMemoryStore):
            def generate_thread_id(self, context):
                asked.append("thread")
                return "thr_mine"

            def generate_item_id(self, item_type, thread, context):
                asked.append((item_type, thread.id))
                return f"{item_type}_2_{thread.id}"

        server = ScriptedServer(store=Store())
        events = await stream(server, create())
        assert asked == ["thread", ("message", "thr_mine")]
        assert events[1]["item"]["id"] == "message_2_thr_mine"

    async def test_row_33_times_are_aware(self):
        server = ScriptedServer()
        events = await stream(server, create())
        assert events[0]["thread"]["created_at"].endswith("Z")
        assert events[1]["item"]["created_at"].endswith("Z")

    async def test_row_26_a_missing_attachment_is_an_error_event_and_stores_nothing(self):
        server = ScriptedServer()
        events = await stream(server, create(attachments=["atc_missing"]))
        assert events == [{"type": "error", "code": "stream.error", "allow_retry": False}]
        assert (await server.store.load_threads(10, None, "desc", ANN)).data == []
        assert server.asked == []

    async def test_a_store_that_fails_on_the_message_keeps_no_thread(self):
        class Store(InMemoryStore):
            async def add_thread_item(self, thread_id, item, context):
                raise OSError("disk full")

        server = ScriptedServer(store=Store())
        assert await stream(server, create()) == [{"type": "error", "code": "stream.error", "allow_retry": True}]
        assert (await server.store.load_threads(10, None, "desc", ANN)).data == []


class TestAddUserMessage:
    async def test_the_message_reaches_respond_with_thread_and_context(self):
        server = ScriptedServer()
        await a_thread(server, title="T")
        events = await stream(server, add("thr_1"))
        assert kinds(events) == ["thread.item.done", "stream_options"]
        [(thread, message, context)] = server.asked
        assert thread.title == "T"
        assert message.content[0].text == "hello"
        assert context == ANN

    async def test_attachments_are_bound_to_the_thread_and_keep_their_secrets(self):
        server = ScriptedServer()
        await a_thread(server)
        file = FileAttachment(id="atc_1", name="n", mime_type="m", metadata={"path": "/secret"})
        await server.store.save_attachment(file, ANN)
        events = await stream(server, add("thr_1", attachments=["atc_1"]))
        [shown] = events[0]["item"]["attachments"]
        assert shown == {"id": "atc_1", "name": "n", "mime_type": "m", "thread_id": "thr_1", "type": "file"}
        stored = await server.store.load_attachment("atc_1", ANN)
        assert (stored.thread_id, stored.metadata) == ("thr_1", {"path": "/secret"})

    async def test_respond_may_be_a_plain_function_that_returns_an_iterator(self):
        class Once:
            def __aiter__(self):
                self.left = 1
                return self

            async def __anext__(self):
                if not self.left:
                    raise StopAsyncIteration
                self.left = 0
                return done(said("thr_1", "hi"))

        server = ScriptedServer(lambda thread, message, context: Once())
        await a_thread(server)
        assert kinds(await stream(server, add("thr_1"))) == ["thread.item.done", "stream_options", "thread.item.done"]

    @pytest.mark.parametrize(
        "request_", [add("thr_no"), output(1, "thr_no"), retry("msg", "thr_no"), act(None, "thr_no")]
    )
    async def test_row_26_a_missing_thread_is_an_error_event(self, request_):
        server = ScriptedServer()
        assert await stream(server, request_) == [{"type": "error", "code": "stream.error", "allow_retry": False}]
        assert server.asked == []

    async def test_another_users_thread_is_missing(self):
        server = ScriptedServer()
        await a_thread(server)
        events = await stream(server, add("thr_1"), {"user_id": "bob"})
        assert kinds(events) == ["error"]
        assert await items_of(server, "thr_1") == []

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"\xff\xfe", "é{", b'{"type":"threads.none"}', b'{"params":{}}', b"[" * 5_000, "\ud800"],
    )
    async def test_row_34_what_is_no_request_is_refused_in_process(self, body):
        with pytest.raises(ValidationError):
            await ScriptedServer().process(body, ANN)

    async def test_a_rejection_names_the_field(self):
        with pytest.raises(ValidationError) as failure:
            await ScriptedServer().process(b'{"type":"threads.get_by_id","params":{}}', ANN)
        assert failure.value.errors()[0]["loc"] == ("threads.get_by_id", "params", "thread_id")


class TestClientToolOutput:
    async def test_the_call_is_completed_and_respond_goes_on_without_a_message(self):
        server = ScriptedServer()
        await a_thread(server, call("tc_1"))
        assert kinds(await stream(server, output({"ok": True}))) == ["stream_options"]
        [completed] = await items_of(server, "thr_1")
        assert (completed.status, completed.output) == ("completed", {"ok": True})
        assert server.asked[0][1] is None

    async def test_row_27_items_after_the_call_do_not_hide_it(self):
        server = ScriptedServer()
        hidden = HiddenContextItem(id="hidden", thread_id="thr_1", created_at=NOW, content="x")
        await a_thread(server, call("tc_1"), hidden)
        await stream(server, output(None))
        assert (await items_of(server, "thr_1"))[0].status == "completed"

    async def test_other_pending_calls_are_dropped_and_said_to_be(self, caplog):
        server = ScriptedServer()
        await a_thread(server, call("tc_done", status="completed"), call("tc_old"), call("tc_new"))
        await stream(server, output(1))
        assert [item.id for item in await items_of(server, "thr_1")] == ["tc_done", "tc_new"]
        assert "tc_old" in caplog.text

    async def test_without_a_pending_call_the_request_is_refused(self):
        server = ScriptedServer()
        await a_thread(server, call("tc_done", status="completed"))
        with pytest.raises(ValueError, match="no pending client tool call"):
            await stream(server, output(1))
        assert server.asked == []


class TestRetry:
    async def test_everything_after_the_message_is_gone_and_it_is_answered_again(self):
        async def answer(thread, message, context):
            yield done(said(thread.id, message.content[0].text, id=f"answer_{len(server.asked)}"))

        server = ScriptedServer(answer)
        await a_thread(server)
        await stream(server, add("thr_1", "first"))
        await stream(server, add("thr_1", "second"))
        first, *_ = await items_of(server, "thr_1")
        events = await stream(server, retry(first.id))
        assert kinds(events) == ["stream_options", "thread.item.done"]
        assert [item.id for item in await items_of(server, "thr_1")] == [first.id, "answer_3"]
        assert server.asked[-1][1] == first

    async def test_only_a_user_message_can_be_answered_again(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"), said("thr_1", "y", id="later"))
        with pytest.raises(ValueError, match="is not a user message"):
            await stream(server, retry("msg_answer"))
        assert len(await items_of(server, "thr_1")) == 2

    async def test_row_26_a_missing_item_is_an_error_event_and_deletes_nothing(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"))
        assert kinds(await stream(server, retry("msg_missing"))) == ["error"]
        assert len(await items_of(server, "thr_1")) == 1

    async def test_row_28_a_long_thread_is_cut_at_once(self):
        deleted = []

        class Store(InMemoryStore):
            async def delete_thread_item(self, thread_id, item_id, context):
                deleted.append(item_id)

        server = ScriptedServer(store=Store())
        await a_thread(server)
        message = await a_user_message(server)
        for number in range(300):
            await server.store.add_thread_item("thr_1", said("thr_1", "x", id=f"m{number}"), ANN)
        await stream(server, retry(message.id))
        assert [item.id for item in await items_of(server, "thr_1")] == [message.id]
        assert deleted == []


class TestCustomAction:
    @pytest.fixture
    def widget(self):
        return WidgetItem(id="wid", thread_id="thr_1", created_at=NOW, widget=Card(children=[Text(value="a")]))

    async def test_the_handler_gets_the_action_and_the_widget_it_came_from(self, widget):
        got = []

        class Server(ScriptedServer):
            async def action(self, thread, action, sender, context):
                got.append((action, sender))
                yield ThreadItemReplacedEvent(item=widget.model_copy(update={"copy_text": "new"}))

        server = Server()
        await a_thread(server, widget)
        assert kinds(await stream(server, act("wid"))) == ["stream_options", "thread.item.replaced"]
        assert got == [(Action(type="press", payload={"n": 1}), widget)]
        [stored] = await items_of(server, "thr_1")
        assert stored.copy_text == "new"

    async def test_an_action_needs_no_widget(self):
        class Server(ScriptedServer):
            async def action(self, thread, action, sender, context):
                assert sender is None
                yield done(said(thread.id, "ok"))

        server = Server()
        await a_thread(server)
        assert kinds(await stream(server, act())) == ["stream_options", "thread.item.done"]

    async def test_an_item_that_is_no_widget_is_an_error_without_retry(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"))
        events = await stream(server, act("msg_answer"))
        assert events == [{"type": "error", "code": "stream.error", "allow_retry": False}]

    async def test_row_26_a_missing_widget_is_an_error_event(self):
        server = ScriptedServer()
        await a_thread(server)
        assert kinds(await stream(server, act("wid"))) == ["error"]

    async def test_without_a_handler_it_is_an_error_event(self, caplog):
        server = ScriptedServer()
        await a_thread(server)
        events = await stream(server, act())
        assert events[1:] == [{"type": "error", "code": "stream.error", "allow_retry": True}]
        assert "must override action" in caplog.text

    async def test_row_25_an_action_without_a_type_is_refused(self):
        body = '{"type":"threads.custom_action","params":{"thread_id":"t","action":{"payload":1}}}'
        with pytest.raises(ValidationError, match=r"action\.type"):
            await ScriptedServer().process(body, ANN)


async def test_request_errors_are_value_errors_and_foreign_errors_are_not():
    assert issubclass(RequestError, ValueError)
    assert not issubclass(NotFoundError, ValueError)
