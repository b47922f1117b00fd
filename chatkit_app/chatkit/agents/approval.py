"""Tools that need the user's approval: what the user is asked with, and what is kept until the answer comes.

openai-agents ends a run at a call that needs approval. The run's state is kept in the thread as a hidden item, which
goes where the thread goes: it outlives a restart, belongs to the thread's owner, and leaves with it. The user sees one
card a call; `answer_approval` goes on from there.
"""

from typing import Any, Literal

from agents import RunResultStreaming
from pydantic import BaseModel, Field, ValidationError

from chatkit_app.chatkit.actions import Action, ActionConfig
from chatkit_app.chatkit.types import SDKHiddenContextItem, ThreadItemDoneEvent, WidgetItem
from chatkit_app.chatkit.widgets import Caption, Card, CardAction, Markdown, Text, WidgetRoot

from .tool_tasks import arguments_shown, headline
from .turn import Events, Turn

APPROVAL = "chatkit.approval"
"""Name of the action a card of ours fires."""


class ApprovalCards:
    """How the user is asked to approve a call of a tool; override what shall be said another way.

    `name` is the tool's name and `arguments` is JSON.
    """

    approve = "Approve"
    """Label of the button that lets the call happen."""
    reject = "Reject"
    """Label of the button that does not."""
    approved = "Approved"
    """Said on the card after the first."""
    rejected = "Rejected"
    """Said on the card after the second."""

    def asking(self, name: str, arguments: str, approve: ActionConfig, reject: ActionConfig) -> WidgetRoot:
        """The card with the question; it must offer both actions."""
        return Card(
            children=self._call(name, arguments),
            confirm=CardAction(label=self.approve, action=approve),
            cancel=CardAction(label=self.reject, action=reject),
        )

    def answered(self, name: str, arguments: str, is_approved: bool) -> WidgetRoot:
        """The card once the question is answered."""
        answer = Caption(value=self.approved if is_approved else self.rejected)
        return Card(children=[*self._call(name, arguments), answer])

    def _call(self, name: str, arguments: str) -> list[Any]:
        shown = arguments_shown(arguments)
        details = [Markdown(value=shown)] if shown else []
        return [Text(value=headline(name), weight="semibold"), *details]


class InterruptedRun(BaseModel):
    """A run that waits for the user; the content of the hidden item that keeps it."""

    type: Literal["chatkit.approval"] = "chatkit.approval"
    """Says which kind it is."""
    run: dict[str, Any]
    """The state of the run, as openai-agents writes it."""
    calls: dict[str, str]
    """Id of the card's item → id of the call it asks for."""
    answers: dict[str, bool] = Field(default_factory=dict)
    """Id of the call → whether the user approved, of the cards answered so far."""


def is_approval(action: Action[str, Any]) -> bool:
    """Whether the action answers a card that asks for approval: then `answer_approval` goes on with the run."""
    return action.type == APPROVAL


def interrupted_run(item: SDKHiddenContextItem) -> InterruptedRun | None:
    """The run the hidden item keeps; None if it is hidden context of another kind."""
    if APPROVAL not in item.content[:100]:
        return None
    try:
        return InterruptedRun.model_validate_json(item.content)
    except ValidationError:
        return None


def ask(turn: Turn, result: RunResultStreaming, cards: ApprovalCards) -> Events:
    """Keep the run and ask the user, once for each call that waits; nothing if the run was not interrupted."""
    if not result.interruptions:
        return ()
    kept_id = turn.new_id("sdk_hidden_context")
    asked: dict[str, str] = {}
    questions: list[ThreadItemDoneEvent] = []
    for call in result.interruptions:
        item_id = turn.new_id("message")
        asked[item_id] = str(call.call_id)
        widget = cards.asking(call.name or "", call.arguments or "", _action(kept_id, True), _action(kept_id, False))
        questions.append(ThreadItemDoneEvent(item=WidgetItem(**turn.envelope(item_id), widget=widget)))
    # The context is not part of what is kept: the run goes on with the one of the request that answers.
    run = result.to_state().to_json(context_serializer=lambda context: {})
    kept = InterruptedRun(run=run, calls=asked).model_dump_json()
    hidden = SDKHiddenContextItem(**turn.envelope(kept_id), content=kept)
    return (*turn.end_workflow(), ThreadItemDoneEvent(item=hidden), *questions)


def _action(kept_id: str, approve: bool) -> ActionConfig:
    return ActionConfig(type=APPROVAL, payload={"run": kept_id, "approve": approve}, loadingBehavior="container")
