"""Programs in the style of the public samples run on both packages and say the same to their clients."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chatkit_app.chatkit.testing import ChatTestClient
from tests.fakes import Call, Say, ScriptedModel, Think

from .dialogue import Dialogue, audio, comparable, items, kinds, words
from .loading import OFFICIAL, OURS, sample

Conversation = Callable[[Dialogue], Awaitable[None]]

FILE_CITATION = {"type": "file_citation", "file_id": "file_1", "filename": "Calculus", "index": 5}


def started(name: str, package: str, *scripts: Any, context: dict[str, Any] | None = None) -> Dialogue:
    """A dialogue with a sample's server, in front of a scripted model."""
    program = sample(name, package)
    store = sample("memory_store", package).MemoryStore()
    given: Any = {"user_id": "ada", "work": work} if context is None else program.MapContext(**context)
    return Dialogue(program.create_server(store, ScriptedModel(*scripts)), given)


async def work() -> None:
    """What a tool does takes a moment, in which everything shown so far arrives."""
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.fixture(params=[OURS, OFFICIAL])
def package(request: pytest.FixtureRequest) -> str:
    return request.param


async def help_desk(package: str) -> Dialogue:
    desk = started(
        "support_desk",
        package,
        [Say(["Let me ", "see."]), Call("show_seat")],
        "You sit in 14C.",
        Call("change_seat", '{"seat": "2A"}'),
        "Done.",
    )
    upload = await desk.send("attachments.create", name="r.png", size=7, mime_type="image/png")
    await desk.say("Where do I sit?", attachments=[upload["id"]])
    (card,) = items(desk.told[-1], "widget")
    await desk.click(card, card["widget"]["children"][1]["children"][0]["onClickAction"])
    await desk.click(card, {"type": "seat.cancel"})
    await desk.say("Another one, please", quoted_text="14C")
    await desk.send("items.feedback", thread_id=desk.thread_id, item_ids=[card["id"]], kind="positive")
    await desk.send("input.transcribe", **audio(b"12345"))
    await desk.send("attachments.delete", attachment_id=upload["id"])
    await desk.send("threads.update", thread_id=desk.thread_id, title="My seat")
    await desk.reload()
    return desk


async def shop(package: str) -> Dialogue:
    counter = started("shop", package, Call("list_products"), "Tea or a cup?", "It comes by post.", "As you like.")
    (products,) = items(await counter.say("What is there?"), "widget")
    await counter.click(products, products["widget"]["children"][0]["onClickAction"])
    (cart,) = items(counter.told[-1], "widget")
    await counter.click(cart, cart["widget"]["children"][1]["onClickAction"], "threads.sync_custom_action")
    await counter.click(cart, {"type": "cart.order", "payload": {}})
    await counter.click(cart, cart["widget"]["confirm"]["action"])
    (form,) = items(counter.told[-1], "structured_input")
    answers = {"how": {"values": ["post", "courier"]}, "where": {"skipped": True}}
    await counter.send(
        "threads.add_structured_input",
        thread_id=counter.thread_id,
        item_id=form["id"],
        input={"status": "answered", "answers": answers},
    )
    await counter.click(cart, {"type": "cart.unknown"})
    first = counter.told[0][1]["item"]["id"]
    await counter.send("threads.retry_after_item", thread_id=counter.thread_id, item_id=first)
    await counter.reload()
    return counter


async def tutor(package: str) -> Dialogue:
    lesson = started(
        "tutor",
        package,
        Call("look_up"),
        [Think([["Slopes", "…"], "Ah."]), Say(["The ", "derivative."], annotations=[FILE_CITATION], late=True)],
        [Say(["# Slopes", "\nrise over run"])],
    )
    chapter = {"type": "input_tag", "id": "c3", "text": "Slopes", "data": {"number": 3}}
    await lesson.say("What is ", chapter, "?")
    await lesson.say("On a card, please", inference_options={"tool_choice": {"id": "card"}})
    await lesson.say("Do my homework")
    await lesson.send("items.list", thread_id=lesson.thread_id, order="asc", limit=50)
    return lesson


async def city_map(package: str) -> Dialogue:
    guide = started(
        "city_map",
        package,
        [Think(["Where?"]), Call("get_selected_stations", call_id="call_1")],
        [Call("mark", '{"station_id": "s2"}')],
        "Have fun.",
        "Locked.",
        "Bye.",
        context={"user_id": "ada", "map_id": "m1"},
    )
    tag = {"type": "input_tag", "id": "s1", "text": "Harbour", "data": {"id": "s1"}, "interactive": True}
    await guide.say("What is near ", tag)
    await guide.send("threads.add_client_tool_output", thread_id=guide.thread_id, result={"ids": ["s2"]})
    await guide.say("lock it")
    await guide.say("bye")
    await guide.send("threads.list", limit=5)
    await guide.reload()
    return guide


