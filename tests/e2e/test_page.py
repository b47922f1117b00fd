"""What a user can do on the page, and what the page never does."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from playwright.sync_api import Browser

from tests.e2e.chat import Chat
from tests.harness import AppServer, until


def test_a_prompt_of_the_start_screen_is_sent_by_a_click(chat: Chat) -> None:
    chat.page.get_by_role("button", name="Take the tour").click()
    chat.wait_until_answered()
    chat.wait_for(lambda: bool(chat.answers()))
    assert chat.questions() == ["What can you do?"]
    assert chat.page.locator("h1").inner_text() == "What can you do?"


def test_enter_sends_shift_enter_breaks_and_a_composing_enter_does_neither(chat: Chat) -> None:
    field = chat.page.locator("#ck-message")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    composing = (
        "() => document.getElementById('ck-message').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, isComposing: true, cancelable: true}))"
    )
    assert chat.page.evaluate(composing)  # nobody took the key away from the input method
    assert not chat.questions()
    field.press("Enter")
    chat.wait_for(lambda: chat.questions() == ["one\ntwo"])
    assert field.input_value() == ""


def test_an_empty_message_is_not_sent(chat: Chat) -> None:
    chat.type("   ")
    chat.page.press("#ck-message", "Enter")
    chat.page.click("[data-testid=send]")
    chat.ask("What can you do?")
    assert chat.questions() == ["What can you do?"]


def test_what_a_user_writes_stays_text(chat: Chat) -> None:
    text = "<img src=x onerror=alert(1)> **not bold** [x](javascript:alert(1))"
    chat.send(text)
    assert chat.questions() == [text]
    assert chat.page.locator(".ck-user img, .ck-user a, .ck-user strong").count() == 0
    chat.wait_until_answered()


def test_markdown_is_drawn_and_html_is_not(chat: Chat) -> None:
    chat.ask("Show me Markdown")
    answer = chat.page.locator(".ck-assistant .ck-md")
    for selector in (
        "table",
        "pre code .hljs-keyword",
        ".katex-display",
        ".katex",
        "blockquote",
        "ol",
        "ul ul",
        "input[type=checkbox]",
        "del",
    ):
        assert answer.locator(selector).count() > 0, selector
    assert "<b>not bold</b>" in chat.answers()[-1]
    assert answer.locator("b, script, iframe, form, style").count() == 0
    for link in answer.locator("a").all():
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in (link.get_attribute("rel") or "")
        assert (link.get_attribute("href") or "").startswith(("https://", "http://", "mailto:"))


def test_a_picture_from_another_host_is_not_fetched_but_named(chat: Chat) -> None:
    chat.ask("Show me Markdown")
    placeholder = chat.by_test_id("blocked-image")
    assert "Image from images.example.com" in placeholder.inner_text()
    assert (placeholder.get_attribute("href") or "").startswith("https://images.example.com/")
    assert chat.page.locator(".ck-assistant img").count() == 0
    assert not chat.foreign


def test_a_listed_host_may_show_its_pictures(server: Callable[..., AppServer], open_chat: Callable[..., Chat]) -> None:
    running = server(CHATKIT_IMAGE_HOSTS="images.example.com", CHATKIT_OFFLINE_PACE="0")
    policy = httpx.get(running.url).headers["content-security-policy"]
    assert "img-src 'self' data: blob: images.example.com;" in policy
    chat = open_chat(running.url)
    chat.context.route(
        "https://images.example.com/**",
        lambda route: route.fulfill(
            status=200,
            content_type="image/svg+xml",
            body="<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        ),
    )
    chat.ask("Show me Markdown")
    until(chat.page, "[...document.querySelectorAll('.ck-assistant img')].some((i) => i.naturalWidth === 9)")
    assert chat.by_test_id("blocked-image").count() == 0


def test_stop_keeps_what_was_said(chat: Chat) -> None:
    chat.send("Give me a long answer")
    chat.wait_for(lambda: bool(chat.answers()) and len(chat.answers()[-1].split()) > 30)
    chat.stop()
    chat.wait_until_answered()
    kept = chat.answers()[-1]
    assert 30 < len(kept.split()) < 1000
    assert chat.reload().answers() == [kept]


def test_retry_answers_the_same_message_again(chat: Chat) -> None:
    chat.ask("What can you do?")
    chat.ask("Use a tool: what time is it in Tokyo?")
    first = chat.page.locator("[data-kind=assistant]").last.get_attribute("data-id")
    chat.by_test_id("retry").last.click()
    chat.wait_for(lambda: chat.page.locator("[data-kind=assistant]").last.get_attribute("data-id") != first)
    chat.wait_until_answered()
    assert chat.questions() == ["What can you do?", "Use a tool: what time is it in Tokyo?"]
    assert len(chat.answers()) == 2
    assert "Tokyo" in chat.answers()[-1]


def test_an_earlier_answer_can_be_redone_and_what_followed_goes(chat: Chat) -> None:
    chat.ask("What can you do?")
    chat.ask("Show an error")
    chat.by_test_id("retry").first.click()
    chat.wait_for(lambda: chat.questions() == ["What can you do?"])
    chat.wait_until_answered()
    shown = chat.answers()
    assert chat.reload().answers() == shown


def test_an_error_is_shown_and_retried(chat: Chat) -> None:
    chat.send("Show me an error")
    chat.by_test_id("problem").wait_for()
    chat.wait_until_answered()
    chat.by_test_id("retry-problem").click()
    chat.by_test_id("problem").wait_for(state="detached")
    chat.wait_until_answered()
    assert chat.by_test_id("problem").count() == 0
    assert chat.questions() == ["Show me an error"]


def test_reasoning_is_open_while_it_comes_and_folded_after(chat: Chat) -> None:
    chat.send("Think about how to plan a small garden")
    block = chat.by_test_id("workflow")
    block.wait_for()
    assert block.get_attribute("open") is not None
    chat.wait_until_answered()
    assert block.get_attribute("open") is None
    assert "Thought" in block.inner_text()
    block.locator("summary").click()
    until(chat.page, "document.querySelector('[data-testid=workflow]').innerText.split(' ').length > 20")


def test_the_call_of_a_tool_is_shown_as_a_step(chat: Chat) -> None:
    chat.ask("Use a tool: what time is it in Tokyo?")
    assert chat.by_test_id("workflow").count() == 1
    assert "Tokyo" in chat.answers()[-1]


def test_a_thinking_sign_comes_before_the_first_token(
    server: Callable[..., AppServer], open_chat: Callable[..., Chat]
) -> None:
    chat = open_chat(server(CHATKIT_OFFLINE_PACE="0.5").url)
    chat.page.evaluate(
        "() => { window.waited = false; new MutationObserver(() => { waited ||= Boolean(document.querySelector('[data-testid=waiting]')) })"
        ".observe(document.body, {childList: true, subtree: true}); }"
    )
    chat.send("What can you do?")
    chat.wait_for(lambda: bool(chat.answers()) and bool(chat.answers()[-1]))
    assert chat.page.evaluate("window.waited")
    assert chat.by_test_id("waiting").count() == 0


def test_copy_takes_the_markdown_of_the_whole_answer(chat: Chat) -> None:
    chat.ask("What can you do?")
    chat.page.locator("[data-copy=turn]").click()
    until(chat.page, "document.querySelector('[data-copy=turn]').innerText.includes('Copied')")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "You are talking to the **offline assistant**" in copied
    assert "\n\n1. **Markdown**" in copied


def test_code_is_copied_without_its_fences(chat: Chat) -> None:
    chat.ask("Show me Markdown")
    shown = chat.page.locator(".ck-code pre").first.text_content() or ""
    chat.page.locator("[data-copy=code]").first.click()
    until(chat.page, "document.querySelector('[data-copy=code]').innerText.includes('Copied')")
    assert chat.page.evaluate("navigator.clipboard.readText()") == shown.rstrip("\n")


def test_thumbs_stay_pressed(chat: Chat) -> None:
    chat.ask("What can you do?")
    up, down = chat.by_test_id("rate-positive"), chat.by_test_id("rate-negative")
    up.click()
    until(chat.page, "document.querySelector('[data-testid=rate-positive]').ariaPressed === 'true'")
    down.click()
    until(chat.page, "document.querySelector('[data-testid=rate-negative]').ariaPressed === 'true'")
    assert up.get_attribute("aria-pressed") == "false"


def test_two_browsers_never_see_each_others_threads(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    mine, theirs = open_chat(app.url), open_chat(app.url)
    mine.ask("What can you do?")
    theirs.page.goto(mine.page.url)
    theirs.wait_for_text("does not exist")
    assert not theirs.answers()
    theirs.page.click("#ck-open-history")
    theirs.wait_for_text("No chats yet")
    cookie = next(c for c in mine.context.cookies() if c["name"] == "chatkit_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_dark_is_dark_from_the_first_paint(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    chat = open_chat(app.url, color_scheme="dark")
    assert chat.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 25, 24)"
    chat.page.get_by_role("button", name="Light").click()
    until(chat.page, "getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'")
    chat.page.add_init_script(
        "window.painted = []; new MutationObserver(() => document.body && painted.push(getComputedStyle(document.body).backgroundColor))"
        ".observe(document, {childList: true, subtree: true});"
    )
    chat.reload()
    colours = set(
        chat.page.evaluate("window.painted.slice(window.painted.findIndex((c) => c === 'rgb(255, 255, 255)'))")
    )
    assert colours == {"rgb(255, 255, 255)"}


def test_nothing_is_wider_than_a_small_phone(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    chat = open_chat(app.url, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    chat.type("Show me Markdown")
    chat.page.press("#ck-message", "Enter")  # on a touch keyboard Enter is a new line
    assert not chat.questions()
    chat.page.click("[data-testid=send]")
    chat.wait_for(lambda: bool(chat.questions()))
    chat.wait_until_answered()
    assert chat.page.evaluate("document.scrollingElement.scrollWidth") == 320
    assert chat.page.evaluate(
        "document.getElementById('ck-scroll').scrollWidth <= document.getElementById('ck-scroll').clientWidth"
    )


def test_a_chat_can_be_held_by_keyboard_alone(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    chat.page.locator("body").press("Tab")
    assert chat.page.evaluate("document.activeElement.className") == "ck-skip"
    keyboard.press("Enter")
    until(chat.page, "document.activeElement.id === 'ck-message'")
    keyboard.type("What can you do?")
    keyboard.press("Enter")
    chat.wait_for(lambda: bool(chat.questions()))
    chat.wait_until_answered()
    chat.page.focus("#ck-open-history")
    keyboard.press("Enter")
    until(chat.page, "document.activeElement.id === 'ck-close-history'")
    keyboard.press("Escape")
    until(chat.page, "document.activeElement.id === 'ck-open-history'")


def test_the_page_speaks_the_browsers_language(app: AppServer, open_chat: Callable[..., Chat]) -> None:
    chat = open_chat(app.url, locale="de-AT")
    until(chat.page, "document.getElementById('ck-open-history').title === 'Verlauf öffnen'")
    assert chat.page.locator("#chatkit").get_attribute("lang") == "de"


def test_no_policy_is_broken_and_nothing_third_party_is_asked(app: AppServer, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(
        "window.broken = []; document.addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))"
    )
    page.goto(app.url)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.broken") == []
    assert not [url for url in asked if not url.startswith((app.url, "data:"))]
    assert "reflex" not in page.inner_text("body").lower()
    context.close()


def test_a_followed_answer_ends_with_its_buttons_in_view(chat: Chat) -> None:
    chat.ask("Give me a long answer")
    until(
        chat.page,
        "(() => { const s = document.getElementById('ck-scroll').getBoundingClientRect(), b = document.querySelector('.ck-actions');"
        " return b !== null && b.getBoundingClientRect().bottom <= s.bottom })()",
    )
