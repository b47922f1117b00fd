"""The credential of an anonymous user, and the file of the secret that signs it."""

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.identity import COOKIE_MAX_AGE, COOKIE_NAME, Identity, RequestContext, load_or_create_secret

SECRET = "0123456789abcdef0123456789abcdef"


def identity() -> Identity:
    return Identity(SECRET)


def test_a_minted_credential_names_the_user_it_was_minted_for():
    token = identity().mint()
    user = identity().verify(token)
    assert user is not None
    assert user == identity().verify(token)


def test_every_minted_user_is_new_and_unguessable():
    users = {identity().verify(identity().mint()) for _ in range(50)}
    assert len(users) == 50
    assert all(len(bytes.fromhex(str(user).removeprefix("user_"))) >= 16 for user in users)


def test_a_credential_signed_with_another_secret_is_nobody():
    stranger = Identity("another-secret-another-secret-another").mint()
    assert identity().verify(stranger) is None


def test_a_credential_signed_with_no_algorithm_is_nobody():
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    forged = f"{part({'alg': 'none'})}.{part({'sub': 'user_1', 'aud': 'chatkit-session', 'iat': 1})}."
    assert identity().verify(forged) is None


def test_a_token_of_ours_for_another_purpose_is_nobody():
    other = jwt.encode({"sub": "user_1", "aud": "upload", "iat": 1}, SECRET, algorithm="HS256")
    assert identity().verify(other) is None


@pytest.mark.parametrize("subject", ["", None])
def test_a_credential_without_a_user_is_nobody(subject):
    token = jwt.encode({"sub": subject, "aud": "chatkit-session", "iat": 1}, SECRET, algorithm="HS256")
    assert identity().verify(token) is None


@given(st.text())
def test_no_text_makes_verifying_fail(text):
    assert identity().verify(text) is None


@given(st.text())
def test_no_cookie_header_makes_reading_fail(header):
    assert identity().from_cookie_header(header) is None


def test_a_changed_character_spoils_the_credential():
    head, body, signature = identity().mint().split(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert identity().verify(f"{head}.{body}.{changed}") is None


def test_the_user_is_read_from_among_other_cookies():
    token = identity().mint()
    header = f"theme=dark; {COOKIE_NAME}={token}; lang=en"
    assert identity().from_cookie_header(header) == identity().verify(token)


def test_a_quoted_cookie_is_read_too():
    token = identity().mint()
    assert identity().from_cookie_header(f'{COOKIE_NAME}="{token}"') == identity().verify(token)


def test_a_planted_cookie_of_our_name_does_not_hide_the_real_one():
    token = identity().mint()
    header = f"{COOKIE_NAME}=planted; {COOKIE_NAME}={token}"
    assert identity().from_cookie_header(header) == identity().verify(token)


@pytest.mark.parametrize("header", [None, "", "theme=dark", f"{COOKIE_NAME}=", "x_" + COOKIE_NAME + "=1"])
def test_a_request_without_our_cookie_is_nobody(header):
    assert identity().from_cookie_header(header) is None


def test_an_old_credential_is_renewed_for_the_same_user():
    claims = {"sub": "user_1", "aud": "chatkit-session", "iat": 1_600_000_000}
    old = jwt.encode(claims, SECRET, algorithm="HS256")
    fresh = identity().renewed(f"{COOKIE_NAME}={old}")
    assert identity().verify(str(fresh)) == identity().verify(old) == "user_1"
    assert identity().renewed(f"{COOKIE_NAME}={fresh}") is None


@pytest.mark.parametrize("header", [None, f"{COOKIE_NAME}=planted"])
def test_nobody_is_renewed(header):
    assert identity().renewed(header) is None


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Identity("short")


def test_the_cookie_lives_a_year():
    assert COOKIE_MAX_AGE == 31_536_000


def test_a_context_cannot_be_changed_into_another_user():
    context = RequestContext("user_1")
    with pytest.raises(AttributeError):
        context.user_id = "user_2"  # type: ignore[misc]


def test_the_secret_file_is_made_once_and_only_we_can_read_it(tmp_path):
    file = tmp_path / "data" / "session.key"
    secret = load_or_create_secret(file)
    assert load_or_create_secret(file) == secret
    assert len(secret) >= 43
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["session.key"]


def test_processes_that_start_together_share_one_secret(tmp_path):
    file = tmp_path / "session.key"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(load_or_create_secret, [file] * 32))
    assert len(secrets) == 1


def test_a_damaged_secret_file_is_named(tmp_path):
    file = tmp_path / "session.key"
    file.write_text("")
    with pytest.raises(ValueError, match=r"session\.key"):
        load_or_create_secret(file)
