"""Whose rows a request may see."""

from collections.abc import Mapping


def owner_of(context: object) -> str:
    """The user a request context speaks for: its `user_id`, by key or by attribute; `""` when it has none."""
    user_id = context.get("user_id") if isinstance(context, Mapping) else getattr(context, "user_id", None)
    return "" if user_id is None else str(user_id)
