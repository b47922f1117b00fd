"""One built page and one browser for all journeys; each journey is a new user.

They end with this package: while Playwright runs, no other event loop can run in the same thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.chat import Chat
from tests.harness import AppServer, NoBrowserError, browser, browser_path, build_page


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        try:
            browser_path(playwright)
        except NoBrowserError as missing:
            pytest.exit(str(missing), returncode=1)  # one line, and not one for each journey
        with browser(playwright) as running:
            yield running


@pytest.fixture(scope="package")
def built_page() -> None:
    """The production page, built once."""
    build_page()


@pytest.fixture(scope="package")
def app(built_page: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The application as a newcomer starts it, only faster: no key, the offline assistant."""
    with AppServer(tmp_path_factory.mktemp("app"), CHATKIT_OFFLINE_PACE="0.006") as server:
        yield server


@pytest.fixture
def server(built_page: None, tmp_path: Path) -> Iterator[Callable[..., AppServer]]:
    """Starts an application of the test's own, with these settings."""
    started: list[AppServer] = []

    def start(**variables: str) -> AppServer:
        started.append(AppServer(tmp_path / f"app{len(started)}", **variables).start())
        return started[-1]

    yield start
    for running in started:
        running.stop()


@pytest.fixture
def open_chat(chromium: Browser) -> Iterator[Callable[..., Chat]]:
    """Opens the chat in a browser of its own: another user each time. What goes wrong in the page fails the test."""
    chats: list[Chat] = []

    def open_one(url: str, **options: object) -> Chat:
        context = chromium.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})  # type: ignore[arg-type]
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        chats.append(Chat(context, url).open())
        return chats[-1]

    yield open_one
    faults = [fault for chat in chats for fault in chat.faults]
    for chat in chats:
        chat.context.close()
    assert not faults, faults


@pytest.fixture
def chat(app: AppServer, open_chat: Callable[..., Chat]) -> Chat:
    """A new user in front of the chat."""
    return open_chat(app.url)
