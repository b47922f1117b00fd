"""A map with a chat beside it: asks the page what is selected, marks stations, closes the thread at the end."""

from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, RunConfig, RunContextWrapper, Runner, StopAtTools, function_tool
from pydantic import BaseModel

from chatkit_app.chatkit.agents import AgentContext, ClientToolCall, ThreadItemConverter, stream_agent_response
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClientEffectEvent,
    ClosedStatus,
    EntitySource,
    LockedStatus,
    ProgressUpdateEvent,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTagContent,
)


class Station(BaseModel):
    id: str
    name: str


STATIONS = [Station(id="s1", name="Harbour"), Station(id="s2", name="Market")]


class MapContext(BaseModel):
    user_id: str
    map_id: str


@function_tool
async def get_selected_stations(ctx: RunContextWrapper[AgentContext]) -> str:
    """What is selected on the map."""
    await ctx.context.stream(ProgressUpdateEvent(text="Looking at the map"))
    ctx.context.client_tool_call = ClientToolCall(name="get_selected_stations", arguments={"limit": 2})
    return ""


@function_tool
async def mark(ctx: RunContextWrapper[AgentContext], station_id: str) -> str:
    """Mark a station."""
    station = next(each for each in STATIONS if each.id == station_id)
    context = ctx.context
    await context.stream(ClientEffectEvent(name="mark", data={"station": station.model_dump()}))
    source = EntitySource(id=station.id, title=station.name, icon="map-pin", interactive=True)
    content = AssistantMessageContent(
        text=f"{station.name} is marked.", annotations=[Annotation(source=source, index=7)]
    )
    await context.stream(
        ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=context.generate_id("message"),
                thread_id=context.thread.id,
                created_at=context.thread.created_at,
                content=[content],
            )
        )
    )
    return "marked"


class StationConverter(ThreadItemConverter):
    def __init__(self, stations: list[Station]) -> None:
        self.names = {station.id: station.name for station in stations}

    async def tag_to_message_content(self, tag: UserMessageTagContent) -> Any:
        return {"type": "input_text", "text": f"<STATION>{self.names[tag.data['id']]}</STATION>"}


class MapServer(ChatKitServer[MapContext]):
    def __init__(self, store: Any, model: Any) -> None:
        super().__init__(store)
        self.agent = Agent[AgentContext[MapContext]](
            name="Guide",
            model=model,
            tools=[get_selected_stations, mark],
            tool_use_behavior=StopAtTools(stop_at_tool_names=["get_selected_stations"]),
        )

    async def respond(
        self, thread: ThreadMetadata, item: UserMessageItem | None, context: MapContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        thread.metadata["map"] = context.map_id
        words = "".join(part.text for part in item.content) if item else ""
        if "lock" in words:
            thread.status = LockedStatus(reason="The map is being redrawn")
        page = await self.store.load_thread_items(thread.id, after=None, limit=20, order="desc", context=context)
        agent_input = await StationConverter(STATIONS).to_agent_input(list(reversed(page.data)))
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self.agent, agent_input, context=agent_context, run_config=RunConfig(tracing_disabled=True)
        )
        async for event in stream_agent_response(agent_context, result):
            yield event
        if "bye" in words:
            thread.status = ClosedStatus()


create_server = MapServer
