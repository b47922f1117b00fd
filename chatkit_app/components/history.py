"""The panel that lists the user's threads."""

import reflex as rx

from chatkit_app.components.button import icon_button, text_button
from chatkit_app.state.history import HistoryState, ThreadRow
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState

_words = OptionsState.words


def history() -> rx.Component:
    """The history panel. Escape and the veil behind it close it; focus goes in and comes back (`assets/chat.js`)."""
    return rx.cond(
        HistoryState.shown,
        rx.fragment(
            rx.el.div(class_name="ck-veil", on_click=HistoryState.hide, custom_attrs={"aria-hidden": "true"}),
            rx.el.aside(
                rx.el.div(
                    rx.el.h2(_words["history"]),
                    icon_button("x", _words["close_history"], on_click=HistoryState.hide, id="ck-close-history"),
                    class_name="ck-history-head",
                ),
                rx.cond(HistoryState.failed != "", _failure()),
                rx.el.ul(rx.foreach(HistoryState.threads, _line), class_name="ck-threads"),
                rx.cond(
                    (HistoryState.threads.length() == 0) & ~HistoryState.loading & (HistoryState.failed == ""),
                    rx.el.p(_words["no_threads"], class_name="ck-quiet"),
                ),
                rx.cond(HistoryState.loading, rx.el.p(_words["loading"], class_name="ck-quiet", role="status")),
                rx.cond(
                    HistoryState.has_more & ~HistoryState.loading,
                    text_button(
                        _words["load_more_threads"],
                        look="ghost",
                        on_click=HistoryState.load_more,
                        custom_attrs={"data-auto-load": "true", "data-testid": "more-threads"},
                    ),
                ),
                id="ck-history",
                class_name="ck-history",
                role="dialog",
                custom_attrs={"aria-label": _words["history"], "aria-modal": "true"},
            ),
        ),
    )


def _failure() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.match(
                HistoryState.failed,
                ("rename", _words["rename_error"]),
                ("delete", _words["delete_error"]),
                _words["history_error"],
            )
        ),
        text_button(_words["retry"], on_click=HistoryState.refresh),
        class_name="ck-problem",
        role="alert",
    )


def _line(thread: rx.Var[ThreadRow]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            HistoryState.renaming == thread["id"],
            _name_form(thread),
            rx.cond(HistoryState.deleting == thread["id"], _question(), _entry(thread)),
        ),
        key=thread["id"],
        class_name="ck-thread-line",
        custom_attrs={"data-current": ThreadState.thread_id == thread["id"], "data-testid": "thread-line"},
    )


def _shown_title(thread: rx.Var[ThreadRow]) -> rx.Var[str]:
    return rx.cond(thread["title"] != "", thread["title"], _words["untitled_thread"])


def _entry(thread: rx.Var[ThreadRow]) -> rx.Component:
    title = _shown_title(thread)
    return rx.fragment(
        rx.el.button(
            title,
            type="button",
            dir="auto",
            class_name="ck-thread-title",
            on_click=HistoryState.pick(thread["id"]),
            custom_attrs={"aria-current": rx.cond(ThreadState.thread_id == thread["id"], "true", "false")},
        ),
        rx.cond(
            OptionsState.show_rename,
            icon_button("pencil", _words["rename"], on_click=HistoryState.ask_name(thread["id"])),
        ),
        rx.cond(
            OptionsState.show_delete,
            icon_button("trash_2", _words["delete"], on_click=HistoryState.ask_delete(thread["id"])),
        ),
    )


def _name_form(thread: rx.Var[ThreadRow]) -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="title",
            default_value=thread["title"],
            auto_focus=True,
            max_length=200,
            dir="auto",
            class_name="ck-input",
            custom_attrs={"aria-label": _words["rename_label"], "data-select": "true"},
        ),
        icon_button("check", _words["save"], type="submit"),
        icon_button("x", _words["cancel"], on_click=HistoryState.keep_name, custom_attrs={"data-escape": "true"}),
        on_submit=HistoryState.rename,
        class_name="ck-rename",
    )


def _question() -> rx.Component:
    return rx.el.div(
        rx.el.span(_words["delete_thread_question"]),
        text_button(_words["delete"], look="danger", on_click=HistoryState.delete, auto_focus=True),
        text_button(
            _words["cancel"], look="ghost", on_click=HistoryState.keep_thread, custom_attrs={"data-escape": "true"}
        ),
        class_name="ck-question",
        role="alertdialog",
        custom_attrs={"aria-label": _words["delete_thread_question"]},
    )
