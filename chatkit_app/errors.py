"""What can go wrong between a user and the chat, by names that both sides know.

ChatError
├── ThreadBusyError    the thread is already being answered
├── TooManyRunsError   the user has too many answers in progress
└── RunsClosedError    the server is shutting down
"""


class ChatError(Exception):
    """An answer cannot be begun. Nothing was stored."""


class ThreadBusyError(ChatError):
    """The thread is already being answered: join that run, or stop it first."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"thread {thread_id!r} is already being answered")
        self.thread_id = thread_id


class TooManyRunsError(ChatError):
    """The user has as many answers in progress as one user may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} answers can be in progress at once")
        self.limit = limit


class RunsClosedError(ChatError):
    """The process is shutting down and begins no new answers."""
