"""What this chat looks like and offers, and the words it says, as the page knows them now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from chatkit_app.i18n import direction, words
from chatkit_app.options import Options
from chatkit_app.state import session


def _default(name: str) -> Callable[[], Any]:
    # Read when a tab's state is made, not when this module is imported: the composition root wires the options in between.
    return lambda: view_of(session.options(), words("en"))[name]


class OptionsState(rx.State):
    """The options and words of one tab. The server's own options until a page says otherwise."""

    words: dict[str, str] = words("en")
    direction: str = "ltr"
    locale: str = "en"
    image_hosts: rx.Field[list[str]] = rx.field(default_factory=session.image_hosts)
    greeting: rx.Field[str] = rx.field(default_factory=_default("greeting"))
    prompts: rx.Field[list[dict[str, str]]] = rx.field(default_factory=_default("prompts"))
    header: rx.Field[bool] = rx.field(default_factory=_default("header"))
    title_shown: rx.Field[bool] = rx.field(default_factory=_default("title_shown"))
    fixed_title: rx.Field[str] = rx.field(default_factory=_default("fixed_title"))
    history: rx.Field[bool] = rx.field(default_factory=_default("history"))
    show_rename: rx.Field[bool] = rx.field(default_factory=_default("show_rename"))
    show_delete: rx.Field[bool] = rx.field(default_factory=_default("show_delete"))
    placeholder: rx.Field[str] = rx.field(default_factory=_default("placeholder"))
    feedback: rx.Field[bool] = rx.field(default_factory=_default("feedback"))
    retry: rx.Field[bool] = rx.field(default_factory=_default("retry"))
    disclaimer: rx.Field[str] = rx.field(default_factory=_default("disclaimer"))
    auto_scroll: rx.Field[bool] = rx.field(default_factory=_default("auto_scroll"))

    @rx.event
    def use(self) -> None:
        """Take the server's options in the language the browser asks for."""
        self._apply(session.options(), session.locale_of(self))

    def _apply(self, options: Options, locale: str) -> None:
        if locale != self.locale:
            self.locale, self.words, self.direction = locale, words(locale), direction(locale)
        session.assign(self, **view_of(options, self.words))


def view_of(options: Options, said: dict[str, str]) -> dict[str, Any]:
    """The vars of `OptionsState` for a set of options, in the words of a language."""
    screen, header, composer = options.start_screen, options.header, options.composer
    return {
        "greeting": screen.greeting or said["greeting"],
        "prompts": [{"label": prompt.label, "icon": prompt.icon or ""} for prompt in screen.prompts],
        "header": header.enabled,
        "title_shown": header.title.enabled,
        "fixed_title": header.title.text or "",
        "history": options.history.enabled,
        "show_rename": options.history.show_rename,
        "show_delete": options.history.show_delete,
        "placeholder": composer.placeholder or said["placeholder"],
        "feedback": options.thread_item_actions.feedback,
        "retry": options.thread_item_actions.retry,
        "disclaimer": options.disclaimer.text if options.disclaimer else "",
        "auto_scroll": options.thread.auto_scroll,
    }
