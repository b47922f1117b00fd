"""A shop: a list of products, a cart that reacts while an answer streams, a form for the delivery."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Literal

from agents import Agent, RunConfig, RunContextWrapper, Runner, function_tool

from chatkit_app.chatkit.actions import ActionConfig
from chatkit_app.chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit_app.chatkit.errors import CustomStreamError
from chatkit_app.chatkit.server import ChatKitServer, ThreadItemDoneEvent, stream_widget
from chatkit_app.chatkit.types import (
    Action,
    CustomSummary,
    CustomTask,
    NoticeEvent,
    StreamOptions,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    SyncCustomActionResponse,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit_app.chatkit.widgets import Badge, Button, Card, ListView, ListViewItem, Row, Text

PRICES = {"tea": 4, "cup": 9}

AddToCart = Action[Literal["cart.add"], dict[str, Any]]


def cart_card(lines: dict[str, int]) -> Card:
    rows = [Row(children=[Text(value=name), Badge(label=str(count))]) for name, count in lines.items()]
    more = ActionConfig(type="cart.more", payload={"of": "tea"}, streaming=False, loadingBehavior="self")
    return Card(
        children=[*rows, Button(label="One more tea", onClickAction=more)],
        confirm={"label": "Order", "action": ActionConfig(type="cart.order", payload=dict(lines))},
    )


@function_tool
async def list_products(ctx: RunContextWrapper[AgentContext]) -> str:
    """Show what there is."""
    work = ctx.context.request_context["work"]
    await ctx.context.add_workflow_task(CustomTask(title="Opening the shelf", status_indicator="loading"))
    await work()
    products = [
        ListViewItem(children=[Text(value=f"{name}: {price}")], onClickAction=AddToCart.create({"name": name}))
        for name, price in PRICES.items()
    ]
    await ctx.context.update_workflow_task(CustomTask(title="Opened the shelf", status_indicator="complete"), 0)
    await work()
    await ctx.context.end_workflow(CustomSummary(title="Looked at the shelf", icon="suitcase"), expanded=True)
    await work()
    await ctx.context.stream_widget(ListView(children=products, limit="auto"))
    return ", ".join(PRICES)


class ShopServer(ChatKitServer[dict]):
    def __init__(self, store: Any, model: Any) -> None:
        super().__init__(store)
        self.carts: dict[str, dict[str, int]] = {}
        self.agent = Agent[AgentContext](name="Clerk", model=model, tools=[list_products])

    def get_stream_options(self, thread: ThreadMetadata, context: dict) -> StreamOptions:
        return StreamOptions(allow_cancel=False)

    async def respond(
        self, thread: ThreadMetadata, input: UserMessageItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, after=None, limit=20, order="desc", context=context)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self.agent,
            await simple_to_agent_input(list(reversed(page.data))),
            context=agent_context,
            run_config=RunConfig(tracing_disabled=True),
        )
        async for event in stream_agent_response(agent_context, result):
            yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        if action.type == "cart.add":
            cart = self.carts.setdefault(thread.id, {})
            cart[action.payload["name"]] = cart.get(action.payload["name"], 0) + 1

            async def states() -> AsyncIterator[Card]:
                yield Card(children=[Text(value="Packing …", id="p")])
                yield cart_card(cart)

            async for event in stream_widget(
                thread, states(), generate_id=lambda kind: self.store.generate_item_id(kind, thread, context)
            ):
                yield event
        elif action.type == "cart.order":
            if not action.payload:
                raise CustomStreamError("The cart is empty.", allow_retry=True)
            thread.metadata["ordered"] = True
            yield NoticeEvent(level="info", message="**Nearly** done", title="Order")
            yield ThreadItemDoneEvent(item=self._delivery(thread, context))
        else:
            raise KeyError(action.type)

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: dict
    ) -> SyncCustomActionResponse:
        cart = self.carts[thread.id]
        cart[action.payload["of"]] = cart.get(action.payload["of"], 0) + 1
        if sender is None:
            return SyncCustomActionResponse()
        updated = sender.model_copy(update={"widget": cart_card(cart)})
        await self.store.save_item(thread.id, updated, context)
        return SyncCustomActionResponse(updated_item=updated)

    def _delivery(self, thread: ThreadMetadata, context: dict) -> StructuredInputItem:
        options = [StructuredInputMultipleChoiceOption(value=value) for value in ("post", "courier")]
        return StructuredInputItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            inputs=[
                StructuredInputMultipleChoice(id="how", question="How shall it come?", options=options),
                StructuredInputFreeform(id="where", question="Where to?", description="Street and town"),
            ],
        )


create_server = ShopServer
