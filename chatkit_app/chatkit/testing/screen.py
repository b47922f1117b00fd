"""What on the screen is meant."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from chatkit_app.chatkit.types import (
    ClientToolCallItem,
    StructuredInputAnswerSubmission,
    StructuredInputItem,
    StructuredInputSubmission,
    ThreadItem,
    ThreadItemBase,
    UserMessageItem,
    WidgetItem,
)
from chatkit_app.chatkit.types.reduce import ThreadView

from .errors import NotThereError, listed

T = TypeVar("T", bound=ThreadItemBase)


def item_of(view: ThreadView, kind: type[T], which: T | str | None, name: str) -> T:
    """The item that is meant, by default the newest of its kind. Raises `NotThereError`."""
    item_id = which.id if isinstance(which, ThreadItemBase) else which
    found = [item for item in view.items if isinstance(item, kind) and item_id in (None, item.id)]
    if not found:
        raise NotThereError(
            f"No {name} {'' if item_id is None else repr(item_id) + ' '}here; there are: {_shown(view)}"
        )
    return found[-1]


def widgets_of(view: ThreadView, which: WidgetItem | str | None) -> list[WidgetItem]:
    """The widgets that may be meant: the one that is said, or all. Raises `NotThereError` if there is none."""
    item_of(view, WidgetItem, which, "widget")
    item_id = which.id if isinstance(which, WidgetItem) else which
    return [item for item in view.items if isinstance(item, WidgetItem) and item_id in (None, item.id)]


def pending_form(view: ThreadView) -> StructuredInputItem:
    """The newest form nobody has answered. Raises `NotThereError`."""
    forms = [item for item in view.items if isinstance(item, StructuredInputItem) and item.status == "pending"]
    if not forms:
        raise NotThereError(f"No form waits for an answer; there are: {_shown(view)}")
    return forms[-1]


def pending_calls(view: ThreadView) -> list[ClientToolCallItem]:
    """The calls of client tools nobody has answered. Raises `NotThereError` if there is none."""
    calls = [item for item in view.items if isinstance(item, ClientToolCallItem) and item.status == "pending"]
    if not calls:
        raise NotThereError(f"No call of a client tool waits for an answer; there are: {_shown(view)}")
    return calls


def items_after(view: ThreadView, item: ThreadItemBase) -> tuple[ThreadItem, ...]:
    """What follows an item."""
    place = [each.id for each in view.items].index(item.id)
    return view.items[place + 1 :]


def last_answer(view: ThreadView) -> tuple[ThreadItem, ...]:
    """What came after the user's last message. Raises `NotThereError` if nothing did."""
    asked = item_of(view, UserMessageItem, None, "message of the user")
    answer = items_after(view, asked)
    if not answer:
        raise NotThereError(f"No answer here; there are: {_shown(view)}")
    return answer


def filled(form: StructuredInputItem, answers: Mapping[str, str | Sequence[str] | None]) -> StructuredInputSubmission:
    """The form as the client sends it.

    Raises `NotThereError` for a question it does not ask, and for several answers where one is taken.
    """
    ids = {question.id: question.id for question in form.inputs}
    asked = {question.question: question.id for question in form.inputs} | ids
    unknown = [repr(name) for name in answers if name not in asked]
    if unknown:
        questions = [f"{question.id!r} ({question.question})" for question in form.inputs]
        raise NotThereError(f"No question {listed(unknown)} in form {form.id!r}; there are: {listed(questions)}")
    submission = StructuredInputSubmission(answers={asked[name]: _answer(given) for name, given in answers.items()})
    several = {question.id for question in form.inputs if getattr(question, "multiple", False)}
    for question_id, answer in submission.answers.items():
        if len(answer.values) > 1 and question_id not in several:
            raise NotThereError(
                f"The question {question_id!r} in form {form.id!r} takes one answer, not {answer.values}"
            )
    return submission


def _answer(given: str | Sequence[str] | None) -> StructuredInputAnswerSubmission:
    if given is None:
        return StructuredInputAnswerSubmission(skipped=True)
    return StructuredInputAnswerSubmission(values=[given] if isinstance(given, str) else list(given))


def _shown(view: ThreadView) -> str:
    return listed([f"{item.type} {item.id!r}" for item in view.items])
