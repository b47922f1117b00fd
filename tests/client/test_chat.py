"""The verbs of a chat against a real server in this process."""

import asyncio

import pytest

from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import UserMessageTextContent
from chatkit_app.client import ChatClient, chat
from chatkit_app.runs import MemoryRuns, ThreadBusyError
from tests.chatkit.scripted import ANN, a_thread, items_of, said
from tests.state.talker import Talker, user_message

BOB = {"user_id": "bob"}


@pytest.fixture
async def server():
    return Talker()


@pytest.fixture
async def client(server):
    runs = MemoryRuns(server.stream_events)
    yield ChatClient(server, runs)
    await runs.aclose()


def text(words="Hi"):
    return [UserMessageTextContent(text=words)]


async def settled(answer):
    async with asyncio.timeout(5):
        return [event async for _, event in answer.events()]


def texts(items):
    return [item.content[0].text for item in items]


class TestSending:
    async def test_without_a_thread_begins_one(self, client, server):
        server.go_on()
        answer = await client.send(None, text(), ANN)
        await settled(answer)
        assert texts(await items_of(server, answer.thread_id)) == ["Hi", "Hello there"]

    async def test_to_a_thread_adds_to_it(self, client, server):
        server.go_on()
        await a_thread(server, user_message(), said("thr_1", "answer"))
        answer = await client.send("thr_1", text("more"), ANN)
        await settled(answer)
        assert answer.thread_id == "thr_1"
        assert texts(await items_of(server, "thr_1")) == ["question", "answer", "more", "Hello there"]

    async def test_to_a_thread_that_is_being_answered_is_refused(self, client, server):
        await a_thread(server)
        answer = await client.send("thr_1", text(), ANN)
        with pytest.raises(ThreadBusyError):
            await client.send("thr_1", text("again"), ANN)
        server.go_on()
        await settled(answer)
        assert texts(await items_of(server, "thr_1")) == ["Hi", "Hello there"]

    async def test_to_a_foreign_thread_leaves_nothing_there(self, client, server):
        server.go_on()
        await a_thread(server)
        events = await settled(await client.send("thr_1", text(), BOB))
        assert events[-1].type == "error"
        assert await items_of(server, "thr_1") == []


class TestRetrying:
    async def test_removes_what_followed_and_answers_again(self, client, server):
        server.go_on()
        await a_thread(server, user_message(), said("thr_1", "old answer"), user_message(text="later", id="msg_2"))
        await settled(await client.retry("thr_1", "msg_1", ANN))
        assert texts(await items_of(server, "thr_1")) == ["question", "Hello there"]


class TestStopping:
    async def test_keeps_what_was_said(self, client, server):
        server.go_on(1)
        answer = await client.send(None, text(), ANN)
        async with asyncio.timeout(5):
            async for _, event in answer.events():
                if event.type == "thread.item.updated":
                    break
        assert await client.stop(answer.thread_id, ANN)
        assert answer.settled and answer.stopped
        assert "Hello " in texts(
            [item for item in await items_of(server, answer.thread_id) if item.type == "assistant_message"]
        )

    async def test_with_nothing_in_progress_says_so(self, client, server):
        await a_thread(server)
        assert not await client.stop("thr_1", ANN)

    async def test_somebody_else_s_answer_is_as_if_there_were_none(self, client, server):
        await a_thread(server)
        answer = await client.send("thr_1", text(), ANN)
        assert not await client.stop("thr_1", BOB)
        server.go_on()
        await settled(answer)
        assert not answer.stopped


class TestOpening:
    async def test_gives_the_newest_items_oldest_first_and_where_older_ones_begin(self, client, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 3)
        await a_thread(server, *(user_message(text=str(n), id=f"msg_{n}") for n in range(5)), title="T")
        opened = await client.open("thr_1", ANN)
        assert (opened.thread.title, texts(opened.items), opened.answer) == ("T", ["2", "3", "4"], None)
        page = await client.items("thr_1", opened.before, ANN)
        assert (texts(page.data), page.has_more) == (["1", "0"], False)

    async def test_a_short_thread_has_nothing_before_it(self, client, server):
        await a_thread(server, user_message())
        assert (await client.open("thr_1", ANN)).before is None

    async def test_finds_the_answer_in_progress(self, client, server):
        await a_thread(server)
        answer = await client.send("thr_1", text(), ANN)
        assert (await client.open("thr_1", ANN)).answer is answer

    async def test_looks_for_the_answer_first_so_that_an_event_is_seen_twice_rather_than_never(
        self, client, server, monkeypatch
    ):
        """The answer ends while the items are loaded: its message is then among them or in the log, and here in both."""
        await a_thread(server)
        answer, load = await client.send("thr_1", text(), ANN), server.store.load_thread_items

        async def after_the_end(*args, **named):
            server.go_on()
            await settled(answer)
            return await load(*args, **named)

        monkeypatch.setattr(server.store, "load_thread_items", after_the_end)
        opened = await client.open("thr_1", ANN)
        assert opened.answer is answer
        assert texts(opened.items) == ["Hi", "Hello there"]

    @pytest.mark.parametrize("thread_id", ["thr_1", "thr_none"])
    async def test_a_foreign_thread_is_not_found_as_a_missing_one_is(self, client, server, thread_id):
        await a_thread(server, user_message())
        await client.send("thr_1", text(), ANN)
        with pytest.raises(NotFoundError):
            await client.open(thread_id, BOB)
        assert (await client.items(thread_id, None, BOB)).data == []


class TestThreads:
    async def test_are_the_user_s_own_the_newest_first_page_by_page(self, client, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 2)
        for n in range(3):
            await a_thread(server, id=f"thr_{n}")
        first = await client.threads(None, ANN)
        second = await client.threads(first.after, ANN)
        assert first.has_more and not second.has_more
        assert {thread.id for thread in [*first.data, *second.data]} == {"thr_0", "thr_1", "thr_2"}
        assert (await client.threads(None, BOB)).data == []

    async def test_are_renamed(self, client, server):
        await a_thread(server, title="Old")
        await client.rename("thr_1", "New", ANN)
        assert (await client.threads(None, ANN)).data[0].title == "New"

    @pytest.mark.parametrize("thread_id", ["thr_1", "thr_none"])
    async def test_of_others_can_be_neither_renamed_nor_deleted(self, client, server, thread_id):
        await a_thread(server, title="Old")
        with pytest.raises(NotFoundError):
            await client.rename(thread_id, "Mine", BOB)
        await client.delete(thread_id, BOB)
        assert (await server.store.load_thread("thr_1", ANN)).title == "Old"

    async def test_deleted_during_an_answer_stay_deleted(self, client, server):
        await a_thread(server)
        answer = await client.send("thr_1", text(), ANN)
        server.go_on(1)
        await client.delete("thr_1", ANN)
        server.go_on()
        assert answer.settled
        assert (await client.threads(None, ANN)).data == []
        with pytest.raises(NotFoundError):
            await client.open("thr_1", ANN)


class TestFeedback:
    async def test_reaches_the_server_with_who_gave_it(self, client, server, monkeypatch):
        given = []

        async def add_feedback(*args):
            given.append(args)

        monkeypatch.setattr(server, "add_feedback", add_feedback)
        await a_thread(server, user_message(), said("thr_1", "answer"))
        await client.feedback("thr_1", ["msg_answer"], "negative", ANN)
        assert given == [("thr_1", ["msg_answer"], "negative", ANN)]