async def test_the_help_desk_changes_a_seat(package: str):
    desk = await help_desk(package)
    upload, opened, picked, cancelled, changed, _, dictated, *_ = desk.told

    assert "metadata" not in upload
    assert [words(item) for item in items(opened, "assistant_message")] == ["Let me see.", "You sit in 14C."]
    titles = [event["thread"]["title"] for event in opened if event["type"] == "thread.updated"]
    assert titles == ["About a seat"]
    assert kinds(picked)[1:] == ["thread.item.updated", "thread.item.replaced", "thread.item.done", "client_effect"]
    assert words(items(cancelled, "assistant_message")[0]) == "Then everything stays as it is."
    assert {"type": "client_effect", "name": "customer_profile/update", "data": {"seat": "2A", "note": None}} in changed
    assert dictated == {"text": "5 bytes of audio/webm"}
    model_input = desk.server.agent.model.inputs[2]
    told = [part.get("text") or part.get("image_url") for item in model_input for part in item["content"]]
    assert "<PROFILE>12A</PROFILE>" in told
    assert f"data:image/png;base64,{upload['id']}" in told
    assert "<SEAT>12A</SEAT>" in told
    assert told[-1] == "The user is referring to this in particular: \n14C"


async def test_the_shop_sells_tea(package: str):
    counter = await shop(package)
    opened, added, more, refused, ordered, filled, broken, retried, _ = counter.told

    assert opened[2] == {"type": "stream_options", "stream_options": {"allow_cancel": False}}
    assert items(opened, "workflow")[0]["workflow"]["summary"] == {"title": "Looked at the shelf", "icon": "suitcase"}
    assert kinds(added)[1:] == ["thread.item.added", "thread.item.updated", "thread.item.done"]
    assert more["updated_item"]["widget"]["children"][0]["children"][1]["label"] == "2"
    assert refused[-1] == {"type": "error", "code": "custom", "message": "The cart is empty.", "allow_retry": True}
    assert kinds(ordered)[1:3] == ["notice", "thread.updated"]
    form = filled[1]["item"]
    assert form["inputs"][0]["answer"]["values"] == ["post"]
    assert form["inputs"][1]["answer"]["skipped"]
    assert broken[-1] == {"type": "error", "code": "stream.error", "allow_retry": True}
    assert words(items(retried, "assistant_message")[0]) == "As you like."


async def test_the_tutor_explains_and_refuses(package: str):
    lesson = await tutor(package)
    explained, card, refused, listed = lesson.told

    annotation = items(explained, "assistant_message")[0]["content"][0]["annotations"][0]
    assert annotation["source"]["inline_label"] == "book"
    assert items(card, "widget")[0]["widget"]["children"][0]["value"] == "# Slopes\nrise over run"
    assert refused[-1] == {"type": "error", "code": "custom", "message": "Do it yourself.", "allow_retry": False}
    assert [item["type"] for item in listed["data"]][-2:] == ["widget", "user_message"]


async def test_the_map_asks_the_page(package: str):
    guide = await city_map(package)
    asked, marked, locked, closed, *_ = guide.told

    call = asked[-1]["item"]
    assert (call["type"], call["call_id"], call["arguments"]) == ("client_tool_call", "call_1", {"limit": 2})
    assert items(marked, "assistant_message")[0]["content"][0]["annotations"][0]["source"]["id"] == "s2"
    statuses = [event["thread"]["status"] for event in locked if event["type"] == "thread.updated"]
    assert statuses == [{"type": "locked", "reason": "The map is being redrawn"}]
    assert closed[-1]["thread"]["status"] == {"type": "closed"}
    model_input = guide.server.agent.model.inputs[1]
    assert [item["type"] for item in model_input][-2:] == ["function_call", "function_call_output"]


@pytest.mark.parametrize("conversation", [help_desk, shop, tutor, city_map])
async def test_clients_are_told_the_same_by_both_packages(conversation: Callable[[str], Awaitable[Dialogue]]):
    ours, official = [comparable((await conversation(package)).told) for package in (OURS, OFFICIAL)]

    for mine, theirs in zip(ours, official, strict=True):
        assert mine == theirs


async def test_thoughts_before_a_client_tool_stay_on_the_screen_and_in_their_place():
    program, store = sample("city_map", OURS), sample("memory_store", OURS).MemoryStore()
    model = ScriptedModel(
        [Think(["Where?"]), Call("get_selected_stations", call_id="call_1")], [Think(["There."]), Say("Nearby.")]
    )
    chat = ChatTestClient(program.create_server(store, model), program.MapContext(user_id="ada", map_id="m"))
    await chat.say("What is near?")
    await chat.assert_reload_shows_the_same()
    await chat.answer_client_tool({"stations": []})
    await chat.assert_reload_shows_the_same()
    (shown,) = [item for item in chat.items if item.type == "workflow"]
    assert [task.content for task in shown.workflow.tasks] == ["Where?", "There."]
