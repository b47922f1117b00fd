"""Answers go on whoever is connected, and stop when somebody says so."""

import asyncio
import gc
import logging
from contextlib import aclosing

import pytest

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import ErrorEvent
from chatkit_app.runs import MemoryRuns, RunsClosedError, ThreadBusyError, TooManyRunsError
from tests.runs.turns import ALICE, BOB, LedTurn, created, first_message, message


@pytest.fixture
def turn():
    return LedTurn()


@pytest.fixture
async def runs(turn):
    made = MemoryRuns(turn.stream_events)
    yield made
    await made.aclose()


async def words(run, after=0):
    return [event.text async for _, event in run.events(after)]


async def settled_turns():
    for _ in range(10):
        await asyncio.sleep(0)


class TestAStartedRun:
    async def test_goes_on_to_its_end_with_nobody_reading(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.say("a", "b")
        turn.end()
        await run.wait()
        assert turn.outcome == "ended"
        assert await words(run) == ["a", "b"]

    async def test_is_not_forgotten_by_the_garbage_collector(self, runs, turn):
        await runs.start(message(), ALICE)
        await turn.began.wait()
        gc.collect()
        turn.end()
        await (await runs.find("thr_1", ALICE)).wait()
        assert turn.outcome == "ended"

    async def test_outlives_the_task_that_started_it(self, runs, turn):
        async def tab():
            run = await runs.start(message(), ALICE)
            await words(run)

        closing = asyncio.create_task(tab())
        await turn.began.wait()
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        turn.say("a")
        turn.end()
        run = await runs.find("thr_1", ALICE)
        assert await words(run) == ["a"]

    async def test_is_given_the_request_and_the_context_themselves(self, runs, turn):
        request = message()
        await runs.start(request, ALICE)
        await turn.began.wait()
        assert turn.request is request
        assert turn.context is ALICE

    async def test_that_fails_ends_with_an_error_that_tells_no_secret(self, runs, turn, caplog):
        run = await runs.start(message(), ALICE)
        turn.say("a")
        turn.fail(RuntimeError("password=hunter2"))
        with caplog.at_level(logging.ERROR):
            events = [event async for _, event in run.events()]
        assert events[1:] == [ErrorEvent(code="stream.error", allow_retry=True)]
        assert "hunter2" in caplog.text
        assert run.settled

    async def test_of_a_request_that_does_not_fit_its_thread_offers_no_retry(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.fail(RequestError("not a user message"))
        assert [event async for _, event in run.events()] == [ErrorEvent(code="stream.error", allow_retry=False)]

    async def test_keeps_its_thread_for_itself_until_it_settles(self, runs, turn):
        run = await runs.start(message(), ALICE)
        with pytest.raises(ThreadBusyError, match="thr_1"):
            await runs.start(message(), ALICE)
        turn.end()
        await run.wait()
        turn.end()
        assert await runs.start(message(), ALICE) is not run

    async def test_lets_only_one_of_two_tabs_start_at_the_same_moment(self, runs):
        results = await asyncio.gather(*(runs.start(message(), ALICE) for _ in range(5)), return_exceptions=True)
        assert sum(isinstance(result, ThreadBusyError) for result in results) == 4

    async def test_does_not_keep_another_user_from_a_thread_of_the_same_name(self, runs):
        await runs.start(message(), ALICE)
        await runs.start(message(), BOB)

    async def test_of_a_new_conversation_is_found_once_the_thread_exists(self, runs, turn):
        run = await runs.start(first_message(), ALICE)
        turn.send(created("thr_7"))
        async for _ in run.events():
            break
        assert await runs.find("thr_7", ALICE) is run
        with pytest.raises(ThreadBusyError):
            await runs.start(message("thr_7"), ALICE)


class TestFinding:
    async def test_a_run_is_found_by_its_thread_and_by_its_id(self, runs):
        run = await runs.start(message(), ALICE)
        assert await runs.find("thr_1", ALICE) is run
        assert await runs.get(run.id, ALICE) is run

    async def test_a_foreign_run_answers_exactly_as_a_missing_one(self, runs):
        run = await runs.start(message(), ALICE)
        assert await runs.find("thr_1", BOB) is None
        with pytest.raises(NotFoundError) as foreign:
            await runs.get(run.id, BOB)
        with pytest.raises(NotFoundError) as missing:
            await runs.get("run_none", BOB)
        assert str(foreign.value).replace(run.id, "run_none") == str(missing.value)
        assert await runs.stop("thr_1", BOB) is False
        assert not run.settled

    async def test_a_settled_run_is_found_for_a_while(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.end()
        await run.wait()
        assert await runs.find("thr_1", ALICE) is run

    async def test_a_settled_run_is_forgotten_after_its_grace(self, turn):
        runs = MemoryRuns(turn.stream_events, grace_seconds=0)
        run = await runs.start(message(), ALICE)
        turn.end()
        await run.wait()
        async with asyncio.timeout(5):
            while await runs.find("thr_1", ALICE):
                await settled_turns()
        with pytest.raises(NotFoundError):
            await runs.get(run.id, ALICE)

    async def test_the_newest_run_of_a_thread_is_found(self, runs, turn):
        first = await runs.start(message(), ALICE)
        turn.end()
        await first.wait()
        second = await runs.start(message(), ALICE)
        assert await runs.find("thr_1", ALICE) is second


class TestStop:
    async def test_returns_when_what_was_said_is_kept(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.say("a", "b")
        reading = asyncio.create_task(words(run))
        await settled_turns()
        assert await runs.stop("thr_1", ALICE) is True
        assert (turn.kept, turn.outcome) == (["a", "b"], "stopped")
        assert (run.settled, run.stopped) == (True, True)
        assert await reading == ["a", "b"]

    async def test_from_several_tabs_at_once_waits_in_each(self, runs, turn):
        await runs.start(message(), ALICE)
        turn.say("a")
        await settled_turns()

        async def stop():
            await runs.stop("thr_1", ALICE)
            return turn.outcome

        assert await asyncio.gather(stop(), stop(), stop()) == ["stopped"] * 3

    async def test_before_the_first_step_leaves_a_settled_run(self, runs):
        run = await runs.start(message(), ALICE)
        assert await runs.stop("thr_1", ALICE) is True
        assert run.settled

    async def test_of_a_thread_at_rest_says_there_was_nothing(self, runs, turn):
        assert await runs.stop("thr_1", ALICE) is False
        run = await runs.start(message(), ALICE)
        turn.end()
        await run.wait()
        assert await runs.stop("thr_1", ALICE) is False
        assert not run.stopped


class TestLimits:
    async def test_a_user_can_have_only_so_many_answers_in_progress(self, turn):
        runs = MemoryRuns(turn.stream_events, max_live_per_owner=2)
        first = await runs.start(message("a"), ALICE)
        await runs.start(message("b"), ALICE)
        with pytest.raises(TooManyRunsError, match="2"):
            await runs.start(message("c"), ALICE)
        with pytest.raises(TooManyRunsError):
            attach(runs, turn, "c")
        await runs.start(message("c"), BOB)
        await runs.stop("a", ALICE)
        assert first.settled
        await runs.start(message("c"), ALICE)
        await runs.aclose()

    async def test_an_answer_over_the_limit_leaves_no_trace(self, turn):
        runs = MemoryRuns(turn.stream_events, max_live_per_owner=0)
        with pytest.raises(TooManyRunsError):
            await runs.start(message("c"), ALICE)
        assert await runs.find("c", ALICE) is None

    def test_runs_are_of_one_event_loop(self, turn):
        runs = MemoryRuns(turn.stream_events)

        async def start():
            await runs.start(message(), ALICE)

        asyncio.run(start())
        with pytest.raises(RuntimeError, match="another event loop"):
            asyncio.run(start())


def attach(runs, turn, thread_id="thr_1"):
    async def said(run):
        async with aclosing(turn.stream_events(message(thread_id), ALICE)) as events:
            async for event in events:
                run.append(event)
                yield event.text

    return runs.attach(said, lambda event: event, ALICE, thread_id)


class Reader:
    """Has a turn written to itself, in a task of its own; `busy` keeps it from reading on."""

    def __init__(self, attached):
        self.read = []
        self.free = asyncio.Event()
        self.free.set()
        self.task = asyncio.create_task(self._read(attached))

    async def _read(self, attached):
        await attached.write_to(self._write)
        await asyncio.sleep(0)
        return self.read, asyncio.current_task().cancelling()

    async def _write(self, said):
        await self.free.wait()
        self.read.append(said)


class TestAttached:
    async def test_the_reader_gets_what_is_said_and_others_may_join(self, runs, turn):
        reader = Reader(attach(runs, turn))
        turn.say("a", "b")
        await settled_turns()
        run = await runs.find("thr_1", ALICE)
        joined = asyncio.create_task(words(run))
        turn.end()
        assert await reader.task == (await joined, 0) == (["a", "b"], 0)
        assert run.settled and not run.stopped

    async def test_nothing_runs_ahead_of_the_reader(self, runs, turn):
        reader = Reader(attach(runs, turn))
        reader.free.clear()
        turn.say("a", "b", "c")
        await settled_turns()
        assert (await runs.find("thr_1", ALICE)).length == 1
        reader.free.set()
        turn.end()
        assert (await reader.task)[0] == ["a", "b", "c"]

    @pytest.mark.parametrize("busy", [False, True])
    async def test_cancelling_the_reader_is_stop_even_when_cancelled_again_and_again(self, runs, turn, busy):
        reader = Reader(attach(runs, turn))
        turn.say("a", "b")
        if busy:
            reader.free.clear()
        await settled_turns()
        run = await runs.find("thr_1", ALICE)
        while not reader.task.done():
            reader.task.cancel()
            await asyncio.sleep(0)
        await run.wait()
        assert reader.task.cancelled() and run.stopped
        assert (turn.kept, turn.outcome) == (["a"] if busy else ["a", "b"], "stopped")

    async def test_a_reader_that_fails_stops_the_turn(self, runs, turn):
        async def write(said):
            raise OSError("the client has gone")

        turn.say("a", "b")
        attached = attach(runs, turn)
        with pytest.raises(OSError, match="gone"):
            await attached.write_to(write)
        assert (turn.kept, turn.outcome) == (["a"], "stopped")
        assert attached.run.settled and attached.run.stopped

    async def test_a_stop_from_elsewhere_ends_it_without_cancelling_its_reader(self, runs, turn):
        reader = Reader(attach(runs, turn))
        turn.say("a")
        await settled_turns()
        assert await runs.stop("thr_1", ALICE) is True
        assert (turn.kept, turn.outcome) == (["a"], "stopped")
        assert await reader.task == (["a"], 0)

    async def test_a_reader_that_is_cancelled_while_it_is_stopped_is_cancelled(self, runs, turn):
        reader = Reader(attach(runs, turn))
        turn.say("a")
        await settled_turns()
        stopping = asyncio.create_task(runs.stop("thr_1", ALICE))
        await asyncio.sleep(0)
        reader.task.cancel()
        assert await stopping is True
        await asyncio.wait([reader.task])
        assert reader.task.cancelled()
        assert (turn.kept, turn.outcome) == (["a"], "stopped")

    async def test_a_stop_while_the_reader_is_busy_ends_it_too_and_takes_nothing_from_it(self, runs, turn):
        reader = Reader(attach(runs, turn))
        reader.free.clear()
        turn.say("a", "b")
        await settled_turns()
        run = await runs.find("thr_1", ALICE)
        assert await runs.stop("thr_1", ALICE) is True
        assert (turn.kept, turn.outcome, run.settled) == (["a"], "stopped", True)
        reader.free.set()
        assert await reader.task == (["a"], 0)

    async def test_a_stop_at_the_moment_an_event_arrives_loses_nothing(self, runs, turn):
        reader = Reader(attach(runs, turn))
        await turn.began.wait()
        await settled_turns()
        turn.say("a")
        await runs.stop("thr_1", ALICE)
        assert turn.outcome == "stopped"
        assert await reader.task == (turn.kept, 0)

    async def test_a_turn_that_does_not_let_itself_be_cancelled_is_closed_at_its_next_word(self, runs, turn):
        closed = asyncio.Event()

        async def said(run):
            try:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    yield "but"
                yield "still"
            finally:
                closed.set()

        reader = Reader(runs.attach(said, lambda event: event, ALICE, "thr_1"))
        await settled_turns()
        assert await runs.stop("thr_1", ALICE) is True
        assert closed.is_set()
        assert await reader.task == (["but"], 0)

    async def test_an_exception_becomes_its_last_event(self, runs, turn):
        reader = Reader(attach(runs, turn))
        turn.fail(RuntimeError("boom"))
        error = ErrorEvent(code="stream.error", allow_retry=True)
        assert await reader.task == ([error], 0)
        run = await runs.find("thr_1", ALICE)
        assert [event async for _, event in run.events()] == [error]
        assert run.settled and not run.stopped

    async def test_a_thread_being_answered_does_not_refuse_it(self, runs, turn):
        await runs.start(message(), ALICE)
        await turn.began.wait()
        other = LedTurn()
        other.say("a")
        other.end()
        assert (await Reader(attach(runs, other)).task)[0] == ["a"]

    async def test_one_that_is_never_written_holds_nothing(self, runs, turn):
        attached = attach(runs, turn)
        assert await runs.find("thr_1", ALICE) is None
        await attached.stop()
        assert not turn.began.is_set()


class TestShutdown:
    async def test_waits_for_answers_that_end_in_time(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.say("a")
        draining = asyncio.create_task(runs.drain(30))
        await settled_turns()
        turn.end()
        await draining
        assert (run.settled, run.stopped, turn.outcome) == (True, False, "ended")

    async def test_stops_the_late_ones_and_keeps_what_they_said(self, runs, turn):
        run = await runs.start(message(), ALICE)
        turn.say("a")
        await settled_turns()
        await runs.drain(0.01)
        assert (run.settled, turn.kept, turn.outcome) == (True, ["a"], "stopped")

    async def test_begins_nothing_new(self, runs, turn):
        await runs.drain(0)
        with pytest.raises(RunsClosedError):
            await runs.start(message(), ALICE)
        with pytest.raises(RunsClosedError):
            attach(runs, turn)
        assert not turn.began.is_set()

    async def test_closing_forgets_the_logs(self, runs):
        run = await runs.start(message(), ALICE)
        await runs.aclose()
        with pytest.raises(NotFoundError):
            await runs.get(run.id, ALICE)
