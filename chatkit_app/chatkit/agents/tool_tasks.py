"""How calls of tools are told to the user, one task a call."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from chatkit_app.chatkit.types import CustomTask, FileSource, FileTask, ImageTask, SearchTask, Task, URLSource

LONGEST = 2_000
"""Characters of arguments or code that are shown; more is cut."""


class ToolTasks:
    """What a call looks like as a task of a workflow: override a method to say it another way, or to hide it (None).

    Every method is asked again as a call goes on, so what is not known yet may be missing. The status of the task is
    set by the caller. `call` is the model's own item, as openai-agents hands it on.
    """

    def function_task(self, name: str, arguments: str, title: str | None) -> Task | None:
        """A function of the application or of an MCP server. `arguments` is JSON; `title` is the tool's own headline."""
        return CustomTask(title=title or headline(name), content=arguments_shown(arguments))

    def web_search_task(self, call: Any) -> Task | None:
        """A search of the web, or a look at a page; queries and sources as far as the model tells them."""
        action = getattr(call, "action", None)
        query = getattr(action, "query", None) or getattr(action, "pattern", None)
        queries = list(getattr(action, "queries", None) or ([query] if query else []))
        opened = getattr(action, "url", None)
        urls = [source.url for source in getattr(action, "sources", None) or () if getattr(source, "url", None)]
        sources = [URLSource(url=url, title=_host(url)) for url in [*([opened] if opened else []), *urls]]
        return SearchTask(title_query=queries[0] if queries else None, queries=queries, sources=sources)

    def file_search_task(self, call: Any) -> Task | None:
        """A search in files; with the files that were found, if the model tells them."""
        names = dict.fromkeys(result.filename for result in getattr(call, "results", None) or () if result.filename)
        return FileTask(sources=[FileSource(filename=name, title=name) for name in names])

    def image_task(self, call: Any) -> Task | None:
        """A picture being made; the picture itself is an item of its own."""
        return ImageTask()

    def code_task(self, call: Any) -> Task | None:
        """Code the model runs in its sandbox."""
        code = getattr(call, "code", None)
        return CustomTask(title="Code", icon="square-code", content=_fenced(code, "python") if code else None)

    def hosted_mcp_task(self, call: Any) -> Task | None:
        """A tool of an MCP server that the model's provider calls."""
        return self.function_task(call.name, getattr(call, "arguments", None) or "", None)

    def other_task(self, call: Any) -> Task | None:
        """A tool of any other kind: a shell, a computer, a patch …"""
        return CustomTask(title=headline(str(call.type).removesuffix("_call")))

    def handoff_task(self, agent_name: str) -> Task | None:
        """Another agent takes over."""
        return CustomTask(title=f"Handed over to {agent_name}", icon="agent")


HOSTED = {
    "web_search_call": "web_search_task",
    "file_search_call": "file_search_task",
    "image_generation_call": "image_task",
    "code_interpreter_call": "code_task",
    "mcp_call": "hosted_mcp_task",
    "computer_call": "other_task",
    "custom_tool_call": "other_task",
    "local_shell_call": "other_task",
    "shell_call": "other_task",
    "apply_patch_call": "other_task",
}
"""Type of an item of the model that is a call, but not of a function → the method of `ToolTasks` that tells it."""


def headline(name: str) -> str:
    """`get_weather`, `getWeather` → Get weather."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = [word if word.isupper() else word.lower() for word in re.split(r"[\s_-]+", spaced) if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def arguments_shown(arguments: str) -> str | None:
    """JSON arguments as Markdown; None if there are none."""
    try:
        given = json.loads(arguments) if arguments else None
    except ValueError:
        return None
    if not given:
        return None
    return _fenced(json.dumps(given, indent=2, ensure_ascii=False), "json")


def _fenced(text: str, language: str) -> str:
    shown = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
