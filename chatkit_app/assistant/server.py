"""How this chat answers a message: the thread becomes the model's input, the agent's run becomes the answer."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from agents import Agent, Model, RunConfig, Runner, set_trace_provider
from agents.tracing.provider import DefaultTraceProvider

from chatkit_app.assistant.agent import create_agent
from chatkit_app.assistant.errors import explain
from chatkit_app.assistant.reading import Reading, title_of
from chatkit_app.assistant.warm_up import StartableModel
from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.agents import AgentContext, answer_approval, is_approval, stream_agent_response
from chatkit_app.chatkit.errors import CustomStreamError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem, WidgetItem
from chatkit_app.identity import RequestContext
from chatkit_app.settings import Settings

REMEMBERED_ITEMS = 20
"""How many of a thread's newest items the model is shown."""

PRIVATE = RunConfig(tracing_disabled=True)
"""What is said stays between the user, this server and the model."""


def create_server(settings: Settings, store: Store[RequestContext]) -> "Assistant":
    """The assistant of this chat. Raises SettingsError when its model cannot be set up."""
    # The SDK's tracing reports to OpenAI, whichever model answers. Ours has no one to report to.
    set_trace_provider(DefaultTraceProvider())
    return Assistant(store, create_agent(settings))


class Assistant(ChatKitServer[RequestContext]):
    """Answers with an agent of openai-agents."""

    def __init__(self, store: Store[RequestContext], agent: Agent[Any]) -> None:
        super().__init__(store)
        self.agent = agent

    async def start(self) -> None:
        """Make the model ready when the application starts, so that the first answer is as fast as the second."""
        if isinstance(self.agent.model, StartableModel):
            await self.agent.model.start()

    async def aclose(self) -> None:
        """Release the model: close its connections, end a local one."""
        if isinstance(self.agent.model, Model):
            await self.agent.model.close()

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: RequestContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """The answer to the newest message of a thread; gives the thread a title if it has none."""
        if thread.title is None and input_user_message is not None:
            thread.title = title_of(input_user_message)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        conversation = await self._conversation(thread, context)
        result = Runner.run_streamed(self.agent, conversation, context=agent_context, run_config=PRIVATE)
        answer = stream_agent_response(agent_context, result, show_tools=True, ask_approval=True)
        async with aclosing(_explained(answer)) as events:
            async for event in events:
                yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: RequestContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """What follows a click on a card that asks whether a tool may be called; there are no other actions."""
        if not is_approval(action):
            raise CustomStreamError(f"This chat does not know the action {action.type!r}.")
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        answer = answer_approval(
            self.agent, agent_context, action, sender, show_tools=True, ask_approval=True, run_config=PRIVATE
        )
        async with aclosing(_explained(answer)) as events:
            async for event in events:
                yield event

    async def _conversation(self, thread: ThreadMetadata, context: RequestContext) -> list[Any]:
        newest = await self.store.load_thread_items(
            thread.id, after=None, limit=REMEMBERED_ITEMS, order="desc", context=context
        )
        return await Reading().to_agent_input(newest.data[::-1])


async def _explained(answer: AsyncGenerator[ThreadStreamEvent, None]) -> AsyncGenerator[ThreadStreamEvent, None]:
    """The same events; an error of the model is told in a sentence."""
    try:
        async with aclosing(answer) as events:
            async for event in events:
                yield event
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        logger.warning("The model failed: %s", told.message, exc_info=error)
        raise told from error
