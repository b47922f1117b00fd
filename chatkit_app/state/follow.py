"""Following an answer: from its log to what a tab shows, at the pace of an eye."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from chatkit_app.client import Answer
from chatkit_app.state import session
from chatkit_app.state.answer import AnswerState
from chatkit_app.state.rows import Row, Words
from chatkit_app.state.turn import Turn, paced

if TYPE_CHECKING:
    from chatkit_app.state.thread import ThreadState

logger = logging.getLogger(__name__)


async def follow(tab: ThreadState, answer: Answer, turn: Turn, generation: int, said: Words) -> None:
    """Show an answer as it comes, until it settles, this tab shows something else, or nobody looks at it any more."""
    async with tab:
        tab._following = True
    try:
        async with aclosing(paced(answer.events(), lambda: bool(turn.live.tail))) as batches:
            async for events in batches:
                for event in events:
                    turn.take(event)
                if not await _show(tab, turn, generation, said):
                    return
        turn.settle(stopped=answer.stopped)
        await _show(tab, turn, generation, said)
    except Exception:
        # Whatever it was, the tab must not go on waiting; the answer itself goes on and is stored.
        logger.exception("An answer could not be shown")
        async with tab:
            if generation == tab._generation:
                tab.answering = tab.waiting = False
                tab.problem, tab.can_retry = said["error_default"], True
    finally:
        async with tab:
            if generation == tab._generation:
                tab._following = False


async def _show(tab: ThreadState, turn: Turn, generation: int, said: Words) -> bool:
    """Show the turn as it is now; False if nobody looks at it here any more."""
    while True:
        async with tab:
            if generation != tab._generation:
                return False
            if not session.is_connected(tab):
                tab._following = False  # The tab is gone or reconnecting: it joins again when it comes back.
                return False
            _show_turn(tab, turn, said)
            (await tab.get_state(AnswerState))._show(turn.live)
        if turn.settled or not turn.live.behind:
            return True


def _show_turn(tab: ThreadState, turn: Turn, said: Words) -> None:
    view = turn.view
    if turn.began:
        tab._unsent = ()
        session.assign(tab, turn=_update_earlier(tab, turn.rows(), turn.removed))
    if view.thread is not None:
        session.assign(tab, thread_id=view.thread.id)
        tab._show_thread(view.thread)
    progress = view.progress.text if view.progress else ""
    session.assign(tab, waiting=turn.waiting, progress=progress, can_stop=view.allow_cancel)
    if view.error is not None:
        retry = view.error.allow_retry and turn.settled
        session.assign(tab, problem=view.error.message or said["error_default"], can_retry=retry)
    if turn.settled:
        tab.answering = tab.stopping = False


def _update_earlier(tab: ThreadState, rows: list[Row], removed: set[str]) -> list[Row]:
    """Put rows that replace earlier ones into their places, take out what was removed, and return the rows of the turn itself."""
    earlier = {line["id"] for line in tab.older} | {line["id"] for line in tab.recent}
    replaced = {line["id"]: line for line in rows if line["id"] in earlier}
    if replaced or removed & earlier:
        for name in ("older", "recent"):
            kept = [line for line in getattr(tab, name) if line["id"] not in removed]
            session.assign(tab, **{name: [_in_place(line, replaced.get(line["id"])) for line in kept]})
    return [line for line in rows if line["id"] not in replaced]


def _in_place(line: Row, new: Row | None) -> Row:
    if new is None:
        return dict(line)  # type: ignore[return-value]
    kept = {name: line[name] for name in ("key", "asked", "ends_turn", "feedback")}
    return {**new, **kept}  # type: ignore[typeddict-item]
