"""A user in front of a server: what every verb sends, and what is on the screen then."""

import asyncio
import contextlib

import pytest

from chatkit_app.chatkit.store import InMemoryStore, NotFoundError
from chatkit_app.chatkit.testing import ChatTestClient, NotThereError
from chatkit_app.chatkit.types import (
    Action,
    ClientEffectEvent,
    ClientToolCallItem,
    HiddenContextItem,
    NoticeEvent,
    ProgressUpdateEvent,
    SDKHiddenContextItem,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    ThreadItemUpdatedEvent,
    UserMessageTagContent,
    WidgetRootUpdated,
)
from chatkit_app.chatkit.widgets import Button, Card, CardAction, Text

from ..scripted import ANN, NOW, items_of, said
from .desk import Desk, begins, desk_that_says, desk_that_shows, done

HERE = {"thread_id": "", "created_at": NOW}


def client(server, **options):
    return ChatTestClient(server, ANN, **options)


def call(id, **fields):
    return ClientToolCallItem(id=id, call_id=f"call_{id}", name="where", arguments={}, **HERE, **fields)


def form():
    options = [StructuredInputMultipleChoiceOption(value=value) for value in ("post", "courier")]
    inputs = [
        StructuredInputMultipleChoice(id="how", question="How?", options=options, multiple=True),
        StructuredInputFreeform(id="where", question="Where to?"),
    ]
    return StructuredInputItem(id="form", inputs=inputs, **HERE)


class StoreOverAnother(InMemoryStore):
    """Has the rows of another store, and says about them what it likes."""

    def __init__(self, other):
        super().__init__()
        self.other = other

    async def load_thread(self, thread_id, context):
        return await self.other.load_thread(thread_id, context)

    async def load_threads(self, limit, after, order, context):
        return self.told(await self.other.load_threads(limit, None, order, context))

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return self.told(await self.other.load_thread_items(thread_id, None, limit, order, context))


class RepeatingStore(StoreOverAnother):
    """Has every row twice, as one that only ever appends."""

    def told(self, page):
        return page.model_copy(update={"data": page.data * 2})


class LostStore(StoreOverAnother):
    """Always has more, always after the same."""

    def __init__(self, other, cursor):
        super().__init__(other)
        self.cursor = cursor

    def told(self, page):
        return page.model_copy(update={"has_more": True, "after": self.cursor})


@pytest.mark.parametrize("server", [None, Desk, StoreOverAnother(None)])
def test_what_is_no_server_is_named_at_once(server):
    with pytest.raises(TypeError, match=r"is no server of the class chatkit_app\.chatkit\.server\.ChatKitServer"):
        client(server)


