"""A user in front of a server, for tests."""

import base64
import inspect
import mimetypes
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.types import (
    AssistantMessageItem,
    Attachment,
    AttachmentBase,
    FeedbackKind,
    InferenceOptions,
    StructuredInputItem,
    StructuredInputSubmission,
    SyncCustomActionResponse,
    Thread,
    ThreadItem,
    ThreadItemBase,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    ToolChoice,
    TranscriptionResult,
    UserMessageContent,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
)
from chatkit_app.chatkit.types.reduce import ThreadView, reduce

from .connection import Connection
from .controls import Fired, change, click
from .differences import differences
from .errors import NotThereError
from .reading import Reading, Until
from .screen import filled, item_of, items_after, last_answer, pending_calls, pending_form, widgets_of
from .turn import Turn, outline, text_of

Upload = Callable[[Attachment, bytes], Awaitable[None] | None]
"""Sends the bytes of an attachment where its `upload_descriptor` says; a function or a coroutine function."""

_ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)
_THREAD = TypeAdapter(Thread)
_TRANSCRIPTION = TypeAdapter(TranscriptionResult)
_ACTION_ANSWER = TypeAdapter(SyncCustomActionResponse)
_NOTHING = TypeAdapter(dict[str, Any])


class ChatTestClient:
    """One user's window on a server: one thread at a time, and what is on the screen.

    It asks through `ChatKitServer.process` and reads the bytes that come back, so a test sees what a browser would; the
    screen is the one fold of all clients. Verbs that are answered with a stream return a `Turn`; with `stop_after` the
    user presses Stop: after so many events, when the answer says these words, or when this is true of an event.

    What the user does not have on the screen raises `NotThereError`; what the server raises is raised.
    """

    def __init__(
        self,
        server: ChatKitServer[Any],
        context: Any = None,
        *,
        upload: Upload | None = None,
        timeout: float | None = 10.0,
    ) -> None:
        """`context` goes to the server with every request; `timeout` is the seconds a request may take, or None.

        Raises `TypeError` if `server` is no server of this package.
        """
        if not isinstance(server, ChatKitServer):
            raise TypeError(f"{server!r} is no server of the class chatkit_app.chatkit.server.ChatKitServer")
        self.view = ThreadView()
        """What is on the screen."""
        self.turns: list[Turn] = []
        """What each stream has brought."""
        self.uploads: dict[str, bytes] = {}
        """The bytes that were uploaded, by id of the attachment."""
        self._connection = Connection(server, context, timeout)
        self._upload = upload

    def __repr__(self) -> str:
        return f"<ChatTestClient: {'; '.join(map(outline, self.items)) or 'an empty thread'}>"

    # -- what is there -------------------------------------------------------------------------------------------------

    @property
    def server(self) -> ChatKitServer[Any]:
        """Who is asked."""
        return self._connection.server

    @property
    def thread(self) -> ThreadMetadata:
        """The thread. Raises `NotThereError` while none is open."""
        if self.view.thread is None:
            raise NotThereError("No thread is open: say something first, or open one")
        return self.view.thread

    @property
    def items(self) -> tuple[ThreadItem, ...]:
        """Everything in the thread, in reading order."""
        return self.view.items

    @property
    def text(self) -> str:
        """The assistant's last message; empty if there is none."""
        messages = (item for item in reversed(self.items) if isinstance(item, AssistantMessageItem))
        return next(map(text_of, messages), "")

    @property
    def events(self) -> list[ThreadStreamEvent]:
        """Every event so far."""
        return [event for turn in self.turns for event in turn.events]

    # -- the composer --------------------------------------------------------------------------------------------------

    async def say(
        self,
        *content: str | UserMessageContent,
        attachments: Sequence[AttachmentBase | str] = (),
        quote: str | None = None,
        tool: str | None = None,
        model: str | None = None,
        stop_after: Until | None = None,
    ) -> Turn:
        """Send a message, which begins a thread if none is open.

        `attachments` come from `upload`; `tool` and `model` are ids of what the composer offers.
        """
        message = UserMessageInput(
            content=[UserMessageTextContent(text=part) if isinstance(part, str) else part for part in content],
            attachments=[_id(attachment) for attachment in attachments],
            quoted_text=quote,
            inference_options=InferenceOptions(tool_choice=ToolChoice(id=tool) if tool else None, model=model),
        )
        if self.view.thread is None:
            return await self._stream("threads.create", {"input": message}, stop_after)
        return await self._stream("threads.add_user_message", self._here(input=message), stop_after)

    async def upload(self, name: str, content: bytes, mime_type: str | None = None) -> Attachment:
        """Attach a file: announce it, then hand its bytes to the `upload` of this client and keep them in `uploads`.

        The media type is guessed from the name if it is not given.
        """
        kind = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        params = {"name": name, "size": len(content), "mime_type": kind}
        attachment = await self._connection.ask(_ATTACHMENT, "attachments.create", params)
        sending = self._upload(attachment, content) if self._upload else None
        if inspect.isawaitable(sending):
            await sending
        self.uploads[attachment.id] = content
        return attachment

    async def remove_upload(self, attachment: AttachmentBase | str) -> None:
        """Take an attached file away again."""
        await self._connection.ask(_NOTHING, "attachments.delete", {"attachment_id": _id(attachment)})
        self.uploads.pop(_id(attachment), None)

    async def dictate(self, audio: bytes, mime_type: str = "audio/webm;codecs=opus") -> str:
        """Speak instead of typing; the text that stands in the composer then."""
        params = {"audio_base64": base64.b64encode(audio).decode(), "mime_type": mime_type}
        return (await self._connection.ask(_TRANSCRIPTION, "input.transcribe", params)).text

    # -- widgets -------------------------------------------------------------------------------------------------------

    async def click(
        self,
        name: str,
        /,
        *,
        within: WidgetItem | str | None = None,
        nth: int | None = None,
        stop_after: Until | None = None,
        **values: Any,
    ) -> Turn:
        """Click what says `name` in a widget: a button, a row, the confirm or cancel of a card.

        `name` may also be an `id` or a `key`, or else the type of the action that is sent. The newest widget that has
        it is meant, or the one `within` says; `nth`, from 0, tells several apart. `values` are first filled into the
        form around it, by the names of its fields; `todo={"title": "x"}` is `todo.title`. The action goes where its
        configuration says: to the server, streaming or not, or to the page (`Turn.client_action`).
        """
        return await self._fire(click(widgets_of(self.view, within), name, values, nth), stop_after)

    async def change(
        self,
        name: str,
        value: Any,
        /,
        *,
        within: WidgetItem | str | None = None,
        nth: int | None = None,
        stop_after: Until | None = None,
        **values: Any,
    ) -> Turn:
        """Choose or enter a value in a field that sends an action when it changes, by its `name`. As `click`.

        An option is given by its value or its label, a day as a date or in ISO form.
        """
        return await self._fire(change(widgets_of(self.view, within), name, value, values, nth), stop_after)

    async def act(
        self, action: Action[Any, Any], *, sender: WidgetItem | str | None = None, stop_after: Until | None = None
    ) -> Turn:
        """Send any action, as the page around the chat can."""
        params = self._here(item_id=_id(sender) if sender else None, action=action)
        return await self._stream("threads.custom_action", params, stop_after)

    # -- what the assistant waits for ----------------------------------------------------------------------------------

    async def answer_client_tool(self, result: Any, *, stop_after: Until | None = None) -> Turn:
        """Answer the newest pending call of a tool in the user's page, with any JSON."""
        *forgotten, call = pending_calls(self.view)
        # No event says so, but a client knows: this call is answered, and the server drops the others.
        done = call.model_copy(update={"status": "completed", "output": from_json(to_json(result))})
        known = [*_removals(forgotten), ThreadItemReplacedEvent(item=done)]
        return await self._stream("threads.add_client_tool_output", self._here(result=result), stop_after, known)

    async def answer_form(
        self,
        answers: Mapping[str, str | Sequence[str] | None],
        *,
        form: StructuredInputItem | str | None = None,
        stop_after: Until | None = None,
    ) -> Turn:
        """Answer the questions of a form, by their ids or their words; None passes over one.

        The newest form that is pending is meant unless `form` says another.
        """
        item = self._form(form)
        params = self._here(item_id=item.id, input=filled(item, answers))
        return await self._stream("threads.add_structured_input", params, stop_after)

    async def skip_form(
        self, *, form: StructuredInputItem | str | None = None, stop_after: Until | None = None
    ) -> Turn:
        """Pass over a whole form, by default the newest that is pending."""
        params = self._here(item_id=self._form(form).id, input=StructuredInputSubmission(status="skipped"))
        return await self._stream("threads.add_structured_input", params, stop_after)

    # -- below an answer -----------------------------------------------------------------------------------------------

    async def retry(self, message: UserMessageItem | str | None = None, *, stop_after: Until | None = None) -> Turn:
        """Have a message answered again, by default the user's last one. Everything after it goes."""
        item = item_of(self.view, UserMessageItem, message, "message of the user")
        known = _removals(items_after(self.view, item))
        return await self._stream("threads.retry_after_item", self._here(item_id=item.id), stop_after, known)

    async def rate(self, kind: FeedbackKind, items: Sequence[ThreadItem | str] | None = None) -> None:
        """Judge items, by default all that came after the user's last message."""
        ids = [_id(item) for item in items or last_answer(self.view)]
        await self._connection.ask(_NOTHING, "items.feedback", self._here(item_ids=ids, kind=kind))

    # -- the history ---------------------------------------------------------------------------------------------------

    async def threads(self) -> list[Thread]:
        """The whole history, newest first, without items."""
        return await self._connection.history()

    async def open(self, thread: ThreadMetadata | str) -> ThreadView:
        """Open a thread; the view has all its items."""
        self.view = await self._connection.load(_id(thread))
        return self.view

    def new_thread(self) -> None:
        """Leave the thread; the next message begins another."""
        self.view = ThreadView()

    async def rename(self, title: str) -> None:
        """Give the thread a title."""
        thread = await self._connection.ask(_THREAD, "threads.update", self._here(title=title))
        self.view = reduce(self.view, ThreadUpdatedEvent(thread=thread))

    async def delete(self) -> None:
        """Delete the thread and leave it."""
        await self._connection.ask(_NOTHING, "threads.delete", self._here())
        self.new_thread()

    async def reload(self) -> ThreadView:
        """Reload the page: only what is stored remains on the screen."""
        return await self.open(self.thread)

    async def assert_reload_shows_the_same(self) -> None:
        """Raises `AssertionError` with every difference if a reload would change the screen."""
        found = differences(self.view, await self._connection.load(self.thread.id))
        if found:
            raise AssertionError(f"A reload would change the screen:\n{found}")

    # -- inside --------------------------------------------------------------------------------------------------------

    async def _stream(
        self,
        kind: str,
        params: dict[str, Any],
        stop_after: Until | None,
        known: Sequence[ThreadStreamEvent] = (),
    ) -> Turn:
        reading = Reading(self.view, known, stop_after)
        try:
            await self._connection.stream(reading, kind, params)
        finally:
            self.view = reading.view
            self.turns.append(reading.turn)
        return reading.turn

    async def _fire(self, fired: Fired, stop_after: Until | None) -> Turn:
        if fired.config.handler == "client":
            return Turn(client_action=fired.action)
        params = self._here(item_id=fired.item_id, action=fired.action)
        if fired.config.streaming:
            return await self._stream("threads.custom_action", params, stop_after)
        answer = await self._connection.ask(_ACTION_ANSWER, "threads.sync_custom_action", params)
        if answer.updated_item is None:
            return Turn()
        self.view = reduce(self.view, ThreadItemReplacedEvent(item=answer.updated_item))
        return Turn(items=(answer.updated_item,))

    def _form(self, form: StructuredInputItem | str | None) -> StructuredInputItem:
        return item_of(self.view, StructuredInputItem, form, "form") if form else pending_form(self.view)

    def _here(self, **params: Any) -> dict[str, Any]:
        return {"thread_id": self.thread.id, **params}


def _removals(items: Sequence[ThreadItem]) -> list[ThreadStreamEvent]:
    return [ThreadItemRemovedEvent(item_id=item.id) for item in items]


def _id(named: ThreadItemBase | ThreadMetadata | AttachmentBase | str) -> str:
    return named if isinstance(named, str) else named.id
