"""Plain `reflex run`: two ports, hot reload, and the same chat."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.chat import Chat
from tests.harness import ROOT, environment, free_port, until


@pytest.fixture
def development(built_page: None, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the page and of the backend."""
    page, backend = free_port(), free_port()
    command = ["-m", "reflex", "run", "--frontend-port", str(page), "--backend-port", str(backend)]
    variables = environment({"CHATKIT_DATA_DIR": str(tmp_path), "CHATKIT_OFFLINE_PACE": "0.002"}, development=True)
    with (tmp_path / "reflex.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=variables,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            addresses = f"http://localhost:{page}", f"http://localhost:{backend}"
            _wait_for(process, tmp_path / "reflex.log", f"{addresses[0]}/", f"{addresses[1]}/readyz")
            yield addresses
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)


def _wait_for(process: subprocess.Popen[bytes], log: Path, *urls: str) -> None:
    deadline = time.monotonic() + 120
    for url in urls:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(url).status_code == 200:
                    break
            assert time.monotonic() < deadline and process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)


def test_a_user_stays_the_same_across_reloads_and_ports(
    development: tuple[str, str], open_chat: Callable[..., Chat]
) -> None:
    page, backend = development
    chat = open_chat(page)
    answer = chat.ask("What can you do?")
    chat.page.evaluate("sessionStorage.clear()")  # as in a new tab: only the cookie says who this is
    chat.reload()
    assert chat.answers() == [answer]
    assert until(chat.page, "document.querySelector('#ck-open-history') !== null")
    cookies = {cookie["name"]: cookie["value"] for cookie in chat.context.cookies()}
    listed = httpx.post(
        f"{backend}/chatkit",
        json={"type": "threads.list", "params": {}},
        headers={"cookie": f"chatkit_session={cookies['chatkit_session']}"},
    )
    assert [thread["id"] for thread in listed.json()["data"]] == [chat.thread_id]
    assert not [url for url in chat.foreign if not url.startswith((backend, backend.replace("http", "ws")))]
    policy = chat.page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert policy is not None
    assert "img-src 'self' data: blob:;" in policy
