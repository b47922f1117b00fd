"""The same program under both packages: ours, and the official one whose protocol it is."""

import asyncio
import importlib
import json
import re
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

_CREATED_AT = re.compile(rb'"created_at":"[^"]*"')
CONTEXT = {"user_id": "ann"}
MODULES = ("actions", "errors", "server", "store", "types", "widgets")

Step = tuple[Any, ...]
"""What a handler does next: `("event", {…})`, `("set", field, value)`, `("metadata", key, value)`, `("raise", kind)`."""


@dataclass
class Program:
    """Requests, and what the handler does for each of them. Where it matters both may name ids as `{thr_1}` does."""

    requests: Sequence[dict[str, Any] | bytes]
    scripts: Sequence[Sequence[Step]] = ()
    items: Sequence[dict[str, Any]] = ()
    """Items stored in thread `thr_0` before anything is asked; the thread exists if there are any."""
    takes_attachments: bool = True
    """Whether the server has a store for them."""


@dataclass
class Run:
    """What could be seen of a program."""

    answers: list[Any] = field(default_factory=list)
    stored: dict[str, Any] = field(default_factory=dict)


class Kit:
    """One of the packages."""

    def __init__(self, prefix: str) -> None:
        self.name = prefix
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the official package warns of itself
            modules: dict[str, ModuleType] = {name: importlib.import_module(f"{prefix}.{name}") for name in MODULES}
        self.errors, self.server, self.store, self.types = (
            modules[name] for name in ("errors", "server", "store", "types")
        )
        self.actions, self.widgets = modules["actions"], modules["widgets"]
        self.event = TypeAdapter(self.types.ThreadStreamEvent)
        self.item = TypeAdapter(self.types.ThreadItem)
        self.status = TypeAdapter(self.types.ThreadStatus)
        self.Store = _store(self)
        self.AttachmentStore = _attachment_store(self)
        self.Server = _server(self)

    @property
    def agents(self) -> ModuleType:
        """The bridge to openai-agents, which takes its time to import."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(f"{self.name}.agents")

    def probe(self, probe: Callable[["Kit"], Awaitable[Any]]) -> Any:
        """What a probe sees of this package."""

        async def look() -> Any:
            return await probe(self)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return asyncio.run(look())

    def run(self, program: Program) -> Run:
        """Run a program on a fresh store."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return asyncio.run(self._run(program))

    async def _run(self, program: Program) -> Run:
        store = self.Store()
        if program.items:
            thread = self.types.ThreadMetadata(id="thr_0", created_at="2026-01-01T00:00:00Z")
            await store.save_thread(thread, CONTEXT)
            for item in program.items:
                await store.add_thread_item("thr_0", self.item.validate_python(item), CONTEXT)
        server = self.Server(
            store, list(program.scripts), self.AttachmentStore() if program.takes_attachments else None
        )
        run = Run()
        for request in program.requests:
            run.answers.append(await self._ask(server, request))
        run.stored = normal({"threads": store.rows, "attachments": store.attachments})
        return run

    async def _ask(self, server: Any, request: dict[str, Any] | bytes) -> Any:
        seen: list[Any] = []
        try:
            body = request if isinstance(request, bytes) else json.dumps(request)
            result = await server.process(body, CONTEXT)
            if not isinstance(result, self.server.StreamingResult):
                return _timeless(result.json)
            async for chunk in result:
                seen.append(_timeless(chunk))
        except (Exception, asyncio.CancelledError) as error:
            seen.append(f"raised {_kind(error)}")
        return seen


def _timeless(written: bytes) -> bytes:
    """The bytes a client gets, but for the times things were made at."""
    json.loads(written.removeprefix(b"data: "))  # raises what is no JSON
    return _CREATED_AT.sub(b'"created_at":"\xe2\x80\xa6"', written)


def normal(value: Any) -> Any:
    """The value without what may differ: the time things were made at."""
    if isinstance(value, dict):
        return {key: "…" if key == "created_at" else normal(entry) for key, entry in value.items()}
    return [normal(entry) for entry in value] if isinstance(value, list) else value


def _kind(error: BaseException) -> str:
    """The name programs catch it by."""
    known = ("ValidationError", "NotFoundError", "NotImplementedError", "CancelledError", "ValueError", "RuntimeError")
    names = {cls.__name__ for cls in type(error).__mro__}
    return next((name for name in known if name in names), type(error).__name__)


@cache
def official() -> Kit:
    return Kit("chatkit")


@cache
def ours() -> Kit:
    return Kit("chatkit_app.chatkit")


