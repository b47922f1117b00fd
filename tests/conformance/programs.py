"""Programs to run under both packages, written out and generated."""

from typing import Any

from .kits import Program, Step

TIME = "2026-01-01T00:00:00Z"


def item(kind: str, id: str = "i1", /, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "id": id, "thread_id": "thr_0", "created_at": TIME, **fields}


def said(text: str = "hi", id: str = "i1") -> dict[str, Any]:
    return item("assistant_message", id, content=[{"type": "output_text", "text": text, "annotations": []}])


def asked(id: str = "u1", text: str = "hello") -> dict[str, Any]:
    return item("user_message", id, content=[{"type": "input_text", "text": text}], inference_options={})


def widget(id: str = "i1", text: str = "a") -> dict[str, Any]:
    return item("widget", id, widget={"type": "Card", "children": [{"type": "Text", "id": "t", "value": text}]})


def workflow(id: str = "i1") -> dict[str, Any]:
    return item("workflow", id, workflow={"type": "custom", "tasks": [{"type": "custom", "title": "a"}]})


def tool_call(id: str = "i1", status: str = "pending") -> dict[str, Any]:
    return item("client_tool_call", id, call_id="c", name="n", arguments={"a": None}, status=status)


def form(id: str = "i1") -> dict[str, Any]:
    options = [{"value": "a"}, {"value": "b"}]
    inputs = [
        {"type": "multiple_choice", "id": "one", "question": "?", "options": options},
        {"type": "freeform", "id": "free", "question": "?"},
    ]
    return item("structured_input", id, inputs=inputs)


def hidden(id: str = "i1") -> dict[str, Any]:
    return item("hidden_context_item", id, content={"secret": None})


def event(kind: str, /, **fields: Any) -> Step:
    return ("event", {"type": kind, **fields})


def added(value: dict[str, Any]) -> Step:
    return event("thread.item.added", item=value)


def done(value: dict[str, Any]) -> Step:
    return event("thread.item.done", item=value)


def replaced(value: dict[str, Any]) -> Step:
    return event("thread.item.replaced", item=value)


def removed(id: str) -> Step:
    return event("thread.item.removed", item_id=id)


def updated(id: str, kind: str, /, **fields: Any) -> Step:
    return event("thread.item.updated", item_id=id, update={"type": kind, **fields})


def word(id: str, text: str, index: int = 0) -> Step:
    return updated(id, "assistant_message.content_part.text_delta", content_index=index, delta=text)


def request(kind: str, /, **params: Any) -> dict[str, Any]:
    return {"type": kind, "params": params}


def message(text: str = "hello", **fields: Any) -> dict[str, Any]:
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
        **fields,
    }


def create(text: str = "hello") -> dict[str, Any]:
    return request("threads.create", input=message(text))


def add(thread_id: str = "thr_0", text: str = "hello") -> dict[str, Any]:
    return request("threads.add_user_message", thread_id=thread_id, input=message(text))


def act(item_id: str | None = None, kind: str = "threads.custom_action") -> dict[str, Any]:
    action = {"type": "press", "payload": {"n": None}}
    return request(kind, thread_id="thr_0", item_id=item_id, action=action)


ANNOTATION = {"type": "annotation", "source": {"type": "url", "title": "t", "url": "u"}, "index": 1}
PART = {"type": "output_text", "text": "part", "annotations": [ANNOTATION]}

EVENTS: dict[str, list[Step]] = {
    "progress": [event("progress_update", text="x", icon="bolt")],
    "effect": [event("client_effect", name="e", data={"a": None, "b": [None, 1]})],
    "notice": [event("notice", level="danger", message="m", title="t")],
    "error": [event("error", message="bad"), event("error", code="stream.error", allow_retry=True)],
    "stream options": [event("stream_options", stream_options={"allow_cancel": False})],
    "message": [added(said("")), word("i1", "a"), word("i1", "b"), done(said("ab"))],
    "message parts": [
        added(item("assistant_message", content=[])),
        updated("i1", "assistant_message.content_part.added", content_index=0, content=PART),
        updated(
            "i1",
            "assistant_message.content_part.annotation_added",
            content_index=0,
            annotation_index=1,
            annotation=ANNOTATION,
        ),
        updated("i1", "assistant_message.content_part.done", content_index=0, content=PART),
        done(said("part")),
    ],
    "workflow": [
        added(workflow()),
        updated("i1", "workflow.task.added", task_index=1, task={"type": "thought", "content": "c"}),
        updated("i1", "workflow.task.updated", task_index=0, task={"type": "custom", "title": "b"}),
        done(workflow()),
    ],
    "widget": [
        added(widget()),
        updated("i1", "widget.streaming_text.value_delta", component_id="t", delta="b", done=True),
        updated("i1", "widget.component.updated", component_id="t", component={"type": "Badge", "label": "x"}),
        updated("i1", "widget.root.updated", widget={"type": "ListView", "children": []}),
        done(widget()),
    ],
    "image": [
        added(item("generated_image")),
        updated("i1", "generated_image.updated", image={"id": "g", "url": "data:x"}, progress=0.5),
        done(item("generated_image", image={"id": "g", "url": "data:x"})),
    ],
    "task": [done(item("task", task={"type": "web_search", "queries": ["q"]}))],
    "client tool call": [done(tool_call())],
    "form": [done(form())],
    "end of turn": [done(item("end_of_turn"))],
    "hidden context": [done(hidden()), done(item("sdk_hidden_context", "i2", content="x"))],
    "removed and replaced": [done(said()), replaced(said("new")), removed("i1"), removed("never there")],
    "an update nobody knows": [word("nobody", "x")],
    "thread changes": [
        ("set", "title", "T"),
        done(said()),
        ("metadata", "a", 1),
        done(said(id="i2")),
        ("set", "status", {"type": "locked", "reason": "r"}),
        word("i1", "x"),
        ("set", "allowed_image_domains", ["a.b"]),
    ],
    "a change, then a failure": [added(said("a")), ("set", "title", "T"), ("raise", "other")],
    "our own words": [done(said()), ("raise", "custom")],
    "a known failure": [("raise", "stream")],
    "stopped": [
        added(said("")),
        word("i1", "half"),
        added(widget("i2")),
        added(said(" ", "i3")),
        ("raise", "cancelled"),
    ],
}
"""Every event, update and item, in the course of an answer."""

