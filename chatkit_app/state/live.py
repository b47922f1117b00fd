"""The text that is being written now, kept in parts that are cheap to send again.

A state update carries whole vars, so a growing text in one var costs its whole length at every flush. Here it is spread over four vars
by how often they change: `blocks` (rarely), `fresh` (at the end of a block), `head` (every few flushes) and `tail` (at every flush, and
short). What the page draws is `blocks + fresh` as finished blocks and `head + tail` as the growing one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt

from chatkit_app.state.markdown import MarkdownStream, safe_tail

FRESH_LIMIT = 1_500
"""Characters of finished blocks that are sent again with each new block, before they move to `blocks`."""

TAIL_LIMIT = 160
"""Characters of the growing block that are sent at every flush, before they move to `head`; more in a block of thousands."""

STEP_LIMIT = 1_200
"""Characters shown at once. A text that comes all together is shown in steps, so that no step holds up the page."""

_TAIL_KEPT = 24  # Closing marks that safe_tail adds come and go at the very end: keep the cut away from there.


@dataclass
class LiveText:
    """One growing text. `show` takes the text so far; the four vars follow."""

    blocks: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    head: str = ""
    tail: str = ""
    _stream: MarkdownStream = field(default_factory=MarkdownStream)
    _text: str = ""
    _taken: int = 0
    behind: bool = False
    """Whether there is more to show: `show` the same text again."""

    def show(self, text: str) -> None:
        """The whole text as it is now. If it is not a continuation of what was shown, everything starts over."""
        if not text.startswith(self._text):
            self.__init__()  # type: ignore[misc]
        until = len(self._text) + STEP_LIMIT
        self._stream.feed(text[len(self._text) : until])
        self._text, self.behind = text[:until], until < len(text)
        self._take_blocks()
        self._take_tail(safe_tail(self._stream))

    def _take_blocks(self) -> None:
        done = self._stream.blocks
        if len(done) == self._taken:
            return
        if sum(map(len, self.fresh)) > FRESH_LIMIT:
            self.blocks = [*self.blocks, *self.fresh]
            self.fresh = []
        self.fresh = [*self.fresh, *done[self._taken :]]
        self._taken = len(done)
        self.head = ""

    def _take_tail(self, shown: str) -> None:
        if not shown.startswith(self.head):
            self.head = ""
        # The head is sent again each time the tail is full: a longer one, less often, so that neither outweighs the other.
        if len(shown) - len(self.head) > max(TAIL_LIMIT, 4 * isqrt(len(shown))):
            self.head = shown[:-_TAIL_KEPT]
        self.tail = shown[len(self.head) :]
