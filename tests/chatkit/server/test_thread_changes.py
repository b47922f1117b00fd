"""What a handler changes on its thread is stored and told, right after the event during which it changed."""

import asyncio
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict

from chatkit_app.chatkit.server.watch import ThreadWatch
from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.types import (
    ActiveStatus,
    ClosedStatus,
    HiddenContextItem,
    LockedStatus,
    Thread,
    ThreadGetByIdParams,
    ThreadMetadata,
    ThreadsGetByIdReq,
    ThreadsUpdateReq,
    ThreadUpdateParams,
)

from ..scripted import ANN, NOW, ScriptedServer, a_thread, add, ask, begins, done, kinds, said, stream, word

UPDATED = "thread.updated"


async def answered(change, **fields):
    """The events after `stream_options` of an answer of two words, between which the thread is changed."""

    async def answer(thread, message, context):
        yield begins(said("thr_1"))
        yield word("one")
        change(thread)
        yield word("two")
        yield word("three")

    server = ScriptedServer(answer)
    await a_thread(server, **fields)
    events = (await stream(server, add("thr_1")))[2:]
    return SimpleNamespace(kinds=kinds(events), events=events, stored=await server.store.load_thread("thr_1", ANN))


def lock(thread):
    thread.status = LockedStatus(reason="r")