HISTORY = [asked(), said(id="a1"), asked("u2"), widget("w1"), hidden("h1"), said(id="a2")]

OPERATIONS: dict[str, Program] = {
    "create": Program([create("héllo")], [[done(said())]]),
    "create, then go on": Program([create(), add("thr_1"), request("threads.get_by_id", thread_id="thr_1")], [[], []]),
    "add a message": Program([add()], [[done(said(id="new"))]], HISTORY),
    "quote and choose": Program(
        [
            request(
                "threads.add_user_message",
                thread_id="thr_0",
                input=message(quoted_text="q", inference_options={"tool_choice": {"id": "t"}, "model": "m"}),
            )
        ],
        [],
        HISTORY,
    ),
    "mention": Program(
        [
            request(
                "threads.create",
                input=message() | {"content": [{"type": "input_tag", "id": "1", "text": "@a", "data": {"n": None}}]},
            )
        ]
    ),
    "client tool output": Program(
        [request("threads.add_client_tool_output", thread_id="thr_0", result={"ok": None})],
        [[done(said(id="new"))]],
        [tool_call("c1"), tool_call("c2")],
    ),
    "client tool output, none pending": Program(
        [request("threads.add_client_tool_output", thread_id="thr_0", result=None)], [], [tool_call("c", "completed")]
    ),
    "form": Program(
        [
            request(
                "threads.add_structured_input",
                thread_id="thr_0",
                item_id="i1",
                input={"answers": {"one": {"values": ["x", "y"]}, "nothing": {}}},
            ),
            request("threads.add_structured_input", thread_id="thr_0", item_id="i1", input={"status": "skipped"}),
        ],
        [[done(said(id="new"))]],
        [form()],
    ),
    "form, skipped": Program(
        [request("threads.add_structured_input", thread_id="thr_0", item_id="i1", input={"status": "skipped"})],
        [],
        [form()],
    ),
    "form that is none": Program(
        [request("threads.add_structured_input", thread_id="thr_0", item_id="i1", input={})], [], [said()]
    ),
    "retry": Program(
        [request("threads.retry_after_item", thread_id="thr_0", item_id="u1")], [[done(said(id="new"))]], HISTORY
    ),
    "retry of an answer": Program([request("threads.retry_after_item", thread_id="thr_0", item_id="a1")], [], HISTORY),
    "action": Program([act("w1")], [[replaced(widget("w1", "new"))]], HISTORY),
    "action of the page": Program([act()], [[done(said(id="new"))]], HISTORY),
    "action of a message": Program([act("a1")], [], HISTORY),
    "sync action": Program(
        [act("w1", "threads.sync_custom_action"), act(None, "threads.sync_custom_action")], [], HISTORY
    ),
    "sync action of a message": Program([act("a1", "threads.sync_custom_action")], [], HISTORY),
    "read": Program([request("threads.get_by_id", thread_id="thr_0"), request("threads.list")], [], HISTORY),
    "pages": Program(
        [
            request("items.list", thread_id="thr_0", limit=2, order="asc"),
            request("items.list", thread_id="thr_0", limit=2, order="asc", after="a1"),
            request("items.list", thread_id="thr_0", limit=0),
            request("items.list", thread_id="thr_0", after="a2"),
            request("items.list", thread_id="nothing"),
            request("threads.list", limit=1),
            request("threads.list", limit=1, after="nothing"),
        ],
        [],
        HISTORY,
    ),
    "rename and delete": Program(
        [
            request("threads.update", thread_id="thr_0", title="T"),
            request("threads.list", order="asc"),
            request("threads.delete", thread_id="thr_0"),
            request("threads.get_by_id", thread_id="thr_0"),
            request("threads.delete", thread_id="thr_0"),
        ],
        [],
        HISTORY,
    ),
    "feedback": Program([request("items.feedback", thread_id="thr_0", item_ids=["a1"], kind="positive")], [], HISTORY),
    "attachments": Program(
        [
            request("attachments.create", name="n", size=1, mime_type="m"),
            request("threads.create", input=message(attachments=["atc_n"])),
            request("attachments.delete", attachment_id="atc_n"),
        ]
    ),
    "attachments without a place for them": Program(
        [
            request("attachments.create", name="n", size=1, mime_type="m"),
            request("attachments.delete", attachment_id="a"),
        ],
        takes_attachments=False,
    ),
    "dictation": Program(
        [
            request("input.transcribe", audio_base64="aGk=", mime_type="audio/webm;codecs=opus"),
            request("input.transcribe", audio_base64="a G k =", mime_type="x"),
        ]
    ),
    "what is no request": Program(
        [
            b"",
            b"{",
            b"[]",
            b"\xff",
            b'{"type":"none"}',
            b'{"type":"threads.list"}',
            b'{"type":"threads.list","params":5}',
        ]
    ),
}
"""Every operation, as it goes well and as it goes wrong."""
