"""What a token costs over HTTP: this framework, openai-chatkit and a bare Starlette stream, in the same process shape.

    python -m tests.benchmarks.wire [clients ...]

Each server is a uvicorn process of its own on a loopback port. Every client asks once for 500 tokens at 100 a second
and reads to the end; CPU is the server process's own. Prints a table, medians over the clients.

Clients of a real server are elsewhere. Here they would share its core and interrupt it at every token, and it would
pay for waking them: so they keep to a core of their own, where the system lets us say so, and never sleep.
"""

import asyncio
import gc
import json
import os
import selectors
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from statistics import median
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKENS = 500
PER_SECOND = 100
ROUNDS = 5
CLIENTS = [1, 25, 100, 250]
TOKEN = " token"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def request(count: int) -> bytes:
    """Ask for so many tokens."""
    content = [{"type": "input_text", "text": str(count)}]
    message = {"content": content, "attachments": [], "inference_options": {}}
    return json.dumps({"type": "threads.create", "params": {"input": message}}).encode()


async def tokens(count: int) -> AsyncIterator[str]:
    """The model: on time, however slow the reader is."""
    began = time.perf_counter()
    for number in range(count):
        delay = began + number / PER_SECOND - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        yield TOKEN


# The three servers


def bare() -> Starlette:
    """The least a stream can cost: the same bytes a token, made beforehand."""
    delta = (
        b'data: {"type":"thread.item.updated","item_id":"msg_1","update":{"type":'
        b'"assistant_message.content_part.text_delta","content_index":0,"delta":" token"}}\n\n'
    )

    async def stream(count: int) -> AsyncIterator[bytes]:
        async for _ in tokens(count):
            yield delta

    async def chatkit(request: Request) -> Response:
        asked = json.loads(await request.body())
        count = int(asked["params"]["input"]["content"][0]["text"])
        return StreamingResponse(stream(count), media_type="text/event-stream")

    return Starlette(routes=[Route("/chatkit", chatkit, methods=["POST"])])


def responder(package: str) -> Any:
    """The same assistant on either package."""
    server = import_module(f"{package}.server")
    types = import_module(f"{package}.types")

    class Assistant(server.ChatKitServer):
        async def respond(self, thread: Any, input_user_message: Any, context: Any) -> AsyncIterator[Any]:
            item = types.AssistantMessageItem(id="msg_1", thread_id=thread.id, created_at=NOW, content=[])
            yield types.ThreadItemAddedEvent(item=item)
            part = types.AssistantMessageContentPartAdded(
                content_index=0, content=types.AssistantMessageContent(text="")
            )
            yield types.ThreadItemUpdatedEvent(item_id=item.id, update=part)
            count = int(input_user_message.content[0].text)
            async for token in tokens(count):
                update = types.AssistantMessageContentPartTextDelta(content_index=0, delta=token)
                yield types.ThreadItemUpdatedEvent(item_id=item.id, update=update)
            content = [types.AssistantMessageContent(text=TOKEN * count)]
            yield types.ThreadItemDoneEvent(item=item.model_copy(update={"content": content}))

    return Assistant


def ours() -> Any:
    """The whole HTTP side of this application, shield included."""
    from chatkit_app.api import create_api, shield
    from chatkit_app.chatkit.store import InMemoryStore
    from chatkit_app.identity import Identity
    from chatkit_app.runs import MemoryRuns

    server = responder("chatkit_app.chatkit")(InMemoryStore())
    identity = Identity("0123456789abcdef0123456789abcdef")
    runs = MemoryRuns(server.stream_events, max_live_per_owner=10_000)
    gc.collect()
    gc.freeze()  # as the application does when it starts
    return shield(create_api(server, runs, server.store, identity), identity)


def openai() -> Starlette:
    """The official package in the route its documentation shows."""
    server_module, store_module = import_module("chatkit.server"), import_module("chatkit.store")
    kept: dict[str, Any] = {}

    async def keep(self: Any, *_: Any, **__: Any) -> None:
        return None

    async def save_thread(self: Any, thread: Any, context: Any) -> None:
        kept[thread.id] = thread

    abstract = dict.fromkeys(store_module.Store.__abstractmethods__, keep)
    store = type("Store", (store_module.Store,), {**abstract, "save_thread": save_thread})()
    server = responder("chatkit")(store)

    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), {})
        assert isinstance(result, server_module.StreamingResult)
        return StreamingResponse(result, media_type="text/event-stream")

    return Starlette(routes=[Route("/chatkit", chatkit, methods=["POST"])])


SERVERS = {"bare Starlette": bare, "openai-chatkit": openai, "this": ours}


def serve(name: str) -> None:
    """Run one server on a free port, which is printed; `GET /cpu` tells the CPU seconds it has used."""
    keep_to_core(1)
    app = SERVERS[name]()

    async def with_cpu(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/cpu":
            await JSONResponse(time.process_time())(scope, receive, send)
        else:
            await app(scope, receive, send)

    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(with_cpu, log_level="error", lifespan="off", backlog=1024)
    asyncio.run(uvicorn.Server(config).serve([listening]))


# The clients


@dataclass
class Seen:
    """What one client saw: seconds to its first token and to the end, bytes of events."""

    first: float
    total: float
    size: int


async def ask(port: int, count: int = TOKENS) -> Seen:
    """One client on a plain socket, so that its own cost is small."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = request(count)
    head = f"POST /chatkit HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
    first, size, said = 0.0, 0, bytearray()
    while chunk := await reader.read(65_536):
        said += chunk
        size += len(chunk)
        if not first and TOKEN.encode() in said:
            first = time.perf_counter() - began
    writer.close()
    assert said.count(b"text_delta") == count, bytes(said[:500])
    return Seen(first, time.perf_counter() - began, size)


class Sleepless(selectors.DefaultSelector):
    """Looks for news without ever waiting for it."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now."""
        return super().select(0)


def keep_to_core(number: int) -> None:
    """Run on one core from now on, if the system has that many and can do it."""
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {number})


async def cpu(port: int) -> float:
    """CPU seconds the server has used so far."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /cpu HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return float(answer.split(b"\r\n\r\n")[1])


async def measure(name: str, clients: int) -> tuple[float, float, float, float]:
    """Seconds to the first token and in total, bytes a token, microseconds of CPU a token."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.wire", "serve", name), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        await ask(port, 20)  # warm
        before = await cpu(port)
        seen = await asyncio.gather(*(ask(port) for _ in range(clients)))
        used = await cpu(port) - before
    finally:
        process.kill()
        await process.wait()
    return (
        median(one.first for one in seen),
        max(one.total for one in seen),
        median(one.size for one in seen) / TOKENS,
        used / clients / TOKENS * 1e6,
    )


async def main(counts: list[int]) -> None:
    """Print the table. The servers take turns, so that a busy moment of the machine hits all of them."""
    print("| clients | server | first token | last stream ends | bytes a token | CPU a token |")
    print("| --- | --- | --- | --- | --- | --- |")
    for clients in counts:
        rounds = [{name: await measure(name, clients) for name in SERVERS} for _ in range(ROUNDS)]
        for name in SERVERS:
            first, total, size, used = (median(one[name][index] for one in rounds) for index in range(4))
            ratio = median(one[name][3] / one["bare Starlette"][3] for one in rounds)
            print(
                f"| {clients} | {name} | {first * 1000:.0f} ms | {total:.2f} s | {size:.0f} "
                f"| {used:.0f} µs ({ratio:.2f}×) |",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
    else:
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Sleepless())) as runner:
            keep_to_core(0)
            runner.run(main([int(count) for count in sys.argv[1:]] or CLIENTS))