class TestSaying:
    async def test_the_answer_is_the_turn_and_the_thread_is_on_the_screen(self):
        chat = client(desk_that_says("Good morning", "And good night"))
        turn = await chat.say("hi")
        assert turn.text == chat.text == "Good morning"
        assert turn.kinds[:4] == ["thread.created", "thread.item.done", "stream_options", "thread.item.added"]
        assert [item.type for item in turn.items] == ["assistant_message"]
        assert turn.wire[2] == {"type": "stream_options", "stream_options": {"allow_cancel": True}}
        assert turn.error is None
        assert [item.type for item in chat.items] == ["user_message", "assistant_message"]

    async def test_the_next_message_goes_into_the_same_thread(self):
        chat = client(desk_that_says("one", "two"))
        await chat.say("hi")
        thread = chat.thread
        second = await chat.say("again")
        assert (second.text, chat.thread.id, len(chat.items)) == ("two", thread.id, 4)
        assert chat.events == [event for turn in chat.turns for event in turn.events]
        assert len(chat.turns) == 2

    async def test_everything_the_composer_can_send_arrives(self):
        chat = client(server := desk_that_says("ok"))
        tag = UserMessageTagContent(id="c3", text="Slopes", data={"n": 3})
        file = await chat.upload("notes.txt", b"abc")
        await chat.say("What is ", tag, attachments=[file], quote="14C", tool="search", model="big")
        _, message, context = server.asked[0]
        assert message.content[1] == tag
        assert message.attachments[0].id == file.id
        assert message.quoted_text == "14C"
        assert (message.inference_options.tool_choice.id, message.inference_options.model) == ("search", "big")
        assert context is ANN

    async def test_what_is_not_an_item_is_in_the_turn_too(self):
        async def answer(thread, message, context):
            yield ProgressUpdateEvent(text="Looking")
            yield ClientEffectEvent(name="blink", data={"n": None})
            yield NoticeEvent(level="info", message="Careful")
            yield done(said(thread.id, "one", id="m1"))
            yield done(said(thread.id, "two", id="m2"))

        turn = await client(Desk(answer)).say("hi")
        assert turn.progress == ["Looking"]
        assert turn.effects == [ClientEffectEvent(name="blink", data={"n": None})]
        assert [notice.message for notice in turn.notices] == ["Careful"]
        assert (turn.texts, turn.text) == (["one", "two"], "two")

    async def test_a_failure_is_the_turns_error_and_what_was_not_done_is_gone(self):
        async def answer(thread, message, context):
            yield begins(said(thread.id, "half"))
            raise RuntimeError("boom")

        chat = client(Desk(answer))
        turn = await chat.say("hi")
        assert turn.error is not None
        assert turn.error.allow_retry
        assert (turn.text, turn.items) == ("", ())
        assert chat.view.error == turn.error
        await chat.assert_reload_shows_the_same()

    async def test_asking_a_turn_for_what_did_not_come_says_what_came_and_how_it_failed(self):
        async def answer(thread, message, context):
            yield done(said(thread.id, "x"))
            raise RuntimeError("boom")

        turn = await client(Desk(answer)).say("hi")
        with pytest.raises(NotThereError, match=r"No widget came; there came: assistant_message.*ErrorEvent"):
            _ = turn.widget
        with pytest.raises(NotThereError, match="No form came"):
            _ = turn.form
        with pytest.raises(NotThereError, match="No call of a client tool came"):
            _ = turn.client_tool_call

    async def test_a_failing_assertion_shows_what_was_said_in_a_line(self):
        async def answer(thread, message, context):
            yield done(said(thread.id, "one"))
            yield done(call("tc_1"))
            raise RuntimeError("boom")

        chat = client(Desk(answer))
        assert repr(chat) == "<ChatTestClient: an empty thread>"
        turn = await chat.say("hi")
        assert repr(turn).startswith("<Turn: 6 events; assistant_message 'one'; client_tool_call 'tc_1'; ErrorEvent(")
        assert repr(chat) == "<ChatTestClient: user_message 'hi'; assistant_message 'one'; client_tool_call 'tc_1'>"
        assert repr(await client(Desk()).say("hi")) == "<Turn: 3 events; nothing shown>"
        stopped = await client(desk_that_says("a b")).say("hi", stop_after="a")
        assert repr(stopped) == "<Turn: 5 events; assistant_message 'a '; stopped>"

    async def test_an_answer_that_never_ends_is_stopped_and_named(self):
        async def answer(thread, message, context):
            yield begins(said(thread.id, "half"))
            await asyncio.Event().wait()

        chat = client(Desk(answer), timeout=0.05)
        with pytest.raises(TimeoutError, match=r"threads\.create within 0\.05 seconds.*thread\.item\.added"):
            await chat.say("hi")
        assert chat.text == "half"
        await chat.assert_reload_shows_the_same()

    async def test_a_timeout_of_the_servers_own_is_raised_as_it_is(self):
        class Server(Desk):
            async def transcribe(self, audio_input, context):
                raise TimeoutError("the model sleeps")

        with pytest.raises(TimeoutError, match="the model sleeps"):
            await client(Server()).dictate(b"x")

    async def test_a_document_that_never_comes_is_given_up(self):
        class Server(Desk):
            async def transcribe(self, audio_input, context):
                await asyncio.Event().wait()

        with pytest.raises(TimeoutError, match=r"No end of the answer to input\.transcribe within 0\.05 seconds$"):
            await client(Server(), timeout=0.05).dictate(b"x")

    async def test_bytes_that_are_no_event_are_refused(self):
        class Server(Desk):
            async def process(self, request, context):
                result = await super().process(request, context)
                result.json_events = self.broken(result.json_events)
                return result

            async def broken(self, chunks):
                async with contextlib.aclosing(chunks):
                    async for chunk in chunks:
                        yield chunk[:-1]

        with pytest.raises(AssertionError, match="Not one server-sent event"):
            await client(Server()).say("hi")


