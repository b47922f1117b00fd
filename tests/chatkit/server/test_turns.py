"""What happens to a handler's events on their way: stored, hidden, and turned into errors when they fail."""

import json

import pytest

from chatkit_app.chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit_app.chatkit.server.persistence import EVENT_RULES
from chatkit_app.chatkit.store import InMemoryStore, Store
from chatkit_app.chatkit.types import (
    ClientEffectEvent,
    ErrorEvent,
    HiddenContextItem,
    NoticeEvent,
    ProgressUpdateEvent,
    SDKHiddenContextItem,
    StreamOptions,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
)
from chatkit_app.chatkit.widgets import Card, Text

from ..scripted import ANN, NOW, ScriptedServer, a_thread, add, begins, done, items_of, kinds, said, stream, word


async def answered(answer, *items, server=None):
    """The events of an answer after the user's own message, and the items stored after it."""
    server = server or ScriptedServer(answer)
    server.answer = answer
    await a_thread(server, *items)
    events = await stream(server, add("thr_1"))
    stored = [item for item in await items_of(server, "thr_1") if item.type != "user_message"]
    return events[2:], stored


def test_every_event_has_a_rule():
    assert set(EVENT_RULES) == set(ThreadStreamEvent.__origin__.__args__)


class TestStoring:
    async def test_done_is_stored_before_it_is_shown(self):
        seen = []

        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            yield done(said("thr_1", "hi"))
            seen.extend(await items_of(server, "thr_1"))

        server = ScriptedServer()
        events, _ = await answered(answer, server=server)
        assert kinds(events) == ["thread.item.added", "thread.item.done"]
        assert [item.id for item in seen][-1] == "msg_answer"

    async def test_added_and_updated_are_not_stored(self):
        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            yield word("x")

        events, stored = await answered(answer)
        assert kinds(events) == ["thread.item.added", "thread.item.updated"]
        assert stored == []

    async def test_removed_is_deleted_and_replaced_is_saved(self):
        async def answer(thread, message, context):
            yield ThreadItemRemovedEvent(item_id="old")
            yield ThreadItemReplacedEvent(item=said("thr_1", "new", id="kept"))

        events, stored = await answered(answer, said("thr_1", "a", id="old"), said("thr_1", "b", id="kept"))
        assert kinds(events) == ["thread.item.removed", "thread.item.replaced"]
        assert [(item.id, item.content[0].text) for item in stored] == [("kept", "new")]

    async def test_what_is_for_the_moment_passes_and_is_not_stored(self):
        moments = [
            ProgressUpdateEvent(text="x"),
            ClientEffectEvent(name="e", data={"a": None}),
            NoticeEvent(level="info", message="hi"),
            ErrorEvent(message="bad"),
        ]

        async def answer(thread, message, context):
            for event in moments:
                yield event

        events, stored = await answered(answer)
        assert kinds(events) == ["progress_update", "client_effect", "notice", "error"]
        assert events[1]["data"] == {"a": None}
        assert stored == []

    @pytest.mark.parametrize("says_so", [True, False])
    async def test_row_1_an_item_that_is_done_in_two_turns_is_stored_once(self, says_so):
        class InsertOnly(InMemoryStore):
            adds_are_upserts = says_so

            async def add_thread_item(self, thread_id, item, context):
                if not says_so and any(item.id == other.id for other in await items_of(server, thread_id)):
                    raise RuntimeError("UNIQUE constraint failed")
                await InMemoryStore.add_thread_item(self, thread_id, item, context)

            async def save_item(self, thread_id, item, context):
                await InMemoryStore.add_thread_item(self, thread_id, item, context)

        async def answer(thread, message, context):
            yield done(said("thr_1", f"turn {len(server.asked)}"))

        server = ScriptedServer(answer, store=InsertOnly())
        await a_thread(server)
        await stream(server, add("thr_1"))
        events = await stream(server, add("thr_1"))
        assert kinds(events) == ["thread.item.done", "stream_options", "thread.item.done"]
        stored = [item for item in await items_of(server, "thr_1") if item.id == "msg_answer"]
        assert [item.content[0].text for item in stored] == ["turn 2"]

    @pytest.mark.parametrize("answered_with", [None, object()], ids=["nothing", "anything"])
    async def test_a_store_that_does_not_say_what_is_missing_is_given_new_items(self, answered_with):
        class Vague(InMemoryStore):
            adds_are_upserts = False

            async def load_item(self, thread_id, item_id, context):
                return answered_with

            async def save_item(self, thread_id, item, context):
                raise AssertionError("nothing is there to be replaced")

        async def answer(thread, message, context):
            yield done(said("thr_1", "new"))

        server = ScriptedServer(answer, store=Vague())
        await a_thread(server)
        assert kinds(await stream(server, add("thr_1")))[-1] == "thread.item.done"
        assert [item.type for item in await items_of(server, "thr_1")] == ["user_message", "assistant_message"]

    async def test_row_1_an_item_that_is_done_twice_in_a_turn_is_stored_once(self):
        saved = []

        class Counting(InMemoryStore):
            adds_are_upserts = False

            async def save_item(self, thread_id, item, context):
                saved.append(item.id)
                await super().save_item(thread_id, item, context)

        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            yield done(said("thr_1", "a"))
            yield done(said("thr_1", "b"))

        _, stored = await answered(answer, server=ScriptedServer(store=Counting()))
        assert [item.content[0].text for item in stored] == ["b"]
        assert saved == ["msg_answer"]

    async def test_row_1_an_item_that_begins_again_after_it_was_done_is_stored_once(self):
        class InsertOnly(InMemoryStore):
            adds_are_upserts = False

            async def add_thread_item(self, thread_id, item, context):
                if any(item.id == other.id for other in await items_of(server, thread_id)):
                    raise RuntimeError("UNIQUE constraint failed")
                await super().add_thread_item(thread_id, item, context)

            async def save_item(self, thread_id, item, context):
                await InMemoryStore.add_thread_item(self, thread_id, item, context)

        async def answer(thread, message, context):
            for text in ("a", "b"):
                yield begins(said("thr_1"))
                yield done(said("thr_1", text))

        server = ScriptedServer(store=InsertOnly())
        events, stored = await answered(answer, server=server)
        assert kinds(events) == ["thread.item.added", "thread.item.done"] * 2
        assert [item.content[0].text for item in stored] == ["b"]

    async def test_items_are_stored_in_the_thread_of_the_turn(self):
        async def answer(thread, message, context):
            yield done(said("another thread", "x"))

        _, stored = await answered(answer)
        assert len(stored) == 1

    @pytest.mark.parametrize("kept", [True, False])
    async def test_row_8_updates_of_a_stored_widget_are_stored_if_the_server_wants_that(self, kept):
        class Server(ScriptedServer):
            persist_widget_updates = kept

        async def answer(thread, message, context):
            new = Card(children=[Text(id="t", value="b")])
            yield ThreadItemUpdatedEvent(item_id="wid", update=WidgetRootUpdated(widget=new))
            more = WidgetStreamingTextValueDelta(component_id="t", delta="cd", done=True)
            yield ThreadItemUpdatedEvent(item_id="wid", update=more)

        widget = WidgetItem(id="wid", thread_id="thr_1", created_at=NOW, widget=Card(children=[Text(value="a")]))
        events, [stored] = await answered(answer, widget, server=Server())
        assert kinds(events) == ["thread.item.updated", "thread.item.updated"]
        assert stored.widget.children[0].value == ("bcd" if kept else "a")


