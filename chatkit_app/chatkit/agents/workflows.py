"""A workflow in progress: how it begins, grows and ends. No I/O."""

from datetime import UTC, datetime

from chatkit_app.chatkit.types import DurationSummary, ThreadItemDoneEvent, WorkflowItem, WorkflowSummary
from chatkit_app.chatkit.types.copies import deep_copy


def snapshot(item: WorkflowItem) -> WorkflowItem:
    """A copy that later changes of the workflow and its tasks do not reach."""
    return deep_copy(item)


def ended(item: WorkflowItem, summary: WorkflowSummary | None = None, expanded: bool = False) -> ThreadItemDoneEvent:
    """The event that ends the workflow. Without a summary, given or set before, it is told by how long it took."""
    workflow = item.workflow
    workflow.summary = summary or workflow.summary or DurationSummary(duration=_seconds_since(item.created_at))
    workflow.expanded = expanded
    return ThreadItemDoneEvent(item=snapshot(item))


def _seconds_since(moment: datetime) -> int:
    # A time without a zone is local if a program made it, UTC if a store dropped the zone of ours: the later one will do.
    began = [moment] if moment.tzinfo is not None else [moment.astimezone(), moment.replace(tzinfo=UTC)]
    seconds = [int((datetime.now(UTC) - each).total_seconds()) for each in began]
    return min((each for each in seconds if each >= 0), default=0)
