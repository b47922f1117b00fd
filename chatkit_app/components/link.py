"""Links that leave this page."""

from typing import Any

import reflex as rx
from reflex.components.el.elements.base import BaseHTML


class Anchor(BaseHTML):
    """A plain `<a>`. Reflex's own belongs to its router, which takes every address for a page of this application."""

    tag = "a"


def outward_link(*children: Any, href: rx.Var[str] | str | None = None, **props: Any) -> rx.Component:
    """A link that opens a new tab, tells that tab nothing about this one, and shows its address in a tooltip.

    Without `href` the address comes with the props of the Markdown node it stands for.
    """
    address = rx.Var("props.href") if href is None else href
    attributes = {
        **({} if href is None else {"href": href}),
        "title": address,
        "target": "_blank",
        "rel": "noopener noreferrer nofollow",
        **props.pop("custom_attrs", {}),
    }
    return Anchor.create(*children, custom_attrs=attributes, **{"class_name": "ck-link", **props})
