"""How many rows a page has."""

DEFAULT_PAGE_SIZE = 20
"""Rows when the client does not say."""

MAX_PAGE_SIZE = 100
"""Rows at most, however many the client asks for."""


def page_size(asked: int | None) -> int:
    """Rows to read: 1 to `MAX_PAGE_SIZE`; `DEFAULT_PAGE_SIZE` for none or 0."""
    return max(1, min(asked or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE))
