"""What a browser is told to allow."""

import pytest

from chatkit_app.api.security_headers import SecurityHeaders, content_security_policy
from tests.api.asking import Echo, client, site, websocket


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


async def policy(path: str = "/", **options) -> dict[str, list[str]]:
    async with client(SecurityHeaders(site(), **options)) as browser:
        return directives((await browser.get(path)).headers["content-security-policy"])


async def test_images_come_from_us_and_from_the_listed_hosts_alone():
    assert (await policy())["img-src"] == ["'self'", "data:", "blob:"]
    listed = await policy(image_hosts=["images.example.com"])
    assert listed["img-src"] == ["'self'", "data:", "blob:", "images.example.com"]


async def test_nothing_else_comes_from_elsewhere():
    sources = {source for values in (await policy()).values() for source in values}
    own = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:", "ws://chat.example:8000", "wss://chat.example:8000"}
    assert sources <= own


async def test_scripts_of_others_objects_foreign_forms_and_bases_are_out():
    found = await policy()
    assert (found["object-src"], found["base-uri"], found["form-action"]) == (["'none'"], ["'none'"], ["'self'"])
    assert "'unsafe-eval'" not in found["script-src"]


async def test_the_sources_of_scripts_and_the_frames_around_us_are_the_operators():
    found = await policy(script_sources=["'self'", "'sha256-x'"], frame_ancestors=["https://www.example.com"])
    assert found["script-src"] == ["'self'", "'sha256-x'"]
    assert found["frame-ancestors"] == ["https://www.example.com"]
    assert (await policy())["frame-ancestors"] == ["'self'"]


@pytest.mark.parametrize("host", [None, "", "a; script-src *", "a b", "a\r\nx: y", "*"])
def test_what_is_no_host_does_not_enter_the_policy(host):
    assert directives(content_security_policy(host))["connect-src"] == ["'self'"]


@pytest.mark.parametrize("host", ["chat.example", "localhost:8000", "[::1]:8000", "127.0.0.1"])
def test_the_websocket_to_our_own_host_is_allowed(host):
    assert directives(content_security_policy(host))["connect-src"] == ["'self'", f"ws://{host}", f"wss://{host}"]


@pytest.mark.parametrize("path", ["/", "/missing"])
async def test_every_response_has_the_headers_errors_too(path):
    async with client(SecurityHeaders(site())) as browser:
        headers = (await browser.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "content-security-policy" in headers


async def test_a_response_with_a_stricter_policy_keeps_it():
    async with client(SecurityHeaders(site())) as browser:
        assert (await browser.get("/image")).headers["content-security-policy"] == "sandbox"


async def test_a_websocket_passes():
    sent, _ = await websocket(SecurityHeaders(Echo()), [])
    assert sent == [{"type": "websocket.accept"}]