CHANGES = {
    "title": lambda thread: setattr(thread, "title", "T"),
    "status": lock,
    "image domains in place": lambda thread: thread.allowed_image_domains.append("b"),
    "metadata replaced": lambda thread: setattr(thread, "metadata", {"a": 2}),
    "metadata key set": lambda thread: thread.metadata.update(b=1),
    "metadata key removed": lambda thread: thread.metadata.pop("a"),
    "metadata nested, in place": lambda thread: thread.metadata["list"].append({"x": 1}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_is_told_right_after_the_next_event_and_once(change):
    seen = await answered(change, metadata={"a": 1, "list": []}, allowed_image_domains=["a"])
    assert seen.kinds == [
        "thread.item.added",
        "thread.item.updated",
        "thread.item.updated",
        UPDATED,
        "thread.item.updated",
    ]
    expected = ThreadMetadata(id="thr_1", created_at=NOW, metadata={"a": 1, "list": []}, allowed_image_domains=["a"])
    change(expected)
    assert seen.stored == expected


async def test_the_client_sees_the_change_but_never_the_metadata():
    def change(thread):
        lock(thread)
        thread.metadata["secret"] = 1

    seen = await answered(change)
    told = seen.events[3]["thread"]
    assert told["status"] == {"type": "locked", "reason": "r"}
    assert told["metadata"] == {}
    assert seen.stored.metadata == {"secret": 1}


async def test_a_reason_changed_in_place_is_a_change():
    seen = await answered(lambda thread: setattr(thread.status, "reason", "new"), status=LockedStatus(reason="old"))
    assert UPDATED in seen.kinds
    assert seen.stored.status == LockedStatus(reason="new")


async def test_without_a_change_nothing_is_told():
    seen = await answered(lambda thread: setattr(thread, "status", ActiveStatus()))
    assert UPDATED not in seen.kinds


async def test_a_change_at_the_very_end_is_told():
    async def answer(thread, message, context):
        yield done(said("thr_1", "x"))
        thread.title = "late"

    server = ScriptedServer(answer)
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == ["thread.item.done", UPDATED]


async def test_a_change_is_told_although_nothing_else_is_said():
    async def answer(thread, message, context):
        thread.title = "T"
        for event in ():
            yield event

    server = ScriptedServer(answer)
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == [UPDATED]


async def test_a_change_before_a_failure_is_told_after_the_error():
    async def answer(thread, message, context):
        yield begins(said("thr_1"))
        thread.title = "T"
        raise RuntimeError("boom")

    server = ScriptedServer(answer)
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == ["thread.item.added", "error", UPDATED]
    assert (await server.store.load_thread("thr_1", ANN)).title == "T"


async def test_a_change_during_a_hidden_item_is_told():
    async def answer(thread, message, context):
        thread.title = "T"
        yield done(HiddenContextItem(id="h", thread_id="thr_1", created_at=NOW, content="x"))
        yield done(said("thr_1", "x"))

    server = ScriptedServer(answer)
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == [UPDATED, "thread.item.done"]


async def test_a_change_that_cannot_be_stored_is_an_error_event():
    class Broken(InMemoryStore):
        async def save_thread(self, thread, context):
            if thread.title:
                raise OSError("disk full")
            await super().save_thread(thread, context)

    async def answer(thread, message, context):
        thread.title = "T"
        yield done(said("thr_1", "x"))

    server = ScriptedServer(answer, store=Broken())
    await a_thread(server)
    assert kinds(await stream(server, add("thr_1")))[2:] == ["thread.item.done", "error"]


class TestSideBySide:
    async def run_two(self, first, second, **fields):
        """Two turns that load the thread, then change it one after the other."""
        both_loaded = asyncio.Barrier(2)
        first_saved = asyncio.Event()

        async def answer(thread, message, context):
            await both_loaded.wait()
            if message.content[0].text == "first":
                first(thread)
                yield done(said("thr_1", "x", id="a"))
                yield done(said("thr_1", "x", id="b"))
                first_saved.set()
            else:
                await first_saved.wait()
                second(thread)
                yield done(said("thr_1", "x", id="c"))

        server = ScriptedServer(answer)
        await a_thread(server, **fields)
        _, events = await asyncio.gather(stream(server, add("thr_1", "first")), stream(server, add("thr_1", "second")))
        return await server.store.load_thread("thr_1", ANN), events

    async def test_row_9_turns_in_one_thread_keep_each_others_changes(self):
        def second(thread):
            thread.status = ClosedStatus()
            thread.metadata["second"] = 2

        def first(thread):
            thread.title = "T"
            thread.metadata["first"] = 1
            del thread.metadata["gone"]

        stored, events = await self.run_two(first, second, metadata={"old": 0, "gone": 0})
        assert (stored.title, stored.status) == ("T", ClosedStatus())
        assert stored.metadata == {"old": 0, "first": 1, "second": 2}
        assert events[-1]["thread"]["title"] == "T"

    async def test_row_9_renaming_a_thread_while_it_answers_is_not_undone(self):
        begun, renamed = asyncio.Event(), asyncio.Event()

        async def answer(thread, message, context):
            begun.set()
            await renamed.wait()
            thread.metadata["a"] = 1
            yield done(said("thr_1", "x"))

        server = ScriptedServer(answer)
        await a_thread(server, title="old")
        answering = asyncio.create_task(stream(server, add("thr_1")))
        await begun.wait()
        await ask(server, ThreadsUpdateReq(params=ThreadUpdateParams(thread_id="thr_1", title="new")))
        renamed.set()
        events = await answering
        assert events[-1]["thread"]["title"] == "new"
        assert (await server.store.load_thread("thr_1", ANN)).title == "new"

    async def test_row_9_saves_of_one_thread_do_not_overlap(self):
        inside = 0
        most = 0

        class Store(InMemoryStore):
            async def load_thread(self, thread_id, context):
                thread = await super().load_thread(thread_id, context)
                await asyncio.sleep(0)
                return thread

            async def save_thread(self, thread, context):
                nonlocal inside, most
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                await super().save_thread(thread, context)
                inside -= 1

        async def answer(thread, message, context):
            for number in range(5):
                thread.metadata[f"{message.id}{number}"] = 1
                yield done(said("thr_1", "x", id=f"{message.id}{number}"))

        server = ScriptedServer(answer, store=Store())
        await a_thread(server)
        await asyncio.gather(*(stream(server, add("thr_1")) for _ in range(4)))
        assert most == 1
        assert len((await server.store.load_thread("thr_1", ANN)).metadata) == 20

    async def test_row_9_two_turns_and_a_rename_at_the_same_time_all_count(self):
        all_there = asyncio.Barrier(3)

        class Store(InMemoryStore):
            async def load_thread(self, thread_id, context):
                thread = await super().load_thread(thread_id, context)
                for _ in range(5):
                    await asyncio.sleep(0)
                return thread

        async def answer(thread, message, context):
            await all_there.wait()
            thread.metadata[message.content[0].text] = 1
            yield done(said("thr_1", "x", id=message.id + "a"))

        async def rename():
            await all_there.wait()
            await ask(server, ThreadsUpdateReq(params=ThreadUpdateParams(thread_id="thr_1", title="new")))

        server = ScriptedServer(answer, store=Store())
        await a_thread(server, title="old")
        await asyncio.gather(rename(), *(stream(server, add("thr_1", name)) for name in ("one", "two")))
        thread = await server.store.load_thread("thr_1", ANN)
        assert (thread.title, thread.metadata) == ("new", {"one": 1, "two": 1})

    async def test_a_store_that_keeps_live_objects_keeps_them(self):
        class Live(InMemoryStore):
            thread = ThreadMetadata(id="thr_1", created_at=NOW)

            async def load_thread(self, thread_id, context):
                return self.thread

            async def save_thread(self, thread, context):
                self.thread = thread
                await super().save_thread(thread, context)

        async def answer(thread, message, context):
            thread.title = "T"
            yield done(said("thr_1", "x"))

        store = Live()
        await store.save_thread(store.thread, ANN)
        before = store.thread
        events = await stream(ScriptedServer(answer, store=store), add("thr_1"))
        assert kinds(events)[2:] == ["thread.item.done", UPDATED]
        assert store.thread is before


class TestLargeMetadata:
    """Row 32: more than a few values are not compared after every word, and still no change is missed."""

    async def test_row_32_a_change_in_a_burst_of_words_is_told_before_the_turn_ends(self):
        def change(thread):
            thread.metadata["key_7"] = "changed"

        seen = await answered(change, metadata={f"key_{number}": number for number in range(5_000)})
        assert seen.kinds.count(UPDATED) == 1
        assert seen.stored.metadata["key_7"] == "changed"
        assert len(seen.stored.metadata) == 5_000

    def test_row_32_any_other_event_looks_at_everything(self):
        thread = ThreadMetadata(id="t", created_at=NOW, metadata={"list": list(range(5_000))})
        watch = ThreadWatch(thread)
        assert not watch.noticed()
        thread.metadata["list"][3] = "changed"
        assert watch.changed()
        assert watch.take().metadata["list"][3] == "changed"
        assert not watch.changed()

    def test_row_32_words_are_compared_with_the_little_that_is_left(self):
        compared = 0

        class Value:
            def __eq__(self, other):
                nonlocal compared
                compared += 1
                return True

            __hash__ = None

        thread = ThreadMetadata(id="t", created_at=NOW, metadata={str(number): Value() for number in range(1_000)})
        watch = ThreadWatch(thread)
        for _ in range(1_000):
            assert not watch.noticed()
        assert compared <= 5_000

    def test_row_32_while_words_come_slowly_a_change_is_noticed_after_a_few(self, monkeypatch):
        times = iter([0.0, 0.001, 0.5, 1.002, 1.002, 1.003])
        monkeypatch.setattr("chatkit_app.chatkit.server.watch.perf_counter", lambda: next(times))
        thread = ThreadMetadata(id="t", created_at=NOW, metadata={str(number): 0 for number in range(1_000)})
        watch = ThreadWatch(thread)  # which took a millisecond: the next look is a second later
        thread.metadata["7"] = 1
        assert [watch.noticed(), watch.noticed()] == [False, True]


class TestLongText:
    """After every word at first, then after every few: a thread out of sight costs more to compare than all the rest."""

    @staticmethod
    async def told_after(*changed_before):
        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            for number in range(100):
                if number in changed_before:
                    thread.title = f"{number}"
                yield word("w")

        server = ScriptedServer(answer)
        await a_thread(server)
        told = kinds(await stream(server, add("thr_1")))[2:]
        return [told[:place].count("thread.item.updated") for place, kind in enumerate(told) if kind == UPDATED]

    @pytest.mark.parametrize("number", [0, 1, 5, 31])
    async def test_a_change_among_the_first_words_is_told_after_the_next(self, number):
        assert await self.told_after(number) == [number + 1]

    @pytest.mark.parametrize("number", [34, 50, 60, 90])
    async def test_a_later_change_is_told_some_words_later(self, number):
        (told,) = await self.told_after(number)
        assert number < told <= number + 10

    async def test_a_change_before_the_last_word_is_told_before_the_end(self):
        assert await self.told_after(99) == [100]

    async def test_a_change_before_a_stop_is_stored(self):
        async def answer(thread, message, context):
            yield begins(said("thr_1"))
            for _ in range(50):
                yield word("w")
            thread.title = "T"
            yield word("w")
            await asyncio.Event().wait()

        server = ScriptedServer(answer)
        await a_thread(server)
        events = server.stream_events(add("thr_1"), ANN)
        seen = [await anext(events) for _ in range(2 + 1 + 51)]
        reading = asyncio.create_task(anext(events))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        assert UPDATED not in [event.type for event in seen]
        assert (await server.store.load_thread("thr_1", ANN)).title == "T"


def test_dictionaries_of_a_model_that_are_replaced_are_found():
    class Strict(ThreadMetadata):
        model_config = ConfigDict(validate_assignment=True)  # pydantic then makes a new dictionary at each assignment

    thread = Strict(id="t", created_at=NOW, status=LockedStatus(reason="old"))
    watch = ThreadWatch(thread)
    thread.title = "T"
    assert watch.changed() and watch.take().fields == {"title": "T"}
    thread.status = LockedStatus(reason="old")
    assert not watch.changed()
    thread.status.reason = "new"
    assert watch.changed() and watch.take().fields == {"status": LockedStatus(reason="new")}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=1), inner, max_size=3),
    max_leaves=6,
)
METADATA = st.dictionaries(st.text("xyz", max_size=1), JSON, max_size=3)


