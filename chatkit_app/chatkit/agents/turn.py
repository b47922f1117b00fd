"""What the pieces that follow one run of an agent share."""

from datetime import UTC, datetime
from typing import Any

from agents.models.fake_id import FAKE_RESPONSES_ID

from chatkit_app.chatkit.store import StoreItemType
from chatkit_app.chatkit.types import ThreadItemDoneEvent, ThreadStreamEvent, WorkflowItem

from .context import AgentContext
from .responses import ResponseStreamConverter
from .workflows import ended

Events = tuple[ThreadStreamEvent, ...]
"""What one event of the model becomes; often nothing."""


class Turn:
    """The context of the run, the converter, and what the run has put into the thread so far."""

    def __init__(self, context: AgentContext[Any], converter: ResponseStreamConverter) -> None:
        self.context = context
        self.converter = converter
        self.produced: dict[str, None] = {}
        """Ids of the items this run has shown, oldest first; all of them go if a guardrail trips."""

    def new_id(self, kind: StoreItemType) -> str:
        """A new id from the store, remembered as produced."""
        item_id = self.context.generate_id(kind)
        self.produced[item_id] = None
        return item_id

    def envelope(self, item_id: str) -> dict[str, Any]:
        """What every item has: its id, this thread, the time."""
        return {"id": item_id, "thread_id": self.context.thread.id, "created_at": datetime.now(UTC)}

    def end_workflow(self) -> Events:
        """End the workflow in progress because something else begins; folded, whatever it wished."""
        item = self.context.workflow_item
        if item is None or self._is_announcement_waiting(item):
            return ()
        self.context.workflow_item = None
        done: ThreadItemDoneEvent = ended(item)
        return (done,)

    def _is_announcement_waiting(self, item: WorkflowItem) -> bool:
        """Whether a tool has begun the workflow but its first event still waits in the queue, behind this moment."""
        return any(
            event.type == "thread.item.added" and event.item.id == item.id for event in self.context._events.waiting()
        )


class Ids:
    """One id for each item of the model, unique in the store, stable from its first event to its last.

    Models behind Chat Completions give every item the same placeholder, and some servers number their items from 0 in
    each answer. Such an id is replaced by one from the store.
    """

    def __init__(self, turn: Turn, kind: StoreItemType) -> None:
        self._turn = turn
        self._kind = kind
        self._open: dict[str | None, str] = {}
        self._closed: set[str | None] = set()

    def opened(self, given: str | None) -> str:
        """The id of an item that begins now."""
        item_id = self._turn.new_id(self._kind) if self._is_taken(given) else str(given)
        self._open[given] = item_id
        self._turn.produced[item_id] = None
        return item_id

    def current(self, given: str | None) -> str:
        """The id of an item in progress."""
        return self._open.get(given) or self.opened(given)

    def closed(self, given: str | None) -> str:
        """The id of an item that ends now; its given id may come again, and then means another item."""
        item_id = self.current(given)
        self._open.pop(given, None)
        self._closed.add(given)
        return item_id

    def _is_taken(self, given: str | None) -> bool:
        return not given or given == FAKE_RESPONSES_ID or given in self._closed