def _store(kit: Kit) -> Any:
    missing = kit.store.NotFoundError

    class PlainStore(kit.store.Store):  # type: ignore[name-defined,misc]
        """Keeps JSON, in order of insertion; ids are counted."""

        def __init__(self) -> None:
            self.rows: dict[str, dict[str, Any]] = {}
            self.attachments: dict[str, dict[str, Any]] = {}
            self.made = 0

        def _next(self, kind: str) -> str:
            self.made += 1
            return f"{kind}_{self.made}"

        def generate_thread_id(self, context: Any) -> str:
            return self._next("thr")

        def generate_item_id(self, item_type: Any, thread: Any, context: Any) -> str:
            return self._next(item_type)

        def _row(self, thread_id: str) -> dict[str, Any]:
            if thread_id not in self.rows:
                raise missing(thread_id)
            return self.rows[thread_id]

        async def load_thread(self, thread_id: str, context: Any) -> Any:
            return kit.types.ThreadMetadata.model_validate(self._row(thread_id)["thread"])

        async def save_thread(self, thread: Any, context: Any) -> None:
            row = self.rows.setdefault(thread.id, {"items": {}})
            row["thread"] = thread.model_dump(mode="json", exclude={"items"})

        async def load_threads(self, limit: int, after: str | None, order: str, context: Any) -> Any:
            threads = {id: kit.types.ThreadMetadata.model_validate(row["thread"]) for id, row in self.rows.items()}
            return self._page(threads, limit, after, order)

        async def load_thread_items(
            self, thread_id: str, after: str | None, limit: int, order: str, context: Any
        ) -> Any:
            items = self.rows.get(thread_id, {"items": {}})["items"]
            parsed = {id: kit.item.validate_python(item) for id, item in items.items()}
            return self._page(parsed, limit, after, order)

        def _page(self, rows: dict[str, Any], limit: int, after: str | None, order: str) -> Any:
            ids = list(rows) if order == "asc" else list(reversed(rows))
            if after is not None:
                if after not in rows:
                    raise missing(after)
                ids = ids[ids.index(after) + 1 :]
            page, more = ids[:limit], len(ids) > limit
            return kit.types.Page(data=[rows[id] for id in page], has_more=more, after=page[-1] if more else None)

        async def add_thread_item(self, thread_id: str, item: Any, context: Any) -> None:
            self._row(thread_id)["items"][item.id] = item.model_dump(mode="json", exclude_none=True)

        save_item = add_thread_item

        async def load_item(self, thread_id: str, item_id: str, context: Any) -> Any:
            items = self._row(thread_id)["items"]
            if item_id not in items:
                raise missing(item_id)
            return kit.item.validate_python(items[item_id])

        async def delete_thread(self, thread_id: str, context: Any) -> None:
            self.rows.pop(thread_id, None)

        async def delete_thread_item(self, thread_id: str, item_id: str, context: Any) -> None:
            self.rows.get(thread_id, {"items": {}})["items"].pop(item_id, None)

        async def save_attachment(self, attachment: Any, context: Any) -> None:
            self.attachments[attachment.id] = attachment.model_dump(mode="json")

        async def load_attachment(self, attachment_id: str, context: Any) -> Any:
            if attachment_id not in self.attachments:
                raise missing(attachment_id)
            return kit.types.FileAttachment.model_validate(self.attachments[attachment_id])

        async def delete_attachment(self, attachment_id: str, context: Any) -> None:
            self.attachments.pop(attachment_id, None)

    return PlainStore


def _attachment_store(kit: Kit) -> Any:
    class TwoPhases(kit.store.AttachmentStore):  # type: ignore[name-defined,misc]
        """Keeps no bytes; the id says the name."""

        async def create_attachment(self, input: Any, context: Any) -> Any:
            upload = {"url": "https://x.y/upload", "method": "PUT", "headers": {"a": "b"}}
            return kit.types.FileAttachment(
                id=f"atc_{input.name}",
                name=input.name,
                mime_type=input.mime_type,
                upload_descriptor=upload,
                metadata={"secret": input.size},
            )

        async def delete_attachment(self, attachment_id: str, context: Any) -> None: ...

    return TwoPhases


def _server(kit: Kit) -> Any:
    def failure(kind: str) -> BaseException:
        return {
            "custom": kit.errors.CustomStreamError("our own words", allow_retry=True),
            "stream": kit.errors.StreamError(kit.errors.ErrorCode.STREAM_ERROR, allow_retry=False),
            "other": RuntimeError("boom"),
            "cancelled": asyncio.CancelledError(),
        }[kind]

    class Scripted(kit.server.ChatKitServer):  # type: ignore[name-defined,misc]
        def __init__(self, store: Any, scripts: list[Sequence[Step]], attachment_store: Any = None) -> None:
            super().__init__(store, attachment_store)
            self.scripts = scripts

        async def respond(self, thread: Any, message: Any, context: Any) -> Any:
            for what, *details in self.scripts.pop(0) if self.scripts else ():
                if what == "event":
                    yield kit.event.validate_python(details[0])
                elif what == "raise":
                    raise failure(details[0])
                elif what == "metadata":
                    thread.metadata[details[0]] = details[1]
                elif details[0] == "status":
                    thread.status = kit.status.validate_python(details[1])
                else:
                    setattr(thread, *details)

        def action(self, thread: Any, action: Any, sender: Any, context: Any) -> Any:
            return self.respond(thread, None, context)

        async def sync_action(self, thread: Any, action: Any, sender: Any, context: Any) -> Any:
            return kit.types.SyncCustomActionResponse(updated_item=sender)

        async def transcribe(self, audio_input: Any, context: Any) -> Any:
            return kit.types.TranscriptionResult(text=f"{audio_input.media_type} {audio_input.data!r}")

    return Scripted
