from types import SimpleNamespace
from typing import Any

from agents import Agent, RunContextWrapper, function_tool
from agents.mcp import MCPServer
from mcp import types as mcp_types
from openai.types.responses import ResponseFunctionWebSearch
from openai.types.responses.response_function_web_search import ActionSearch, ActionSearchSource

from chatkit_app.chatkit.agents import AgentContext, ClientToolCall, ToolTasks, stream_agent_response
from chatkit_app.chatkit.types import CustomTask, Task, URLSource, Workflow
from tests.fakes import Call, Emit, Say, ScriptedModel, Think

from .running import StreamedEvents, finished, new_context, play, shape

SHOWN: dict[str, Any] = {"show_tools": True}


@function_tool
async def get_weather(city: str) -> str:
    return "sunny"


def hosted(item: Any) -> Emit:
    """A call the model's provider runs by itself, from its begin to its end."""
    begun = SimpleNamespace(type=item.type, id=item.id, name=getattr(item, "name", None))
    return Emit([SimpleNamespace(type="response.output_item.added", item=begun)], item)


def tasks_of(events: list[Any]) -> list[Task]:
    return [task for item in finished(events, "workflow") for task in item.workflow.tasks]


async def test_tools_are_not_shown_unless_asked_for():
    events = await play(Call("get_weather", '{"city": "Oslo"}'), "Sunny", tools=[get_weather])

    assert finished(events, "workflow") == []


async def test_a_function_is_shown_loading_and_then_complete():
    events = await play(Call("get_weather", '{"city": "Oslo"}'), "Sunny", tools=[get_weather], options=SHOWN)

    assert shape(events)[:5] == [
        "added workflow",
        "workflow.task.updated",
        "workflow.task.updated",
        "done workflow",
        "added assistant_message",
    ]
    begun, written, ran = events[0].item.workflow.tasks[0], events[1].update.task, events[2].update.task
    assert (begun.title, begun.status_indicator, begun.content) == ("Get weather", "loading", None)
    assert (written.status_indicator, written.content) == ("loading", '```json\n{\n  "city": "Oslo"\n}\n```')
    assert ran == written.model_copy(update={"status_indicator": "complete"})
    assert tasks_of(events) == [ran]


async def test_parallel_calls_have_a_task_each_also_behind_chat_completions():
    calls = [Call("get_weather", '{"city": "Oslo"}'), Call("get_weather", '{"city": "Rome"}')]
    events = await play(calls, "Sunny", tools=[get_weather], options=SHOWN, chat_completions=True)

    assert [task.status_indicator for task in tasks_of(events)] == ["complete", "complete"]
    assert ["Oslo" in str(task.content) for task in tasks_of(events)] == [True, False]


async def test_calls_and_thoughts_share_one_workflow():
    script = [Think([["Which ", "city?"]]), Call("get_weather", '{"city": "Oslo"}')]
    events = await play(script, [Think([["Sunny, ", "then."]]), Say("Sunny")], tools=[get_weather], options=SHOWN)

    (item,) = finished(events, "workflow")
    assert item.workflow.type == "reasoning"
    assert [task.type for task in item.workflow.tasks] == ["thought", "custom", "thought"]
    grown = [event.update.task.content for event in events if "workflow.task" in shape([event])[0]]
    assert "Sunny, " in [content for content in grown if content]


async def test_a_search_of_the_web_is_shown_with_its_queries_and_sources():
    action = ActionSearch(
        type="search",
        query="weather oslo",
        queries=["weather oslo", "oslo forecast"],
        sources=[ActionSearchSource(type="url", url="https://yr.no/oslo")],
    )
    item = ResponseFunctionWebSearch(id="ws_1", type="web_search_call", status="completed", action=action)
    events = await play([hosted(item), Say("Sunny")], options=SHOWN)

    assert shape(events)[:3] == ["added workflow", "workflow.task.updated", "done workflow"]
    (task,) = tasks_of(events)
    assert (task.type, task.status_indicator, task.title_query) == ("web_search", "complete", "weather oslo")
    assert task.queries == ["weather oslo", "oslo forecast"]
    assert task.sources == [URLSource(url="https://yr.no/oslo", title="yr.no")]


