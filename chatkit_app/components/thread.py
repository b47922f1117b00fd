"""The conversation."""

import reflex as rx
from reflex.components.core.banner import has_connection_errors

from chatkit_app.components.button import icon_button, text_button
from chatkit_app.components.items import thread_row
from chatkit_app.state.answer import AnswerState
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row
from chatkit_app.state.thread import ThreadState

_words = OptionsState.words


def thread(start: rx.Component) -> rx.Component:
    """The rows of the thread, or `start` while there are none."""
    empty = (ThreadState.turn.length() == 0) & (ThreadState.recent.length() == 0) & (ThreadState.older.length() == 0)
    return rx.fragment(
        rx.el.div(
            rx.cond(
                empty & ~ThreadState.loading & ~ThreadState.answering & (ThreadState.problem == ""),
                start,
                rx.el.div(
                    _older(),
                    rx.el.div(
                        rx.foreach(ThreadState.older + ThreadState.recent + ThreadState.turn, _line),
                        role="log",
                        class_name="ck-rows",
                        custom_attrs={
                            "aria-label": _words["conversation"],
                            "aria-busy": ThreadState.answering,
                            "data-testid": "rows",
                        },
                    ),
                    rx.cond(ThreadState.loading, _loading()),
                    _waiting(),
                    _problem(),
                    rx.el.div(id="ck-room", class_name="ck-room"),
                    class_name="ck-thread",
                ),
            ),
            id="ck-scroll",
            class_name="ck-scroll",
            tab_index=-1,
        ),
        rx.el.div(
            icon_button("arrow_down", _words["jump_to_latest"], id="ck-jump", class_name="ck-jump", hidden=True),
            class_name="ck-jump-place",
        ),
        _announcer(),
    )


def _line(line: rx.Var[Row]) -> rx.Component:
    # The growing text comes as props, and only to the row it belongs to: every other row keeps equal props and is not drawn again.
    # And since it is the same component before and after it settles, nothing is thrown away and rebuilt at the end.
    return thread_row(
        row=line,
        blocks=rx.cond(line["live"], AnswerState.blocks + AnswerState.fresh, line["blocks"]),
        growing=rx.cond(line["live"], AnswerState.head + AnswerState.tail, ""),
        key=line["key"],
    )


def _older() -> rx.Component:
    return rx.cond(
        ThreadState.has_older,
        rx.el.div(
            text_button(
                rx.cond(ThreadState.loading_older, _words["loading_older"], _words["load_older"]),
                look="ghost",
                on_click=ThreadState.load_older,
                disabled=ThreadState.loading_older,
                custom_attrs={"data-auto-load": "true", "data-testid": "load-older"},
            ),
            class_name="ck-older",
        ),
    )


def _loading() -> rx.Component:
    return rx.el.p(_words["loading"], class_name="ck-quiet", role="status", custom_attrs={"data-loading": ""})


def _waiting() -> rx.Component:
    return rx.cond(
        ThreadState.waiting | (ThreadState.progress != ""),
        rx.el.div(
            rx.el.span(class_name="ck-dots", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(rx.cond(ThreadState.progress != "", ThreadState.progress, _words["thinking"]), dir="auto"),
            class_name="ck-waiting",
            custom_attrs={"data-testid": "waiting"},
        ),
    )


def _problem() -> rx.Component:
    return rx.cond(
        ThreadState.problem != "",
        rx.el.div(
            rx.el.p(ThreadState.problem, dir="auto"),
            rx.cond(
                ThreadState.can_retry,
                text_button(
                    _words["retry"], on_click=ThreadState.retry(""), custom_attrs={"data-testid": "retry-problem"}
                ),
            ),
            class_name="ck-problem",
            role="alert",
            custom_attrs={"data-testid": "problem"},
        ),
    )


def _announcer() -> rx.Component:
    """What a screen reader hears of an answer: that it began and that it is complete. Each token would drown everything else."""
    return rx.el.div(
        rx.cond(
            ThreadState.answering, _words["answering"], rx.cond(ThreadState.sent > 0, _words["answer_complete"], "")
        ),
        class_name="ck-sr",
        role="status",
    )


def connection() -> rx.Component:
    """A line that says when the connection is down. What happens meanwhile is shown when it is back."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            _words["error_connection"], class_name="ck-offline", role="status", custom_attrs={"data-testid": "offline"}
        ),
    )
