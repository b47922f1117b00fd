"""The log of one answer and its readers."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    ProgressUpdateEvent,
    ThreadItemUpdatedEvent,
)
from chatkit_app.runs import Run
from tests.runs.turns import created


def say(run: Run, *words: str) -> None:
    for word in words:
        run.append(ProgressUpdateEvent(text=word))


async def read(run: Run, after: int = 0) -> list[tuple[int, str]]:
    return [(number, event.text) async for number, event in run.events(after)]


async def test_a_reader_gets_what_was_and_what_will_be_in_order():
    run = Run("alice")
    say(run, "a", "b")
    reading = asyncio.create_task(read(run))
    await asyncio.sleep(0)
    say(run, "c")
    await asyncio.sleep(0)
    say(run, "d", "e")
    run.settle()
    assert await reading == [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")]


async def test_a_reader_that_comes_back_continues_after_its_last_number():
    run = Run("alice")
    say(run, "a", "b", "c")
    run.settle()
    assert await read(run, after=2) == [(3, "c")]
    assert await read(run, after=3) == []


@pytest.mark.parametrize("after", [-1, 4])
async def test_a_number_of_another_run_is_refused(after):
    run = Run("alice")
    say(run, "a", "b", "c")
    with pytest.raises(ValueError, match="between 0 and 3"):
        await read(run, after)


async def test_all_readers_of_a_run_get_all_of_it():
    run = Run("alice")
    readers = []
    for word in "abcdefgh":
        readers.append(asyncio.create_task(read(run)))
        await asyncio.sleep(0)
        say(run, word)
    run.settle()
    for texts in await asyncio.gather(*readers):
        assert [text for _, text in texts] == list("abcdefgh")


async def test_a_reader_that_leaves_disturbs_nobody():
    run = Run("alice")
    leaving, staying = asyncio.create_task(read(run)), asyncio.create_task(read(run))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    say(run, "a")
    run.settle()
    assert await staying == [(1, "a")]


async def test_a_reader_that_sleeps_misses_nothing_and_holds_up_nothing():
    run = Run("alice")
    slow = run.events()
    say(run, "a")
    assert (await anext(slow))[0] == 1
    say(run, *"bcdef")
    run.settle()
    assert [number async for number, _ in slow] == [2, 3, 4, 5, 6]


async def test_the_thread_of_a_new_conversation_is_known_once_it_was_created():
    run = Run("alice")
    assert run.thread_id is None
    run.append(created("thr_9"))
    assert run.thread_id == "thr_9"


def word(item_id, content_index, delta):
    update = AssistantMessageContentPartTextDelta(content_index=content_index, delta=delta)
    return ThreadItemUpdatedEvent(item_id=item_id, update=update)


part = AssistantMessageContentPartAdded(content_index=2, content=AssistantMessageContent(text="x"))
others = [ThreadItemUpdatedEvent(item_id="msg_1", update=part), ProgressUpdateEvent(text="p"), created("thr_1")]
events = st.sampled_from(others) | st.builds(
    word, st.sampled_from(["msg_1", "msg_2"]), st.integers(0, 1), st.sampled_from(["", "wör", "ld"])
)


@given(st.lists(events, max_size=12))
def test_text_and_all_other_events_are_replayed_as_they_were_from_any_number(log):
    async def replay():
        run = Run("alice")
        for event in log:
            run.append(event)
        run.settle()
        for after in range(len(log) + 1):
            assert [event async for _, event in run.events(after)] == log[after:]

    asyncio.run(replay())


async def test_run_ids_are_long_and_never_the_same():
    names = {Run("alice").id for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) >= len("run_") + 22 for name in names)
