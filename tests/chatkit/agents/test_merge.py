import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit_app.chatkit.agents.merge import Merge, Queued
from chatkit_app.chatkit.agents.queue import EventQueue
from chatkit_app.chatkit.types import ProgressUpdateEvent


def event(text: str) -> ProgressUpdateEvent:
    return ProgressUpdateEvent(text=text)


async def everything(merge: Merge[Any]) -> list[Any]:
    """All that comes, told by its text."""
    told = []
    while (arrived := await merge.next()) is not None:
        told.append(arrived.event.text if isinstance(arrived, Queued) else arrived)
    return told


def merged(run: AsyncIterator[Any], queue: EventQueue, backlog: Any = lambda: 0) -> Merge[Any]:
    return Merge(run, queue, backlog)


async def test_the_run_goes_on_in_the_task_of_the_reader():
    async def run() -> AsyncIterator[str]:
        nonlocal task
        task = asyncio.current_task()
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            yield "a"
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
            yield "b"

    task = None

    assert await everything(merged(run(), EventQueue())) == ["a", "b"]
    assert task is asyncio.current_task()


async def test_a_wait_of_the_run_outlives_events_of_the_queue():
    async def run() -> AsyncIterator[str]:
        yield "a"
        yield await answer

    answer = asyncio.get_running_loop().create_future()
    queue = EventQueue()
    merge = merged(run(), queue)
    assert await merge.next() == "a"

    reading = asyncio.ensure_future(merge.next())
    await asyncio.sleep(0)
    queue.put_nowait(event("one"))
    queue.put_nowait(event("two"))
    assert await reading == Queued(event("one"))
    answer.set_result("b")

    assert await everything(merge) == ["two", "b"]


async def test_what_is_put_while_the_run_lets_others_run_is_handed_out_at_once():
    async def run() -> AsyncIterator[str]:
        queue.put_nowait(event("one"))
        await asyncio.sleep(0)
        yield "a"

    queue = EventQueue()

    assert await everything(merged(run(), queue)) == ["one", "a"]


async def test_a_run_that_cannot_be_closed_is_left_as_it_is():
    class Run:
        def __aiter__(self) -> AsyncIterator[str]:
            return self

        async def __anext__(self) -> str:
            raise StopAsyncIteration

        def aclose(self) -> str:
            return "no coroutine"

    merge = merged(Run(), EventQueue())

    assert await everything(merge) == []
    await merge.aclose()


async def test_what_was_put_comes_after_what_the_run_had_said_before():
    async def run() -> AsyncIterator[str]:
        while said:
            yield said.pop(0)

    said = ["a", "b"]
    queue = EventQueue()
    merge = merged(run(), queue, lambda: len(said))
    queue.put_nowait(event("after b"))
    said.append("c")

    assert await everything(merge) == ["a", "b", "after b", "c"]


async def test_a_backlog_that_vanishes_does_not_hold_the_queue_back():
    async def run() -> AsyncIterator[str]:
        waits.set_result(None)
        await asyncio.get_running_loop().create_future()
        yield "never"

    backlog, waits = 3, asyncio.get_running_loop().create_future()
    queue = EventQueue()
    merge = merged(run(), queue, lambda: backlog)
    queue.put_nowait(event("one"))
    backlog = 0

    assert await merge.next() == Queued(event("one"))
    await merge.aclose()


async def test_an_error_of_the_run_is_raised_and_the_queue_can_still_be_read():
    async def run() -> AsyncIterator[str]:
        yield "a"
        raise KeyError("broken")

    queue = EventQueue()
    merge = merged(run(), queue)
    assert await merge.next() == "a"
    with pytest.raises(KeyError):
        await merge.next()
    queue.put_nowait(event("last"))

    assert await everything(merge) == ["last"]


async def test_a_reader_who_is_cancelled_cancels_what_the_run_waits_for():
    async def run() -> AsyncIterator[str]:
        try:
            yield await inner
        finally:
            await asyncio.sleep(0)
            left.append("closed")

    left: list[str] = []
    inner = asyncio.ensure_future(asyncio.Event().wait())
    reading = asyncio.ensure_future(merged(run(), EventQueue()).next())
    await asyncio.sleep(0)
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert inner.cancelled()
    assert left == ["closed"]


async def test_a_run_that_survives_its_cancellation_goes_on():
    async def run() -> AsyncIterator[str]:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield "still here"

    reading = asyncio.ensure_future(merged(run(), EventQueue()).next())
    await asyncio.sleep(0)
    reading.cancel()

    assert await reading == "still here"


async def test_closing_ends_a_run_that_waits():
    async def run() -> AsyncIterator[str]:
        try:
            yield await asyncio.Event().wait() and ""
        finally:
            await asyncio.sleep(0)
            left.append("closed")

    left: list[str] = []
    queue = EventQueue()
    merge = merged(run(), queue)
    reading = asyncio.ensure_future(merge.next())
    await asyncio.sleep(0)
    queue.put_nowait(event("one"))
    await reading

    await merge.aclose()

    assert left == ["closed"]
    queue.put_nowait(event("nobody listens"))
    assert queue.qsize() == 1


async def test_each_event_may_be_read_in_a_task_of_its_own():
    async def run() -> AsyncIterator[str]:
        for word in ("a", "b", "c"):
            await asyncio.sleep(0)
            yield word

    merge = merged(run(), EventQueue())
    read = [await asyncio.create_task(merge.next()) for _ in range(4)]

    assert read == ["a", "b", "c", None]


async def test_any_mix_of_the_two_arrives_whole_and_in_order():
    async def run() -> AsyncIterator[int]:
        for number in range(200):
            if number % 3:
                await asyncio.sleep(0)
            if number % 7 == 0:
                await asyncio.get_running_loop().run_in_executor(None, lambda: None)
            yield number

    async def tool() -> None:
        for number in range(200):
            queue.put_nowait(event(str(number)))
            if number % 5:
                await asyncio.sleep(0)

    queue = EventQueue()
    merge = merged(run(), queue)
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(everything(merge))
        group.create_task(tool())

    said = reading.result() + await everything(merge)
    assert [word for word in said if isinstance(word, int)] == list(range(200))
    assert [int(word) for word in said if isinstance(word, str)] == list(range(200))
