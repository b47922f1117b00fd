"""The list of threads: loaded page by page, renamed, deleted, and the open thread told of it."""

import pytest

from chatkit_app.chatkit.types import ThreadMetadata
from chatkit_app.client import chat
from chatkit_app.state.history import MAX_TITLE, HistoryState
from chatkit_app.state.thread import ThreadState
from tests.chatkit.scripted import NOW, a_thread, said
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


def titles(tab):
    return [line["title"] for line in tab.history.threads]


async def threads(server, *titles, user="ann"):
    for minute, title in enumerate(titles):
        thread = ThreadMetadata(id=f"thr_{user}_{title}", title=title, created_at=NOW.replace(minute=minute))
        await server.store.save_thread(thread, {"user_id": user})


class TestTheList:
    async def test_shows_the_user_s_own_threads_the_newest_first(self, tab, server):
        await threads(server, "old", "new")
        await threads(server, "foreign", user="bob")
        await tab.do(HistoryState.show)
        assert titles(tab) == ["new", "old"]
        assert tab.history.shown and not (tab.history.loading or tab.history.has_more)

    async def test_comes_page_by_page_each_thread_once(self, tab, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 2)
        await threads(server, *"abcde")
        await tab.do(HistoryState.show)
        assert (titles(tab), tab.history.has_more) == (["e", "d"], True)
        await tab.do(HistoryState.load_more)
        await tab.do(HistoryState.load_more)
        assert (titles(tab), tab.history.has_more) == (["e", "d", "c", "b", "a"], False)
        await tab.do(HistoryState.load_more)
        assert titles(tab) == ["e", "d", "c", "b", "a"]

    async def test_asked_for_more_twice_at_once_shows_each_thread_once(self, tab, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 2)
        await threads(server, *"abcde")
        await tab.do(HistoryState.show)
        both = [await tab.begin(HistoryState.load_more) for _ in range(2)]
        for one in both:
            await one.wait_all()
        assert len(set(titles(tab))) == len(titles(tab))
        assert titles(tab)[:4] == ["e", "d", "c", "b"]

    async def test_shows_a_thread_that_two_pages_hold_once(self, tab, server, monkeypatch):
        monkeypatch.setattr(chat, "PAGE", 2)
        await threads(server, *"abcde")
        await tab.do(HistoryState.show)
        load = server.store.load_threads

        async def overlapping(**asked):
            return await load(**{**asked, "limit": 4, "after": None})

        monkeypatch.setattr(server.store, "load_threads", overlapping)
        await tab.do(HistoryState.load_more)
        assert titles(tab) == ["e", "d", "c", "b"]

    async def test_opened_again_is_fresh(self, tab, server):
        await tab.do(HistoryState.show)
        await threads(server, "new")
        await tab.do(HistoryState.hide())
        await tab.do(HistoryState.show)
        assert titles(tab) == ["new"]

    async def test_that_cannot_be_loaded_says_so_until_it_can(self, tab, server, monkeypatch):
        async def broken(*args, **named):
            raise RuntimeError("password=hunter2")

        monkeypatch.setattr(server.store, "load_threads", broken)
        await tab.do(HistoryState.show)
        assert tab.history.failed == "load" and not tab.history.loading
        assert "hunter2" not in str(tab.site.sent)
        monkeypatch.undo()
        await threads(server, "back")
        await tab.do(HistoryState.refresh)
        assert (tab.history.failed, titles(tab)) == ("", ["back"])

    async def test_a_picked_thread_is_opened_and_the_list_closed(self, tab, server):
        await a_thread(server, user_message(), said("thr_1", "answer"), title="T")
        await tab.do(HistoryState.show)
        await tab.do(HistoryState.pick("thr_1"))
        assert (tab.history.shown, tab.thread.thread_id, tab.texts) == (False, "thr_1", ["question", "answer"])


