"""Foreign pages change nothing and read nothing, but for those of the listed origins."""

import pytest

from chatkit_app.api.origins import Origins
from tests.api.asking import BASE, Echo, client, site, websocket

LISTED = "https://www.example.com"
FOREIGN = [
    "https://evil.example",
    "null",
    "http://chat.example.evil.example",
    "http://chat.example:8001",
    "file://",
    "http://",
    "http://chat.example:99999999",
    "http://[",
    LISTED + ".evil.example",
    LISTED.upper(),
]


def app(inner=None):
    return Origins(inner or site(), [LISTED])


def cors(response):
    return [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_foreign_page_changes_nothing(origin, method):
    async with client(app()) as browser:
        response = await browser.request(method, "/", headers={"origin": origin})
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "foreign_origin"
    assert cors(response) == []


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_reads_nothing_even_where_the_inside_would_let_it(origin):
    async with client(app()) as browser:
        response = await browser.get("/image", headers={"origin": origin})
    assert response.status_code == 200
    assert cors(response) == []


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_preflight_of_a_foreign_page_is_refused(origin):
    async with client(app()) as browser:
        headers = {"origin": origin, "access-control-request-method": "POST"}
        response = await browser.options("/", headers=headers)
    assert response.status_code == 403
    assert cors(response) == []


@pytest.mark.parametrize("origin", [BASE, "https://chat.example:8000"])
async def test_our_own_page_may_write_and_needs_no_cors(origin):
    async with client(app()) as browser:
        response = await browser.post("/", headers={"origin": origin})
    assert response.status_code == 200
    assert cors(response) == []


@pytest.mark.parametrize(("host", "origin"), [("chat.example", "https://chat.example:443"), ("a:80", "http://a")])
async def test_a_default_port_is_the_same_said_or_not(host, origin):
    async with client(app()) as browser:
        assert (await browser.post("/", headers={"host": host, "origin": origin})).status_code == 200


async def test_a_program_that_is_no_page_may_write():
    async with client(app()) as browser:
        assert (await browser.post("/")).status_code == 200


async def test_a_listed_page_may_write_and_read():
    async with client(app()) as browser:
        response = await browser.post("/", headers={"origin": LISTED})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == LISTED
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in response.headers["vary"]


async def test_a_listed_page_gets_its_preflight_answered():
    headers = {
        "origin": LISTED,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, x-extra",
    }
    async with client(app()) as browser:
        response = await browser.options("/", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == LISTED
    assert response.headers["access-control-allow-headers"] == "content-type, x-extra"
    assert "POST" in response.headers["access-control-allow-methods"]


async def test_a_cached_answer_for_one_origin_is_not_another_ones():
    async with client(app()) as browser:
        assert "Origin" in (await browser.get("/")).headers["vary"]


async def test_without_a_list_no_cors_header_ever_leaves():
    async with client(Origins(site())) as browser:
        response = await browser.get("/image", headers={"origin": BASE})
    assert cors(response) == []


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_opens_no_websocket(origin):
    echo = Echo()
    sent, _ = await websocket(app(echo), [(b"host", b"chat.example:8000"), (b"origin", origin.encode())])
    assert sent[0]["type"] == "websocket.close"
    assert echo.scope is None


@pytest.mark.parametrize("origin", [LISTED, BASE])
async def test_our_pages_and_the_listed_ones_open_a_websocket(origin):
    sent, _ = await websocket(app(Echo()), [(b"host", b"chat.example:8000"), (b"origin", origin.encode())])
    assert sent == [{"type": "websocket.accept"}]


def test_every_origin_at_once_cannot_be_listed():
    with pytest.raises(ValueError, match="list the origins"):
        Origins(site(), ["*"])
