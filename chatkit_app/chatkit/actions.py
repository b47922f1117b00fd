"""Actions: what a widget asks for when the user clicks, selects or submits."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, Field

Handler = Literal["client", "server"]
"""Who answers an action: the page that embeds the chat, or the server."""

LoadingBehavior = Literal["auto", "none", "self", "container"]
"""What shows activity while an action runs: the control, its container, nothing, or whatever suits the control."""

DEFAULT_HANDLER: Handler = "server"
"""Who answers when nothing is said."""
DEFAULT_LOADING_BEHAVIOR: LoadingBehavior = "auto"
"""What shows activity when nothing is said."""

TType = TypeVar("TType", bound=str)
TPayload = TypeVar("TPayload")


class ActionConfig(BaseModel):
    """How a widget component spells an action it can fire."""

    type: str
    """Name of the action; the server's handler switches on it."""
    payload: Any = None
    """Free JSON handed to the handler; form values are merged into it by the client."""
    handler: Handler = DEFAULT_HANDLER
    """Who answers the action."""
    loadingBehavior: LoadingBehavior = DEFAULT_LOADING_BEHAVIOR
    """What shows activity meanwhile."""
    streaming: bool = True
    """False sends the action to `sync_action`, which may run while an answer is streaming."""


class Action(BaseModel, Generic[TType, TPayload]):
    """An action that was fired. `Action[Literal["line.select"], Line]` names and types one kind of action."""

    type: TType = Field(frozen=True)
    """Name of the action."""
    payload: TPayload = None  # type: ignore[assignment]  # absent for actions that carry nothing
    """What came with it."""

    @classmethod
    def create(
        cls,
        payload: TPayload,
        handler: Handler = DEFAULT_HANDLER,
        loading_behavior: LoadingBehavior = DEFAULT_LOADING_BEHAVIOR,
        streaming: bool = True,
    ) -> ActionConfig:
        """The configuration that makes a widget fire this action.

        Only a class with exactly one name knows what to fire (`Action[Literal["x"], P]`); any other raises
        `TypeError`. The payload is kept as the object it is.
        """
        return ActionConfig(
            type=cls._only_name(),
            payload=payload,
            handler=handler,
            loadingBehavior=loading_behavior,
            streaming=streaming,
        )

    @classmethod
    def _only_name(cls) -> str:
        annotation = cls.model_fields["type"].annotation
        names = get_args(annotation) if get_origin(annotation) is Literal else ()
        if len(names) != 1 or not isinstance(names[0], str):
            raise TypeError(f"{cls.__name__}.create needs a type of one literal name, such as Action[Literal['x'], P]")
        return names[0]
