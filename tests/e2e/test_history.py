"""The list of threads: open, rename, delete, page, and what it says when there is nothing or something is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    InferenceOptions,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTextContent,
)
from chatkit_app.identity import Identity, RequestContext, load_or_create_secret
from chatkit_app.stores import open_store
from tests.e2e.chat import Chat
from tests.harness import AppServer, until


@pytest.fixture
def history(chat: Chat) -> Chat:
    """A user with one thread, in front of the open panel."""
    chat.ask("What can you do?")
    return show(chat)


def show(chat: Chat) -> Chat:
    """Open the panel."""
    chat.page.click("#ck-open-history")
    chat.page.locator("#ck-history").wait_for()
    return chat


def titles(chat: Chat) -> list[str]:
    """The threads in the panel, top to bottom."""
    return chat.page.locator(".ck-thread-title").all_inner_texts()


def test_the_newest_thread_is_first_and_opens_by_a_click(history: Chat) -> None:
    history.page.click("#ck-close-history")
    first = history.answers()
    history.page.click("#ck-new-chat")
    history.by_test_id("start-screen").wait_for()
    history.ask("Show an error")
    show(history)
    history.wait_for(lambda: titles(history) == ["Show an error", "What can you do?"])
    history.page.click("text=What can you do? >> visible=true")
    history.wait_for(lambda: history.answers() == first)
    assert history.page.locator("#ck-history").count() == 0
    assert history.page.locator("h1").inner_text() == "What can you do?"


def test_a_thread_is_renamed_in_its_row(history: Chat) -> None:
    history.page.locator(".ck-thread-line").hover()
    history.page.get_by_role("button", name="Rename").click()
    field = history.page.locator("#ck-history input[name=title]")
    field.fill("  The tour,   taken  ")
    field.press("Enter")
    history.wait_for(lambda: titles(history) == ["The tour, taken"])
    history.wait_for(lambda: history.page.locator("h1").inner_text() == "The tour, taken")
    history.reload()
    assert titles(history) == ["The tour, taken"]  # the panel is still open, as it was before


def test_escape_leaves_the_name_as_it_was(history: Chat) -> None:
    history.page.locator(".ck-thread-line").hover()
    history.page.get_by_role("button", name="Rename").click()
    history.page.locator("#ck-history input[name=title]").fill("Never mind")
    history.page.keyboard.press("Escape")
    history.wait_for(lambda: titles(history) == ["What can you do?"])
    until(
        history.page, "document.activeElement.closest('#ck-history') !== null"
    )  # the focus is not lost with the field


def test_deleting_asks_first_and_leads_to_a_new_chat(history: Chat) -> None:
    history.page.locator(".ck-thread-line").hover()
    history.page.get_by_role("button", name="Delete").click()
    history.page.get_by_role("button", name="Cancel").click()
    history.wait_for(lambda: titles(history) == ["What can you do?"])
    history.page.locator(".ck-thread-line").hover()
    history.page.get_by_role("button", name="Delete").click()
    history.page.locator("[role=alertdialog] .ck-danger").click()
    history.wait_for_text("No chats yet")
    history.page.keyboard.press("Escape")
    history.by_test_id("start-screen").wait_for()
    assert history.thread_id == ""


def test_a_deleted_thread_cannot_be_opened_any_more(history: Chat) -> None:
    address = history.page.url
    history.page.locator(".ck-thread-line").hover()
    history.page.get_by_role("button", name="Delete").click()
    history.page.locator("[role=alertdialog] .ck-danger").click()
    history.wait_for_text("No chats yet")
    history.page.goto(address)
    history.wait_for_text("does not exist")


def test_many_threads_come_page_by_page(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    chat = open_chat(app.url)
    seed(app, chat, threads=75)
    show(chat)
    chat.wait_for(lambda: len(titles(chat)) >= 30)
    for _ in range(3):
        chat.page.evaluate("document.getElementById('ck-history').scrollTop = 1e6")
        chat.page.wait_for_timeout(150)
    chat.wait_for(lambda: len(titles(chat)) == 75)
    assert titles(chat) == [f"Thread {number}" for number in reversed(range(75))]


def test_a_long_thread_opens_at_its_end_and_older_messages_come_above(
    app: AppServer, open_chat: Callable[..., Chat]
) -> None:
    chat = open_chat(app.url)
    seed(app, chat, threads=1, messages=200)
    show(chat)
    chat.page.click(".ck-thread-title")
    chat.wait_for(lambda: chat.answers()[-1:] == ["Answer 199"])
    until(
        chat.page,
        "(() => { const s = document.getElementById('ck-scroll'); return s.scrollHeight - s.scrollTop - s.clientHeight < 40 })()",
    )
    assert len(chat.answers()) < 30
    for _ in range(12):
        chat.page.hover("#ck-scroll")
        chat.page.mouse.wheel(0, -100_000)
        chat.page.wait_for_timeout(120)
    chat.wait_for(lambda: chat.questions()[:1] == ["Question 0"])
    assert chat.questions() == [f"Question {number}" for number in range(0, 200, 2)]


def test_a_history_that_cannot_be_loaded_says_so_and_tries_again(
    server: Callable[..., AppServer], open_chat: Callable[..., Chat]
) -> None:
    running = server(CHATKIT_ASSISTANT="tests.e2e.assistants:forgetful")
    chat = open_chat(running.url)
    chat.page.click("#ck-open-history")
    chat.wait_for_text("could not be loaded")
    chat.page.locator("#ck-history").get_by_role("button", name="Try again").click()
    chat.wait_for_text("No chats yet")


def seed(app: AppServer, chat: Chat, threads: int, messages: int = 0) -> None:
    """Give the chat's user so many threads with so many messages."""
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in chat.context.cookies())
    user = Identity(load_or_create_secret(app.data_dir / "secret")).from_cookie_header(cookies)
    assert user is not None
    with ThreadPoolExecutor() as apart:  # Playwright keeps a loop of its own running in this thread
        apart.submit(asyncio.run, _seed(app, RequestContext(user), threads, messages)).result()


async def _seed(app: AppServer, context: RequestContext, threads: int, messages: int) -> None:
    store, began = (
        open_store(f"sqlite+aiosqlite:///{app.data_dir / 'chatkit.db'}"),
        datetime.now(UTC) - timedelta(days=9),
    )
    for number in range(threads):
        created = began + timedelta(minutes=number)
        thread = ThreadMetadata(id=store.generate_thread_id(context), title=f"Thread {number}", created_at=created)
        await store.save_thread(thread, context)
        for place in range(messages):
            common = {
                "id": f"msg_{number}_{place}",
                "thread_id": thread.id,
                "created_at": created + timedelta(seconds=place),
            }
            said = UserMessageItem(
                **common,
                content=[UserMessageTextContent(text=f"Question {place}")],
                inference_options=InferenceOptions(),
            )
            answered = AssistantMessageItem(**common, content=[AssistantMessageContent(text=f"Answer {place}")])
            await store.add_thread_item(thread.id, answered if place % 2 else said, context)
    await store.aclose()  # type: ignore[attr-defined]
