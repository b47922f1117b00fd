"""A ChatKit server in an application of somebody's own."""

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from chatkit_app.api import chatkit_route
from tests.api.asking import client
from tests.api.talking import Shelf, Talking, message


def host(server, **options):
    return client(Starlette(routes=[chatkit_route(server, **options)]))


async def test_a_stream_has_the_bytes_of_process():
    async with host(Talking()) as browser:
        response = await browser.post("/chatkit", json=message())
    assert response.headers["content-type"].startswith("text/event-stream")
    chunks = response.text.split("\n\n")
    assert chunks[-1] == ""
    assert all(chunk.startswith('data: {"type":"') for chunk in chunks[:-1])


async def test_a_document_has_the_bytes_of_process():
    async with host(Talking()) as browser:
        response = await browser.post("/chatkit", json={"type": "threads.list", "params": {}})
    assert (response.content, response.headers["content-type"]) == (b'{"data":[],"has_more":false}', "application/json")


async def test_the_path_is_the_hosts():
    async with host(Talking(), path="/support/chatkit") as browser:
        assert (await browser.post("/support/chatkit", json=message())).status_code == 200


async def test_by_default_the_context_holds_the_request():
    class Curious(Talking):
        async def add_feedback(self, thread_id, item_ids, feedback, context):
            self.asked_with = context["request"].headers["x-who"]

    server = Curious()
    request = {"type": "items.feedback", "params": {"thread_id": "t", "item_ids": [], "kind": "positive"}}
    async with host(server) as browser:
        assert (await browser.post("/chatkit", json=request, headers={"x-who": "me"})).content == b"{}"
    assert server.asked_with == "me"


async def test_the_context_may_be_made_by_a_coroutine_and_tells_users_apart():
    async def who(request):
        return {"user_id": request.headers["x-who"]}

    async with host(Talking(), context=who) as browser:
        await browser.post("/chatkit", json=message(), headers={"x-who": "alice"})
        for user, count in [("alice", 1), ("bob", 0)]:
            request = {"type": "threads.list", "params": {}}
            response = await browser.post("/chatkit", json=request, headers={"x-who": user})
            assert len(response.json()["data"]) == count


async def test_the_host_may_refuse_a_request_before_it_is_answered():
    def refuse(_request):
        raise HTTPException(401)

    async with host(Talking(), context=refuse) as browser:
        assert (await browser.post("/chatkit", json=message())).status_code == 401


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"type": "threads.list", "params": {"order": "up"}}, 400),
        ({"type": "threads.get_by_id", "params": {"thread_id": "none"}}, 404),
        ({"type": "input.transcribe", "params": {"audio_base64": "a", "mime_type": "m"}}, 400),
        ({"type": "input.transcribe", "params": {"audio_base64": "é", "mime_type": "m"}}, 400),
        ({"type": "attachments.create", "params": {"name": "a", "size": 1, "mime_type": "m"}}, 501),
        ({"type": "attachments.delete", "params": {"attachment_id": "atc_1"}}, 501),
    ],
)
async def test_what_the_client_did_wrong_is_said_to_it(request_, status):
    async with host(Talking()) as browser:
        response = await browser.post("/chatkit", json=request_)
    assert response.status_code == status
    assert response.json()["error"]["message"]


async def test_a_fault_of_the_program_is_not_blamed_on_the_client():
    class Broken(Shelf):
        async def create_attachment(self, input, context):
            return type(await super().create_attachment(input, context)).model_validate({})

    server = Talking()
    server.attachment_store = Broken(server.store)
    request = {"type": "attachments.create", "params": {"name": "a", "size": 1, "mime_type": "m"}}
    async with host(server) as browser:
        with pytest.raises(ValueError, match="FileAttachment"):
            await browser.post("/chatkit", json=request)
