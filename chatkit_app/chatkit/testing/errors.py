"""What goes wrong on the user's side of a test."""


class NotThereError(AssertionError):
    """The test wants to use what the user does not have on the screen. The message names it, and what is there."""


def listed(names: list[str]) -> str:
    """`'a', 'b'`, or `none`."""
    return ", ".join(names) or "none"
