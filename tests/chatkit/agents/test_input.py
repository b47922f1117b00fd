import json
from typing import Any

import pytest

from chatkit_app.chatkit.agents import ThreadItemConverter, simple_to_agent_input
from chatkit_app.chatkit.agents.input import METHODS
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    CustomTask,
    EndOfTurnItem,
    FileAttachment,
    GeneratedImage,
    GeneratedImageItem,
    HiddenContextItem,
    InferenceOptions,
    SDKHiddenContextItem,
    SearchTask,
    StructuredInputAnswer,
    StructuredInputFreeform,
    StructuredInputItem,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.widgets import Card, Text

from .running import envelope


class Converter(ThreadItemConverter):
    """Understands files and mentions in the simplest way."""

    def __init__(self) -> None:  # like the published programs: without a call of the base class
        self.name = "mine"

    async def attachment_to_message_content(self, attachment: Any) -> Any:
        return {"type": "input_text", "text": f"file {attachment.id}"}

    async def tag_to_message_content(self, tag: Any) -> Any:
        return {"type": "input_text", "text": f"about {tag.id}"}


class Portable(Converter):
    portable = True


def said(*content: Any, item_id: str = "msg_u", **fields: Any) -> UserMessageItem:
    return UserMessageItem(**envelope(item_id), content=list(content), inference_options=InferenceOptions(), **fields)


def answered(*texts: str) -> AssistantMessageItem:
    source = URLSource(url="https://x.y", title="X")
    parts = [AssistantMessageContent(text=text, annotations=[Annotation(source=source)]) for text in texts]
    return AssistantMessageItem(**envelope("msg_a"), content=parts)


def text(words: str) -> UserMessageTextContent:
    return UserMessageTextContent(text=words)


def tag(words: str, tag_id: str) -> UserMessageTagContent:
    return UserMessageTagContent(id=tag_id, text=words, data={})


def words_of(message: Any) -> list[str]:
    assert (message["role"], message["type"]) == ("user", "message")
    return [part["text"] for part in message["content"]]


def test_every_kind_of_item_has_a_method():
    kinds = {member.model_fields["type"].default for member in ThreadItem.__origin__.__args__}

    assert set(METHODS) == kinds
    assert all(callable(getattr(ThreadItemConverter, method)) for method in METHODS.values())


async def test_a_message_of_the_user_is_its_text_with_mentions_and_then_its_files():
    item = said(
        text("Ask "), tag("Bob", "7"), text(" now"), attachments=[FileAttachment(id="atc_1", name="n", mime_type="m")]
    )

    converted = await Converter().to_agent_input(item)

    assert words_of(converted[0]) == ["Ask @Bob now", "file atc_1"]


async def test_mentions_are_explained_in_a_message_of_their_own():
    converted = await Converter().to_agent_input([said(tag("Bob", "7"))])

    assert words_of(converted[1]) == [
        "# User-provided context for @-mentions\n"
        "- When referencing resolved entities, use their canonical names **without** '@'.\n"
        "- The '@' form appears only in user text and should not be echoed.",
        "about 7",
    ]


async def test_mentions_of_two_people_with_one_name_are_both_explained_8_1_30():
    converted = await Converter().to_agent_input([said(tag("Bob", "7"), tag("Bob", "8"), tag("Bob", "7"))])

    assert words_of(converted[1])[1:] == ["about 7", "about 8"]


async def test_only_the_newest_item_brings_its_quote():
    item = said(text("This?"), quoted_text="42")

    assert [words_of(each) for each in await simple_to_agent_input([item])] == [
        ["This?"],
        ["The user is referring to this in particular: \n42"],
    ]
    assert len(await simple_to_agent_input([item, EndOfTurnItem(**envelope("eot"))])) == 1


async def test_an_answer_keeps_its_parts_and_loses_its_references():
    assert await simple_to_agent_input(answered("a", "b")) == [
        {
            "type": "message",
            "role": "assistant",
            "content": [
                {"annotations": [], "text": "a", "type": "output_text", "logprobs": None},
                {"annotations": [], "text": "b", "type": "output_text", "logprobs": None},
            ],
        }
    ]


async def test_an_answered_call_of_the_page_is_a_call_and_its_output():
    call = ClientToolCallItem(
        **envelope("tc"), status="completed", call_id="c", name="n", arguments={"a": 1}, output=None
    )

    assert await simple_to_agent_input(call) == [
        {"type": "function_call", "call_id": "c", "name": "n", "arguments": '{"a": 1}'},
        {"type": "function_call_output", "call_id": "c", "output": "null"},
    ]
    assert await simple_to_agent_input(call.model_copy(update={"status": "pending"})) == []