async def test_files_pictures_code_and_servers_are_shown_as_what_they_are():
    found = [SimpleNamespace(filename="a.pdf"), SimpleNamespace(filename="a.pdf"), SimpleNamespace(filename=None)]
    items = [
        SimpleNamespace(type="file_search_call", id="fs", results=found),
        SimpleNamespace(type="image_generation_call", id="ig", result="aGk="),
        SimpleNamespace(type="code_interpreter_call", id="ci", code="print('```')"),
        SimpleNamespace(type="mcp_call", id="mcp", name="list_issues", arguments="{}"),
        SimpleNamespace(type="local_shell_call", id="sh"),
        SimpleNamespace(type="mcp_list_tools", id="no"),
    ]
    raw = [
        SimpleNamespace(type="raw_response_event", data=SimpleNamespace(type=f"response.output_item.{when}", item=item))
        for item in items
        for when in ("added", "done")
    ]
    run = StreamedEvents(*raw)
    events = [event async for event in stream_agent_response(new_context(), run, show_tools=True)]

    files, picture, code, server, shell = tasks_of(events)
    assert (files.type, [source.filename for source in files.sources]) == ("file", ["a.pdf"])
    assert picture.type == "image"
    assert code.content == "````python\nprint('```')\n````"
    assert (server.title, server.content) == ("List issues", None)
    assert shell.title == "Local shell"
    assert {task.status_indicator for task in tasks_of(events)} == {"complete"}
    assert len(finished(events, "generated_image")) == 1


async def test_a_hand_over_names_the_agent():
    billing = Agent(name="Billing", model=ScriptedModel("This is billing."))
    events = await play(Call("transfer_to_billing"), handoffs=[billing], options=SHOWN)

    assert [task.title for task in tasks_of(events)] == ["Handed over to Billing"]


async def test_what_a_tool_shows_itself_goes_into_the_same_workflow():
    @function_tool
    async def look(ctx: RunContextWrapper[AgentContext[Any]]) -> str:
        await ctx.context.add_workflow_task(CustomTask(title="Opened the door"))
        return "seen"

    events = await play(Call("look"), "There", tools=[look], options=SHOWN)

    assert [task.title for task in tasks_of(events)] == ["Look", "Opened the door"]
    assert tasks_of(events)[0].status_indicator == "complete"


async def test_a_call_that_is_overtaken_does_not_load_for_ever():
    @function_tool
    async def look(ctx: RunContextWrapper[AgentContext[Any]]) -> str:
        await ctx.context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Mine")]))
        return "seen"

    events = await play(Call("look"), "There", tools=[look], options=SHOWN)

    assert [(task.title, task.status_indicator) for task in tasks_of(events)] == [("Look", "none"), ("Mine", "none")]


async def test_a_run_that_ends_without_words_ends_its_workflow():
    events = await play(
        Call("get_weather", '{"city": "Oslo"}'),
        tools=[get_weather],
        tool_use_behavior="stop_on_first_tool",
        options=SHOWN,
    )

    assert shape(events)[-1] == "done workflow"


async def test_a_workflow_stays_open_while_the_page_is_asked():
    @function_tool
    async def pick(ctx: RunContextWrapper[AgentContext[Any]]) -> str:
        ctx.context.client_tool_call = ClientToolCall(name="pick", arguments={})
        return "asked"

    context = new_context()
    await context.store.save_thread(context.thread, context.request_context)
    events = await play(
        Call("pick"), context=context, tools=[pick], tool_use_behavior="stop_on_first_tool", options=SHOWN
    )

    assert shape(events)[-1] == "done client_tool_call"
    assert finished(events, "workflow") == []


async def test_an_application_says_how_a_call_is_told_and_which_are_not():
    class Words(ToolTasks):
        def function_task(self, name: str, arguments: str, title: str | None) -> Task | None:
            return None if name == "look" else CustomTask(title="Weather report")

    @function_tool
    async def look() -> str:
        return "seen"

    script = [Call("look"), Call("get_weather", '{"city": "Oslo"}')]
    events = await play(script, "Sunny", tools=[look, get_weather], options={"show_tools": Words()})

    assert [task.title for task in tasks_of(events)] == ["Weather report"]


class Library(MCPServer):
    """An MCP server in this process, with one tool."""

    @property
    def name(self) -> str:
        return "library"

    async def connect(self) -> None:
        pass

    async def cleanup(self) -> None:
        pass

    async def list_tools(self, *_: Any, **__: Any) -> list[mcp_types.Tool]:
        return [
            mcp_types.Tool(name="find_book", title="Find a book", input_schema={"type": "object", "properties": {}})
        ]

    async def call_tool(self, *_: Any, **__: Any) -> mcp_types.CallToolResult:
        return mcp_types.CallToolResult(content=[mcp_types.TextContent(type="text", text="Emma")])

    async def list_prompts(self) -> Any:
        raise NotImplementedError

    async def get_prompt(self, name: str, arguments: dict[str, Any] | None = None) -> Any:
        raise NotImplementedError


async def test_a_tool_of_an_mcp_server_is_shown_under_its_own_title():
    events = await play(Call("find_book", '{"by": "Austen"}'), "Emma", mcp_servers=[Library()], options=SHOWN)

    (task,) = tasks_of(events)
    assert (task.title, task.status_indicator) == ("Find a book", "complete")
