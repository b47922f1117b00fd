"""`POST /chatkit`, as a client sees it."""

import json
import logging

import pytest
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from chatkit_app.api import create_api, shield
from chatkit_app.api.chatkit import locale
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.identity import COOKIE_NAME
from chatkit_app.runs import MemoryRuns
from tests.api.asking import IDENTITY, client
from tests.api.talking import Shelf, Talking, message


@pytest.fixture
def server():
    return Talking()


@pytest.fixture
async def runs(server):
    made = MemoryRuns(server.stream_events)
    yield made
    await made.aclose()


@pytest.fixture
def app(server, runs):
    return shield(create_api(server, runs, server.store, IDENTITY, max_body_bytes=20_000), IDENTITY)


@pytest.fixture
async def browser(app):
    async with client(app) as made:
        yield made


def events(response):
    return [json.loads(chunk.removeprefix("data: ")) for chunk in response.text.split("\n\n")[:-1]]


async def begin(browser, text="hi"):
    return events(await browser.post("/chatkit", json=message(text)))[0]["thread"]["id"]


class TestStreaming:
    async def test_an_answer_arrives_as_server_sent_events_byte_for_byte(self, browser, server):
        response = await browser.post("/chatkit", json=message())
        assert response.status_code == 200
        assert response.headers["content-type"].split(";")[0] == "text/event-stream"
        request = json.dumps(message("hi", events(response)[0]["thread"]["id"]))
        context = {"user_id": IDENTITY.verify(browser.cookies[COOKIE_NAME])}
        direct = b"".join([chunk async for chunk in await server.process(request, context)])
        assert _shape(direct.decode()) == _shape(response.text)[1:]
        assert response.text.endswith("\n\n")
        assert "wörld" in response.text

    async def test_no_proxy_keeps_an_answer_or_holds_it_back(self, browser):
        headers = (await browser.post("/chatkit", json=message())).headers
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")

    async def test_the_first_request_of_a_browser_already_belongs_to_it(self, browser):
        thread_id = await begin(browser)
        answer = await browser.post("/chatkit", json={"type": "threads.list", "params": {}})
        assert [thread["id"] for thread in answer.json()["data"]] == [thread_id]

    async def test_an_unknown_thread_is_an_error_event(self, browser):
        response = await browser.post("/chatkit", json=message("hi", "thr_none"))
        assert response.status_code == 200
        assert [event["type"] for event in events(response)] == ["error"]

    async def test_a_retry_of_what_is_no_question_is_an_error_event(self, browser):
        response = await browser.post("/chatkit", json=message())
        done = [event["item"] for event in events(response) if event["type"] == "thread.item.done"]
        params = {"thread_id": done[1]["thread_id"], "item_id": done[1]["id"]}
        response = await browser.post("/chatkit", json={"type": "threads.retry_after_item", "params": params})
        assert events(response) == [{"type": "error", "code": "stream.error", "allow_retry": False}]

    async def test_an_assistant_that_fails_tells_no_secret(self, browser, server, caplog):
        server.error = RuntimeError("password=hunter2")
        with caplog.at_level(logging.ERROR):
            response = await browser.post("/chatkit", json=message())
        assert events(response)[-1] == {"type": "error", "code": "stream.error", "allow_retry": True}
        assert "hunter2" not in response.text
        assert "hunter2" in caplog.text

    async def test_the_answer_can_be_joined_by_the_same_user(self, browser, runs):
        thread_id = await begin(browser)
        context = {"user_id": IDENTITY.verify(browser.cookies[COOKIE_NAME])}
        run = await runs.find(thread_id, context)
        assert run.settled
        assert (await anext(run.events()))[1].type == "thread.created"

    async def test_a_user_with_too_many_answers_is_asked_to_wait(self, server):
        full = MemoryRuns(server.stream_events, max_live_per_owner=0)
        async with client(shield(create_api(server, full, server.store, IDENTITY), IDENTITY)) as browser:
            response = await browser.post("/chatkit", json=message())
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0
        assert response.json()["error"]["code"] == "too_many_answers"

    async def test_a_server_that_shuts_down_says_so(self, browser, runs):
        await runs.drain(0)
        response = await browser.post("/chatkit", json=message())
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "shutting_down"


