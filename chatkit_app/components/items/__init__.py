"""One row of the thread, by kind. The table is complete: an unknown kind says that it cannot be drawn."""

import reflex as rx

from chatkit_app.components.items.assistant_message import assistant_message
from chatkit_app.components.items.generated_image import generated_image
from chatkit_app.components.items.user_message import user_message
from chatkit_app.components.items.workflow import workflow
from chatkit_app.components.turn_actions import turn_actions
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row

DRAWN = {
    "user": user_message,
    "assistant": assistant_message,
    "workflow": workflow,
    "image": generated_image,
}
"""Kind of row → the function that draws it from the row, its finished blocks and its growing text."""


@rx.memo
def thread_row(row: rx.Var[Row], blocks: rx.Var[list[str]], growing: rx.Var[str], rest: rx.RestProp) -> rx.Component:
    """One row, and under the last row of an answer its buttons."""
    unsupported = rx.el.p(OptionsState.words["item_unsupported"], class_name="ck-quiet")
    return rx.el.div(
        rx.match(row["kind"], *((kind, draw(row, blocks, growing)) for kind, draw in DRAWN.items()), unsupported),
        rx.cond(row["ends_turn"], turn_actions(row)),
        rest,
        class_name="ck-row",
        custom_attrs={"data-kind": row["kind"], "data-id": row["id"], "data-live": row["live"]},
    )
