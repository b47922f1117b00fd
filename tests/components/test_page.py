"""The page holds nothing that is not for everybody who loads it."""

import pytest
import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from reflex_base.utils import format

from chatkit_app.components.layout import chat
from chatkit_app.state.thread import ThreadState
from tests.state.tab import open_site
from tests.state.talker import Talker


@pytest.fixture
async def site():
    server = Talker()
    server.go_on()
    async with open_site(server) as site:
        yield site


async def test_what_a_tab_is_sent_holds_no_credential(site):
    tab = await site.tab()
    await tab.do(ThreadState.send({"message": "Hi"}))
    async with site.manager.modify_state(BaseStateToken(ident=tab.name, cls=rx.State)) as root:
        everything = format.json_dumps([root.dict(), [delta for _, delta in site.sent]])
    credential = tab.router_data["headers"]["cookie"].partition("=")[2]
    assert "Hello there" in everything
    assert credential not in everything
    assert site.identity._secret not in everything


async def test_what_one_user_is_sent_holds_nothing_of_another(site):
    ann, bob = await site.tab("ann", user="ann"), await site.tab("bob", user="bob")
    await ann.do(ThreadState.send({"message": "for Ann's eyes"}))
    await bob.do(ThreadState.open(ann.thread.thread_id))
    sent_to_bob = format.json_dumps([delta for token, delta in site.sent if token == "bob"])
    assert bob.options.words["thread_not_found"] in sent_to_bob
    assert "Ann's eyes" not in sent_to_bob
    assert "Hello there" not in sent_to_bob


def test_the_page_can_be_made_before_anything_is_wired():
    page = str(chat())
    assert "ck-composer" in page
    assert "ck-history" in page
