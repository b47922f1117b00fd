"""Every browser is a user, from its first request."""

import jwt
import pytest

from chatkit_app.api.session_cookie import SessionCookie
from chatkit_app.identity import COOKIE_NAME
from tests.api.asking import IDENTITY, SECRET, Echo, client, site, websocket


def app():
    return SessionCookie(site(), IDENTITY)


async def test_the_first_request_already_has_the_user_its_cookie_names():
    async with client(app()) as browser:
        first = await browser.get("/")
        assert first.json()["user"] == IDENTITY.verify(browser.cookies[COOKIE_NAME])


async def test_a_browser_stays_the_same_user_and_gets_no_second_cookie():
    async with client(app()) as browser:
        first = await browser.get("/")
        second = await browser.get("/")
    assert first.json()["user"] == second.json()["user"] is not None
    assert "set-cookie" not in second.headers


async def test_two_browsers_are_two_users():
    async with client(app()) as one, client(app()) as two:
        assert (await one.get("/")).json()["user"] != (await two.get("/")).json()["user"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites():
    async with client(app()) as browser:
        attributes = (await browser.get("/")).headers["set-cookie"].split("; ")[1:]
    assert attributes == ["Path=/", "Max-Age=31536000", "HttpOnly", "SameSite=Lax"]


async def test_over_tls_the_cookie_is_secure():
    async with client(app()) as browser:
        assert (await browser.get("https://chat.example/")).headers["set-cookie"].endswith("; Secure")


async def test_a_response_that_brings_the_cookie_is_not_cached():
    async with client(app()) as browser:
        assert (await browser.get("/image")).headers["cache-control"] == "no-store"
        assert (await browser.get("/image")).headers["cache-control"] == "max-age=9"


async def test_a_forged_cookie_makes_a_new_user_and_keeps_the_other_cookies():
    async with client(app()) as browser:
        answer = await browser.get("/", headers={"cookie": f"theme=dark; {COOKIE_NAME}=forged"})
    assert answer.json()["user"] is not None
    assert "theme=dark" in answer.json()["cookie"]
    assert COOKIE_NAME in answer.headers["set-cookie"]


async def test_cookies_split_over_several_headers_are_read():
    token = IDENTITY.mint()
    async with client(app()) as browser:
        headers = [("cookie", "theme=dark"), ("cookie", f"{COOKIE_NAME}={token}")]
        assert "set-cookie" not in (await browser.get("/", headers=headers)).headers


async def test_an_old_cookie_is_renewed_for_the_same_user():
    claims = {"sub": "user_1", "aud": "chatkit-session", "iat": 1_600_000_000}
    old = jwt.encode(claims, SECRET, algorithm="HS256")
    async with client(app()) as browser:
        answer = await browser.get("/", headers={"cookie": f"{COOKIE_NAME}={old}"})
    assert answer.json()["user"] == "user_1"
    fresh = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert IDENTITY.verify(fresh) == "user_1"


@pytest.mark.parametrize("cookie", [None, b"a=1", COOKIE_NAME.encode() + b"=\xff\xfe"])
async def test_a_websocket_without_a_user_gets_one_and_opens_as_ever(cookie):
    echo = Echo()
    headers = [(b"host", b"chat.example")] + ([(b"cookie", cookie)] if cookie else [])
    sent, scope = await websocket(SessionCookie(echo, IDENTITY), headers)
    assert sent == [{"type": "websocket.accept"}]
    seen = dict(echo.scope["headers"])[b"cookie"].decode("latin-1")
    assert IDENTITY.from_cookie_header(seen) is not None
    assert scope["headers"] == headers


async def test_a_websocket_with_a_user_keeps_it():
    echo = Echo()
    token = IDENTITY.mint().encode()
    sent, _ = await websocket(SessionCookie(echo, IDENTITY), [(b"cookie", COOKIE_NAME.encode() + b"=" + token)])
    assert sent == [{"type": "websocket.accept"}]
    assert dict(echo.scope["headers"])[b"cookie"].endswith(token)
