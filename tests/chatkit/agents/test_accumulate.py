from types import SimpleNamespace
from typing import Any

import pytest

from chatkit_app.chatkit.agents import accumulate_text
from chatkit_app.chatkit.widgets import Markdown, Text

from .running import StreamedEvents


@pytest.mark.parametrize("component", [Text, Markdown])
async def test_text_flows_into_a_component_until_it_is_whole(component: Any):
    raw = [
        SimpleNamespace(type="raw_response_event", data=SimpleNamespace(type=kind, delta=delta))
        for kind, delta in [
            ("response.output_text.delta", "a"),
            ("response.refusal.delta", "?"),
            ("response.output_text.delta", "b"),
        ]
    ]
    events = StreamedEvents(*raw, SimpleNamespace(type="agent_updated_stream_event")).stream_events()

    states = [state async for state in accumulate_text(events, component(id="t", value="", streaming=True))]

    assert [(state.value, state.streaming) for state in states] == [
        ("", True),
        ("a", True),
        ("ab", True),
        ("ab", False),
    ]
    assert len({id(state) for state in states}) == 4
