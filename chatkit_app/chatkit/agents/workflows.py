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
    # A store that drops the zone hands back a naive time; what we wrote was UTC.
    began = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0, int((datetime.now(UTC) - began).total_seconds()))