class TestStopping:
    @pytest.fixture
    def chat(self):
        return client(desk_that_says("one two three"))

    @pytest.mark.parametrize(
        "until", [6, "one two", lambda event: event.type == "thread.item.updated" and event.update.delta == "two "]
    )
    async def test_the_user_can_stop_after_events_or_words_or_what_a_test_looks_for(self, chat, until):
        turn = await chat.say("hi", stop_after=until)
        assert turn.stopped
        assert turn.text == chat.text == "one two "
        assert len(turn.events) == 6
        assert isinstance((await items_of(chat.server, chat.thread.id))[-1], SDKHiddenContextItem)
        await chat.assert_reload_shows_the_same()

    async def test_an_answer_that_is_over_before_is_a_failed_test(self, chat):
        with pytest.raises(NotThereError, match=r"over before 'four'.*thread\.item\.done"):
            await chat.say("hi", stop_after="four")
        assert chat.text == "one two three"

    async def test_words_of_an_earlier_answer_stop_nothing(self):
        chat = client(desk_that_says("first", "then second"))
        await chat.say("hi")
        assert (await chat.say("again", stop_after="second")).text == "then second "

    async def test_a_turn_that_is_not_stopped_says_so(self, chat):
        assert not (await chat.say("hi")).stopped


class TestAttachments:
    async def test_a_file_is_announced_and_its_bytes_go_where_the_test_says(self):
        sent = []

        async def put(attachment, content):
            sent.append((attachment.upload_descriptor.method, content))

        chat = client(server := Desk(), upload=put)
        file = await chat.upload("photo.png", b"\x89PNG")
        assert (file.name, file.mime_type, file.metadata) == ("photo.png", "image/png", None)
        assert sent == [("PUT", b"\x89PNG")]
        assert chat.uploads == {file.id: b"\x89PNG"}
        await chat.remove_upload(file)
        assert chat.uploads == {}
        with pytest.raises(NotFoundError):
            await server.store.load_attachment(file.id, ANN)

    async def test_a_function_that_does_not_wait_is_an_upload_too(self):
        sent = {}
        chat = client(Desk(), upload=lambda attachment, content: sent.update({attachment.name: content}))
        file = await chat.upload("data.unknown", b"x")
        assert sent == {"data.unknown": b"x"}
        assert file.mime_type == "application/octet-stream"

    async def test_dictation_gives_text(self):
        assert await client(Desk()).dictate(b"hello") == "hello (audio/webm)"


class TestClientTools:
    async def test_the_newest_call_is_answered_and_the_others_are_forgotten(self):
        chat = client(server := desk_that_shows(call("tc_1"), call("tc_2")))
        turn = await chat.say("where am I?")
        assert turn.client_tool_call.id == "tc_2"
        server.answer = desk_that_says("In Rome").answer
        assert (await chat.answer_client_tool({"at": ("Rome", NOW)})).text == "In Rome"
        answered = chat.items[1]
        assert isinstance(answered, ClientToolCallItem)
        assert answered.output == {"at": ["Rome", "2026-11-22T07:37:00Z"]}
        await chat.assert_reload_shows_the_same()

    async def test_without_a_pending_call_nothing_is_sent(self):
        chat = client(server := desk_that_shows(call("tc_1", status="completed")))
        await chat.say("hi")
        with pytest.raises(NotThereError, match=r"No call of a client tool waits.*client_tool_call 'tc_1'"):
            await chat.answer_client_tool(1)
        assert len(server.asked) == 1


class TestForms:
    @pytest.fixture
    async def chat(self):
        chat = client(server := desk_that_shows(form()))
        assert (await chat.say("send it")).form.id == "form"
        server.answer = desk_that_says("Thanks").answer
        return chat

    def answers(self, chat):
        return [question.answer and (question.answer.values or "skipped") for question in chat.items[1].inputs]

    async def test_questions_are_answered_by_id_or_by_their_words(self, chat):
        turn = await chat.answer_form({"how": ["post", "courier"], "Where to?": "Rome"})
        assert self.answers(chat) == [["post", "courier"], ["Rome"]]
        assert turn.form.status == "answered"
        assert turn.text == "Thanks"
        await chat.assert_reload_shows_the_same()

    async def test_a_question_can_be_passed_over(self, chat):
        await chat.answer_form({"how": "post", "where": None}, form="form")
        assert self.answers(chat) == [["post"], "skipped"]

    async def test_a_form_can_be_passed_over_once(self, chat):
        await chat.skip_form()
        assert self.answers(chat) == ["skipped", "skipped"]
        with pytest.raises(NotThereError, match="No form waits"):
            await chat.skip_form()
        with pytest.raises(ValueError, match="already skipped"):
            await chat.skip_form(form="form")

    async def test_a_question_nobody_asked_is_named(self, chat):
        with pytest.raises(NotThereError, match=r"No question 'when' in form 'form'; there are: 'how' \(How\?\)"):
            await chat.answer_form({"when": "now"})

    async def test_several_answers_are_given_only_where_several_are_taken(self, chat):
        with pytest.raises(NotThereError, match=r"'where' in form 'form' takes one answer, not \['Rome', 'Paris'\]"):
            await chat.answer_form({"where": ["Rome", "Paris"]})
        assert self.answers(chat) == [None, None]


