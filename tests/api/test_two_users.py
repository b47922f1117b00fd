"""For every request there is: what belongs to somebody else answers exactly as what does not exist."""

import asyncio
import json
from typing import Any, get_args

import pytest

from chatkit_app.api import create_api, shield
from chatkit_app.chatkit.actions import ActionConfig
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import (
    ChatKitReq,
    ClientToolCallItem,
    FileAttachment,
    InferenceOptions,
    StructuredInputItem,
    ThreadMetadata,
    ThreadsAddUserMessageReq,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
)
from chatkit_app.chatkit.widgets import Button, Card
from chatkit_app.identity import COOKIE_NAME, RequestContext
from chatkit_app.runs import MemoryRuns
from chatkit_app.stores.sql import SQLStore
from tests.api.asking import IDENTITY, client
from tests.api.talking import NOW, Shelf, Talking, message

NAMES = ["thread", "attachment", "question", "tool", "form", "widget"]
HERS = {name: f"{name}_of_hers" for name in NAMES}
NOTHING = {name: f"{name}_of_nobody" for name in NAMES}

# What to ask, given ids. A request type that names something of a user's must name it here.
REQUESTS: dict[str, Any] = {
    "threads.create": lambda ids: message(attachments=[ids["attachment"]])["params"],
    "threads.add_user_message": lambda ids: message("hi", ids["thread"])["params"],
    "threads.add_client_tool_output": lambda ids: {"thread_id": ids["thread"], "result": 1},
    "threads.add_structured_input": lambda ids: {"thread_id": ids["thread"], "item_id": ids["form"], "input": {}},
    "threads.retry_after_item": lambda ids: {"thread_id": ids["thread"], "item_id": ids["question"]},
    "threads.custom_action": lambda ids: _action(ids),
    "threads.get_by_id": lambda ids: {"thread_id": ids["thread"]},
    "threads.list": lambda ids: {"after": ids["thread"]},
    "threads.update": lambda ids: {"thread_id": ids["thread"], "title": "stolen"},
    "threads.delete": lambda ids: {"thread_id": ids["thread"]},
    "items.list": lambda ids: {"thread_id": ids["thread"], "after": ids["question"]},
    "items.feedback": lambda ids: {"thread_id": ids["thread"], "item_ids": [ids["question"]], "kind": "positive"},
    "attachments.create": lambda ids: {"name": "n", "size": 1, "mime_type": "text/plain"},
    "attachments.delete": lambda ids: {"attachment_id": ids["attachment"]},
    "input.transcribe": lambda ids: {"audio_base64": "YWJj", "mime_type": "audio/webm"},
    "threads.sync_custom_action": lambda ids: _action(ids),
}


def _action(ids: dict[str, str]) -> dict[str, Any]:
    return {"thread_id": ids["thread"], "item_id": ids["widget"], "action": {"type": "press"}}


def request_types(union: Any = ChatKitReq) -> set[str]:
    """The `type` of every member, however the union is nested."""
    if fields := getattr(union, "model_fields", None):
        return {fields["type"].default}
    return set().union(*(request_types(member) for member in get_args(union)))


def test_every_request_there_is_is_asked():
    assert request_types() == REQUESTS.keys()


@pytest.fixture
async def store(tmp_path):
    opened = SQLStore(f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}")
    yield opened
    await opened.aclose()


