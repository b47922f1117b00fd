"""What tools and other code beside the model want to show while an agent runs."""

import asyncio
from collections.abc import Callable

from chatkit_app.chatkit.types import ThreadStreamEvent


class EventQueue(asyncio.Queue[ThreadStreamEvent]):
    """An unbounded queue of thread events that tells one listener about each arrival."""

    listener: Callable[[], None] | None = None
    """Called right after an event was put, in the putting task."""

    def waiting(self) -> list[ThreadStreamEvent]:
        """The events not taken yet, oldest first; a copy."""
        return list(self._queue)  # type: ignore[attr-defined]  # the type stubs leave it out

    def clear(self) -> None:
        """Forget the events not taken yet."""
        while self.qsize():
            self.get_nowait()

    def _put(self, item: ThreadStreamEvent) -> None:
        super()._put(item)
        if self.listener is not None:
            self.listener()
