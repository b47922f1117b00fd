"""The bar at the top: history, title, light and dark, new chat."""

import reflex as rx
from reflex.style import set_color_mode

from chatkit_app.components.button import icon_button
from chatkit_app.state.history import HistoryState
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState

_words = OptionsState.words


def header() -> rx.Component:
    """The header."""
    return rx.el.header(
        rx.cond(
            OptionsState.history,
            icon_button(
                "panel_left",
                _words["open_history"],
                on_click=HistoryState.show,
                id="ck-open-history",
                custom_attrs={"aria-expanded": HistoryState.shown, "aria-controls": "ck-history"},
            ),
        ),
        rx.el.h1(rx.cond(OptionsState.title_shown, _title(), ""), class_name="ck-title", dir="auto"),
        _theme_switch(),
        icon_button("square_pen", _words["new_chat"], on_click=ThreadState.start_over, id="ck-new-chat"),
        class_name="ck-header",
        custom_attrs={"inert": HistoryState.shown},
    )


def _title() -> rx.Component:
    named = rx.cond(ThreadState.title != "", ThreadState.title, _words["untitled_thread"])
    return rx.cond(OptionsState.fixed_title != "", OptionsState.fixed_title, named)


def _theme_switch() -> rx.Component:
    # Both buttons are in the page and CSS shows one: the server cannot know the reader's scheme, and guessing would flash.
    return rx.fragment(
        icon_button(
            "moon", _words["dark_theme"], on_click=set_color_mode("dark"), class_name="ck-icon-button ck-only-light"
        ),
        icon_button(
            "sun", _words["light_theme"], on_click=set_color_mode("light"), class_name="ck-icon-button ck-only-dark"
        ),
    )