class House:
    """One application, and Alice's things in it."""

    def __init__(self, store):
        self.server = Talking(store)
        self.server.attachment_store = Shelf(store)
        self.runs = MemoryRuns(self.server.stream_events)
        self.app = shield(create_api(self.server, self.runs, store, IDENTITY), IDENTITY)
        self.alice = RequestContext("user_alice")

    async def move_in(self):
        store, of_hers = self.server.store, {"thread_id": HERS["thread"], "created_at": NOW}
        await store.save_thread(ThreadMetadata(id=HERS["thread"], created_at=NOW, title="hers"), self.alice)
        said = [UserMessageTextContent(text="hers")]
        press = Button(label="b", onClickAction=ActionConfig(type="press"))
        for item in [
            UserMessageItem(id=HERS["question"], content=said, inference_options=InferenceOptions(), **of_hers),
            StructuredInputItem(id=HERS["form"], inputs=[], **of_hers),
            WidgetItem(id=HERS["widget"], widget=Card(children=[press]), **of_hers),
            ClientToolCallItem(id=HERS["tool"], call_id="call", name="n", arguments={}, **of_hers),
        ]:
            await store.add_thread_item(HERS["thread"], item, self.alice)
        file = FileAttachment(id=HERS["attachment"], name="hers", mime_type="text/plain")
        await store.save_attachment(file, self.alice)

    async def everything_of_hers(self):
        store = self.server.store
        items = await store.load_thread_items(HERS["thread"], None, 100, "asc", self.alice)
        threads = await store.load_threads(100, None, "asc", self.alice)
        return (
            threads,
            items,
            await store.load_attachment(HERS["attachment"], self.alice),
            self.server.attachment_store.deleted,
        )

    def browser(self, user):
        return client(self.app, cookies={COOKIE_NAME: IDENTITY.sign(user)})


@pytest.fixture
async def house(store):
    made = House(store)
    await made.move_in()
    yield made
    await made.runs.aclose()


def said(response, ids) -> tuple[int, str]:
    text = response.text
    for name, identity in ids.items():
        text = text.replace(identity, name)
    return response.status_code, _without_fresh_ids(text)


def _without_fresh_ids(text: str) -> str:
    chunks = [json.loads(chunk.removeprefix("data: ")) for chunk in text.strip().split("\n\n")]
    return json.dumps([_normal(chunk) for chunk in chunks])


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        fresh = {"id", "thread_id", "item_id", "created_at"}
        return {key: "fresh" if key in fresh else _normal(inner) for key, inner in value.items()}
    return [_normal(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", sorted(REQUESTS))
async def test_a_foreign_id_answers_exactly_as_a_missing_one(house, kind):
    before = await house.everything_of_hers()
    async with house.browser("user_bob") as bob:
        foreign = await bob.post("/chatkit", json={"type": kind, "params": REQUESTS[kind](HERS)})
        missing = await bob.post("/chatkit", json={"type": kind, "params": REQUESTS[kind](NOTHING)})
    assert said(foreign, HERS) == said(missing, NOTHING)
    assert await house.everything_of_hers() == before


NAMES_NOTHING = {"attachments.create", "input.transcribe", "items.feedback"}
ANSWERED_WITH_NOTHING = {"threads.delete", "attachments.delete"}


@pytest.mark.parametrize("kind", sorted(REQUESTS.keys() - NAMES_NOTHING - ANSWERED_WITH_NOTHING))
async def test_the_owner_is_answered_otherwise_or_the_test_above_proves_nothing(house, kind):
    async with house.browser("user_alice") as alice:
        missing = await alice.post("/chatkit", json={"type": kind, "params": REQUESTS[kind](NOTHING)})
        hers = await alice.post("/chatkit", json={"type": kind, "params": REQUESTS[kind](HERS)})
    assert said(hers, HERS) != said(missing, NOTHING)
    assert hers.status_code == 200
    assert '"type":"error"' not in hers.text


@pytest.mark.parametrize("kind", sorted(ANSWERED_WITH_NOTHING))
async def test_the_owner_can_delete(house, kind):
    async with house.browser("user_alice") as alice:
        await alice.post("/chatkit", json={"type": kind, "params": REQUESTS[kind](HERS)})
    with pytest.raises(NotFoundError):
        if kind == "threads.delete":
            await house.server.store.load_thread(HERS["thread"], house.alice)
        await house.server.store.load_attachment(HERS["attachment"], house.alice)


async def test_an_answer_in_progress_cannot_be_found_or_stopped_by_somebody_else(house):
    house.server.gate = asyncio.Semaphore(0)
    params = REQUESTS["threads.add_user_message"](HERS)
    run = await house.runs.start(ThreadsAddUserMessageReq.model_validate({"params": params}), house.alice)
    bob = RequestContext("user_bob")
    assert await house.runs.find(HERS["thread"], bob) is None
    assert await house.runs.stop(HERS["thread"], bob) is False
    assert not run.settled
