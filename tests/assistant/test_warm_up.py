from typing import Any

import httpx2
import pytest
from agents import Model

from chatkit_app.assistant.model import connect, create_model
from chatkit_app.assistant.warm_up import warm_up
from chatkit_app.settings import ModelApi, load_settings
from tests.scripted_openai import ScriptedOpenAI

APIS: list[ModelApi] = ["responses", "chat_completions"]


@pytest.mark.parametrize("api", APIS)
async def test_a_whole_answer_is_read_from_a_pretended_server(api: ModelApi) -> None:
    read: list[Any] = []

    def watched(http: httpx2.AsyncClient) -> Model:
        model: Any = connect("none", "http://none", "none", api, http)
        stream = model.stream_response

        async def stream_response(*args: Any, **options: Any) -> Any:
            async for event in stream(*args, **options):
                read.append(event)
                yield event

        model.stream_response = stream_response
        return model  # type: ignore[no-any-return]

    await warm_up(api, watched)
    assert [event.delta for event in read if event.type == "response.output_text.delta"] == ["Hello"]
    assert read[-1].type == "response.completed"


@pytest.mark.parametrize("api", APIS)
async def test_starting_asks_the_real_server_nothing(api: ModelApi) -> None:
    with ScriptedOpenAI(lambda messages: ["never asked"]) as server:
        model = create_model(load_settings(None, openai_base_url=server.url, model="any", model_api=api))
        await model.start()
        await model.close()
    assert server.requests == []
