"""The verbs of a chat: what a user does, as requests of the protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatkit_app.chatkit.types import (
    FeedbackKind,
    InferenceOptions,
    ItemFeedbackParams,
    ItemsFeedbackReq,
    ItemsListParams,
    ItemsListReq,
    Page,
    Thread,
    ThreadAddUserMessageParams,
    ThreadCreateParams,
    ThreadDeleteParams,
    ThreadGetByIdParams,
    ThreadItem,
    ThreadListParams,
    ThreadRetryAfterItemParams,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsRetryAfterItemReq,
    ThreadsUpdateReq,
    ThreadUpdateParams,
    UserMessageContent,
    UserMessageInput,
)
from chatkit_app.client.transport import Answer, Answers, Transport

PAGE = 30
"""Items or threads asked for at a time."""


@dataclass(frozen=True)
class Opened:
    """A thread as it is opened: its newest items, oldest first, and the cursor to the ones before them (None: no more).

    `answer` is the one that was in progress when the thread was looked up, None if there was none.
    """

    thread: Thread
    items: list[ThreadItem]
    before: str | None
    answer: Answer | None


class ChatClient:
    """A user's side of a chat. Every verb takes the context that says who is asking, and raises what the transport raises."""

    def __init__(self, transport: Transport, answers: Answers) -> None:
        self._transport, self._answers = transport, answers

    async def send(self, thread_id: str | None, content: Sequence[UserMessageContent], context: Any) -> Answer:
        """Send a message (text and mentions) to a thread, or, without one, begin a new thread with it."""
        message = UserMessageInput(content=list(content), attachments=[], inference_options=InferenceOptions())
        if thread_id is None:
            return await self._answers.start(ThreadsCreateReq(params=ThreadCreateParams(input=message)), context)
        params = ThreadAddUserMessageParams(thread_id=thread_id, input=message)
        return await self._answers.start(ThreadsAddUserMessageReq(params=params), context)

    async def retry(self, thread_id: str, item_id: str, context: Any) -> Answer:
        """Answer a user message again; what followed it is removed."""
        params = ThreadRetryAfterItemParams(thread_id=thread_id, item_id=item_id)
        return await self._answers.start(ThreadsRetryAfterItemReq(params=params), context)

    async def stop(self, thread_id: str, context: Any) -> bool:
        """Stop the answer in progress, from whichever tab."""
        return await self._answers.stop(thread_id, context)

    async def open(self, thread_id: str, context: Any) -> Opened:
        """A thread, its newest items and the answer in progress.

        Whether there is an answer is decided first: what it stores between the two look-ups is then seen twice, never missed. One that
        settles in between is still followed, from its start to its end.
        """
        found = await self._answers.find(thread_id, context)
        answer = found if found is not None and not found.settled else None
        thread = await self._transport.call(ThreadsGetByIdReq(params=ThreadGetByIdParams(thread_id=thread_id)), context)
        page = await self.items(thread_id, None, context)
        return Opened(thread, page.data[::-1], page.after if page.has_more else None, answer)

    async def items(self, thread_id: str, before: str | None, context: Any) -> Page[ThreadItem]:
        """A page of items, newest first, older than the cursor `before`."""
        params = ItemsListParams(thread_id=thread_id, limit=PAGE, order="desc", after=before)
        page: Page[ThreadItem] = await self._transport.call(ItemsListReq(params=params), context)
        return page

    async def threads(self, after: str | None, context: Any) -> Page[Thread]:
        """A page of the user's threads, newest first."""
        params = ThreadListParams(limit=PAGE, order="desc", after=after)
        page: Page[Thread] = await self._transport.call(ThreadsListReq(params=params), context)
        return page

    async def rename(self, thread_id: str, title: str, context: Any) -> None:
        """Give a thread a title."""
        await self._transport.call(
            ThreadsUpdateReq(params=ThreadUpdateParams(thread_id=thread_id, title=title)), context
        )

    async def delete(self, thread_id: str, context: Any) -> None:
        """Delete a thread and all in it. An answer in progress is stopped first, or it would write the thread anew."""
        await self._answers.stop(thread_id, context)
        await self._transport.call(ThreadsDeleteReq(params=ThreadDeleteParams(thread_id=thread_id)), context)

    async def feedback(self, thread_id: str, item_ids: list[str], kind: FeedbackKind, context: Any) -> None:
        """Say that the answer made of these items was good or bad."""
        params = ItemFeedbackParams(thread_id=thread_id, item_ids=item_ids, kind=kind)
        await self._transport.call(ItemsFeedbackReq(params=params), context)
