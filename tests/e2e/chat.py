"""A user in front of the page: what one can do and see there."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

from tests.harness import until

_ANSWERING = "document.querySelector('#chatkit').dataset.answering === 'true'"


class Chat:
    """One tab. `faults` collects what a careful user would see in the browser's console and network log."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("request", self._request)

    def open(self, path: str = "/") -> Chat:
        """Load the page and wait until it is live."""
        self.page.goto(f"{self.url}{path}")
        self.wait_until_live()
        return self

    def reload(self) -> Chat:
        """Reload, as F5 does."""
        self.page.reload()
        self.wait_until_live()
        return self

    def wait_until_live(self) -> None:
        """The page has its connection and its state."""
        until(
            self.page,
            "document.querySelector('#chatkit')?.dataset.ready === 'true' && !document.querySelector('[data-loading]')",
        )
        self.page.wait_for_load_state()

    def another_tab(self) -> Chat:
        """The same user opens what this tab shows in a second one."""
        tab = Chat(self.context, self.url)
        tab.faults, tab.foreign = self.faults, self.foreign
        tab.page.goto(self.page.url)
        return tab

    # What a user does

    def type(self, text: str) -> None:
        """Write into the composer."""
        self.page.fill("#ck-message", text)

    def send(self, text: str) -> Chat:
        """Send a message and wait until it is on the screen."""
        before = len(self.questions())
        self.type(text)
        self.page.press("#ck-message", "Enter")
        self.wait_for(lambda: len(self.questions()) == before + 1)
        return self

    def ask(self, text: str, seconds: float = 60) -> str:
        """Send a message and wait for the whole answer."""
        self.send(text)
        self.wait_until_answered(seconds)
        return self.answers()[-1]

    def stop(self) -> None:
        """Press Stop."""
        until(self.page, "Boolean(document.querySelector('[data-testid=stop]:not(:disabled)'))")
        self.page.click("[data-testid=stop]")

    def wait_until_answered(self, seconds: float = 60) -> None:
        """The answer is complete, or stopped, or failed."""
        until(self.page, f"!({_ANSWERING})", seconds)

    def wait_for_text(self, text: str, seconds: float = 30) -> None:
        """This text is on the screen."""
        self.wait_for(lambda: text in self.page.inner_text("#chatkit"), seconds)

    def wait_for(self, condition: object, seconds: float = 30) -> None:
        """A condition of the test's own holds."""
        deadline = time.monotonic() + seconds
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < deadline, (
                f"not within {seconds:g} s; the page shows:\n{self.page.inner_text('#chatkit')}"
            )
            self.page.wait_for_timeout(25)

    # What a user sees

    @property
    def answering(self) -> bool:
        """Whether an answer is coming."""
        return bool(self.page.evaluate(_ANSWERING))

    @property
    def thread_id(self) -> str:
        """The thread the address names."""
        return parse_qs(urlsplit(self.page.url).query).get("thread", [""])[0]

    def questions(self) -> list[str]:
        """The user's messages, top to bottom."""
        return self.page.locator(".ck-user-text").all_text_contents()

    def answers(self) -> list[str]:
        """The assistant's messages, top to bottom."""
        # Rows out of view are not laid out, and then have no inner text: take the text itself.
        return self.page.locator(".ck-assistant .ck-md").all_text_contents()

    def by_test_id(self, name: str) -> Locator:
        """The elements with this test id."""
        return self.page.locator(f"[data-testid={name}]")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https", "ws", "wss") and not request.url.startswith(self.url):
            self.foreign.append(request.url)