class TestHiding:
    @pytest.mark.parametrize(
        "item",
        [
            HiddenContextItem(id="hid", thread_id="thr_1", created_at=NOW, content={"secret": 1}),
            SDKHiddenContextItem(id="hid", thread_id="thr_1", created_at=NOW, content="secret"),
        ],
    )
    async def test_row_7_nothing_of_a_hidden_item_reaches_the_client(self, item):
        async def answer(thread, message, context):
            yield begins(item)
            yield word("secret", id="hid")
            yield done(item)
            yield ThreadItemReplacedEvent(item=item)
            yield done(said("thr_1", "seen"))

        events, stored = await answered(answer)
        assert kinds(events) == ["thread.item.done"]
        assert "hid" not in json.dumps(events)
        assert "hid" in [other.id for other in stored]

    async def test_removing_a_hidden_item_is_not_told(self):
        hidden = HiddenContextItem(id="hid", thread_id="thr_1", created_at=NOW, content="x")

        async def answer(thread, message, context):
            yield done(hidden)
            yield ThreadItemRemovedEvent(item_id="hid")

        assert await answered(answer) == ([], [])


class TestFailing:
    async def fails(self, error):
        async def answer(thread, message, context):
            yield done(said("thr_1", "before"))
            raise error

        events, stored = await answered(answer)
        assert len(stored) == 1
        return events[1:]

    async def test_our_own_words_are_shown_as_they_are(self, caplog):
        expected = {"type": "error", "code": "custom", "message": "No more today", "allow_retry": False}
        assert await self.fails(CustomStreamError("No more today")) == [expected]
        assert await self.fails(CustomStreamError("No more today", allow_retry=True)) == [
            expected | {"allow_retry": True}
        ]
        assert caplog.records == []

    async def test_a_known_code_brings_its_own_rule_for_retry(self):
        assert await self.fails(StreamError(ErrorCode.STREAM_ERROR)) == [
            {"type": "error", "code": "stream.error", "allow_retry": True}
        ]
        assert await self.fails(StreamError(ErrorCode.STREAM_ERROR, allow_retry=False)) == [
            {"type": "error", "code": "stream.error", "allow_retry": False}
        ]

    async def test_anything_else_is_logged_with_its_cause_and_says_nothing_of_itself(self, caplog):
        events = await self.fails(KeyError("secret"))
        assert events == [{"type": "error", "code": "stream.error", "allow_retry": True}]
        assert "secret" in caplog.text
        assert "Traceback" in caplog.text

    @pytest.mark.parametrize("result", [None, 5, "text"])
    async def test_a_handler_that_returns_no_iterator_is_an_error_event(self, result):
        events, _ = await answered(lambda thread, message, context: result)
        assert kinds(events) == ["error"]

    async def test_what_is_no_event_is_an_error_event_not_a_broken_stream(self, caplog):
        async def answer(thread, message, context):
            yield {"type": "notice"}

        events, _ = await answered(answer)
        assert kinds(events) == ["error"]
        assert "yielded dict" in caplog.text

    async def test_a_subclass_of_an_event_is_an_event(self):
        class Shout(NoticeEvent):
            pass

        async def answer(thread, message, context):
            yield Shout(level="danger", message="!")

        assert kinds((await answered(answer))[0]) == ["notice"]

    async def test_an_event_that_cannot_be_stored_is_not_shown(self):
        class Broken(InMemoryStore):
            async def add_thread_item(self, thread_id, item, context):
                if item.type == "assistant_message":
                    raise OSError("disk full")
                await super().add_thread_item(thread_id, item, context)

        async def answer(thread, message, context):
            yield done(said("thr_1", "lost"))

        events, stored = await answered(answer, server=ScriptedServer(store=Broken()))
        assert kinds(events) == ["error"]
        assert stored == []

    async def test_stream_options_that_fail_are_an_error_event(self):
        class Server(ScriptedServer):
            def get_stream_options(self, thread, context):
                raise RuntimeError("no options")

        server = Server()
        await a_thread(server)
        assert kinds(await stream(server, add("thr_1"))) == ["thread.item.done", "error"]
        assert server.asked == []

    async def test_text_in_progress_is_dropped(self):
        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            yield word("half")
            raise RuntimeError("boom")

        events, stored = await answered(answer)
        assert kinds(events) == ["thread.item.added", "thread.item.updated", "error"]
        assert stored == []


