"""Answers to a form."""

from typing import Any

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import (
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputSubmission,
)
from chatkit_app.chatkit.types.copies import deep_copy


async def load_answered(
    store: Store[Any], thread_id: str, item_id: str, submission: StructuredInputSubmission, context: Any
) -> StructuredInputItem:
    """The form with a submission filled in; not stored yet.

    Raises `RequestError` if the item is not a form or was submitted before, and the store's `NotFoundError`.
    """
    item = await store.load_item(thread_id, item_id, context=context)
    if not isinstance(item, StructuredInputItem):
        raise RequestError(f"Item {item_id!r} is not a structured input")
    if item.status != "pending":
        raise RequestError(f"Structured input {item_id!r} is already {item.status}")
    return fill_in(item, submission)


def fill_in(item: StructuredInputItem, submission: StructuredInputSubmission) -> StructuredInputItem:
    """A copy of the form with every question answered or skipped. Answers to unknown questions are dropped."""
    unknown = sorted(submission.answers.keys() - {question.id for question in item.inputs})
    if unknown:
        logger.warning("Structured input %r has no questions %s; their answers are dropped", item.id, unknown)
    filled = deep_copy(item)
    filled.status = submission.status
    for question in filled.inputs:
        question.answer = _answer(question, submission)
    return filled


def _answer(question: StructuredInput, submission: StructuredInputSubmission) -> StructuredInputAnswer:
    given = submission.answers.get(question.id)
    if submission.status == "skipped" or given is None or given.skipped or not given.values:
        return StructuredInputAnswer(skipped=True)
    single = isinstance(question, StructuredInputMultipleChoice) and not question.multiple
    return StructuredInputAnswer(values=given.values[:1] if single else list(given.values))
