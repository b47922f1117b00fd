"""The user's threads, newest first."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any, TypedDict

import reflex as rx

from chatkit_app.chatkit.types import Page, Thread
from chatkit_app.state import session
from chatkit_app.state.thread import ThreadState

logger = logging.getLogger(__name__)

MAX_TITLE = 200
"""Characters of a title that are kept."""


class ThreadRow(TypedDict):
    """A thread in the list."""

    id: str
    title: str


class HistoryState(rx.State):
    """The history panel."""

    shown: bool = False
    threads: list[ThreadRow] = []
    has_more: bool = False
    loading: bool = False
    failed: str = ""
    """What went wrong last: `load`, `rename` or `delete`; empty if nothing did."""
    renaming: str = ""
    """Id of the thread whose name is being edited."""
    deleting: str = ""
    """Id of the thread that is about to be deleted, if the user confirms."""

    _after: str | None = None

    @rx.event
    def show(self) -> Any:
        """Open the panel with a fresh list."""
        self.shown, self.renaming, self.deleting = True, "", ""
        return HistoryState.refresh

    @rx.event
    def hide(self) -> None:
        """Close the panel."""
        self.shown, self.renaming, self.deleting = False, "", ""

    @rx.event
    def pick(self, thread_id: str) -> Any:
        """Open a thread."""
        self.hide()
        return ThreadState.open(thread_id)

    @rx.event(background=True)
    async def refresh(self) -> None:
        """Load the newest threads anew."""
        await self._load(None)

    @rx.event(background=True)
    async def load_more(self) -> None:
        """Load the next page."""
        if self.has_more and not self.loading:
            await self._load(self._after)

    async def _load(self, after: str | None) -> None:
        async with self:
            self.loading, self.failed = True, ""
            who = session.context_of(self)
        try:
            page = await session.client().threads(after, who)
        except Exception:  # whatever it was, the panel says so and offers to try again
            logger.exception("The history could not be loaded")
            async with self:
                self.loading, self.failed = False, "load"
            return
        async with self:
            self.loading = False
            self._take(page, after)

    def _take(self, page: Page[Thread], after: str | None) -> None:
        rows: list[ThreadRow] = [{"id": thread.id, "title": thread.title or ""} for thread in page.data]
        known = {line["id"] for line in self.threads} if after else set()
        self.threads = [*(self.threads if after else []), *(line for line in rows if line["id"] not in known)]
        self.has_more, self._after = page.has_more, page.after

    @rx.event
    def ask_name(self, thread_id: str) -> None:
        """Turn a row into a field for its name."""
        self.renaming, self.deleting = thread_id, ""

    @rx.event
    def keep_name(self) -> None:
        """Leave the name as it is."""
        self.renaming = ""

    @rx.event(background=True)
    async def rename(self, form: dict[str, Any]) -> Any:
        """Give the thread being renamed the title of the form (`title`). An empty one changes nothing."""
        title = " ".join(str(form.get("title", "")).split())[:MAX_TITLE]
        async with self:
            thread_id, self.renaming = self.renaming, ""
            if not thread_id or not title:
                return None
            who = session.context_of(self)
        if not await self._tried("rename", session.client().rename(thread_id, title, who)):
            return None
        async with self:
            self.threads = [
                {"id": r["id"], "title": title if r["id"] == thread_id else r["title"]} for r in self.threads
            ]
        return ThreadState.retitle(thread_id, title)

    @rx.event
    def ask_delete(self, thread_id: str) -> None:
        """Ask before deleting a thread."""
        self.deleting, self.renaming = thread_id, ""

    @rx.event
    def keep_thread(self) -> None:
        """Do not delete it after all."""
        self.deleting = ""

    @rx.event(background=True)
    async def delete(self) -> Any:
        """Delete the thread the user was asked about."""
        async with self:
            thread_id, self.deleting = self.deleting, ""
            who = session.context_of(self)
        if not thread_id or not await self._tried("delete", session.client().delete(thread_id, who)):
            return None
        async with self:
            self.threads = [line for line in self.threads if line["id"] != thread_id]
        return ThreadState.forget(thread_id)

    async def _tried(self, what: str, change: Awaitable[None]) -> bool:
        try:
            await change
        except Exception:  # the panel says what did not happen; why is for the log
            logger.exception("A thread could not be changed")
            async with self:
                self.failed = what
            return False
        return True
