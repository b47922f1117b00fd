"""An agent's words inside a widget."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, TypeVar, cast

from agents import StreamEvent

from chatkit_app.chatkit.widgets import Markdown, Text

TWidget = TypeVar("TWidget", bound=Markdown | Text)


async def accumulate_text(events: AsyncIterator[StreamEvent], base_widget: TWidget) -> AsyncGenerator[TWidget, None]:
    """States of a text component while a run's text flows into it; the last one has `streaming=False`.

    The first state is `base_widget` itself; all texts of the run are joined without a gap.
    """
    text = ""
    yield base_widget
    async for event in events:
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            text += event.data.delta
            yield _with(base_widget, value=text)
    yield _with(base_widget, value=text, streaming=False)


def _with(widget: TWidget, **changes: Any) -> TWidget:
    return cast(TWidget, widget.model_copy(update=changes))
