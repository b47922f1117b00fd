"""Where ours differs from the official package on purpose, and why: the whole table.

Each entry shows the difference under both packages; the test fails when it no longer does. `row` is the row of the list
of the official package's defects that the entry answers; – where it is in no row.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from . import bridge_probes as bridge
from . import server_probes as server
from .kits import Kit, Program
from .model_differences import DIFFERENCES as OF_MODELS
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
    """Seen in what a server answers to requests."""

    row: str
    reason: str
    program: Program

    def seen_in(self, kit: Kit) -> Any:
        return kit.run(self.program)


@dataclass(frozen=True)
class Probed:
    """Seen by a piece of code."""

    row: str
    reason: str
    probe: Callable[[Kit], Awaitable[Any]]

    def seen_in(self, kit: Kit) -> Any:
        return kit.probe(self.probe)


OF_PROGRAMS = {
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
    "a title set just before a stop": Difference(
        "–",
        "a change that no client was told of yet is stored all the same",
        Program([add()], [[("set", "title", "T"), ("raise", "cancelled")]], HISTORY),
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

OF_THE_SERVER = (
    Probed(
        "1",
        "a workflow may go on in the next turn: an item is added once, then saved",
        server.an_item_that_is_stored_already,
    ),
    Probed("2", "a store is never given a thread with items", server.a_title_set_in_the_first_turn),
    Probed("3", "what was said is kept although every await is cancelled", server.a_stop_that_comes_at_every_await),
    Probed("4", "closing the stream is a stop", server.a_reader_who_closes_the_stream),
    Probed("4", "losing the stream is a stop", server.a_dropped_stream),
    Probed("5", "growth that cannot be addressed is shown all the same", server.text_that_grows_without_an_id),
    Probed("6", "a missing prop is an unset one", server.a_template_that_gains_a_prop),
    Probed("9", "turns at the same time keep each other's changes", server.two_turns_that_change_a_thread),
    Probed("20", "our name is taken back after a failure too", server.the_header_after_a_failure),
    Probed("20", "steps may be taken in several tasks", server.steps_in_tasks_of_their_own),
    Probed("24", "nobody is warned of widgets they have stored", server.warnings_of_a_stored_widget),
    Probed("26", "a thread without its first message is no thread", server.a_failure_to_store_a_message),
    Probed("28", "a store that forgets its cursors is read to its end", server.a_store_that_forgets_its_cursor),
    Probed("32", "in a long text a change is told some words later", server.a_title_in_a_long_text),
    Probed("33", "times say their zone", server.the_zone_of_a_time),
    Probed("–", "ids cannot be guessed: they carry 80 random bits", server.the_length_of_an_id),
    Probed("–", "ids sort by the time they were made", server.ids_in_the_order_they_were_made),
    Probed("–", "importing has no effect: no environment is read", server.a_log_level_in_the_environment),
    Probed("–", "the server does not need openai-agents", server.what_the_server_imports),
    Probed("–", "an event that has no JSON is an error event, not a broken stream", server.an_event_without_json),
    Probed("–", "what is no event is an error event, not a broken stream", server.something_that_is_no_event),
    Probed("–", "half a character, which some models stream, has a substitute", server.half_a_character),
    Probed("–", "a thread that was deleted does not come back", server.a_thread_deleted_while_it_is_answered),
    Probed("–", "a page belongs to the store it came from", server.the_page_of_a_store),
)

OF_THE_BRIDGE = (
    Probed("11", "equal thoughts have places of their own", bridge.equal_thoughts),
    Probed("12", "an event is what it was when it was queued", bridge.tasks_of_a_workflow_that_begins),
    Probed("13", "what is queued last is treated like the rest", bridge.an_item_queued_after_the_run),
    Probed("14", "the call of the page keeps the model's id", bridge.a_hosted_call_after_the_pages),
    Probed("14", "so it does when the model calls another function too", bridge.another_call_beside_the_pages),
    Probed("15", "some models give calls no id", bridge.a_call_without_an_id),
    Probed("16", "every message has an id of its own", bridge.ids_behind_chat_completions),
    Probed("17", "a citation nobody understands is dropped, not the answer", bridge.a_citation_of_an_unknown_kind),
    Probed("18", "a picture that never came is taken back", bridge.a_picture_that_never_came),
    Probed("19", "nothing is left running", bridge.tasks_left_behind_by_a_failing_run),
    Probed("30", "two people may have one name", bridge.two_mentions_with_one_name),
    Probed(
        "–", "a refusal is an answer, also when openai-agents calls it an error", bridge.a_refusal_that_ends_the_run
    ),
    Probed("16", "a thought that only its part ends, as of Chat Completions, is told whole", bridge.a_part_that_ends),
    Probed("16", "an item that ended has its id for itself", bridge.an_id_that_comes_again),
    Probed("17", "nor is the answer lost to a converter that fails at one", bridge.a_converter_that_cannot_convert),
    Probed("–", "a workflow that a tool has ended is not ended again", bridge.a_workflow_ended_by_a_tool),
    Probed(
        "–",
        "a workflow that was taken back is not gone on with",
        bridge.the_workflow_of_a_run_that_is_taken_back,
    ),
    Probed("–", "a long thought is sent at a bounded pace, for each piece is sent whole", bridge.a_long_thought),
    Probed("–", "a message is stored at the time it was seen to begin", bridge.the_time_a_message_was_made),
    Probed("–", "a workflow that begins before the last one ended ends it", bridge.a_tool_that_shows_two_workflows),
    Probed(
        "–",
        "a tool ahead of the reader does not get the model's thoughts",
        bridge.thoughts_before_a_tool_with_a_workflow,
    ),
    Probed("–", "a guardrail takes back in the order things were shown", bridge.what_a_guardrail_takes_back),
    Probed("–", "citations may be models of any class", bridge.a_citation_of_a_model_of_its_own),
    Probed("–", "llama.cpp does not say where text belongs", bridge.text_without_its_position),
)

DIFFERENCES = {
    **OF_PROGRAMS,
    **{difference.reason: difference for difference in (*OF_THE_SERVER, *OF_THE_BRIDGE, *OF_MODELS)},
}
"""Every deliberate difference, by what it is about."""
