"""Noticing what a turn changes on its thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from time import perf_counter
from typing import Any

from chatkit_app.chatkit.types import ThreadMetadata
from chatkit_app.chatkit.types.copies import deep_copy

_SMALL = 64
"""Values in metadata that are compared after every event."""

_WORDS = 16
"""While text streams, larger metadata is compared after this many words at the earliest…"""

_LOOKING_SHARE = 1_000
"""…and for at most one part in this many of the time."""

_APART = frozenset({"id", "metadata", "items"})


@dataclass(frozen=True)
class ThreadChanges:
    """Fields set to something else, and keys of the metadata set or removed."""

    fields: dict[str, Any]
    """Name of the field → new value."""
    metadata: dict[str, Any]
    """Key of the metadata → new value."""
    removed: frozenset[str]
    """Keys that are gone from the metadata."""

    def onto(self, thread: ThreadMetadata) -> ThreadMetadata:
        """A copy of the thread with these changes and everything else as it was."""
        kept = {key: value for key, value in thread.metadata.items() if key not in self.removed}
        return thread.model_copy(update={**self.fields, "metadata": {**kept, **self.metadata}})


class ThreadWatch:
    """Compares a thread with what it was when somebody last looked, changes inside its values included.

    The cost of a look must not grow with the metadata: a look takes a microsecond, and there is one after every word
    of an answer. So metadata of more than a few values is compared after every event that is not growing text, and
    in between after some words, as often as a small share of the time allows: a change is never missed, in a burst of
    words it is noticed some milliseconds later.
    """

    def __init__(self, thread: ThreadMetadata) -> None:
        self._thread = thread
        self._now: dict[str, Any] = thread.__dict__
        self._status_now: dict[str, Any] = thread.status.__dict__
        self._remember()

    def changed(self, in_text: bool = False) -> bool:
        """Whether something changed; `in_text` says that the last event was a change to an item in progress."""
        if self._now != self._before or self._status_now != self._status:
            return True
        if in_text:
            for _ in self._words_to_go:  # the cheapest way to count down, or never to come to an end
                return False
        elif self._catch_up():
            return self.changed()
        return self._large is not None and self._large_metadata_changed(self._now["metadata"], self._large, in_text)

    def take(self) -> ThreadChanges:
        """What changed since the last look, which is now."""
        before, old_metadata = self._before, self._metadata
        status_changed = self._thread.status.__dict__ != self._status
        self._remember()
        after, metadata = self._before, self._metadata
        fields = {
            name: deep_copy(after[name])
            for name in after.keys() - _APART
            if after[name] != before[name] or (name == "status" and status_changed)
        }
        return ThreadChanges(
            fields=fields,
            metadata={
                key: deep_copy(value)
                for key, value in metadata.items()
                if key not in old_metadata or old_metadata[key] != value
            },
            removed=frozenset(old_metadata) - frozenset(metadata),
        )

    def _catch_up(self) -> bool:
        """Look at the same dictionaries as everybody: those of a model are rarely, but may be, replaced by others."""
        before = self._now, self._status_now
        self._now = self._thread.__dict__
        self._status_now = self._now["status"].__dict__
        return before[0] is not self._now or before[1] is not self._status_now

    def _remember(self) -> None:
        started = perf_counter()
        self._catch_up()
        now = self._now
        self._metadata: dict[str, Any] = deep_copy(now["metadata"])
        self._large: dict[str, Any] | None = None if _is_small(self._metadata) else self._metadata
        self._status: dict[str, Any] = dict(self._status_now)
        # What is compared apart stands for itself here, and a thing equals itself at no cost.
        self._before: dict[str, Any] = {
            name: value if name in _APART else deep_copy(value) for name, value in now.items()
        }
        self._before["status"] = now["status"]
        if self._large is None:
            self._before["metadata"] = self._metadata
        self._words_to_go: Iterator[object] = repeat(None) if self._large is None else iter(range(_WORDS))
        self._looked(started)

    def _large_metadata_changed(self, now: dict[str, Any], before: dict[str, Any], in_text: bool) -> bool:
        self._words_to_go = iter(range(_WORDS))
        started = perf_counter()
        if in_text and started < self._look_again_at:
            return False
        changed = now != before
        self._looked(started)
        return changed

    def _looked(self, started: float) -> None:
        ended = perf_counter()
        self._look_again_at = ended + _LOOKING_SHARE * (ended - started)


def _is_small(value: Any) -> bool:
    waiting, seen = [value], 0
    while waiting:
        entry = waiting.pop()
        seen += 1
        if isinstance(entry, dict | list):
            if seen + len(waiting) + len(entry) > _SMALL:
                return False
            waiting.extend(entry.values() if isinstance(entry, dict) else entry)
    return True
