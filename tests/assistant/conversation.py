"""A user's side of a conversation with an assistant, for tests."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from pydantic import TypeAdapter

from chatkit_app.assistant.server import Assistant
from chatkit_app.chatkit.types import (
    AssistantMessageItem,
    ItemsListReq,
    Page,
    StreamingReq,
    ThreadItem,
    ThreadStreamEvent,
    UserMessageItem,
)
from chatkit_app.chatkit.types.reduce import ThreadView, begin_turn, end_turn, reduce
from chatkit_app.identity import RequestContext

_REQUEST: TypeAdapter[Any] = TypeAdapter(StreamingReq)


class Conversation:
    """One thread of one user. `view` is what that user sees."""

    def __init__(self, assistant: Assistant, user: str = "ada") -> None:
        self.assistant = assistant
        self.context = RequestContext(user_id=user)
        self.view = ThreadView()

    async def say(self, text: str) -> str:
        """Send a message and return the answer."""
        async for _ in self.saying(text):
            pass
        return self.answer

    async def saying(self, text: str) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Send a message; the events of its answer."""
        message = {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}
        kind = "threads.create" if self.view.thread is None else "threads.add_user_message"
        async with aclosing(self._ask(kind, input=message)) as events:
            async for event in events:
                yield event

    async def retry(self) -> str:
        """Have the last message answered again."""
        last = [item for item in self.view.items if isinstance(item, UserMessageItem)][-1]
        async for _ in self._ask("threads.retry_after_item", item_id=last.id):
            pass
        return self.answer

    @property
    def answer(self) -> str:
        """What the assistant said last."""
        messages = [item for item in self.view.items if isinstance(item, AssistantMessageItem)]
        return "".join(part.text for part in messages[-1].content) if messages else ""

    async def stored(self) -> list[ThreadItem]:
        """What a reload would show."""
        assert self.view.thread is not None
        request = {"type": "items.list", "params": {"thread_id": self.view.thread.id, "limit": 100, "order": "asc"}}
        page = await self.assistant.call(ItemsListReq.model_validate(request), self.context)
        assert isinstance(page, Page)
        return list(page.data)

    async def _ask(self, kind: str, **params: Any) -> AsyncGenerator[ThreadStreamEvent, None]:
        if self.view.thread is not None:
            params["thread_id"] = self.view.thread.id
        request = _REQUEST.validate_python({"type": kind, "params": params})
        self.view = begin_turn(self.view)
        async with aclosing(self.assistant.stream_events(request, self.context)) as events:
            async for event in events:
                self.view = reduce(self.view, event)
                yield event
        self.view = end_turn(self.view)
