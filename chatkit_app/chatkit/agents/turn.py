"""What the pieces that follow one run of an agent share."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeGuard

from agents.models.fake_id import FAKE_RESPONSES_ID

from chatkit_app.chatkit.store import StoreItemType
from chatkit_app.chatkit.types import ThreadItemAddedEvent, ThreadItemDoneEvent, ThreadStreamEvent, WorkflowItem

from .context import AgentContext
from .responses import ResponseStreamConverter
from .workflows import ended

Events = Iterable[ThreadStreamEvent]
"""What one event of the model becomes; often nothing. Whoever hands it out goes no further than the reader."""


class Turn:
    """The context of the run, the converter, and what the run has put into the thread so far."""

    def __init__(self, context: AgentContext[Any], converter: ResponseStreamConverter) -> None:
        self.context = context
        """The context the agent runs with."""
        self.converter = converter
        """Makes annotations and pictures of what the model sends."""
        self.produced: dict[str, None] = {}
        """Ids of the items this run has shown, oldest first; all of them go if a guardrail trips."""
        self.before_workflow_ends: Callable[[WorkflowItem], None] = lambda item: None
        """Called with a workflow that is about to be ended, for last changes to its tasks."""
        self._shown: WorkflowItem | None = None

    def new_id(self, kind: StoreItemType) -> str:
        """A new id from the store, remembered as produced."""
        item_id = self.context.generate_id(kind)
        self.produced[item_id] = None
        return item_id

    def envelope(self, item_id: str) -> dict[str, Any]:
        """What every item has: its id, this thread, the time."""
        return {"id": item_id, "thread_id": self.context.thread.id, "created_at": datetime.now(UTC)}

    def workflow(self, arriving: str = "") -> WorkflowItem | None:
        """The workflow in progress at the event that is handled now.

        A tool may be ahead of it: a workflow whose first event still waits in the queue, or is `arriving` with this very
        event, has not begun yet, and one whose last event waits has ended.
        """
        item = self.context.workflow_item
        if item is not None and item.id != arriving and not self._is_waiting("thread.item.added", item.id):
            self._shown = item
        elif self._shown is not None and self._is_waiting("thread.item.done", self._shown.id):
            return None
        return self._shown

    def begin_workflow(self, item: WorkflowItem) -> None:
        """Make this the workflow in progress, but for a tool that is ahead with its own."""
        self._shown = item
        if self.context.workflow_item is None:
            self.context.workflow_item = item

    def end_workflow(self, arriving: str = "") -> Events:
        """End the workflow in progress because something else begins; folded, whatever it wished."""
        item = self.workflow(arriving)
        if item is None:
            return ()
        self.forget_workflow(item.id)
        self.before_workflow_ends(item)
        done: ThreadItemDoneEvent = ended(item)
        return (done,)

    def forget_workflow(self, item_id: str) -> None:
        """This workflow has ended."""
        if self._shown is not None and self._shown.id == item_id:
            self._shown = None
        if self.context.workflow_item is not None and self.context.workflow_item.id == item_id:
            self.context.workflow_item = None

    def _is_waiting(self, kind: str, item_id: str) -> bool:
        """Whether the queue holds an event of this kind for the item."""
        return any(
            isinstance(event, ThreadItemAddedEvent | ThreadItemDoneEvent)
            and event.type == kind
            and event.item.id == item_id
            for event in self.context._events.waiting()
        )


class Ids:
    """One id for each item of the model, unique in the store, stable from its first event to its last.

    Models behind Chat Completions give every item the same placeholder, and some servers number their items from 0 in
    each answer. Such an id is replaced by one from the store.
    """

    def __init__(self, turn: Turn, kind: StoreItemType) -> None:
        self._turn = turn
        self._kind = kind
        self.open: dict[str | None, str] = {}
        """Id given by the model → id in the store, of the items in progress."""
        self._closed: dict[str | None, str] = {}

    def opened(self, given: str | None) -> str:
        """The id of an item that begins now."""
        item_id = self.open[given] = self._unique(given)
        return item_id

    def current(self, given: str | None) -> str:
        """The id of the item an update is for; the newest one if the model does not say which, as llama.cpp does not.

        An item that has ended may still be updated, and one that was not announced keeps its id.
        """
        if not given and self.open:
            return next(reversed(self.open.values()))
        item_id = self.open.get(given)
        if item_id is not None:
            return item_id
        return self._closed.get(given, given) if _is_id(given) else self.opened(given)

    def closed(self, given: str | None) -> str:
        """The id of an item that ends now; its given id may come again, and then means another item."""
        if not given and self.open:
            given = next(reversed(self.open))
        item_id = self.open.pop(given) if given in self.open else self._unique(given)
        self._closed[given] = item_id
        return item_id

    def _unique(self, given: str | None) -> str:
        if not _is_id(given) or given in self._closed:
            return self._turn.new_id(self._kind)
        self._turn.produced[given] = None
        return given


def _is_id(given: str | None) -> TypeGuard[str]:
    return bool(given) and given != FAKE_RESPONSES_ID
