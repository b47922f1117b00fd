"""The page of a chat: header, thread, composer, and the history beside them."""

import reflex as rx

from chatkit_app.components.composer import composer
from chatkit_app.components.header import header
from chatkit_app.components.history import history
from chatkit_app.components.link import Anchor
from chatkit_app.components.start_screen import start_screen
from chatkit_app.components.thread import connection, thread
from chatkit_app.state.history import HistoryState
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState


def chat() -> rx.Component:
    """The whole chat. `assets/chat.js` reads the data attributes of its root: they say what only a browser can act on."""
    return rx.el.div(
        Anchor.create(
            OptionsState.words["skip_to_composer"], class_name="ck-skip", custom_attrs={"href": "#ck-message"}
        ),
        rx.cond(OptionsState.header, header()),
        rx.cond(OptionsState.history, history()),
        rx.el.main(
            connection(),
            thread(start_screen()),
            composer(),
            class_name="ck-main",
            custom_attrs={"inert": HistoryState.shown},
        ),
        id="chatkit",
        class_name="ck",
        dir=OptionsState.direction,
        lang=OptionsState.locale,
        custom_attrs={
            "data-ready": ThreadState.ready,
            "data-thread": ThreadState.thread_id,
            "data-sent": ThreadState.sent,
            "data-answering": ThreadState.answering,
            "data-history": HistoryState.shown,
            "data-follow": OptionsState.auto_scroll,
        },
    )
