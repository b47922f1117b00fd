"""How fast, and how cheaply, an answer gets from the model to the screen: `python -m tests.benchmarks.paint [--runs 5]`.

Drives the built page in Chromium against the real server with a scripted model, and prints a table of medians. Times are in
milliseconds. `Enter → paint` and `token → paint` end at the frame that shows the first character; `main` is the main thread's busy
time, `long` its tasks over 50 ms, `B/token` and `frames` what came over the websocket in the whole turn, settling included, `CPU/token`
the server's processor time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    InferenceOptions,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTextContent,
)
from chatkit_app.identity import COOKIE_NAME, Identity, RequestContext
from chatkit_app.stores import open_store
from tests.benchmarks.scripted import tokens
from tests.harness import AppServer, browser, build_page, until

SECRET = "a secret for measurements, of no other use"
LENGTHS = (0, 100, 400, 2000)
TICKS = os.sysconf("SC_CLK_TCK")

# Runs in the page: when Enter was pressed, when the first character of the answer was on the screen, when the answer had settled.
_WATCH = """() => {
  window.seen = {long: []};
  new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.long.push(e.duration))).observe({type: 'longtask'});
  document.addEventListener('keydown', (e) => { if (e.key === 'Enter') seen.enter = performance.timeOrigin + performance.now(); }, true);
  const root = document.getElementById('chatkit');
  const before = document.querySelectorAll('.ck-assistant').length;
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    if (!seen.first) {
      const answers = document.querySelectorAll('.ck-row[data-live=true] .ck-assistant .ck-md, .ck-row:last-child .ck-assistant .ck-md');
      const text = answers.length ? answers[answers.length - 1].textContent : '';
      const token = /^t(\\d{13})/.exec(text);
      if (token && Number(token[1]) > (seen.enter ?? Infinity) - 50) {
        seen.first = now; seen.token = Number(token[1]);
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => { seen.painted = performance.timeOrigin + performance.now(); };
          after.port2.postMessage(0);
        });
      }
    }
    if (seen.first && root.dataset.answering === 'false' && !seen.end) seen.end = now;
  }).observe(root, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-answering']});
}"""


@dataclass
class Sample:
    """One turn. Times in milliseconds."""

    total: float
    enter_to_paint: float
    token_to_paint: float
    bytes_a_token: float
    frames: float
    main: float
    long: float
    cpu_a_token: float
    nodes: float


class Wire:
    """Counts what comes over the websocket."""

    def __init__(self, devtools: CDPSession) -> None:
        self.bytes = self.frames = 0
        devtools.send("Network.enable")
        devtools.on("Network.webSocketFrameReceived", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        self.frames += 1
        self.bytes += len(event["response"]["payloadData"].encode())


def seed(server: AppServer, user: str, messages: int) -> str:
    """A thread with so many earlier messages of 1 kB; its id."""
    database = f"sqlite+aiosqlite:///{server.data_dir / 'chatkit.db'}"
    with ThreadPoolExecutor() as apart:  # Playwright keeps a loop of its own running in this thread
        return apart.submit(asyncio.run, _seed(database, RequestContext(user), messages)).result()


async def _seed(url: str, context: RequestContext, messages: int) -> str:
    store, began = open_store(url), datetime.now(UTC) - timedelta(days=1)
    thread = ThreadMetadata(id=store.generate_thread_id(context), title="Seeded", created_at=began)
    await store.save_thread(thread, context)
    text = "".join(tokens(220))[:1000]
    for number in range(messages):
        common = {
            "id": f"msg_{thread.id}_{number}",
            "thread_id": thread.id,
            "created_at": began + timedelta(seconds=number),
        }
        if number % 2:
            item: Any = AssistantMessageItem(**common, content=[AssistantMessageContent(text=text)])
        else:
            item = UserMessageItem(
                **common, content=[UserMessageTextContent(text=text)], inference_options=InferenceOptions()
            )
        await store.add_thread_item(thread.id, item, context)
    await store.aclose()  # type: ignore[attr-defined]
    return thread.id


def measure(context: BrowserContext, server: AppServer, thread: str, count: int, rate: int) -> Sample:
    """One turn in a new tab."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    page.goto(f"{server.url}/{f'?thread={thread}' if thread else ''}")
    page.wait_for_selector(".ck-row .ck-md" if thread else "[data-testid=start-screen]")
    until(page, "document.querySelector('#chatkit').dataset.answering === 'false'")
    page.wait_for_timeout(700)  # the page has come to rest: what follows is the turn's own work
    page.fill("#ck-message", f"say {count} {rate}")
    page.evaluate(_WATCH)
    wire, before, cpu = Wire(devtools), _metrics(devtools), _cpu(server.pid)
    page.press("#ck-message", "Enter")
    until(page, "Boolean(window.seen.end && window.seen.painted)", 60, every=0.5)  # asking is work for the page too
    after, used = _metrics(devtools), _cpu(server.pid) - cpu
    seen = page.evaluate("window.seen")
    sample = Sample(
        total=seen["end"] - seen["token"],
        enter_to_paint=seen["painted"] - seen["enter"],
        token_to_paint=seen["painted"] - seen["token"],
        bytes_a_token=wire.bytes / count,
        frames=wire.frames,
        main=(after["TaskDuration"] - before["TaskDuration"]) * 1000,
        long=len(seen["long"]),
        cpu_a_token=used * 1000 / count,
        nodes=after["Nodes"],
    )
    page.close()
    return sample


