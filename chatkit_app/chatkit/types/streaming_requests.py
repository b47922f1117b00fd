"""Requests answered with a stream of events."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from chatkit_app.chatkit.actions import Action

from .messages import UserMessageInput
from .structured_inputs import StructuredInputSubmission


class BaseReq(BaseModel):
    """What every request may carry."""

    metadata: dict[str, Any] = Field(default_factory=dict)
    """Free data of the client; the server ignores it."""


class ThreadCreateParams(BaseModel):
    """Parameters of `threads.create`."""

    input: UserMessageInput
    """The first message."""


class ThreadsCreateReq(BaseReq):
    """Begin a thread with a message and answer it."""

    type: Literal["threads.create"] = "threads.create"
    """Says which kind it is."""
    params: ThreadCreateParams
    """What is asked."""


class ThreadAddUserMessageParams(BaseModel):
    """Parameters of `threads.add_user_message`."""

    input: UserMessageInput
    """The message."""
    thread_id: str
    """Where it goes."""


class ThreadsAddUserMessageReq(BaseReq):
    """Add a message to a thread and answer it."""

    type: Literal["threads.add_user_message"] = "threads.add_user_message"
    """Says which kind it is."""
    params: ThreadAddUserMessageParams
    """What is asked."""


class ThreadAddClientToolOutputParams(BaseModel):
    """Parameters of `threads.add_client_tool_output`."""

    thread_id: str
    """The thread whose pending call is answered."""
    result: Any
    """What the tool returned; may be null but not absent."""


class ThreadsAddClientToolOutputReq(BaseReq):
    """Hand in the result of a client tool and go on."""

    type: Literal["threads.add_client_tool_output"] = "threads.add_client_tool_output"
    """Says which kind it is."""
    params: ThreadAddClientToolOutputParams
    """What is asked."""


class ThreadAddStructuredInputParams(BaseModel):
    """Parameters of `threads.add_structured_input`."""

    thread_id: str
    """The thread of the form."""
    item_id: str
    """The form."""
    input: StructuredInputSubmission
    """What was filled in."""


class ThreadsAddStructuredInputReq(BaseReq):
    """Submit a form and go on."""

    type: Literal["threads.add_structured_input"] = "threads.add_structured_input"
    """Says which kind it is."""
    params: ThreadAddStructuredInputParams
    """What is asked."""


class ThreadRetryAfterItemParams(BaseModel):
    """Parameters of `threads.retry_after_item`."""

    thread_id: str
    """The thread."""
    item_id: str
    """The user message to answer again; everything after it is deleted."""


class ThreadsRetryAfterItemReq(BaseReq):
    """Answer a user message again."""

    type: Literal["threads.retry_after_item"] = "threads.retry_after_item"
    """Says which kind it is."""
    params: ThreadRetryAfterItemParams
    """What is asked."""


class ThreadCustomActionParams(BaseModel):
    """Parameters of `threads.custom_action` and `threads.sync_custom_action`."""

    thread_id: str
    """The thread."""
    item_id: str | None = None
    """The widget item it was fired from, if any."""
    action: Action[str, Any]
    """The action."""


class ThreadsCustomActionReq(BaseReq):
    """Run an action of a widget; it may stream events."""

    type: Literal["threads.custom_action"] = "threads.custom_action"
    """Says which kind it is."""
    params: ThreadCustomActionParams
    """What is asked."""


StreamingReq = (
    ThreadsCreateReq
    | ThreadsAddUserMessageReq
    | ThreadsAddClientToolOutputReq
    | ThreadsAddStructuredInputReq
    | ThreadsRetryAfterItemReq
    | ThreadsCustomActionReq
)
"""Requests answered with a stream of events."""