class TestDocuments:
    async def test_a_document_arrives_as_json_byte_for_byte(self, browser, server):
        thread_id = await begin(browser)
        request = {"type": "threads.get_by_id", "params": {"thread_id": thread_id}}
        response = await browser.post("/chatkit", json=request)
        context = {"user_id": IDENTITY.verify(browser.cookies[COOKIE_NAME])}
        assert response.content == (await server.process(json.dumps(request), context)).json
        assert response.headers["content-type"] == "application/json"

    async def test_nothing_to_say_is_an_empty_object(self, browser):
        request = {"type": "threads.delete", "params": {"thread_id": await begin(browser)}}
        assert (await browser.post("/chatkit", json=request)).content == b"{}"

    @pytest.mark.parametrize(
        "request_",
        [
            {"type": "threads.get_by_id", "params": {"thread_id": "thr_none"}},
            {"type": "threads.update", "params": {"thread_id": "thr_none", "title": "t"}},
            {"type": "threads.list", "params": {"after": "thr_none"}},
            {"type": "items.list", "params": {"thread_id": "thr_none", "after": "msg_none"}},
        ],
    )
    async def test_what_does_not_exist_is_404(self, browser, request_):
        response = await browser.post("/chatkit", json=request_)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "not_found"
        assert "none" not in response.text

    @pytest.mark.parametrize(
        ("kind", "params", "field"),
        [
            ("threads.get_by_id", {"thread_id": "none"}, "params.thread_id"),
            ("threads.list", {"after": "none"}, "params.after"),
            ("items.list", {"thread_id": "none", "after": "none"}, "params.after"),
            ("threads.sync_custom_action", {"thread_id": "none", "action": {"type": "t"}}, "params.thread_id"),
            ("threads.sync_custom_action", {"thread_id": "none", "item_id": "none", "action": {"type": "t"}}, None),
        ],
    )
    async def test_the_field_that_names_nothing_is_named_unless_it_may_be_two(self, browser, kind, params, field):
        response = await browser.post("/chatkit", json={"type": kind, "params": params})
        assert response.status_code == 404
        assert response.json()["error"]["field"] == field

    async def test_a_program_may_refuse_in_its_own_words(self, browser, server):
        class Full(Shelf):
            async def create_attachment(self, input, context):
                raise HTTPException(413, "That is more than the shelf can hold")

        server.attachment_store = Full(server.store)
        request = {"type": "attachments.create", "params": {"name": "a", "size": 1, "mime_type": "m"}}
        response = await browser.post("/chatkit", json=request)
        assert response.status_code == 413
        assert response.json()["error"]["message"] == "That is more than the shelf can hold."

    async def test_an_action_of_what_is_no_widget_is_400(self, browser):
        thread_id = await begin(browser)
        page = await browser.post("/chatkit", json={"type": "items.list", "params": {"thread_id": thread_id}})
        params = {"thread_id": thread_id, "item_id": page.json()["data"][0]["id"], "action": {"type": "t"}}
        response = await browser.post("/chatkit", json={"type": "threads.sync_custom_action", "params": params})
        assert response.status_code == 400

    async def test_a_recording_that_is_no_base64_is_400(self, browser):
        params = {"audio_base64": "abc", "mime_type": "audio/webm"}
        response = await browser.post("/chatkit", json={"type": "input.transcribe", "params": params})
        assert response.status_code == 400
        assert response.json()["error"]["field"] == "params.audio_base64"

    async def test_attachments_without_a_place_for_them_are_not_supported(self, browser, server):
        request = {"type": "attachments.create", "params": {"name": "a", "size": 1, "mime_type": "text/plain"}}
        assert (await browser.post("/chatkit", json=request)).status_code == 501
        server.attachment_store = Shelf(server.store)
        response = await browser.post("/chatkit", json=request)
        assert response.status_code == 200
        assert "private" not in response.text

    async def test_what_nobody_foresaw_is_500_with_a_reference_to_the_log(self, browser, server, caplog):
        class Broken(type(server.store)):
            async def load_threads(self, **_):
                raise RuntimeError("password=hunter2")

        server.store = Broken()
        with caplog.at_level(logging.ERROR):
            response = await browser.post("/chatkit", json={"type": "threads.list", "params": {}})
        assert response.status_code == 500
        assert "hunter2" not in response.text
        reference = response.json()["error"]["message"].split()[-1].rstrip(".")
        assert reference in caplog.text
        assert "hunter2" in caplog.text


BAD = [
    (b"", None, "invalid_json"),
    (b"{", None, "invalid_json"),
    (b"\xff\xfe", None, "invalid_json"),
    (b"[" * 5_000, None, "invalid_json"),
    (b"[]", None, "invalid_request"),
    (b"null", None, "invalid_request"),
    (b"{}", "type", "invalid_request"),
    (b'{"type": "threads.explode", "params": {}}', "type", "invalid_request"),
    (b'{"type": 3, "params": {}}', "type", "invalid_request"),
    (b'{"type": "threads.list"}', "params", "invalid_request"),
    (b'{"type": "threads.list", "params": {"order": "up"}}', "params.order", "invalid_request"),
    (b'{"type": "threads.list", "params": {"limit": "many"}}', "params.limit", "invalid_request"),
    (b'{"type": "threads.list", "params": {"limit": "many"}, "threads.list": 1}', "params.limit", "invalid_request"),
    (b'{"type": "threads.get_by_id", "params": {}}', "params.thread_id", "invalid_request"),
    (json.dumps(message(attachments=[1])).encode(), "params.input.attachments.0", "invalid_request"),
    (json.dumps(message(content=[{"type": "z"}])).encode(), "params.input.content.0.type", "invalid_request"),
    (
        json.dumps(message(content=[{"type": "input_text"}])).encode(),
        "params.input.content.0.text",
        "invalid_request",
    ),
    (
        json.dumps(message(content=[{"type": "input_tag", "id": "1", "text": "t", "data": []}])).encode(),
        "params.input.content.0.data",
        "invalid_request",
    ),
]


