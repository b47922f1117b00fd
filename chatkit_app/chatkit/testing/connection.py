"""How the client reaches its server: bytes to `process`, bytes back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter

from chatkit_app.chatkit.server import ChatKitServer, NonStreamingResult, StreamingResult
from chatkit_app.chatkit.types import Page, Thread, ThreadItem
from chatkit_app.chatkit.types.reduce import ThreadView

from .reading import Reading
from .wire import request_body

T = TypeVar("T")

_PAGE = 100
_ITEMS: TypeAdapter[Page[ThreadItem]] = TypeAdapter(Page[ThreadItem])
_THREADS: TypeAdapter[Page[Thread]] = TypeAdapter(Page[Thread])
_THREAD = TypeAdapter(Thread)


@dataclass
class Connection:
    """A server, who asks it, and how many seconds an answer may take (None: any number)."""

    server: ChatKitServer[Any]
    """The server."""
    context: Any
    """Who asks it."""
    timeout: float | None
    """Seconds an answer may take; None: any number."""

    async def stream(self, reading: Reading, kind: str, params: dict[str, Any]) -> None:
        """Read the answer to its end, or until it is stopped. Raises `TimeoutError`, and what the server raises."""
        try:
            async with self._in_time(kind, reading):
                result = await self.server.process(request_body(kind, params), self.context)
                assert isinstance(result, StreamingResult)
                async with aclosing(result.json_events) as chunks:
                    async for chunk in chunks:
                        if not reading.take(chunk):
                            break
        except BaseException as error:
            reading.end(error)
            raise
        reading.end()

    async def ask(self, model: TypeAdapter[T], kind: str, params: dict[str, Any]) -> T:
        """The document that answers. Raises `TimeoutError`, and what the server raises."""
        async with self._in_time(kind):
            result = await self.server.process(request_body(kind, params), self.context)
        assert isinstance(result, NonStreamingResult)
        return model.validate_json(result.json)

    async def load(self, thread_id: str) -> ThreadView:
        """A thread with all its items, as a client loads it."""
        thread = await self.ask(_THREAD, "threads.get_by_id", {"thread_id": thread_id})
        params = {"thread_id": thread_id, "order": "asc"}
        items = await self._all(_ITEMS, "items.list", params, thread.items)
        return ThreadView.of(thread.model_copy(update={"items": Page(data=items)}))

    async def history(self) -> list[Thread]:
        """Every thread, newest first, without items."""
        return await self._all(_THREADS, "threads.list", {}, await self.ask(_THREADS, "threads.list", {"limit": _PAGE}))

    async def _all(self, model: TypeAdapter[Page[T]], kind: str, params: dict[str, Any], page: Page[T]) -> list[T]:
        """The rows of a page and of all that follow. Raises `AssertionError` if the store's cursors lead nowhere."""
        rows, seen = list(page.data), set[str | None]()
        while page.has_more:
            if page.after is None or page.after in seen:
                wrong = "does not say after what" if page.after is None else f"leads back to {page.after!r}"
                raise AssertionError(f"No end to {kind}: a page has more, but {wrong}")
            seen.add(page.after)
            page = await self.ask(model, kind, {**params, "limit": _PAGE, "after": page.after})
            rows += page.data
        return rows

    @asynccontextmanager
    async def _in_time(self, kind: str, reading: Reading | None = None) -> AsyncGenerator[None, None]:
        try:
            async with asyncio.timeout(self.timeout) as limit:
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            came = f"; so far there came {', '.join(reading.turn.kinds) or 'nothing'}" if reading else ""
            raise TimeoutError(f"No end of the answer to {kind} within {self.timeout:g} seconds{came}") from error
