"""The open thread: what it shows, and what a user can do in it.

The settled rows are in three vars, so that a turn sends little: `older` (many, changes rarely), `recent` (the last few turns) and `turn`
(the present one). The page draws them as one list.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, cast

import reflex as rx

from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import FeedbackKind, ThreadMetadata, UserMessageContent, UserMessageTextContent
from chatkit_app.client import Opened
from chatkit_app.errors import ThreadBusyError, TooManyRunsError
from chatkit_app.identity import RequestContext
from chatkit_app.state import session
from chatkit_app.state.follow import follow
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row, Words, mark_turns, row, rows_of, written
from chatkit_app.state.turn import Turn

logger = logging.getLogger(__name__)

RECENT = 8
"""Rows kept in `recent` before they move to `older`."""

WINDOW = 400
"""Rows kept on the page. Past that the oldest leave it; they come back when the reader asks for older ones."""

OPENING_SECONDS, OPENING_TRIES = 5.0, 100
"""How long a message waits for a tab that is just being restored."""

MAX_MESSAGE = 200_000
"""Characters of a message that are accepted."""


class ThreadState(rx.State):
    """The thread this tab shows."""

    ready: bool = False
    """Whether this tab knows what it shows: the thread its address names, or a new chat."""
    thread_id: str = ""
    """Empty: a new chat, not yet stored."""
    title: str = ""
    locked: str = ""
    """`locked` or `closed` when no message can be sent, else empty."""
    lock_reason: str = ""

    older: list[Row] = []
    recent: list[Row] = []
    turn: list[Row] = []
    has_older: bool = False
    loading: bool = False
    loading_older: bool = False

    answering: bool = False
    can_stop: bool = False
    stopping: bool = False
    waiting: bool = False
    progress: str = ""
    problem: str = ""
    can_retry: bool = False
    sent: int = 0
    """Counts the messages sent from this tab: the page scrolls to each."""

    _owner: str = ""
    _before: str | None = None
    _generation: int = 0
    """Rises with every thread opened and message sent; who follows an older one leaves."""
    _following: bool = False
    _unsent: tuple[UserMessageContent, ...] = ()
    """What was sent and is not stored yet: Retry sends it again."""

    # --- opening ---------------------------------------------------------------------------------------------------------------

    @rx.event(background=True)
    async def open_from_address(self) -> None:
        """Show the thread the address names. Runs on every load, reload and reconnection, and joins an answer in progress."""
        async with self:
            wanted = self.router.url.query_parameters.get("thread", "")
            who = session.context_of(self)
            if self._owner != who.user_id:
                self._clear()
                self._owner = who.user_id
            self.ready = True
            if self._following and wanted == self.thread_id:
                return
            if wanted != self.thread_id:
                self._clear()
            if not wanted:
                return
            self.thread_id, self.loading = wanted, not self._all_rows()
        await self._open(wanted)

    @rx.event(background=True)
    async def open(self, thread_id: str) -> None:
        """Show a thread of the history."""
        async with self:
            if thread_id == self.thread_id and not self.problem:
                return
            if thread_id != self.thread_id:
                self._clear()
            self.thread_id, self.loading = thread_id, not self._all_rows()
        await self._open(thread_id)

    @rx.event
    def start_over(self) -> None:
        """A new chat. An answer in progress goes on in its own thread."""
        self._clear()

    async def _open(self, thread_id: str) -> None:
        async with self:
            self._generation += 1
            generation, who, said = self._generation, session.context_of(self), await self._words()
        try:
            opened = await session.client().open(thread_id, who)
        except NotFoundError:
            await self._opening_failed(generation, said["thread_not_found"], is_there=False)
        except Exception:  # a store or a network may raise anything: the reader is told, the log knows why
            logger.exception("A thread could not be opened")
            await self._opening_failed(generation, said["thread_error"], is_there=True)
        else:
            turn = await self._show_opened(opened, generation, said)
            if turn is not None and opened.answer is not None:
                await follow(self, opened.answer, turn, generation, said)

    async def _opening_failed(self, generation: int, problem: str, *, is_there: bool) -> None:
        async with self:
            if generation == self._generation:
                if not is_there:
                    self._clear()
                # Otherwise the tab stays with its thread: what is sent next must not begin a new one.
                self.loading = self.answering = self.waiting = self.can_retry = False
                self.problem = problem

    async def _show_opened(self, opened: Opened, generation: int, said: Words) -> Turn | None:
        live = opened.answer is not None
        asked = (
            max((n for n, item in enumerate(opened.items) if item.type == "user_message"), default=0)
            if live
            else len(opened.items)
        )
        async with self:
            if generation != self._generation:
                return None
            self.thread_id, self._before = opened.thread.id, opened.before
            self.has_older, self.loading = opened.before is not None, False
            self.older, self.recent, self.turn = rows_of(opened.items[:asked], said), [], []
            self._show_thread(opened.thread)
            if not live:
                self._show_unanswered(said)
                self.answering = self.waiting = False
                return None
            self.answering = self.can_stop = True
            self.problem, self.can_retry = "", False
        return Turn(said, opened.items[asked:])

    def _show_unanswered(self, said: Words) -> None:
        """A message that never got its answer (the server went down, the answer failed) can be answered now."""
        self.problem = said["no_answer"] if self.older and self.older[-1]["kind"] == "user" else ""
        self.can_retry = bool(self.problem)

    def _show_thread(self, thread: ThreadMetadata) -> None:
        locked = "" if thread.status.type == "active" else thread.status.type
        reason = getattr(thread.status, "reason", None) or ""
        session.assign(self, title=thread.title or "", locked=locked, lock_reason=reason)

    def _clear(self) -> None:
        self._generation += 1
        self.thread_id = self.title = self.progress = self.problem = self.locked = self.lock_reason = ""
        self._unsent, self._following = (), False
        self.older, self.recent, self.turn, self._before = [], [], [], None
        self.has_older = self.loading = self.loading_older = self.can_retry = False
        self.answering = self.can_stop = self.stopping = self.waiting = False

    async def _words(self) -> Words:
        return dict((await self.get_state(OptionsState)).words)

    # --- older messages --------------------------------------------------------------------------------------------------------

    @rx.event(background=True)
    async def load_older(self) -> None:
        """Put the page of items before the oldest shown one above it."""
        async with self:
            if self.loading_older or not self.has_older:
                return
            self.loading_older = True
            generation, who, said = self._generation, session.context_of(self), await self._words()
            thread_id, before, known = self.thread_id, self._before, {line["id"] for line in self._all_rows()}
        try:
            page = await session.client().items(thread_id, before, who)
        except Exception:  # the button stays and can be tried again
            logger.exception("Older messages could not be loaded")
            async with self:
                self.loading_older = False
            return
        rows = rows_of([item for item in page.data[::-1] if item.id not in known], said)
        async with self:
            if thread_id == self.thread_id and (generation == self._generation or before == self._before):
                self.older = mark_turns([*rows, *map(_copy, self.older)], ended=True)
                self._before = page.after if page.has_more else None
                self.has_older = page.has_more
            self.loading_older = False

    def _all_rows(self) -> list[Row]:
        return [*self.older, *self.recent, *self.turn]

    # --- sending ---------------------------------------------------------------------------------------------------------------

    @rx.event(background=True)
    async def send(self, form: dict[str, Any]) -> None:
        """Send what the composer holds (`message`)."""
        await self._send(_content(str(form.get("message", ""))))

    @rx.event(background=True)
    async def send_prompt(self, number: int) -> None:
        """Send a starter prompt, counted from 0."""
        prompts = session.options().start_screen.prompts
        if 0 <= number < len(prompts):
            prompt = prompts[number].prompt
            await self._send(_content(prompt) if isinstance(prompt, str) else prompt)

    async def _send(self, content: Sequence[UserMessageContent]) -> None:
        text = written(content)
        await self._until_open()
        async with self:
            said = await self._words()
            if not text or self.answering or self.locked:
                return
            if len(text) > MAX_MESSAGE:
                self.problem, self.can_retry = said["message_too_long"], False
                return
            self._file_turn()
            self.sent += 1
            key = f"sent-{self.sent}"
            self.turn = [row(key, "user", text=text)]
            self._unsent = tuple(content)
            thread_id, who, generation = self._begin()
        client = session.client()
        await self._answer(
            lambda: client.send(thread_id or None, content, who), Turn(said, first_key=key), generation, said
        )

    async def _until_open(self) -> None:
        """Wait until this tab knows its thread. It has always known, unless the server forgot the tab while it slept for an hour.

        Reflex then loads the page's state anew beside the event that woke it; without its thread, the message would begin a new one.
        """
        for _ in range(OPENING_TRIES):
            async with self:
                if self.ready and not self.loading:
                    return
            await asyncio.sleep(OPENING_SECONDS / OPENING_TRIES)

    @rx.event(background=True)
    async def retry(self, item_id: str) -> None:
        """Answer a user message again; what came after it goes. Empty: the last one."""
        await self._until_open()
        async with self:
            if self.answering or self.locked:
                return
            said, rows = await self._words(), self._all_rows()
            at = next(
                (n for n in reversed(range(len(rows))) if rows[n]["kind"] == "user" and item_id in ("", rows[n]["id"])),
                None,
            )
            if at is None:
                return
            if self._unsent and not item_id:
                unsent = self._unsent
            else:
                unsent = ()
                asked = _copy(rows[at])
                self.older, self.recent, self.turn = [_copy(line) for line in rows[:at]], [], [asked]
                thread_id, who, generation = self._begin()
        if unsent:
            async with self:
                self.turn = []
            await self._send(unsent)
            return
        client = session.client()
        turn = Turn(said, before=[asked])
        await self._answer(lambda: client.retry(thread_id, asked["id"], who), turn, generation, said)

    def _file_turn(self) -> None:
        """Move the last turn to the settled rows, in a way that sends few of them again."""
        if len(self.recent) + len(self.turn) > RECENT:
            older = [*self.older, *self.recent]
            if len(older) > WINDOW:
                older = older[-WINDOW:]
                self._before, self.has_older = older[0]["id"], True
            self.older = older
            self.recent = [*self.turn]
        else:
            self.recent = [*self.recent, *self.turn]
        self.turn = []

    def _begin(self) -> tuple[str, RequestContext, int]:
        self._generation += 1
        self.answering = self.waiting = True
        self.can_stop = self.stopping = self.can_retry = False
        self.problem = self.progress = ""
        return self.thread_id, session.context_of(self), self._generation

    async def _answer(self, start: Callable[[], Any], turn: Turn, generation: int, said: Words) -> None:
        try:
            answer = await start()
        except Exception as error:  # nothing may cost the user what they wrote: Retry sends it again
            logger.exception("A message could not be sent")
            busy = isinstance(error, ThreadBusyError | TooManyRunsError)
            async with self:
                if generation == self._generation:
                    self.answering = self.waiting = False
                    self.problem, self.can_retry = said["error_busy" if busy else "error_send"], True
            return
        await follow(self, answer, turn, generation, said)

    # --- stopping, rating ------------------------------------------------------------------------------------------------------

    @rx.event(background=True)
    async def stop(self) -> None:
        """Stop the answer; what it said so far is kept."""
        async with self:
            if not self.answering or not self.thread_id:
                return
            self.stopping = True
            thread_id, who = self.thread_id, session.context_of(self)
        try:
            await session.client().stop(thread_id, who)
        except Exception:  # it goes on, and so does the page
            logger.exception("An answer could not be stopped")
            async with self:
                self.stopping = False  # the button can be tried again

    @rx.event(background=True)
    async def rate(self, item_id: str, kind: str) -> None:
        """Say that the answer which ends with this row was good (`positive`) or bad (`negative`)."""
        if kind not in ("positive", "negative"):
            return
        async with self:
            thread_id, who, rows = self.thread_id, session.context_of(self), self._all_rows()
            asked = next((line["asked"] for line in rows if line["id"] == item_id), None)
            items = [line["id"] for line in rows if line["asked"] == asked and line["kind"] != "user"]
        if asked is None or not items:
            return
        try:
            await session.client().feedback(thread_id, items, cast(FeedbackKind, kind), who)
        except Exception:  # the thumb stays unpressed
            logger.exception("Feedback could not be given")
            return
        async with self:
            for name in ("older", "recent", "turn"):
                rows = getattr(self, name)
                if any(line["id"] == item_id for line in rows):
                    setattr(
                        self,
                        name,
                        [{**_copy(r), "feedback": kind if r["id"] == item_id else r["feedback"]} for r in rows],
                    )

    @rx.event
    def retitle(self, thread_id: str, title: str) -> None:
        """The thread was renamed in the history."""
        if thread_id == self.thread_id:
            self.title = title

    @rx.event
    def forget(self, thread_id: str) -> None:
        """The thread was deleted."""
        if thread_id == self.thread_id:
            self._clear()


def _content(text: str) -> list[UserMessageContent]:
    text = text.strip()
    return [UserMessageTextContent(text=text)] if text else []


def _copy(line: Row) -> Row:
    return dict(line)  # type: ignore[return-value]
