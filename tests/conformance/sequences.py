"""Generated programs: a few requests to one server and what it does for them, without what is listed as a difference."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from .kits import Program, Step
from .programs import (
    ANNOTATION,
    PART,
    TIME,
    act,
    added,
    asked,
    done,
    event,
    form,
    hidden,
    item,
    message,
    removed,
    replaced,
    request,
    said,
    tool_call,
    updated,
    widget,
    word,
    workflow,
)

words = st.text("ab é\n", max_size=3)
ids = st.sampled_from(["i1", "i2", "i3"])
places = st.integers(0, 2)
THREAD = {"id": "thr_9", "created_at": TIME, "items": {"data": [], "has_more": False}}

MAKERS: tuple[Callable[[str], dict[str, Any]], ...] = (
    lambda id: said(id=id),
    widget,
    workflow,
    tool_call,
    form,
    asked,
    lambda id: item("generated_image", id, image={"id": "g", "url": "data:x"}),
    lambda id: item("task", id, task={"type": "file", "title": "t", "sources": []}),
    lambda id: item("end_of_turn", id),
)
"""Items a client may see."""

items = st.builds(lambda make, id: make(id), st.sampled_from(MAKERS), ids)


def _updates() -> st.SearchStrategy[Step]:
    message_part, text = "assistant_message.content_part", "widget.streaming_text.value_delta"
    task = st.sampled_from([{"type": "custom", "title": "t"}, {"type": "thought", "content": "c"}, {"type": "image"}])
    return st.one_of(
        st.builds(word, ids, words, places),
        st.builds(lambda id, at: updated(id, f"{message_part}.added", content_index=at, content=PART), ids, places),
        st.builds(lambda id, at: updated(id, f"{message_part}.done", content_index=at, content=PART), ids, places),
        st.builds(
            lambda id, at, place: updated(
                id,
                f"{message_part}.annotation_added",
                content_index=at,
                annotation_index=place,
                annotation=ANNOTATION,
            ),
            ids,
            places,
            places,
        ),
        st.builds(lambda id, at, task: updated(id, "workflow.task.added", task_index=at, task=task), ids, places, task),
        st.builds(lambda id, task: updated(id, "workflow.task.updated", task_index=0, task=task), ids, task),
        st.builds(lambda id, more: updated(id, text, component_id="t", delta=more, done=False), ids, words),
        st.builds(
            lambda id: updated(id, "widget.component.updated", component_id="t", component={"type": "Divider"}), ids
        ),
        st.builds(lambda id: updated(id, "widget.root.updated", widget={"type": "Basic"}), ids),
        st.builds(lambda id: updated(id, "generated_image.updated", image={"id": "g", "url": "u"}, progress=0.5), ids),
    )


def _scripts() -> st.SearchStrategy[list[Step]]:
    step = st.one_of(
        st.builds(added, items),
        st.builds(done, items),
        st.builds(replaced, items),
        st.builds(removed, ids),
        _updates(),
        st.builds(lambda text: done(hidden(f"hidden {text}")), words),
        st.builds(lambda text: done(item("sdk_hidden_context", f"told {text}", content=text)), words),
        st.builds(lambda title: ("set", "title", title), words),
        st.builds(lambda key, value: ("metadata", key, value), words, words | st.none()),
        st.sampled_from(
            [
                event("progress_update", text="p"),
                event("notice", level="info", message="n"),
                event("client_effect", name="e", data={"a": None}),
                event("error", message="m"),
                event("stream_options", stream_options={"allow_cancel": False}),
                event("thread.created", thread=THREAD),
                event("thread.updated", thread=THREAD),
            ]
        ),
    )
    ends = st.sampled_from([[], [], [], [("raise", "other")], [("raise", "custom")], [("raise", "cancelled")]])
    return st.builds(_ended, st.lists(step, max_size=8), ends)


def _ended(steps: list[Step], end: list[Step]) -> list[Step]:
    """The steps and then the end; that a change just before a stop is stored is a listed difference."""
    if ("raise", "cancelled") in end:
        while steps and steps[-1][0] in ("set", "metadata"):
            steps = steps[:-1]
    return [*steps, *end]


scripts = _scripts()
"""What a handler does in one turn."""


def _requests() -> st.SearchStrategy[dict[str, Any]]:
    here = {"thread_id": "thr_0"}
    pages = st.fixed_dictionaries(
        {}, optional={"limit": st.none() | st.integers(0, 100), "order": st.sampled_from(["asc", "desc"])}
    )
    inputs = st.builds(
        lambda text, files, quoted: message(text, attachments=files, quoted_text=quoted),
        words,
        st.sampled_from([[], [], ["atc_0"]]),
        words | st.none(),
    )
    answers = st.dictionaries(
        st.sampled_from(["one", "free", "nothing"]),
        st.fixed_dictionaries({}, optional={"values": st.lists(words, max_size=2), "skipped": st.booleans()}),
    )
    buttons = st.sampled_from([None, "w1", "a1"])
    return st.one_of(
        st.builds(lambda input: request("threads.create", input=input), inputs),
        st.builds(lambda input: request("threads.add_user_message", **here, input=input), inputs),
        st.builds(act, buttons),
        st.builds(act, buttons, st.just("threads.sync_custom_action")),
        st.just(request("threads.retry_after_item", **here, item_id="u1")),
        st.builds(
            lambda answers, status: request(
                "threads.add_structured_input", **here, item_id="f1", input={"status": status, "answers": answers}
            ),
            answers,
            st.sampled_from(["answered", "skipped"]),
        ),
        st.just(request("threads.get_by_id", **here)),
        st.builds(lambda page: request("threads.list", **page), pages),
        st.just(request("threads.update", **here, title="T")),
        st.just(request("threads.delete", thread_id="thr_gone")),
        st.builds(lambda page: request("items.list", **here, **page), pages),
        st.just(request("items.feedback", **here, item_ids=["a1"], kind="negative")),
        st.just(request("attachments.create", name="0", size=1, mime_type="text/plain")),
        st.just(request("attachments.delete", attachment_id="atc_gone")),
        st.builds(lambda text: request("input.transcribe", audio_base64="aGk=", mime_type=text), words),
    )


@st.composite
def _sequences(draw: st.DrawFn) -> Program:
    requests = draw(st.lists(_requests(), min_size=1, max_size=5))
    # The official package wants the pending call to be the newest item, so its output can only come first.
    calls = draw(st.booleans())
    if calls:
        output = draw(words | st.none())
        requests = [request("threads.add_client_tool_output", thread_id="thr_0", result=output), *requests]
    # An attachment that is not there is a listed difference.
    requests = [request("attachments.create", name="0", size=1, mime_type="text/plain"), *requests]
    history = [widget("w1"), said(id="a1"), form("f1"), asked(), *([tool_call("c1")] if calls else [])]
    turns = draw(st.lists(scripts, min_size=len(requests), max_size=len(requests)))
    return Program(requests, turns, history)


sequences = _sequences()
"""A few requests to one server and what it does for them."""