class TestRenaming:
    @pytest.fixture
    async def listed(self, tab, server):
        await a_thread(server, user_message(), said("thr_1", "answer"), title="Old")
        await tab.do(HistoryState.show)
        return tab

    async def test_changes_the_store_the_list_and_the_open_thread(self, listed, server):
        await listed.do(ThreadState.open("thr_1"))
        await listed.do(HistoryState.ask_name("thr_1"))
        await listed.do(HistoryState.rename({"title": "  New\n name "}))
        assert (titles(listed), listed.thread.title, listed.history.renaming) == (["New name"], "New name", "")
        assert (await server.store.load_thread("thr_1", {"user_id": "ann"})).title == "New name"

    async def test_leaves_the_title_of_another_open_thread(self, listed, server):
        await a_thread(server, id="thr_2", title="Other")
        await listed.do(ThreadState.open("thr_2"))
        await listed.do(HistoryState.ask_name("thr_1"))
        await listed.do(HistoryState.rename({"title": "New"}))
        assert listed.thread.title == "Other"

    @pytest.mark.parametrize("form", [{"title": "  "}, {}])
    async def test_to_nothing_changes_nothing(self, listed, server, form):
        await listed.do(HistoryState.ask_name("thr_1"))
        await listed.do(HistoryState.rename(form))
        assert (titles(listed), listed.history.renaming) == (["Old"], "")
        assert (await server.store.load_thread("thr_1", {"user_id": "ann"})).title == "Old"

    async def test_without_having_asked_changes_nothing(self, listed):
        await listed.do(HistoryState.rename({"title": "New"}))
        assert titles(listed) == ["Old"]

    async def test_keeps_as_much_of_a_title_as_is_allowed(self, listed):
        await listed.do(HistoryState.ask_name("thr_1"))
        await listed.do(HistoryState.rename({"title": "x" * 1000}))
        assert titles(listed) == ["x" * MAX_TITLE]

    async def test_a_foreign_thread_fails_and_changes_nothing(self, listed, server):
        await threads(server, "foreign", user="bob")
        await listed.do(HistoryState.ask_name("thr_bob_foreign"))
        await listed.do(HistoryState.rename({"title": "mine"}))
        assert listed.history.failed == "rename"
        assert (await server.store.load_thread("thr_bob_foreign", {"user_id": "bob"})).title == "foreign"

    async def test_can_be_left(self, listed):
        await listed.do(HistoryState.ask_name("thr_1"))
        await listed.do(HistoryState.keep_name())
        assert listed.history.renaming == ""


class TestDeleting:
    @pytest.fixture
    async def listed(self, tab, server):
        await a_thread(server, user_message(), said("thr_1", "answer"), title="One")
        await a_thread(server, id="thr_2", title="Two")
        await tab.do(HistoryState.show)
        return tab

    async def test_removes_it_from_the_store_and_the_list_and_leaves_it(self, listed, server):
        await listed.do(ThreadState.open("thr_1"))
        await listed.do(HistoryState.ask_delete("thr_1"))
        await listed.do(HistoryState.delete)
        assert (titles(listed), listed.history.deleting) == (["Two"], "")
        assert (listed.thread.thread_id, listed.rows) == ("", [])
        page = await server.store.load_threads(10, None, "asc", {"user_id": "ann"})
        assert [thread.id for thread in page.data] == ["thr_2"]

    async def test_another_thread_than_the_open_one_leaves_that_open(self, listed):
        await listed.do(ThreadState.open("thr_1"))
        await listed.do(HistoryState.ask_delete("thr_2"))
        await listed.do(HistoryState.delete)
        assert (listed.thread.thread_id, listed.texts) == ("thr_1", ["question", "answer"])

    async def test_needs_the_question_first(self, listed):
        await listed.do(HistoryState.delete)
        await listed.do(HistoryState.ask_delete("thr_1"))
        await listed.do(HistoryState.keep_thread())
        await listed.do(HistoryState.delete)
        assert titles(listed) == ["Two", "One"] or titles(listed) == ["One", "Two"]

    async def test_a_thread_being_answered_stops_the_answer_for_good(self, tab, server):
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        thread_id = tab.thread.thread_id
        await tab.do(HistoryState.show)
        await tab.do(HistoryState.ask_delete(thread_id))
        await tab.do(HistoryState.delete)
        await sending.wait_all()
        server.go_on()
        assert (tab.rows, tab.thread.thread_id, tab.thread.answering, titles(tab)) == ([], "", False, [])
        assert (await server.store.load_threads(10, None, "asc", {"user_id": "ann"})).data == []

    async def test_a_foreign_thread_fails_and_deletes_nothing(self, listed, server):
        await threads(server, "foreign", user="bob")
        await listed.do(HistoryState.ask_delete("thr_bob_foreign"))
        await listed.do(HistoryState.delete)
        assert (await server.store.load_thread("thr_bob_foreign", {"user_id": "bob"})).title == "foreign"
