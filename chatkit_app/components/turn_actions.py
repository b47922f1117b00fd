"""The buttons under an answer: copy, thumbs, retry."""

import reflex as rx

from chatkit_app.components.button import icon_button
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row
from chatkit_app.state.thread import ThreadState

_words = OptionsState.words


def turn_actions(row: rx.Var[Row]) -> rx.Component:
    """The buttons for the answer that ends with this row."""
    return rx.el.div(
        icon_button("copy", _words["copy"], custom_attrs={"data-copy": "turn", "data-copied": _words["copied"]}),
        rx.cond(
            OptionsState.feedback,
            rx.fragment(
                _thumb(row, "positive", "thumbs_up", _words["good_answer"]),
                _thumb(row, "negative", "thumbs_down", _words["bad_answer"]),
            ),
        ),
        rx.cond(
            OptionsState.retry & (row["asked"] != ""),
            icon_button(
                "rotate_cw",
                _words["retry_answer"],
                on_click=ThreadState.retry(row["asked"]),
                custom_attrs={"data-testid": "retry"},
            ),
        ),
        class_name="ck-actions",
    )


def _thumb(row: rx.Var[Row], kind: str, drawing: str, label: rx.Var[str]) -> rx.Component:
    return icon_button(
        drawing,
        label,
        on_click=ThreadState.rate(row["id"], kind),
        custom_attrs={"aria-pressed": row["feedback"] == kind, "data-testid": f"rate-{kind}"},
    )