@given(before=METADATA, mine=METADATA, theirs=METADATA)
def test_changes_put_on_an_unchanged_thread_give_the_thread_as_it_is(before, mine, theirs):
    thread = ThreadMetadata(id="t", created_at=NOW, metadata=before)
    original = thread.model_copy(deep=True)
    watch = ThreadWatch(thread)
    thread.metadata = mine
    thread.title = "T"
    assert watch.changed()
    changes = watch.take()
    assert changes.onto(original) == thread

    other = original.model_copy(update={"metadata": theirs, "status": ClosedStatus()})
    merged = changes.onto(other)
    assert merged.status == ClosedStatus()
    untouched = {key for key in before if key in mine and before[key] == mine[key]} | (
        theirs.keys() - before.keys() - mine.keys()
    )
    assert all(merged.metadata.get(key) == theirs.get(key) for key in untouched)


async def test_row_2_a_thread_is_saved_without_the_items_a_store_gave_it():
    class KeepsWholeThreads(InMemoryStore):
        saved: list = []

        async def load_thread(self, thread_id, context):
            thread = await super().load_thread(thread_id, context)
            items = await self.load_thread_items(thread_id, None, 20, "asc", context)
            return Thread(**dict(thread), items=items)

        async def save_thread(self, thread, context):
            self.saved.append(type(thread))
            await super().save_thread(thread, context)

    async def rename(thread, message, context):
        thread.title = "T"
        yield done(said(thread.id, "hi"))

    server = ScriptedServer(rename, store=KeepsWholeThreads())
    await a_thread(server)
    await stream(server, add("thr_1"))
    read = await ask(server, ThreadsGetByIdReq(params=ThreadGetByIdParams(thread_id="thr_1")))
    assert (read["title"], len(read["items"]["data"])) == ("T", 2)
    assert set(server.store.saved) == {ThreadMetadata}