class TestBadRequests:
    @pytest.mark.parametrize(("body", "field", "code"), BAD)
    async def test_what_is_wrong_is_named(self, browser, body, field, code):
        response = await browser.post("/chatkit", content=body, headers={"content-type": "application/json"})
        error = response.json()["error"]
        assert (response.status_code, error["field"], error["code"]) == (400, field, code)
        assert field is None or error["message"].startswith(field)

    @pytest.mark.parametrize(
        "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/json"]
    )
    async def test_a_body_that_is_not_called_json_is_415(self, browser, content_type):
        headers = {"content-type": content_type} if content_type else {}
        response = await browser.post("/chatkit", content=json.dumps(message()), headers=headers)
        assert response.status_code == 415
        assert response.json()["error"]["code"] == "unsupported_media_type"

    async def test_json_with_a_charset_is_json(self, browser):
        headers = {"content-type": "Application/JSON; charset=utf-8"}
        response = await browser.post("/chatkit", content=json.dumps(message()), headers=headers)
        assert response.status_code == 200

    async def test_a_body_over_the_limit_is_413(self, browser):
        response = await browser.post("/chatkit", json=message("x" * 20_000))
        assert response.status_code == 413
        assert response.json()["error"]["code"] == "too_large"

    async def test_another_method_is_405_in_the_same_shape(self, browser):
        response = await browser.get("/chatkit")
        assert response.status_code == 405
        assert response.json()["error"]["code"] == "method_not_allowed"

    async def test_an_unknown_path_is_404_in_the_same_shape(self, browser):
        response = await browser.get("/nothing")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")

    async def test_without_the_shield_a_stranger_is_401(self, server, runs):
        async with client(create_api(server, runs, server.store, IDENTITY)) as stranger:
            response = await stranger.post("/chatkit", json=message())
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "not_authenticated"

    async def test_a_foreign_page_is_403_and_nothing_happens(self, browser):
        response = await browser.post("/chatkit", json=message(), headers={"origin": "https://evil.example"})
        assert response.status_code == 403
        answer = await browser.post("/chatkit", json={"type": "threads.list", "params": {}})
        assert answer.json()["data"] == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-CH", "de-CH"),
        ("zh-Hant-TW,zh;q=0.9,en;q=0.8", "zh-Hant-TW"),
        ("fr;q=0.9", "fr"),
        ("*", "en"),
        ("../../etc", "en"),
        ("a" * 500, "en"),
    ],
)
def test_the_first_language_is_the_users(sent, expected):
    assert locale(sent) == expected


async def test_the_rest_of_the_application_answers_every_other_path(server, runs):
    async def page(scope, receive, send):
        await PlainTextResponse("page " + scope["path"])(scope, receive, send)

    async with client(create_api(server, runs, server.store, IDENTITY, rest=page)) as browser:
        assert (await browser.get("/c/thr_1")).text == "page /c/thr_1"
        assert (await browser.get("/healthz")).json() == {"status": "ok"}


class TestHealth:
    async def test_a_process_that_runs_is_alive(self, browser):
        assert (await browser.get("/healthz")).json() == {"status": "ok"}

    async def test_a_store_that_answers_is_ready(self, browser):
        response = await browser.get("/readyz")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})

    async def test_a_store_that_fails_is_not_ready_but_alive(self, server, runs, caplog):
        class Broken(type(server.store)):
            async def load_threads(self, **_):
                raise NotFoundError("no database")

        async with client(create_api(server, runs, Broken(), IDENTITY)) as browser:
            response = await browser.get("/readyz")
            assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
            assert (await browser.get("/healthz")).status_code == 200


async def test_the_session_script_brings_the_cookie_and_nothing_else(browser):
    response = await browser.get("/session.js")
    assert (response.text, response.headers["cache-control"]) == ("", "no-store")
    assert response.headers["content-type"].startswith("text/javascript")
    assert IDENTITY.verify(browser.cookies[COOKIE_NAME])


def _shape(text):
    """Event types and texts: what two answers to the same question have in common."""
    shape = []
    for chunk in text.split("\n\n")[:-1]:
        event = json.loads(chunk.removeprefix("data: "))
        shape.append((event["type"], event.get("update", {}).get("delta"), chunk.startswith('data: {"type":"')))
    return shape
