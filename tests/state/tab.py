"""A browser tab without a browser: Reflex's own event loop, its State classes, and the client wired to a real server in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor

from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.client import ChatClient
from chatkit_app.identity import COOKIE_NAME, Identity
from chatkit_app.options import Options
from chatkit_app.runs import MemoryRuns
from chatkit_app.state import session
from chatkit_app.state.answer import AnswerState
from chatkit_app.state.history import HistoryState
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState

SECONDS = 10.0
"""How long a test waits for what should come at once."""


@dataclass
class Site:
    """A server, its answers in progress, and the tabs that are open on it."""

    server: ChatKitServer[Any]
    runs: MemoryRuns
    processor: BaseStateEventProcessor
    manager: StateManagerMemory
    identity: Identity = field(default_factory=lambda: Identity("a secret of the tests, long enough for the signature"))
    connected: dict[str, bool] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, dict[str, Any]]]] = field(default_factory=list)
    """What went to which tab."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    problems: list[Exception] = field(default_factory=list)
    """What event handlers raised."""

    async def tab(self, name: str = "tab", user: str = "ann", thread: str = "", *, loaded: bool = True) -> Tab:
        """Open the page in a new tab; not `loaded`, the server knows nothing of it yet."""
        cookie = f"{COOKIE_NAME}={self.identity.sign(user)}"
        tab = Tab(self, name, {"headers": {"cookie": cookie, "origin": "http://chat.example"}, "token": name})
        async with self.manager.modify_state(BaseStateToken(ident=name, cls=rx.State)) as root:
            root.router_data = {"pathname": "/"}  # Or its first event would ask the application for the page's on_load.
        tab.go_to(thread)
        if loaded:
            await tab.load()
        return tab

    async def emit_update(self, update: Any, token: str) -> None:
        """What Reflex calls to reach a tab."""
        if update.delta:
            self.sent.append((token, update.delta))
        self.news.set()


@dataclass
class Tab:
    """One tab. Its states are read as the page would see them."""

    site: Site
    name: str
    router_data: dict[str, Any]
    thread: ThreadState = field(init=False)
    history: HistoryState = field(init=False)
    answer: AnswerState = field(init=False)
    options: OptionsState = field(init=False)

    def become(self, user: str) -> None:
        """Come back with another user's cookie."""
        cookie = f"{COOKIE_NAME}={self.site.identity.sign(user)}"
        self.router_data = {**self.router_data, "headers": {**self.router_data["headers"], "cookie": cookie}}

    def go_to(self, thread: str) -> dict[str, Any]:
        """Change the address, as the page does when a thread is opened."""
        query = f"?thread={thread}" if thread else ""
        self.router_data = {**self.router_data, "pathname": "/", "asPath": f"/{query}", "query": {}}
        return self.router_data

    async def load(self) -> Any:
        """What the page does when it is loaded, loaded again, or connected again."""
        future = await self.begin(ThreadState.open_from_address)
        await self.until(lambda: self.thread.ready and not self.thread.loading)
        return future

    async def begin(self, event: Any) -> Any:
        """Start an event handler; await `wait_all()` of what is returned for its end."""
        self.site.connected[self.name] = True
        (made,) = Event.from_event_type(event, router_data=self.router_data)
        future = await self.site.processor.enqueue(self.name, made)
        await self._look()
        return future

    async def do(self, event: Any) -> None:
        """Run an event handler and what it asks for to the end."""
        future = await self.begin(event)
        await asyncio.wait_for(future.wait_all(), SECONDS)
        await self._look()
        if self.site.problems:
            raise self.site.problems[0]

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until something is so. TimeoutError if it does not become so."""
        async with asyncio.timeout(SECONDS):
            while not condition():
                self.site.news.clear()
                await self.site.news.wait()

    async def _look(self) -> None:
        async with self.site.manager.modify_state(BaseStateToken(ident=self.name, cls=rx.State)) as root:
            self.thread, self.history = await root.get_state(ThreadState), await root.get_state(HistoryState)
            self.answer, self.options = await root.get_state(AnswerState), await root.get_state(OptionsState)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows that are drawn."""
        return [dict(row) for row in [*self.thread.older, *self.thread.recent, *self.thread.turn]]

    @property
    def texts(self) -> list[str]:
        """What the settled rows say."""
        return [row["text"] or "\n\n".join(row["blocks"]) for row in self.rows]

    @property
    def growing(self) -> str:
        """What the growing row says."""
        return "\n\n".join([*self.answer.blocks, *self.answer.fresh, self.answer.head + self.answer.tail])


@asynccontextmanager
async def open_site(server: ChatKitServer[Any], options: Options | None = None) -> AsyncGenerator[Site, None]:
    """A server with the whole user interface before it. Closed, every answer is stopped."""
    manager, problems = StateManagerMemory(), list[Exception]()
    processor = BaseStateEventProcessor(backend_exception_handler=problems.append)
    runs = MemoryRuns(server.stream_events)
    site = Site(server, runs, processor, manager, problems=problems)
    processor.configure(state_manager=manager, event_namespace=site)  # type: ignore[arg-type]
    session.wire(
        session.Wiring(
            client=ChatClient(server, runs),
            identity=site.identity,
            options=options or Options(),
            is_connected=lambda token: site.connected[token],
        )
    )
    try:
        async with processor:
            yield site
            await runs.aclose()
    finally:
        session.wire(session.Wiring())
        with suppress(asyncio.CancelledError):
            await manager.close()
