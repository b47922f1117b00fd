"""What a page shows of its options, and that it can be another set at any moment."""

import pytest

from chatkit_app.i18n import words
from chatkit_app.options import Options
from chatkit_app.state.options import OptionsState, view_of
from chatkit_app.state.thread import ThreadState
from tests.state.tab import open_site
from tests.state.talker import Talker


def test_every_option_that_is_shown_is_a_var_of_the_state():
    assert set(view_of(Options(), words("en"))) <= set(OptionsState.vars)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_options_leave_open_is_said_in_the_words_of_the_language(language):
    said = words(language)
    view = view_of(Options(), said)
    assert (view["greeting"], view["placeholder"]) == (said["greeting"], said["placeholder"])


async def test_a_tab_begins_with_the_server_s_options():
    options = Options.model_validate({"startScreen": {"greeting": "Welcome"}, "history": {"enabled": False}})
    async with open_site(Talker(), options) as site:
        tab = await site.tab()
        assert (tab.options.greeting, tab.options.history) == ("Welcome", False)


async def test_taking_options_in_the_middle_of_an_answer_leaves_it_alone():
    server = Talker()
    async with open_site(server) as site:
        tab = await site.tab()
        sending = await tab.begin(ThreadState.send({"message": "Hi"}))
        server.go_on(1)
        await tab.until(lambda: tab.growing)
        tab.router_data = {**tab.router_data, "headers": {**tab.router_data["headers"], "accept-language": "de"}}
        await tab.do(OptionsState.use)
        assert (tab.options.locale, tab.growing) == ("de", "Hello ")
        server.go_on()
        await sending.wait_all()
        assert tab.texts == ["Hi", "Hello there"]


async def test_taking_the_same_options_again_sends_nothing():
    async with open_site(Talker()) as site:
        tab = await site.tab()
        await tab.do(OptionsState.use)
        before = len(site.sent)
        await tab.do(OptionsState.use)
        assert site.sent[before:] == []
