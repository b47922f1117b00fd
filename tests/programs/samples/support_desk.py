"""A help desk of an airline: profile effects, seat widgets from a template, receipts to upload, dictation."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from agents import Agent, ModelSettings, RunConfig, RunContextWrapper, Runner, function_tool
from openai.types.responses import ResponseInputContentParam
from openai.types.responses.response_input_item_param import Message
from pydantic import ConfigDict, Field

from chatkit_app.chatkit.agents import AgentContext, ThreadItemConverter, stream_agent_response
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import AttachmentStore, Store
from chatkit_app.chatkit.types import (
    Action,
    AssistantMessageContent,
    AssistantMessageItem,
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    AudioInput,
    ClientEffectEvent,
    HiddenContextItem,
    ImageAttachment,
    ProgressUpdateEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdated,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
    WidgetRootUpdated,
)
from chatkit_app.chatkit.widgets import WidgetTemplate

seat_card = WidgetTemplate.from_file("seat_card.widget")


class Customers:
    def __init__(self) -> None:
        self.seats: dict[str, str] = {}

    def seat(self, thread_id: str) -> str:
        return self.seats.get(thread_id, "14C")


class SupportContext(AgentContext):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    store: Annotated[Any, Field(exclude=True)]
    request_context: dict[str, Any]
    customers: Annotated[Customers, Field(exclude=True)]


class LocalAttachmentStore(AttachmentStore[dict]):
    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def create_attachment(self, input: AttachmentCreateParams, context: dict) -> Attachment:
        if not input.mime_type.startswith("image/"):
            raise ValueError("Only images, please")
        attachment_id = self.generate_attachment_id(input.mime_type, context)
        return ImageAttachment(
            id=attachment_id,
            name=input.name,
            mime_type=input.mime_type,
            preview_url=f"https://desk.test/{attachment_id}/preview",
            upload_descriptor=AttachmentUploadDescriptor(url=f"https://desk.test/{attachment_id}", method="POST"),
            metadata={"size": input.size},
        )

    async def delete_attachment(self, attachment_id: str, context: dict) -> None:
        self.deleted.append(attachment_id)


@function_tool
async def show_seat(ctx: RunContextWrapper[SupportContext]) -> str:
    """Show the customer's seat."""
    context = ctx.context
    await context.request_context["work"]()
    await context.stream(ProgressUpdateEvent(icon="search", text="Looking up the booking"))
    seat = context.customers.seat(context.thread.id)
    await context.stream_widget(seat_card.build({"seat": seat, "rows": ["12A", seat]}), copy_text=f"Seat {seat}")
    return f"Seat {seat} is shown"


@function_tool
async def change_seat(ctx: RunContextWrapper[SupportContext], seat: str) -> str:
    """Change the customer's seat."""
    context = ctx.context
    context.customers.seats[context.thread.id] = seat
    await context.stream(ClientEffectEvent(name="customer_profile/update", data={"seat": seat, "note": None}))
    return f"The seat is {seat} now"


class DeskConverter(ThreadItemConverter):
    async def attachment_to_message_content(self, attachment: Attachment) -> ResponseInputContentParam:
        return {"type": "input_image", "detail": "auto", "image_url": f"data:image/png;base64,{attachment.id}"}

    async def hidden_context_to_input(self, item: HiddenContextItem) -> Message:
        return Message(type="message", role="user", content=[{"type": "input_text", "text": str(item.content)}])


class SupportServer(ChatKitServer[dict]):
    def __init__(self, store: Store[dict], model: Any) -> None:
        self.store = store
        self.customers = Customers()
        self.uploads = LocalAttachmentStore()
        super().__init__(store, attachment_store=self.uploads)
        self.agent = Agent[SupportContext](name="Desk", model=model, tools=[show_seat, change_seat])
        self.handlers = {"seat.pick": self._pick, "seat.cancel": self._cancel}

    async def respond(
        self, thread: ThreadMetadata, item: UserMessageItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        titling = asyncio.create_task(self._title(thread))
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        profile = Message(
            type="message",
            role="user",
            content=[{"type": "input_text", "text": f"<PROFILE>{self.customers.seat(thread.id)}</PROFILE>"}],
        )
        agent_input = [profile, *await DeskConverter().to_agent_input(list(reversed(page.data)))]
        agent_context = SupportContext(
            thread=thread, store=self.store, request_context=context, customers=self.customers
        )
        result = Runner.run_streamed(
            self.agent,
            agent_input,
            context=agent_context,
            run_config=RunConfig(model_settings=ModelSettings(temperature=0.4), tracing_disabled=True),
        )
        async for event in stream_agent_response(agent_context, result):
            yield event
        await titling

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        async for event in self.handlers[action.type](thread, action.payload or {}, sender, context):
            yield event

    async def add_feedback(self, thread_id: str, item_ids: list[str], feedback: str, context: dict) -> None:
        context["feedback"] = (item_ids, feedback)

    async def transcribe(self, audio_input: AudioInput, context: dict) -> TranscriptionResult:
        return TranscriptionResult(text=f"{len(audio_input.data)} bytes of {audio_input.media_type}")

    async def _title(self, thread: ThreadMetadata) -> None:
        if thread.title is None:
            thread.title = "About a seat"

    async def _pick(
        self, thread: ThreadMetadata, payload: dict, sender: WidgetItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        seat = payload["seat"]
        self.customers.seats[thread.id] = seat
        widget = seat_card.build(data={"seat": seat, "rows": [], "note": "Changed"})
        if sender is not None:
            yield ThreadItemUpdated(item_id=sender.id, update=WidgetRootUpdated(widget=widget))
            yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": widget}))
        hidden_id = self.store.generate_item_id("message", thread, context)
        hidden = HiddenContextItem(
            id=hidden_id, thread_id=thread.id, created_at=datetime.now(), content=f"<SEAT>{seat}</SEAT>"
        )
        await self.store.add_thread_item(thread.id, hidden, context)
        yield self._message(thread, context, f"You sit in {seat}.")
        yield ClientEffectEvent(name="customer_profile/update", data={"seat": seat})

    async def _cancel(
        self, thread: ThreadMetadata, payload: dict, sender: WidgetItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield self._message(thread, context, "Then everything stays as it is.")

    def _message(self, thread: ThreadMetadata, context: dict, text: str) -> ThreadItemDoneEvent:
        item_id = self.store.generate_item_id("message", thread, context)
        content = [AssistantMessageContent(text=text)]
        return ThreadItemDoneEvent(
            item=AssistantMessageItem(id=item_id, thread_id=thread.id, created_at=datetime.now(), content=content)
        )


create_server = SupportServer
