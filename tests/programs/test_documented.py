"""The Python programs of the documentation run as written, but for the import prefix and what the pages leave out."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
from agents import set_tracing_disabled

from chatkit_app.chatkit import agents
from chatkit_app.chatkit.store import InMemoryStore
from tests.fakes import Say, ScriptedModel

from .dialogue import OPTIONS
from .loading import documented


async def post(app: Any, **request: Any) -> httpx.Response:
    """One request to the program's endpoint."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://program.test") as client:
        return await client.post("/chatkit", json=request)


def told(response: httpx.Response) -> list[Any]:
    return [json.loads(line.removeprefix("data: ")) for line in response.text.split("\n\n") if line]


def message(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], **OPTIONS}


async def test_a_custom_server_answers_through_fastapi():
    @dataclass
    class MyRequestContext:
        user_id: str

    class MyPostgresStore(InMemoryStore[Any]):
        def __init__(self, conn_info: str) -> None:
            super().__init__()

    custom = documented("custom_server", {"my_store": InMemoryStore()})
    given = {
        "MyPostgresStore": MyPostgresStore,
        "conn_info": "postgresql://",
        "MyChatKitServer": custom.MyChatKitServer,
        "MyRequestContext": MyRequestContext,
    }
    program = documented("fastapi_integration", given)

    created = await post(program.app, type="threads.create", params={"input": message("Hi")})
    listed = await post(program.app, type="threads.list", params={})

    assert created.headers["content-type"].startswith("text/event-stream")
    assert told(created)[-1]["item"]["content"][0]["text"] == "Hello! How can I help you today?"
    assert [thread["id"] for thread in listed.json()["data"]] == [told(created)[0]["thread"]["id"]]


async def test_an_agent_answers_turn_after_turn_also_behind_chat_completions_8_1_16():
    left_out = {name: getattr(agents, name) for name in ("simple_to_agent_input", "stream_agent_response")}
    program = documented("agents_integration", left_out)
    model = ScriptedModel(Say(["Hello ", "Ada"]), "Bye", chat_completions=True)
    program.assistant.model = model
    set_tracing_disabled(True)
    try:
        created = told(await post(program.app, type="threads.create", params={"input": message("Hi")}))
        thread_id = created[0]["thread"]["id"]
        params = {"thread_id": thread_id, "input": message("Bye")}
        answered = told(await post(program.app, type="threads.add_user_message", params=params))
        stored = (await post(program.app, type="threads.get_by_id", params={"thread_id": thread_id})).json()
    finally:
        set_tracing_disabled(False)

    assert created[-1]["item"]["content"][0]["text"] == "Hello Ada"
    assert answered[-1]["item"]["content"][0]["text"] == "Bye"
    assert len({item["id"] for item in stored["items"]["data"]}) == 4
    assert [item["role"] for item in model.inputs[1]] == ["user", "assistant", "user"]