class TestBelowAnAnswer:
    async def test_a_retry_answers_the_last_message_again(self):
        chat = client(desk_that_says("one", "two", "three"))
        await chat.say("a")
        await chat.say("b")
        assert (await chat.retry()).text == "three"
        assert [item.type for item in chat.items] == ["user_message", "assistant_message"] * 2
        await chat.assert_reload_shows_the_same()

    async def test_a_retry_of_an_earlier_message_takes_all_that_followed(self):
        chat = client(desk_that_says("one", "two", "three"))
        await chat.say("a")
        await chat.say("b")
        await chat.retry(chat.items[0])
        assert [item.type for item in chat.items] == ["user_message", "assistant_message"]
        assert chat.text == "three"
        await chat.assert_reload_shows_the_same()

    async def test_a_retry_the_server_refuses_takes_nothing_away(self):
        chat = client(server := desk_that_says("one"))
        await chat.say("a")
        await server.store.delete_thread_item(chat.thread.id, chat.items[0].id, ANN)
        turn = await chat.retry()
        assert turn.kinds == ["error"]
        assert len(chat.items) == 2

    async def test_only_a_message_of_the_user_is_answered_again(self):
        chat = client(desk_that_says("one"))
        await chat.say("a")
        with pytest.raises(NotThereError, match="No message of the user 'msg_one' here; there are: user_message"):
            await chat.retry("msg_one")

    async def test_a_thumb_judges_the_last_answer_or_what_is_said(self):
        chat = client(server := desk_that_says("one", "two"))
        await chat.say("a")
        await chat.say("b")
        await chat.rate("positive")
        await chat.rate("negative", [chat.items[1], "other"])
        assert server.judged == [(["msg_two"], "positive"), (["msg_one", "other"], "negative")]

    async def test_there_must_be_an_answer_to_judge(self):
        chat = client(Desk())
        await chat.say("a")
        with pytest.raises(NotThereError, match="No answer here"):
            await chat.rate("positive")


class TestTheHistory:
    async def test_threads_are_listed_opened_renamed_and_deleted(self):
        chat = client(desk_that_says("one", "two"))
        await chat.say("a")
        first = chat.thread
        chat.new_thread()
        await chat.say("b")
        await chat.rename("Second")
        assert chat.thread.title == "Second"
        assert [thread.title for thread in await chat.threads()] == ["Second", None]
        await chat.open(first)
        assert chat.text == "one"
        await chat.delete()
        assert [thread.title for thread in await chat.threads()] == ["Second"]
        with pytest.raises(NotThereError, match="No thread is open"):
            _ = chat.thread

    async def test_a_history_of_several_pages_is_whole(self):
        chat = client(desk_that_says(*(f"answer {number}" for number in range(103))))
        for _ in range(103):
            chat.new_thread()
            await chat.say("hi")
        assert len({thread.id for thread in await chat.threads()}) == 103

    @pytest.mark.parametrize(
        ("cursor", "wrong"), [(None, "does not say after what"), ("thr_1", "leads back to 'thr_1'")]
    )
    async def test_pages_without_an_end_are_no_endless_test(self, cursor, wrong):
        chat = client(server := desk_that_says("one"))
        await chat.say("hi")
        server.store = LostStore(server.store, cursor)
        with pytest.raises(AssertionError, match=f"No end to threads.list: a page has more, but {wrong}"):
            await chat.threads()
        with pytest.raises(AssertionError, match=f"No end to items.list: a page has more, but {wrong}"):
            await chat.reload()

    async def test_another_user_has_another_history(self):
        ann = ChatTestClient(server := desk_that_says("one"), ANN)
        await ann.say("a")
        bob = ChatTestClient(server, {"user_id": "bob"})
        assert await bob.threads() == []
        with pytest.raises(NotFoundError):
            await bob.open(ann.thread)