def _metrics(devtools: CDPSession) -> dict[str, float]:
    return {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}


def _cpu(pid: int) -> float:
    fields_ = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields_[11]) + int(fields_[12])) / TICKS


def new_user(running: Browser, server: AppServer) -> tuple[BrowserContext, str]:
    """A browser of its own, and its user's id."""
    identity = Identity(SECRET)
    token = identity.mint()
    context = running.new_context(viewport={"width": 1100, "height": 800})
    context.add_cookies([{"name": COOKIE_NAME, "value": token, "url": server.url}])
    user = identity.verify(token)
    assert user is not None
    return context, user


def medians(samples: list[Sample]) -> Sample:
    """Each measure's own median."""
    return Sample(*(statistics.median(getattr(s, f.name) for s in samples) for f in fields(Sample)))


def main() -> None:
    """Measure every case and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--no-build", action="store_true", help="use the page that is already built")
    asked = options.parse_args()
    if not asked.no_build:
        build_page()
    cases = [(f"500 tokens at 100/s, {n:,} earlier", n, 500, 100) for n in LENGTHS] + [
        ("3,000 tokens at once", 0, 3000, 0)
    ]
    print("| case | total | Enter → paint | token → paint | B/token | frames | main | long | CPU/token | nodes |")
    print("| --- " * 10 + "|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        variables = {"CHATKIT_ASSISTANT": "tests.benchmarks.scripted:create_server", "CHATKIT_SECRET": SECRET}
        with AppServer(Path(folder), **variables) as server, browser(playwright) as running:
            warm(running, server)
            for name, earlier, count, rate in cases:
                samples = []
                for _ in range(asked.runs):
                    context, user = new_user(running, server)
                    thread = seed(server, user, earlier) if earlier else ""
                    samples.append(measure(context, server, thread, count, rate))
                    context.close()
                print(line(name, medians(samples)))
                sys.stdout.flush()


def warm(running: Browser, server: AppServer) -> None:
    """One turn that does not count: the server's modules and the browser's code cache are cold only once."""
    context, _ = new_user(running, server)
    measure(context, server, "", 20, 0)
    context.close()


def line(name: str, s: Sample) -> str:
    """A row of the table."""
    return (
        f"| {name} | {s.total:,.0f} | {s.enter_to_paint:.0f} | {s.token_to_paint:.0f} | {s.bytes_a_token:.0f} "
        f"| {s.frames:.0f} | {s.main:.0f} | {s.long:.0f} | {s.cpu_a_token:.2f} | {s.nodes:,.0f} |"
    )


if __name__ == "__main__":
    main()