async def test_a_widget_is_told_as_json():
    item = WidgetItem(**envelope("msg_w"), widget=Card(children=[Text(value="hä")]), copy_text="unused")

    (converted,) = await simple_to_agent_input(item)

    (told,) = words_of(converted)
    before, brace, rest = told.partition("{")
    assert before == "The following graphical UI widget (id: msg_w) was displayed to the user:"
    assert json.loads(brace + rest) == {"type": "Card", "children": [{"type": "Text", "value": "hä"}]}


async def test_only_custom_tasks_with_something_to_say_are_told():
    template = "A message was displayed to the user that the following task was performed:\n<Task>\n{}\n</Task>"
    tasks = [
        CustomTask(title="t", content="c"),
        CustomTask(title="t"),
        CustomTask(content="c"),
        CustomTask(),
        ThoughtTask(content="secret"),
        SearchTask(title="s"),
    ]
    workflow = WorkflowItem(**envelope("wf"), workflow=Workflow(type="custom", tasks=tasks))
    expected = [[template.format(each)] for each in ("t: c", "t", "c")]

    assert [words_of(each) for each in await simple_to_agent_input(workflow)] == expected
    alone = [TaskItem(**envelope("tsk"), task=task) for task in tasks]
    assert [words_of(each) for each in await simple_to_agent_input(alone)] == expected


async def test_a_form_is_told_with_its_answers():
    questions = [
        StructuredInputFreeform(id="1", question="Where?", answer=StructuredInputAnswer(values=["here", "there"])),
        StructuredInputFreeform(id="2", question="When?", answer=StructuredInputAnswer(skipped=True)),
        StructuredInputFreeform(id="3", question="Why?"),
    ]
    item = StructuredInputItem(**envelope("msg_f"), status="answered", inputs=questions)

    (converted,) = await simple_to_agent_input(item)

    assert words_of(converted) == [
        "A structured input request was displayed to the user with the following status: answered\n"
        "<StructuredInput>\n- Where?: here, there\n- When?: skipped\n- Why?: unanswered\n</StructuredInput>"
    ]


@pytest.mark.parametrize("kind", [HiddenContextItem, SDKHiddenContextItem])
async def test_hidden_context_is_told_as_such(kind: Any):
    (converted,) = await simple_to_agent_input(kind(**envelope("msg_h"), content=" a\n  {b}"))

    assert words_of(converted) == [
        "Hidden context for the agent (not shown to the user):\n<HiddenContext>\n a\n  {b}\n</HiddenContext>"
    ]


async def test_a_picture_is_shown_and_a_missing_one_is_not():
    item = GeneratedImageItem(**envelope("msg_i"), image=GeneratedImage(id="1", url="https://x.y/z.png"))

    (converted,) = await simple_to_agent_input(item)

    assert converted["content"] == [
        {"type": "input_text", "text": "The following image was generated by the agent."},
        {"type": "input_image", "detail": "auto", "image_url": "https://x.y/z.png"},
    ]
    assert await simple_to_agent_input(GeneratedImageItem(**envelope("msg_i"))) == []


@pytest.mark.parametrize(
    ("item", "method"),
    [
        (said(attachments=[FileAttachment(id="1", name="n", mime_type="m")]), "attachment_to_message_content"),
        (said(tag("Bob", "7")), "tag_to_message_content"),
        (HiddenContextItem(**envelope("h"), content={"a": 1}), "hidden_context_to_input"),
    ],
)
async def test_what_only_the_application_understands_names_the_method_to_override(item: Any, method: str):
    with pytest.raises(NotImplementedError, match=method):
        await simple_to_agent_input(item)


async def test_an_overridden_method_is_heard():
    class Shout(ThreadItemConverter):
        async def hidden_context_to_input(self, item: HiddenContextItem) -> Any:
            return {"role": "user", "content": item.content.upper()}

    item = HiddenContextItem(**envelope("h"), content="psst")

    assert await Shout().to_agent_input([item, item]) == [{"role": "user", "content": "PSST"}] * 2


async def test_portable_answers_are_plain_text_and_neighbours_are_joined_8_1_16b():
    hidden = HiddenContextItem(**envelope("h"), content="psst")

    converted = await Portable().to_agent_input([said(text("Hi")), hidden, answered("a", "", "b"), answered("")])

    assert [each["role"] for each in converted] == ["user", "assistant"]
    assert len(converted[0]["content"]) == 2
    assert converted[1]["content"] == "a\nb"
