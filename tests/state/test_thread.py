"""What a user does in a thread, through Reflex's event loop and a real server, without a browser."""

import asyncio
import logging

import pytest

from chatkit_app.chatkit.types import (
    ClosedStatus,
    ErrorEvent,
    LockedStatus,
    ProgressUpdateEvent,
)
from chatkit_app.client import chat
from chatkit_app.options import Options
from chatkit_app.state import thread as thread_state
from chatkit_app.state.thread import ThreadState
from tests.chatkit.scripted import a_thread, done, items_of, said
from tests.state.tab import open_site
from tests.state.talker import Talker, user_message


@pytest.fixture
async def server():
    return Talker()


@pytest.fixture
async def site(server):
    async with open_site(server) as site:
        yield site


@pytest.fixture
async def tab(site):
    return await site.tab()


class TestSending:
    async def test_shows_the_message_at_once_then_the_answer_as_it_comes(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "  Hi \n"}))
        await tab.until(lambda: tab.thread.answering)
        assert (tab.texts, tab.thread.waiting) == (["Hi"], True)
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        assert tab.growing == "Hello "
        assert [row["live"] for row in tab.rows] == [False, True]
        assert tab.thread.can_stop
        server.go_on()
        await sending.wait_all()
        assert tab.texts == ["Hi", "Hello there"]
        assert [row["ends_turn"] for row in tab.rows] == [False, True]
        assert not (tab.thread.answering or tab.thread.waiting or tab.thread.can_stop or tab.thread.problem)

    async def test_a_bubble_keeps_its_place_on_the_page_when_the_server_names_it(self, tab, server):
        server.go_on()
        await tab.do(ThreadState.send({"message": "Hi"}))
        assert tab.rows[0]["key"] == "sent-1"
        assert tab.rows[0]["id"] == (await items_of(server, tab.thread.thread_id))[0].id

    async def test_goes_on_in_the_thread_it_began(self, tab, server):
        server.go_on()
        await tab.do(ThreadState.send({"message": "one"}))
        thread_id = tab.thread.thread_id
        await tab.do(ThreadState.send({"message": "two"}))
        assert tab.thread.thread_id == thread_id
        assert tab.texts == ["one", "Hello there", "two", "Hello there"]

    @pytest.mark.parametrize("form", [{"message": " \n\t"}, {}, {"other": "x"}])
    async def test_nothing_sends_nothing(self, tab, server, form):
        await tab.do(ThreadState.send(form))
        assert (tab.rows, server.asked) == ([], [])

    async def test_more_than_is_accepted_is_refused_in_words(self, tab, server):
        await tab.do(ThreadState.send({"message": "x" * (thread_state.MAX_MESSAGE + 1)}))
        assert tab.thread.problem == tab.options.words["message_too_long"]
        assert (tab.rows, server.asked, tab.thread.can_retry) == ([], [], False)

    async def test_a_second_message_during_an_answer_is_not_sent(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "one"}))
        await tab.until(lambda: tab.thread.answering)
        await tab.do(ThreadState.send({"message": "two"}))
        server.go_on()
        await sending.wait_all()
        assert tab.texts == ["one", "Hello there"]

    async def test_a_thread_that_another_tab_is_answered_in_says_that_it_is_busy(self, site, server, tab):
        server.go_on()
        await tab.do(ThreadState.send({"message": "one"}))
        other = await site.tab("other", thread=tab.thread.thread_id)
        server.may_say = asyncio.Semaphore(0)
        sending = await tab.begin(ThreadState.send({"message": "two"}))
        await tab.until(lambda: tab.thread.answering and len(server.asked) == 2)
        await other.do(ThreadState.send({"message": "three"}))
        assert other.thread.problem == other.options.words["error_busy"]
        assert other.thread.can_retry and not other.thread.answering
        server.go_on()
        await sending.wait_all()
        await other.do(ThreadState.retry(""))
        assert other.texts[-2:] == ["three", "Hello there"]

    async def test_a_starter_prompt_is_sent_by_its_number(self, server):
        options = Options.model_validate({"startScreen": {"prompts": [{"label": "A", "prompt": "Tell me"}]}})
        server.go_on()
        async with open_site(server, options) as site:
            tab = await site.tab()
            await tab.do(ThreadState.send_prompt(7))
            assert tab.rows == []
            await tab.do(ThreadState.send_prompt(0))
            assert tab.texts == ["Tell me", "Hello there"]

    async def test_a_failure_before_the_message_was_stored_keeps_it_for_retry(self, tab, server, site, monkeypatch):
        async def no_room(*args):
            raise OSError("disk full")

        server.go_on()
        monkeypatch.setattr(server.store, "save_thread", no_room)
        await tab.do(ThreadState.send({"message": "Hi"}))
        assert tab.texts == ["Hi"]
        assert tab.thread.problem and tab.thread.can_retry and not tab.thread.answering
        monkeypatch.undo()
        await tab.do(ThreadState.retry(""))
        assert tab.texts == ["Hi", "Hello there"]
        assert not tab.thread.problem

    async def test_a_failing_answer_shows_the_error_and_retry_answers_anew(self, tab, server, caplog):
        server.go_on()
        server.fails = True
        with caplog.at_level(logging.CRITICAL):
            await tab.do(ThreadState.send({"message": "Hi"}))
        assert tab.thread.problem == tab.options.words["error_default"]
        assert tab.thread.can_retry and not tab.thread.answering
        assert "model is down" not in str(tab.site.sent)
        server.fails = False
        await tab.do(ThreadState.retry(""))
        assert tab.texts == ["Hi", "Hello there"]
        assert [item.type for item in await items_of(server, tab.thread.thread_id)] == [
            "user_message",
            "assistant_message",
        ]

    async def test_the_last_question_of_many_can_be_asked_again(self, tab, server):
        server.go_on()
        for text in ("one", "two", "three"):
            await tab.do(ThreadState.send({"message": text}))
        await tab.do(ThreadState.retry(tab.rows[2]["id"]))
        assert tab.texts == ["one", "Hello there", "two", "Hello there"]
        assert len(await items_of(server, tab.thread.thread_id)) == 4

    async def test_retrying_during_an_answer_changes_nothing(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "one"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        await tab.do(ThreadState.retry(""))
        assert [row["kind"] for row in tab.rows] == ["user", "assistant"]
        server.go_on()
        await sending.wait_all()
        assert (tab.texts, len(server.asked)) == (["one", "Hello there"], 1)

    async def test_retrying_a_message_that_is_not_there_does_nothing(self, tab, server):
        server.go_on()
        await tab.do(ThreadState.send({"message": "one"}))
        await tab.do(ThreadState.retry("msg_of_somebody"))
        assert tab.texts == ["one", "Hello there"]
        assert len(server.asked) == 1

    async def test_an_error_of_the_assistant_is_shown_in_its_own_words(self, site, server):
        async def fail(thread, message, context):
            yield ErrorEvent(code="custom", message="Too hot today", allow_retry=False)

        server.answer = fail
        tab = await site.tab()
        await tab.do(ThreadState.send({"message": "Hi"}))
        assert (tab.thread.problem, tab.thread.can_retry) == ("Too hot today", False)

    async def test_progress_is_shown_until_the_answer_begins(self, site, server):
        gate = asyncio.Event()

        async def search(thread, message, context):
            yield ProgressUpdateEvent(text="Searching")
            await gate.wait()
            yield done(said(thread.id, "Found"))

        server.answer = search
        tab = await site.tab()
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        await tab.until(lambda: tab.thread.progress)
        assert tab.thread.progress == "Searching"
        gate.set()
        await sending.wait_all()
        assert (tab.thread.progress, tab.texts[-1]) == ("", "Found")

    @pytest.mark.parametrize("status", [LockedStatus(reason="Pay first"), ClosedStatus()])
    async def test_a_thread_that_is_not_open_takes_no_message(self, site, server, status):
        await a_thread(server, status=status)
        tab = await site.tab(thread="thr_1")
        assert (tab.thread.locked, tab.thread.lock_reason) == (status.type, status.reason or "")
        await tab.do(ThreadState.send({"message": "Hi"}))
        assert (tab.rows, server.asked) == ([], [])


class TestStopping:
    async def test_keeps_what_was_said(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        await tab.do(ThreadState.stop)
        await sending.wait_all()
        assert tab.texts == ["Hi", "Hello "]
        assert not (tab.thread.answering or tab.thread.stopping)
        kept = [item for item in await items_of(server, tab.thread.thread_id) if item.type == "assistant_message"]
        assert [item.content[0].text for item in kept] == ["Hello "]

    async def test_works_from_another_tab(self, tab, server, site):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        other = await site.tab("other", thread=tab.thread.thread_id)
        await other.do(ThreadState.stop)
        await sending.wait_all()
        assert tab.texts == ["Hi", "Hello "]

    async def test_with_nothing_to_stop_does_nothing(self, tab):
        await tab.do(ThreadState.stop)
        assert not tab.thread.stopping


class TestOpening:
    async def test_a_stored_thread_shows_its_items(self, site, server):
        await a_thread(server, user_message(), said("thr_1", "**answer**"), title="Old")
        tab = await site.tab()
        await tab.do(ThreadState.open("thr_1"))
        assert (tab.texts, tab.thread.title) == (["question", "**answer**"], "Old")
        assert not (tab.thread.loading or tab.thread.answering or tab.thread.problem)

    @pytest.mark.parametrize("user", ["bob", "ann"])
    async def test_a_foreign_thread_and_a_missing_one_look_the_same(self, site, server, user):
        await a_thread(server, user_message(text="secret"), title="private")
        tab = await site.tab(user=user)
        await tab.do(ThreadState.open("thr_1" if user == "bob" else "thr_none"))
        assert (tab.thread.thread_id, tab.thread.title, tab.rows) == ("", "", [])
        assert tab.thread.problem == tab.options.words["thread_not_found"]
        assert "secret" not in str(site.sent)

    async def test_a_reload_of_a_foreign_thread_shows_nothing_of_it(self, site, server):
        await a_thread(server, user_message(text="secret"))
        tab = await site.tab(user="bob", thread="thr_1")
        assert (tab.thread.thread_id, tab.rows) == ("", [])
        assert tab.thread.problem == tab.options.words["thread_not_found"]

    async def test_of_two_the_later_wins_however_long_the_first_takes(self, site, server, monkeypatch):
        await a_thread(server, user_message("slow", "slow"), id="slow", title="slow")
        await a_thread(server, user_message("fast", "fast", id="msg_2"), id="fast", title="fast")
        gate, load = asyncio.Event(), server.store.load_thread

        async def late(thread_id, context):
            if thread_id == "slow":
                await gate.wait()
            return await load(thread_id, context)

        monkeypatch.setattr(server.store, "load_thread", late)
        tab = await site.tab()
        slow = await tab.begin(ThreadState.open("slow"))
        await tab.until(lambda: tab.thread.loading)
        await tab.do(ThreadState.open("fast"))
        gate.set()
        await slow.wait_all()
        assert (tab.thread.thread_id, tab.thread.title, tab.texts) == ("fast", "fast", ["fast"])

    async def test_a_failing_store_says_so_and_tells_no_secret(self, site, server, monkeypatch, caplog):
        async def broken(*args):
            raise RuntimeError("password=hunter2")

        tab = await site.tab()
        monkeypatch.setattr(server.store, "load_thread", broken)
        await tab.do(ThreadState.open("thr_1"))
        assert tab.thread.problem == tab.options.words["thread_error"]
        assert "hunter2" not in str(site.sent)

    async def test_a_message_that_never_got_its_answer_can_be_answered(self, site, server):
        server.go_on()
        await a_thread(server, user_message())
        tab = await site.tab(thread="thr_1")
        assert tab.thread.problem == tab.options.words["no_answer"] and tab.thread.can_retry
        await tab.do(ThreadState.retry(""))
        assert tab.texts == ["question", "Hello there"]

    async def test_a_new_chat_leaves_the_answer_going_on_in_its_thread(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        thread_id = tab.thread.thread_id
        await tab.do(ThreadState.start_over())
        assert (tab.rows, tab.thread.thread_id, tab.thread.answering) == ([], "", False)
        server.go_on()
        await sending.wait_all()
        assert tab.rows == []
        await tab.do(ThreadState.open(thread_id))
        assert tab.texts == ["Hi", "Hello there"]

    async def test_a_message_sent_while_the_thread_opens_goes_to_that_thread(self, site, server, monkeypatch):
        server.go_on()
        await a_thread(server, user_message(), said("thr_1", "answer"))
        gate, load = asyncio.Event(), server.store.load_thread

        async def late(thread_id, context):
            await gate.wait()
            return await load(thread_id, context)

        tab = await site.tab()
        monkeypatch.setattr(server.store, "load_thread", late)
        opening = await tab.begin(ThreadState.open("thr_1"))
        sending = await tab.begin(ThreadState.send({"message": "more"}))
        gate.set()
        await opening.wait_all()
        await sending.wait_all()
        assert tab.texts == ["question", "answer", "more", "Hello there"]
        assert tab.thread.thread_id == "thr_1"


class TestOlderMessages:
    @pytest.fixture
    async def long(self, site, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 4)
        await a_thread(server, *(user_message(text=str(n), id=f"msg_{n}") for n in range(10)))
        return await site.tab(thread="thr_1")

    async def test_come_page_by_page_above_the_shown_ones(self, long):
        assert long.texts == ["6", "7", "8", "9"] and long.thread.has_older
        await long.do(ThreadState.load_older)
        assert long.texts == [str(n) for n in range(2, 10)]
        await long.do(ThreadState.load_older)
        assert long.texts == [str(n) for n in range(10)]
        assert not long.thread.has_older

    async def test_asked_for_twice_at_once_come_once(self, long):
        first = await long.begin(ThreadState.load_older)
        second = await long.begin(ThreadState.load_older)
        await first.wait_all()
        await second.wait_all()
        assert len(set(long.texts)) == len(long.texts)
        assert long.texts[-4:] == ["6", "7", "8", "9"]

    async def test_that_are_shown_already_are_not_shown_twice(self, long, server, monkeypatch):
        load = server.store.load_thread_items

        async def overlapping(thread_id, after, *args, **named):
            return await load(thread_id, None, *args, **{**named, "limit": 6})

        monkeypatch.setattr(server.store, "load_thread_items", overlapping)
        await long.do(ThreadState.load_older)
        assert long.texts == [str(n) for n in range(4, 10)]

    async def test_of_a_thread_that_was_left_are_not_shown_in_the_next(self, long, server, monkeypatch):
        await a_thread(server, user_message("thr_2", "other", id="other"), id="thr_2")
        gate, load = asyncio.Event(), server.store.load_thread_items

        async def late(thread_id, *args, **named):
            if thread_id == "thr_1":
                await gate.wait()
            return await load(thread_id, *args, **named)

        monkeypatch.setattr(server.store, "load_thread_items", late)
        loading = await long.begin(ThreadState.load_older)
        await long.do(ThreadState.open("thr_2"))
        gate.set()
        await loading.wait_all()
        assert long.texts == ["other"]
        assert not long.thread.loading_older

    async def test_that_cannot_be_loaded_can_be_asked_for_again(self, long, server, monkeypatch):
        async def broken(*args):
            raise OSError("gone")

        monkeypatch.setattr(server.store, "load_thread_items", broken)
        await long.do(ThreadState.load_older)
        assert long.texts == ["6", "7", "8", "9"] and not long.thread.loading_older
        monkeypatch.undo()
        monkeypatch.setattr(chat, "PAGE", 4)
        await long.do(ThreadState.load_older)
        assert long.texts[:4] == ["2", "3", "4", "5"]

    async def test_stay_in_order_when_turns_follow(self, long, server):
        server.go_on(1000)
        for n in range(6):
            await long.do(ThreadState.send({"message": f"new {n}"}))
        assert long.texts == ["6", "7", "8", "9", *(text for n in range(6) for text in (f"new {n}", "Hello there"))]
        await long.do(ThreadState.load_older)
        assert long.texts[:8] == [str(n) for n in range(2, 10)]

    async def test_past_the_window_the_oldest_rows_leave_and_can_be_loaded_again(self, long, server, monkeypatch):
        monkeypatch.setattr(thread_state, "WINDOW", 6)
        server.go_on(1000)
        for n in range(14):
            await long.do(ThreadState.send({"message": f"new {n}"}))
        assert len(long.rows) <= 6 + thread_state.RECENT + 2
        assert long.texts[-2:] == ["new 13", "Hello there"]
        assert long.thread.has_older
        while long.thread.has_older:
            await long.do(ThreadState.load_older)
        everything = [*map(str, range(10)), *(text for n in range(14) for text in (f"new {n}", "Hello there"))]
        assert long.texts == everything


class TestOtherTabsAndConnections:
    async def test_a_second_tab_joins_an_answer_from_its_start(self, tab, server, site):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        other = await site.tab("other", thread=tab.thread.thread_id)
        await other.until(lambda: other.growing == "Hello ")
        assert other.thread.answering and other.thread.can_stop
        server.go_on()
        await sending.wait_all()
        await other.until(lambda: not other.thread.answering)
        assert other.texts == tab.texts == ["Hi", "Hello there"]
        assert [row["id"] for row in other.rows] == [row["id"] for row in tab.rows]

    async def test_a_tab_that_lost_its_connection_stops_following_and_joins_again(self, tab, server, site):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        tab.go_to(tab.thread.thread_id)
        site.connected["tab"] = False
        server.go_on(1)
        await sending.wait_all()
        assert tab.growing == "Hello "
        await tab.load()
        await tab.until(lambda: tab.growing == "Hello there")
        server.go_on()
        await tab.until(lambda: not tab.thread.answering)
        assert tab.texts == ["Hi", "Hello there"]

    async def test_a_tab_that_was_away_when_the_answer_ended_sees_its_end(self, tab, server, site):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        tab.go_to(tab.thread.thread_id)
        site.connected["tab"] = False
        server.go_on()
        await sending.wait_all()
        run = await site.runs.find(tab.thread.thread_id, {"user_id": "ann"})
        await run.wait()
        await tab.do(ThreadState.open_from_address)
        assert tab.texts == ["Hi", "Hello there"]
        assert not tab.thread.answering

    async def test_loading_the_page_again_while_it_follows_changes_nothing(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        tab.go_to(tab.thread.thread_id)
        await tab.do(ThreadState.open_from_address)
        assert tab.growing == "Hello "
        server.go_on()
        await sending.wait_all()
        assert tab.texts == ["Hi", "Hello there"]

    async def test_a_thread_opened_in_place_of_another_s_answer_is_joined_when_it_is_answered_elsewhere(
        self, tab, server, site
    ):
        await a_thread(server, user_message(), said("thr_1", "answer"))
        await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        await tab.do(ThreadState.open("thr_1"))
        tab.go_to("thr_1")
        other = await site.tab("other", thread="thr_1")
        sending = await other.begin(ThreadState.send({"message": "more"}))
        await other.until(lambda: len(server.asked) == 2 and other.thread.thread_id)
        following = await tab.load()
        await tab.until(lambda: tab.thread.answering)
        server.go_on()
        await sending.wait_all()
        await following.wait_all()
        assert tab.texts == ["question", "answer", "more", "Hello there"]

    async def test_a_connection_that_comes_back_while_the_store_is_away_keeps_the_thread(
        self, tab, server, monkeypatch
    ):
        async def broken(*args, **named):
            raise OSError("no route to host")

        server.go_on()
        await tab.do(ThreadState.send({"message": "Hi"}))
        thread_id = tab.thread.thread_id
        tab.go_to(thread_id)
        monkeypatch.setattr(server.store, "load_thread", broken)
        await tab.do(ThreadState.open_from_address)
        assert tab.thread.problem == tab.options.words["thread_error"]
        assert (tab.thread.thread_id, tab.texts) == (thread_id, ["Hi", "Hello there"])
        monkeypatch.undo()
        await tab.do(ThreadState.open(thread_id))
        assert tab.thread.problem == ""
        await tab.do(ThreadState.send({"message": "again"}))
        assert tab.thread.thread_id == thread_id

    async def test_another_user_in_the_same_tab_sees_nothing_of_the_first(self, tab, server, site):
        await tab.begin(ThreadState.send({"message": "secret"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        tab.go_to(tab.thread.thread_id)
        tab.become("bob")
        await tab.do(ThreadState.open_from_address)
        assert (tab.rows, tab.thread.thread_id) == ([], "")
        before = len(site.sent)
        server.go_on()
        await (await site.runs.find(tab.router_data["asPath"].partition("=")[2], {"user_id": "ann"})).wait()
        await tab.do(ThreadState.open("thr_none"))
        assert "there" not in str(site.sent[before:])

    async def test_a_tab_the_server_forgot_sends_to_the_thread_of_its_address(self, site, server):
        server.go_on()
        await a_thread(server, user_message(), said("thr_1", "answer"))
        tab = await site.tab(thread="thr_1", loaded=False)
        sending = await tab.begin(ThreadState.send({"message": "more"}))
        await tab.do(ThreadState.open_from_address)
        await sending.wait_all()
        assert tab.texts == ["question", "answer", "more", "Hello there"]
        assert [item.content[0].text for item in await items_of(server, "thr_1")] == tab.texts


class TestRating:
    async def test_reaches_every_row_of_the_answer_and_stays_on_the_page(self, tab, server, monkeypatch):
        given = []

        async def add_feedback(thread_id, item_ids, feedback, context):
            given.append((thread_id, item_ids, feedback))

        monkeypatch.setattr(server, "add_feedback", add_feedback)
        server.go_on()
        await tab.do(ThreadState.send({"message": "Hi"}))
        answer = tab.rows[-1]["id"]
        await tab.do(ThreadState.rate(answer, "positive"))
        assert given == [(tab.thread.thread_id, [answer], "positive")]
        assert [row["feedback"] for row in tab.rows] == ["", "positive"]

    @pytest.mark.parametrize(("row", "kind"), [("answer_1", "superb"), ("unknown", "positive")])
    async def test_of_what_cannot_be_rated_is_ignored(self, tab, server, row, kind):
        server.go_on()
        await tab.do(ThreadState.send({"message": "Hi"}))
        await tab.do(ThreadState.rate(row, kind))
        assert [line["feedback"] for line in tab.rows] == ["", ""]