async def test_stream_options_are_the_servers_own():
    class Server(ScriptedServer):
        def get_stream_options(self, thread, context):
            return StreamOptions(allow_cancel=False)

    server = Server()
    await a_thread(server)
    assert (await stream(server, add("thr_1")))[1]["stream_options"] == {"allow_cancel": False}


async def test_the_store_may_be_replaced_at_any_time():
    async def answer(thread, message, context):
        server.store = InMemoryStore()
        await a_thread(server)
        yield done(said("thr_1", "x"))

    server = ScriptedServer(answer)
    await a_thread(server)
    await stream(server, add("thr_1"))
    assert [item.type for item in await items_of(server, "thr_1")] == ["assistant_message"]


async def test_a_subclass_need_not_call_our_constructor():
    class Server(ScriptedServer):
        def __init__(self, store: Store):
            self.store = store
            self.asked = []

        async def respond(self, thread, input_user_message, context):
            thread.title = "T"
            yield done(said("thr_1", "x"))

    server = Server(InMemoryStore())
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == ["thread.item.done", "thread.updated"]


async def test_typed_events_are_the_receivers_own():
    item = said("thr_1", "x")

    async def answer(thread, message, context):
        yield done(item)
        item.content.clear()
        yield word("y")

    server = ScriptedServer(answer)
    await a_thread(server)
    events = [event async for event in server.stream_events(add("thr_1"), ANN)]
    assert events[2].item.content[0].text == "x"
