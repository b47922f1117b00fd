"""Who a tab is, and which language it speaks."""

import pytest

from chatkit_app.options import Options
from chatkit_app.state import session
from chatkit_app.state.options import OptionsState
from tests.state.tab import open_site
from tests.state.talker import Talker


@pytest.fixture
async def site():
    async with open_site(Talker()) as site:
        yield site


async def test_a_tab_is_the_user_of_its_signed_cookie(site):
    tab = await site.tab(user="ann")
    assert session.context_of(tab.thread).user_id == "ann"


@pytest.mark.parametrize("cookie", ["", "chatkit_session=forged", "other=1"])
async def test_a_tab_without_a_signed_cookie_is_a_user_of_its_own(site, cookie):
    ids = set()
    for name in ("one", "two"):
        tab = await site.tab(name)
        tab.router_data = {**tab.router_data, "headers": {"cookie": cookie}}
        await tab.do(OptionsState.use)
        ids.add(session.context_of(tab.thread).user_id)
    assert ids == {"tab_one", "tab_two"}


@pytest.mark.parametrize(
    ("asked", "spoken"), [("de-AT,de;q=0.9,en;q=0.5", "de"), ("en-GB", "en"), ("tlh", "en"), ("", "en")]
)
async def test_a_tab_speaks_the_best_language_its_browser_asks_for(site, asked, spoken):
    tab = await site.tab()
    tab.router_data = {**tab.router_data, "headers": {**tab.router_data["headers"], "accept-language": asked}}
    await tab.do(OptionsState.use)
    assert (tab.options.locale, session.context_of(tab.thread).locale) == (spoken, spoken)


async def test_the_options_language_comes_before_the_browser_s():
    async with open_site(Talker(), Options(locale="de")) as site:
        tab = await site.tab()
        await tab.do(OptionsState.use)
        assert tab.options.locale == "de"


def test_a_page_that_nobody_wired_says_what_is_missing():
    with pytest.raises(RuntimeError, match=r"session\.wire"):
        session.client()
