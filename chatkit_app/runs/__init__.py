"""Answers in progress, owned by no connection.

A turn of the assistant is driven to its end here, and its events are kept with a number each until a little after it
settled. Whoever may read the thread starts a run, joins one at any point, leaves it and comes back.
"""

from chatkit_app.errors import RunsClosedError, ThreadBusyError, TooManyRunsError
from chatkit_app.runs.attached import Attached
from chatkit_app.runs.contract import Runs, StreamEvents
from chatkit_app.runs.memory import MemoryRuns
from chatkit_app.runs.run import Run

__all__ = [
    "Attached",
    "MemoryRuns",
    "Run",
    "Runs",
    "RunsClosedError",
    "StreamEvents",
    "ThreadBusyError",
    "TooManyRunsError",
]
