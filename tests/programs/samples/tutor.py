"""A tutor: thinks aloud, cites the textbook, writes on a growing card, refuses to do homework."""

from collections.abc import AsyncIterator
from typing import Any

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    RunConfig,
    RunContextWrapper,
    Runner,
    function_tool,
)
from openai.types.responses import ResponseInputContentParam

from chatkit_app.chatkit.agents import (
    AgentContext,
    ResponseStreamConverter,
    ThreadItemConverter,
    accumulate_text,
    stream_agent_response,
)
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    EntitySource,
    ErrorEvent,
    SearchTask,
    ThoughtTask,
    ThreadMetadata,
    ThreadStreamEvent,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    Workflow,
)
from chatkit_app.chatkit.widgets import Card, Markdown

PRIVATE = RunConfig(tracing_disabled=True)


class Textbook(ResponseStreamConverter):
    async def file_citation_to_annotation(self, file_citation: Any) -> Annotation | None:
        source = EntitySource(
            id=file_citation.file_id, title=file_citation.filename, inline_label="book", data={"p": 3}
        )
        return Annotation(source=source, index=file_citation.index)


class TutorConverter(ThreadItemConverter):
    async def tag_to_message_content(self, tag: UserMessageTagContent) -> ResponseInputContentParam:
        return {"type": "input_text", "text": f"<CHAPTER>{tag.data['number']}</CHAPTER>"}


async def no_homework(ctx: Any, agent: Any, agent_input: Any) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered="homework" in str(agent_input))


@function_tool
async def look_up(ctx: RunContextWrapper[AgentContext]) -> str:
    """Look something up."""
    work = ctx.context.request_context["work"]
    await ctx.context.start_workflow(Workflow(type="custom", tasks=[]))
    sources = [URLSource(url="https://book.test/3", title="Chapter 3")]
    await ctx.context.add_workflow_task(SearchTask(title_query="slope", queries=["slope"], sources=sources))
    await work()
    await ctx.context.add_workflow_task(ThoughtTask(title="So", content="It is the derivative."))
    await work()
    await ctx.context.end_workflow()
    await work()
    return "the derivative"


class TutorServer(ChatKitServer[dict]):
    def __init__(self, store: Any, model: Any) -> None:
        super().__init__(store)
        self.writer = Agent[AgentContext](name="Writer", model=model)
        self.tutor = Agent[AgentContext](
            name="Tutor",
            model=model,
            tools=[look_up],
            input_guardrails=[InputGuardrail(no_homework, run_in_parallel=False)],
        )

    async def respond(
        self, thread: ThreadMetadata, item: UserMessageItem | None, context: dict
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, after=None, limit=20, order="desc", context=context)
        agent_input = await TutorConverter().to_agent_input(list(reversed(page.data)))
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        choice = item.inference_options.tool_choice if item else None
        if choice is not None and choice.id == "card":
            async for event in self._card(agent_context, agent_input):
                yield event
            return
        result = Runner.run_streamed(self.tutor, agent_input, context=agent_context, run_config=PRIVATE)
        try:
            async for event in stream_agent_response(agent_context, result, converter=Textbook(partial_images=2)):
                yield event
        except InputGuardrailTripwireTriggered:
            yield ErrorEvent(code="custom", message="Do it yourself.", allow_retry=False)

    async def _card(self, agent_context: AgentContext, agent_input: Any) -> AsyncIterator[ThreadStreamEvent]:
        result = Runner.run_streamed(self.writer, agent_input, context=agent_context, run_config=PRIVATE)

        async def states() -> AsyncIterator[Card]:
            async for text in accumulate_text(result.stream_events(), Markdown(id="text", value="", streaming=True)):
                yield Card(children=[text])

        await agent_context.stream_widget(states())

        async for event in stream_agent_response(agent_context, Silence()):
            yield event


class Silence:
    """A run that says nothing more: only what is queued is shown."""

    async def stream_events(self) -> AsyncIterator[Any]:
        for event in ():
            yield event


__all__ = ["AssistantMessageContent", "TutorServer", "create_server"]

create_server = TutorServer
