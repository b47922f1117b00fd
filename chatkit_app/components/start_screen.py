"""What a new chat shows before the first message."""

import reflex as rx

from chatkit_app.components.icon import named_icon
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState


def start_screen() -> rx.Component:
    """The greeting, and prompts that are sent by a click."""
    return rx.el.section(
        rx.el.h2(OptionsState.greeting, class_name="ck-greeting", dir="auto"),
        rx.el.ul(
            rx.foreach(OptionsState.prompts, _prompt),
            class_name="ck-prompts",
            custom_attrs={"aria-label": OptionsState.words["prompts_label"]},
        ),
        class_name="ck-start",
        custom_attrs={"data-testid": "start-screen"},
    )


def _prompt(prompt: rx.Var[dict[str, str]], number: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            named_icon(name=prompt["icon"]),
            rx.el.span(prompt["label"], dir="auto"),
            type="button",
            class_name="ck-prompt",
            on_click=ThreadState.send_prompt(number),
        )
    )
