"""Work that must be finished although the one who waits for it is being cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_PATIENCE = 10.0
"""Seconds to insist on waiting while being cancelled again and again; the work goes on after that, unwatched."""

_unwatched: set[asyncio.Task[Any]] = set()  # a task nobody refers to may be collected before it is done


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the work to its end, then raise the cancellation that came meanwhile, if any; else give what it gave.

    It runs in a task of its own, where neither `Task.cancel` nor a cancel scope of the caller reaches it; some
    frameworks cancel at every single await, not once.
    """
    task = asyncio.create_task(work)
    _unwatched.add(task)
    task.add_done_callback(_unwatched.discard)
    give_up_at: float | None = None
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
            now = asyncio.get_running_loop().time()
            give_up_at = give_up_at or now + _PATIENCE
            if now > give_up_at:
                break
    if task.done() and task.exception() is not None:
        task.result()
    if cancelled is not None:
        raise cancelled
    return task.result()
