"""ChatKit's icon names, drawn with Lucide (ISC licence). The table is the whole mapping."""

import reflex as rx

LUCIDE: dict[str, str] = {
    "agent": "bot", "analytics": "chart_no_axes_combined", "atom": "atom", "batch": "layers", "bolt": "zap",
    "book-open": "book_open", "book-closed": "book", "book-clock": "book_marked", "bug": "bug", "calendar": "calendar",
    "chart": "chart_column", "check": "check", "check-circle": "circle_check", "check-circle-filled": "circle_check_big",
    "chevron-left": "chevron_left", "chevron-right": "chevron_right", "circle-question": "circle_help", "clock": "clock",
    "compass": "compass", "confetti": "party_popper", "cube": "box", "desktop": "monitor", "document": "file_text",
    "dot": "dot", "dots-horizontal": "ellipsis", "dots-vertical": "ellipsis_vertical", "empty-circle": "circle",
    "external-link": "external_link", "globe": "globe", "keys": "key_round", "lab": "flask_conical", "images": "images",
    "info": "info", "lifesaver": "life_buoy", "lightbulb": "lightbulb", "mail": "mail", "map-pin": "map_pin", "maps": "map",
    "mobile": "smartphone", "name": "id_card", "notebook": "notebook", "notebook-pencil": "notebook_pen", "page-blank": "file",
    "phone": "phone", "play": "play", "plus": "plus", "profile": "circle_user", "profile-card": "contact", "reload": "rotate_cw",
    "star": "star", "star-filled": "sparkle", "search": "search", "sparkle": "sparkles", "sparkle-double": "wand_sparkles",
    "square-code": "square_code", "square-image": "image", "square-text": "letter_text", "suitcase": "briefcase",
    "settings-slider": "sliders_horizontal", "user": "user", "wreath": "award", "write": "pencil", "write-alt": "pen_line",
    "write-alt2": "square_pen",
}  # fmt: skip
"""Every name a server may send → the drawing we use for it."""


def icon(name: str, size: int = 18) -> rx.Component:
    """An icon known when the page is built: a ChatKit name, else a Lucide name. Hidden from screen readers."""
    return rx.icon(LUCIDE.get(name, name), size=size, stroke_width=1.75, custom_attrs={"aria-hidden": "true"})


@rx.memo
def named_icon(name: rx.Var[str]) -> rx.Component:
    """An icon named at run time. An unknown name draws nothing rather than failing."""
    return rx.match(name, *((key, icon(drawing)) for key, drawing in LUCIDE.items()), rx.fragment())
