"""Where ours differs from the official package on purpose, and why.

Each entry is a program that shows the difference; the test fails when it no longer does. `row` is the row of the list
of the official package's defects that the entry answers.
"""

from dataclasses import dataclass

from .kits import Program
from .programs import (
    ANNOTATION,
    HISTORY,
    act,
    add,
    added,
    done,
    hidden,
    message,
    removed,
    replaced,
    request,
    said,
    tool_call,
    updated,
    workflow,
)


@dataclass(frozen=True)
class Difference:
    row: str
    reason: str
    program: Program


DIFFERENCES = {
    "a hidden item that is added or replaced": Difference(
        "7",
        "what is for the model only never reaches a client",
        Program([add()], [[added(hidden()), replaced(hidden())]], HISTORY),
    ),
    "removing a hidden item": Difference(
        "7", "nor does its id", Program([add()], [[done(hidden()), removed("i1")]], HISTORY)
    ),
    "references of a part that is done, then stopped": Difference(
        "10",
        "references already streamed are kept",
        Program(
            [add()],
            [
                [
                    added(said("")),
                    updated(
                        "i1",
                        "assistant_message.content_part.annotation_added",
                        content_index=0,
                        annotation_index=0,
                        annotation=ANNOTATION,
                    ),
                    updated(
                        "i1",
                        "assistant_message.content_part.done",
                        content_index=0,
                        content={"type": "output_text", "text": "x"},
                    ),
                    ("raise", "cancelled"),
                ]
            ],
            HISTORY,
        ),
    ),
    "an action without a type": Difference(
        "25",
        "it is required",
        Program([request("threads.custom_action", thread_id="thr_0", action={"payload": 1})], [], HISTORY),
    ),
    "a thread that is missing": Difference("26", "an error event, not a broken stream", Program([add("thr_no")])),
    "an item to retry that is missing": Difference(
        "26",
        "an error event, not silence",
        Program([request("threads.retry_after_item", thread_id="thr_0", item_id="no")], [], HISTORY),
    ),
    "a widget that is missing": Difference(
        "26", "an error event, not a broken stream", Program([act("no")], [], HISTORY)
    ),
    "an attachment that is missing": Difference(
        "26",
        "an error event, and no thread is left behind",
        Program([request("threads.create", input=message(attachments=["no"]))]),
    ),
    "a client tool call that is not the newest item": Difference(
        "27",
        "the newest pending call is looked for",
        Program(
            [request("threads.add_client_tool_output", thread_id="thr_0", result=1)], [], [tool_call("c1"), hidden("h")]
        ),
    ),
    "a page without limit": Difference(
        "29",
        "limits are 1 to 100",
        Program([request("items.list", thread_id="thr_0", limit=-1)], [], HISTORY),
    ),
    "an update for a task that is not there": Difference(
        "–",
        "the fold ignores what cannot be; the official package fails the turn",
        Program(
            [add()],
            [[added(workflow()), updated("i1", "workflow.task.updated", task_index=5, task={"type": "custom"})]],
            HISTORY,
        ),
    ),
}
