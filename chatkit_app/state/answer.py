"""The text that is being written right now, in vars of its own, so that a token does not send the thread again."""

from __future__ import annotations

import reflex as rx

from chatkit_app.state import session
from chatkit_app.state.live import LiveText


class AnswerState(rx.State):
    """What the growing row of the thread shows: `blocks` and `fresh` are finished Markdown, `head` and `tail` the block that grows."""

    blocks: list[str] = []
    fresh: list[str] = []
    head: str = ""
    tail: str = ""

    def _show(self, live: LiveText) -> None:
        session.assign(self, blocks=live.blocks, fresh=live.fresh, head=live.head, tail=live.tail)
