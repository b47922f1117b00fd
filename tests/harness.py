"""The real application for tests and benchmarks: one built page, any number of servers that show it, and a browser."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import httpx
from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(Exception):
    """There is no browser to test with."""


def browser_path(playwright: Playwright) -> str:
    """`CHROMIUM_PATH`, else a Chromium or Chrome on PATH, else Playwright's own. NoBrowserError if there is none."""
    given = os.environ.get("CHROMIUM_PATH")
    found = given or next(filter(None, map(shutil.which, _BROWSERS)), None) or playwright.chromium.executable_path
    if not Path(found).exists():
        raise NoBrowserError(
            f"No browser at {found}. Install one (`apt-get install chromium` or `playwright install chromium`) or set CHROMIUM_PATH."
        )
    return found


@contextlib.contextmanager
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium."""
    running = playwright.chromium.launch(executable_path=browser_path(playwright), args=list(_FLAGS))
    try:
        yield running
    finally:
        running.close()


def until(page: Page, expression: str, seconds: float = 30.0, *, every: float = 0.02) -> Any:
    """What a JavaScript expression says as soon as that is true. (Playwright's own waiting needs `eval`, which our policy forbids.)"""
    deadline = time.monotonic() + seconds
    while not (value := page.evaluate(expression)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{expression} did not become true within {seconds:g} s")
        page.wait_for_timeout(every * 1000)
    return value


def build_page() -> None:
    """Build the production page. RuntimeError with the build's output if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"],
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
    )
    if done.returncode or not (ROOT / ".web/build/client/index.html").exists():
        raise RuntimeError(f"The page could not be built:\n{done.stdout}\n{done.stderr}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AppServer:
    """One process that serves the built page, the websocket and the API on one port, as `reflex run --env prod` does.

    `variables` are set in its environment; everything it keeps goes to `data_dir`.
    """

    def __init__(self, data_dir: Path, port: int | None = None, **variables: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data_dir / "server.log"
        self._variables = {"CHATKIT_DATA_DIR": str(data_dir), **variables}
        self._process: subprocess.Popen[Any] | None = None
        self._output: IO[str] | None = None

    @property
    def pid(self) -> int:
        """The process that does the work."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return int(children[0]) if children else self._process.pid

    def start(self) -> AppServer:
        """Start, and return when it answers."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._output = self.log.open("a", encoding="utf-8")
        command = ["granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command, "--workers-kill-timeout", "3", "chatkit_app.chatkit_app:app"],
            cwd=ROOT,
            env=environment(self._variables),
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_it_answers()
        return self

    def stop(self) -> None:
        """Stop it as an operator would: it keeps what must be kept."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None
        self._close_log()

    def _close_log(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None

    def kill(self) -> None:
        """Pull the plug."""
        assert self._process is not None
        pid = self.pid
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
        self._process.kill()
        self._process.wait(15)
        self._process = None
        self._close_log()

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not come up:\n{self.log.read_text(encoding='utf-8')}")

    def __enter__(self) -> AppServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def environment(variables: dict[str, str], *, development: bool = False) -> dict[str, str]:
    """The environment of the application: ours without any of its settings, and these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHATKIT_", "OPENAI_", "REFLEX_", "__REFLEX"))}
    production = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "__REFLEX_SKIP_COMPILE": "true" if variables else "false",
    }
    return {**kept, "REFLEX_TELEMETRY_ENABLED": "false", **({} if development else production), **variables}
