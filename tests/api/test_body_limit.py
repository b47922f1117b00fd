"""No body is larger than it may be, whatever it says of itself."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatkit_app.api.body_limit import BodyLimit
from chatkit_app.api.errors import EXCEPTION_HANDLERS
from tests.api.asking import Echo, client, websocket


async def size(request):
    return JSONResponse(len(await request.body()))


def limited(max_bytes):
    route = Route("/", size, methods=["POST"], middleware=[Middleware(BodyLimit, max_bytes=max_bytes)])
    return Starlette(routes=[route], exception_handlers=EXCEPTION_HANDLERS)


@pytest.mark.parametrize("length", [0, 1, 100])
async def test_a_body_up_to_the_limit_passes(length):
    async with client(limited(100)) as browser:
        assert (await browser.post("/", content=b"x" * length)).json() == length


async def test_a_body_that_says_it_is_too_large_is_refused_unread():
    read = []

    async def body():
        read.append(1)
        yield b"x" * 101

    async with client(limited(100)) as browser:
        response = await browser.post("/", content=body(), headers={"content-length": "101"})
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"
    assert read == []


@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}, {"content-length": "nonsense"}])
async def test_a_body_that_grows_too_large_is_refused_while_it_is_read(headers):
    received = 0

    async def counted(scope, receive, send):
        async def counting():
            nonlocal received
            message = await receive()
            received += len(message["body"])
            return message

        await limited(100)(scope, counting, send)

    async def endless():
        for _ in range(1_000):
            yield b"x" * 40

    async with httpx.AsyncClient(transport=httpx.ASGITransport(counted), base_url="http://a") as browser:
        response = await browser.post("/", content=endless(), headers=headers)
    assert response.status_code == 413
    assert received == 120


@pytest.mark.parametrize("length", ["9" * 5_000, "99999999999999999999999"])
async def test_an_absurd_length_is_too_large(length):
    async with client(limited(100)) as browser:
        assert (await browser.post("/", content=b"x", headers={"content-length": length})).status_code == 413


async def test_a_websocket_passes():
    sent, _ = await websocket(BodyLimit(Echo(), 1), [])
    assert sent == [{"type": "websocket.accept"}]
