"""No body is larger than it may be, whatever it says of itself."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from chatkit_app.api.body_limit import BodyLimit
from tests.api.asking import Echo, client, site, websocket


@pytest.mark.parametrize("size", [0, 1, 100])
async def test_a_body_up_to_the_limit_passes(size):
    async with client(BodyLimit(site(), 100)) as browser:
        assert (await browser.post("/", content=b"x" * size)).json()["body"] == size


async def test_a_body_that_says_it_is_too_large_is_refused_unread():
    read = []

    async def body():
        read.append(1)
        yield b"x" * 101

    async with client(BodyLimit(site(), 100)) as browser:
        response = await browser.post("/", content=body(), headers={"content-length": "101"})
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"
    assert read == []


@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}, {"content-length": "nonsense"}])
async def test_a_body_that_grows_too_large_is_refused_while_it_is_read(headers):
    received = 0

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await PlainTextResponse("read")(scope, receive, send)

    async def counted(scope, receive, send):
        async def counting():
            nonlocal received
            message = await receive()
            received += len(message["body"])
            return message

        await BodyLimit(app, 100)(scope, counting, send)

    async def endless():
        for _ in range(1_000):
            yield b"x" * 40

    async with httpx.AsyncClient(transport=httpx.ASGITransport(counted), base_url="http://a") as browser:
        response = await browser.post("/", content=endless(), headers=headers)
    assert response.status_code == 413
    assert received == 120


async def test_an_application_that_catches_the_error_answers_with_it():
    async with client(BodyLimit(site(), 100)) as browser:
        response = await browser.post("/", content=(part async for part in _parts()))
    assert response.status_code == 413


async def _parts():
    for _ in range(5):
        yield b"x" * 40


@pytest.mark.parametrize("length", ["9" * 5_000, "99999999999999999999999"])
async def test_an_absurd_length_is_too_large(length):
    async with client(BodyLimit(site(), 100)) as browser:
        assert (await browser.post("/", content=b"x", headers={"content-length": length})).status_code == 413


async def test_a_websocket_passes():
    sent, _ = await websocket(BodyLimit(Echo(), 1), [])
    assert sent == [{"type": "websocket.accept"}]
