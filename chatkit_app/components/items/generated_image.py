"""A picture the assistant made."""

import reflex as rx

from chatkit_app.components.markdown import remote_image
from chatkit_app.state.rows import Row


def generated_image(row: rx.Var[Row], blocks: rx.Var[list[str]], growing: rx.Var[str]) -> rx.Component:
    """The picture, or a placeholder while there is none. One that lives on another host follows the rule for all pictures."""
    return rx.cond(
        row["src"] == "",
        rx.el.div(class_name="ck-image-wait", role="img"),
        rx.cond(
            row["src"].startswith("data:image/"),
            rx.el.img(src=row["src"], alt="", class_name="ck-image"),
            remote_image(src=row["src"], alt=""),
        ),
    )
