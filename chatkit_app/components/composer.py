"""Where the user writes.

The field keeps its own text: a round trip to the server at each key would make typing wait for the network. `assets/chat.js` makes
Enter send (and not while an input method composes) and lets the field grow where CSS cannot.
"""

import reflex as rx

from chatkit_app.components.button import icon_button
from chatkit_app.components.icon import icon
from chatkit_app.components.markdown import settled_block
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState

_words = OptionsState.words


def composer() -> rx.Component:
    """The message field with Send, which is Stop while an answer comes; a banner instead when the thread is closed."""
    return rx.el.footer(
        rx.cond(ThreadState.locked == "closed", _closed(), _form()),
        rx.cond(
            OptionsState.disclaimer != "",
            rx.el.div(settled_block(text=OptionsState.disclaimer), class_name="ck-disclaimer ck-md", dir="auto"),
        ),
        class_name="ck-composer-area",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.label(_words["message_label"], html_for="ck-message", class_name="ck-sr"),
        rx.el.textarea(
            id="ck-message",
            name="message",
            placeholder=rx.cond(ThreadState.locked != "", _lock_reason(), OptionsState.placeholder),
            disabled=ThreadState.locked != "",
            rows="1",
            dir="auto",
            class_name="ck-message",
            custom_attrs={"aria-describedby": "ck-hint", "data-testid": "composer", "enterKeyHint": "enter"},
        ),
        rx.el.span(_words["composer_hint"], id="ck-hint", class_name="ck-sr"),
        rx.cond(ThreadState.answering, _stop(), _send()),
        on_submit=ThreadState.send,
        class_name="ck-composer",
        id="ck-composer",
    )


def _send() -> rx.Component:
    return rx.el.button(
        icon("arrow_up"),
        type="submit",
        disabled=ThreadState.locked != "",
        class_name="ck-send",
        key="send",
        custom_attrs={"aria-label": _words["send"], "title": _words["send"], "data-testid": "send"},
    )


def _stop() -> rx.Component:
    return icon_button(
        "square",
        rx.cond(ThreadState.stopping, _words["stopping"], _words["stop"]),
        on_click=ThreadState.stop,
        disabled=~ThreadState.can_stop | ThreadState.stopping,
        class_name="ck-send ck-stop",
        key="stop",
        custom_attrs={"data-testid": "stop"},
    )


def _lock_reason() -> rx.Var[str]:
    return rx.cond(ThreadState.lock_reason != "", ThreadState.lock_reason, _words["thread_locked"])


def _closed() -> rx.Component:
    reason = rx.cond(ThreadState.lock_reason != "", ThreadState.lock_reason, _words["thread_closed"])
    return rx.el.div(reason, class_name="ck-closed", role="status", dir="auto")
