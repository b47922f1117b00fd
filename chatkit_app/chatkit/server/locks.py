"""One at a time, for each thread."""

import asyncio
from weakref import WeakValueDictionary


class ThreadLocks:
    """A lock for every thread in use in this process. A lock nobody holds or waits for takes no room."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, thread_id: str) -> asyncio.Lock:
        """The lock of a thread: to be held between loading and saving it."""
        lock = self._locks.get(thread_id)
        if lock is None:
            lock = self._locks[thread_id] = asyncio.Lock()
        return lock
