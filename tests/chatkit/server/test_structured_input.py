"""A form is filled in once, question by question."""

import pytest

from chatkit_app.chatkit.types import (
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    StructuredInputSubmission,
    ThreadAddStructuredInputParams,
    ThreadsAddStructuredInputReq,
)

from ..scripted import NOW, ScriptedServer, a_thread, done, items_of, kinds, said, stream

OPTIONS = [StructuredInputMultipleChoiceOption(value=value) for value in "ab"]


def form(**fields):
    inputs = [
        StructuredInputMultipleChoice(id="one", question="One?", options=OPTIONS),
        StructuredInputMultipleChoice(id="many", question="Many?", options=OPTIONS, multiple=True),
        StructuredInputFreeform(id="free", question="Free?"),
    ]
    return StructuredInputItem(id="form", thread_id="thr_1", created_at=NOW, inputs=inputs, **fields)


def submit(answers=None, status="answered", item_id="form"):
    submission = StructuredInputSubmission.model_validate({"status": status, "answers": answers or {}})
    params = ThreadAddStructuredInputParams(thread_id="thr_1", item_id=item_id, input=submission)
    return ThreadsAddStructuredInputReq(params=params)


async def answers_to(submission):
    server = ScriptedServer()
    await a_thread(server, form())
    events = await stream(server, submission)
    assert kinds(events) == ["stream_options", "thread.item.replaced"]
    [stored] = await items_of(server, "thr_1")
    assert events[1]["item"] == stored.model_dump(mode="json", exclude_none=True)
    return stored.status, [(one.answer.values, one.answer.skipped) for one in stored.inputs]


async def test_the_form_is_replaced_before_respond_goes_on():
    async def answer(thread, message, context):
        assert message is None
        [stored] = await items_of(server, "thr_1")
        yield done(said("thr_1", stored.status))

    server = ScriptedServer(answer)
    await a_thread(server, form())
    events = await stream(server, submit({"free": {"values": ["x"]}}))
    assert kinds(events) == ["stream_options", "thread.item.replaced", "thread.item.done"]
    assert events[2]["item"]["content"][0]["text"] == "answered"


async def test_a_single_choice_keeps_the_first_value_and_free_text_is_a_value():
    given = {"one": {"values": ["c", "a"]}, "many": {"values": ["b", "other"]}, "free": {"values": ["x", "y"]}}
    assert await answers_to(submit(given)) == (
        "answered",
        [(["c"], False), (["b", "other"], False), (["x", "y"], False)],
    )


async def test_what_is_missing_empty_or_skipped_is_skipped():
    given = {"many": {"values": []}, "free": {"values": ["x"], "skipped": True}}
    assert await answers_to(submit(given)) == ("answered", [([], True)] * 3)


async def test_a_form_that_is_skipped_skips_every_question():
    assert await answers_to(submit({"free": {"values": ["x"]}}, status="skipped")) == ("skipped", [([], True)] * 3)


async def test_answers_to_unknown_questions_are_dropped_and_named_in_order(caplog):
    await answers_to(submit({"zed": {"values": ["x"]}, "alpha": {}}))
    assert "['alpha', 'zed']" in caplog.text


@pytest.mark.parametrize("status", ["answered", "skipped"])
async def test_a_form_is_submitted_once(status):
    server = ScriptedServer()
    await a_thread(server, form(status=status))
    with pytest.raises(ValueError, match=f"already {status}"):
        await stream(server, submit())


async def test_only_a_form_takes_answers():
    server = ScriptedServer()
    await a_thread(server, said("thr_1", "x", id="form"))
    with pytest.raises(ValueError, match="not a structured input"):
        await stream(server, submit())


async def test_row_26_a_missing_form_is_an_error_event():
    server = ScriptedServer()
    await a_thread(server)
    assert kinds(await stream(server, submit())) == ["error"]
