"""An answer belongs to nobody's connection."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.chat import Chat
from tests.e2e.network import Cable
from tests.harness import AppServer

LONG = "Give me a long answer"


def _has_begun(chat: Chat, words: int = 40) -> Callable[[], bool]:
    return lambda: bool(chat.answers()) and len(chat.answers()[-1].split()) >= words


def test_an_answer_streams_in_and_is_there_after_a_reload(chat: Chat) -> None:
    chat.send("Show me Markdown")
    chat.wait_for(_has_begun(chat, 10))
    assert chat.answering
    chat.wait_until_answered()
    streamed = chat.answers()[-1]
    assert "Everything Markdown" in streamed
    assert chat.reload().answers() == [streamed]
    assert chat.questions() == ["Show me Markdown"]
    assert not chat.foreign


def test_a_reload_in_mid_answer_shows_it_from_its_start_and_goes_on(chat: Chat) -> None:
    chat.send(LONG)
    chat.wait_for(_has_begun(chat))
    before = chat.answers()[-1]
    chat.reload()
    chat.wait_for(_has_begun(chat))
    assert chat.answering
    assert chat.answers()[-1].startswith(before[:150])
    chat.wait_until_answered()
    whole = chat.answers()[-1]
    assert len(chat.answers()) == 1
    assert chat.reload().answers() == [whole]


def test_a_closed_tab_does_not_end_the_answer(chat: Chat) -> None:
    chat.send("Show me Markdown")
    chat.wait_for(_has_begun(chat, 5))
    address = chat.page.url
    chat.page.close()
    later = Chat(chat.context, chat.url)
    later.page.goto(address)
    later.wait_for(lambda: bool(later.answers()) and "And what looks like HTML" in later.answers()[-1])


def test_three_seconds_without_network_lose_and_double_nothing(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    with Cable(app.port) as cable:
        chat = open_chat(cable.url)
        chat.send(LONG)
        chat.wait_for(_has_begun(chat))
        cable.cut()
        chat.by_test_id("offline").wait_for()
        chat.page.wait_for_timeout(3000)
        cable.mend()
        chat.by_test_id("offline").wait_for(state="detached")
        chat.wait_until_answered()
        seen = chat.answers()
        assert len(seen) == 1
        assert chat.reload().answers() == seen
        chat.faults.clear()  # the browser rightly complained about the cut


def test_what_is_sent_while_the_network_is_down_arrives_when_it_is_back(
    app: AppServer, open_chat: Callable[..., Chat]
) -> None:
    with Cable(app.port) as cable:
        chat = open_chat(cable.url)
        cable.cut()
        chat.by_test_id("offline").wait_for()
        chat.type("What can you do?")
        chat.page.press("#ck-message", "Enter")
        cable.mend()
        chat.wait_for(lambda: chat.questions() == ["What can you do?"])
        chat.wait_for(_has_begun(chat))
        chat.faults.clear()  # the browser rightly complained about the cut


def test_a_second_tab_joins_the_answer_and_may_stop_it(chat: Chat) -> None:
    chat.send(LONG)
    chat.wait_for(_has_begun(chat))
    other = chat.another_tab()
    other.wait_for(_has_begun(other))
    assert other.answering
    other.stop()
    chat.wait_until_answered()
    other.wait_until_answered()
    kept = chat.answers()[-1]
    assert kept == other.answers()[-1]
    assert len(kept.split()) < 1200
    assert chat.reload().answers() == [kept]


def test_a_new_chat_leaves_the_answer_running_in_its_own_thread(chat: Chat) -> None:
    chat.send(LONG)
    chat.wait_for(_has_begun(chat))
    thread = chat.thread_id
    chat.page.click("#ck-new-chat")
    chat.by_test_id("start-screen").wait_for()
    assert chat.thread_id == ""
    chat.page.go_back()
    chat.wait_for(_has_begun(chat))
    assert chat.thread_id == thread
    assert chat.answering


def test_a_message_is_stored_before_it_is_answered(
    server: Callable[..., AppServer], open_chat: Callable[..., Chat]
) -> None:
    running = server()
    chat = open_chat(running.url)
    chat.send(LONG)
    chat.wait_for(_has_begun(chat))
    running.kill()
    running.start()
    chat.page.goto(chat.page.url)
    chat.wait_for_text("Give me a long answer")
    chat.by_test_id("retry-problem").wait_for()
    chat.by_test_id("retry-problem").click()
    chat.wait_for(_has_begun(chat))
    assert chat.questions() == [LONG]
    chat.faults.clear()  # the browser rightly complained about the dead server


def test_a_tab_the_server_forgot_still_sends_to_its_own_thread(
    server: Callable[..., AppServer], open_chat: Callable[..., Chat]
) -> None:
    chat = open_chat(server(REFLEX_REDIS_TOKEN_EXPIRATION="1", CHATKIT_OFFLINE_PACE="0").url)
    chat.ask("What can you do?")
    thread = chat.thread_id
    chat.page.wait_for_timeout(2500)  # the state of an idle tab expires; its connection stays
    chat.ask("Show an error")
    assert chat.thread_id == thread
    assert chat.questions() == ["What can you do?", "Show an error"]
