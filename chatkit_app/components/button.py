"""Buttons."""

from typing import Any

import reflex as rx

from chatkit_app.components.icon import icon


def icon_button(drawing: str, label: rx.Var[str] | str, **props: Any) -> rx.Component:
    """A button that shows only an icon and says its label to a screen reader and in a tooltip."""
    attributes = {"aria-label": label, "title": label, **props.pop("custom_attrs", {})}
    return rx.el.button(
        icon(drawing), custom_attrs=attributes, **{"type": "button", "class_name": "ck-icon-button", **props}
    )


def text_button(label: rx.Var[str] | str, *, look: str = "soft", **props: Any) -> rx.Component:
    """A button with a word on it. `look`: `solid`, `soft`, `ghost` or `danger`."""
    return rx.el.button(label, **{"type": "button", "class_name": f"ck-button ck-{look}", **props})
