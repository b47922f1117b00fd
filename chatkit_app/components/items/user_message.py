"""What the user said: a bubble of plain text, never Markdown."""

import reflex as rx

from chatkit_app.components.icon import icon
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row


def user_message(row: rx.Var[Row], blocks: rx.Var[list[str]], growing: rx.Var[str]) -> rx.Component:
    """A user's message with its quote and the names of its files."""
    return rx.el.article(
        rx.el.h3(OptionsState.words["you_said"], class_name="ck-sr"),
        rx.cond(
            row["files"].length() > 0,
            rx.el.ul(
                rx.foreach(row["files"], lambda name: rx.el.li(icon("document", 16), rx.el.span(name, dir="auto"))),
                class_name="ck-files",
            ),
        ),
        rx.el.div(
            rx.cond(row["quote"] != "", rx.el.blockquote(row["quote"], class_name="ck-quote", dir="auto")),
            rx.el.div(row["text"], class_name="ck-user-text", dir="auto"),
            class_name="ck-bubble",
        ),
        class_name="ck-user",
        custom_attrs={"data-testid": "user-message"},
    )