class TestReloading:
    async def test_a_long_thread_comes_back_whole_and_in_order(self):
        chat = client(desk_that_says(*(f"answer {number}" for number in range(70))))
        for _ in range(70):
            await chat.say("hi")
        await chat.assert_reload_shows_the_same()
        before = chat.items
        assert (await chat.reload()).items == before
        assert len(before) == 140

    async def test_what_was_only_shown_is_found(self):
        shown = Card(children=[Text(value="after")])
        chat = client(server := desk_that_shows(Card(children=[Text(value="before")])))
        await chat.say("show")

        async def change_without_storing(thread, message, context):
            yield ThreadItemUpdatedEvent(item_id="widget_0", update=WidgetRootUpdated(widget=shown))

        server.answer = change_without_storing
        await chat.say("change")
        with pytest.raises(AssertionError, match=r'(?s)widget \'widget_0\'.*-.*"after".*\+.*"before"'):
            await chat.assert_reload_shows_the_same()
        view = await chat.reload()
        assert view.items[1].widget == Card(children=[Text(value="before")])

    async def test_what_is_only_stored_or_only_seen_or_moved_is_found(self):
        chat = client(server := desk_that_says("one", "two", "three"))
        for _ in range(2):
            await chat.say("hi")
        thread_id = chat.thread.id
        await server.store.delete_thread_item(thread_id, "msg_one", ANN)
        await server.store.add_thread_item(thread_id, said(thread_id, "new", id="msg_new"), ANN)
        asked = chat.items[2].model_copy(update={"created_at": NOW})
        await server.store.delete_thread_item(thread_id, asked.id, ANN)
        await server.store.add_thread_item(thread_id, asked, ANN)
        thread = await server.store.load_thread(thread_id, ANN)
        thread.title = "Renamed elsewhere"
        await server.store.save_thread(thread, ANN)
        with pytest.raises(AssertionError) as found:
            await chat.assert_reload_shows_the_same()
        for part in ("'msg_one' is not stored", "'msg_new' was not seen", "- in the order", "Renamed elsewhere"):
            assert part in str(found.value)

    async def test_what_is_stored_twice_is_found(self):
        chat = client(server := desk_that_says("one"))
        await chat.say("hi")
        server.store = RepeatingStore(server.store)
        with pytest.raises(AssertionError, match="assistant_message 'msg_one' is stored 2 times"):
            await chat.assert_reload_shows_the_same()

    async def test_hidden_context_is_on_no_screen(self):
        hidden = HiddenContextItem(id="hid", content="secret", **HERE)
        chat = client(server := desk_that_shows(hidden))
        await chat.say("hi")
        assert [item.type for item in chat.items] == ["user_message"]
        assert len(await items_of(server, chat.thread.id)) == 2
        await chat.assert_reload_shows_the_same()


class TestActions:
    async def test_the_page_can_send_an_action_of_its_own(self):
        chat = client(server := desk_that_shows(Card(children=[])))
        await chat.say("hi")
        turn = await chat.act(Action(type="page.ready", payload={"n": None}))
        assert turn.text == "page.ready done"
        await chat.act(Action(type="again"), sender=chat.items[1])
        assert server.fired == [("page.ready", {"n": None}), ("again", None)]

    async def test_an_action_that_does_not_stream_changes_its_widget(self):
        buttons = [
            Button(label=name, onClickAction={"type": name, "streaming": False}) for name in ("more", "look", "forget")
        ]
        chat = client(server := desk_that_shows(Card(children=buttons)))
        await chat.say("hi")
        turn = await chat.click("more")
        assert turn.events == ()
        assert turn.widget.copy_text == "more"
        assert turn.widgets == [turn.widget]
        assert chat.items[1] == turn.widget
        await chat.assert_reload_shows_the_same()
        assert (await chat.click("look")).items == ()
        await chat.click("forget")
        with pytest.raises(AssertionError, match="forget"):
            await chat.assert_reload_shows_the_same()
        assert server.fired == [("sync more", None), ("sync look", None), ("sync forget", None)]

    async def test_an_action_for_the_page_is_reported_and_not_sent(self):
        confirm = CardAction(label="Open", action={"type": "open", "payload": 1, "handler": "client"})
        chat = client(server := desk_that_shows(Card(children=[], confirm=confirm)))
        await chat.say("hi")
        turn = await chat.click("Open")
        assert turn.client_action == Action(type="open", payload=1)
        assert (turn.events, server.fired) == ((), [])

    async def test_an_answer_to_a_click_can_be_stopped(self):
        chat = client(desk_that_shows(Card(children=[Button(label="Go", onClickAction={"type": "go"})])))
        await chat.say("hi")
        assert (await chat.click("Go", stop_after="go done")).stopped
