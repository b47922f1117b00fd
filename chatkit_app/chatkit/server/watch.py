"""Noticing what a turn changes on its thread."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from chatkit_app.chatkit.types import ThreadMetadata
from chatkit_app.chatkit.types.copies import deep_copy

_SMALL = 64
"""Values in metadata that are compared after every event."""

_LOOKING_SHARE = 1_000
"""Larger metadata is compared, while text streams, for at most one part in this many of the time."""

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

    The cost of a look must not grow with the metadata. So metadata of more than a few values is compared after every
    event that is not growing text, and in between for a small share of the time: a change is never missed, in a burst
    of words it is noticed some milliseconds later.
    """

    def __init__(self, thread: ThreadMetadata) -> None:
        self._thread = thread
        self._now: tuple[Any, ...] = ()
        self._before: tuple[Any, ...] = ()
        self._remember()

    def changed(self) -> bool:
        """Whether anything changed."""
        self._catch_up()
        return self._now != self._before or (self._large is not None and self._large.changed())

    def noticed(self) -> bool:
        """Whether anything changed, for a look after a word: at large metadata only if it is time to."""
        return self._now != self._before or (self._large is not None and self._large.noticed())

    def take(self) -> ThreadChanges:
        """What changed since the last look, which is now."""
        (before, old_status), old_metadata = self._before, self._metadata
        self._remember()
        (after, status), metadata = self._before, self._metadata
        return ThreadChanges(
            fields={
                name: deep_copy(after[name])
                for name in after.keys() - _APART
                if after[name] != before[name] or (name == "status" and status != old_status)
            },
            metadata={
                key: deep_copy(value)
                for key, value in metadata.items()
                if key not in old_metadata or old_metadata[key] != value
            },
            removed=frozenset(old_metadata) - frozenset(metadata),
        )

    def _catch_up(self) -> None:
        """Look at the same dictionaries as everybody: those of a model are rarely, but may be, replaced by others."""
        fields = self._thread.__dict__
        if fields is not self._now[0] or fields["status"].__dict__ is not self._now[1]:
            self._now = fields, fields["status"].__dict__

    def _remember(self) -> None:
        fields, started = self._thread.__dict__, perf_counter()
        self._metadata = deep_copy(fields["metadata"])
        # What is compared apart stands for itself here, and a thing equals itself at no cost.
        before = {name: value if name in _APART else deep_copy(value) for name, value in fields.items()}
        before["status"] = fields["status"]
        self._before = before, dict(fields["status"].__dict__)
        self._now = fields, fields["status"].__dict__
        self._large = None if _is_small(self._metadata) else _Large(self._thread, self._metadata, started)
        if self._large is None:
            before["metadata"] = self._metadata


class _Large:
    """Metadata that is not compared each time."""

    def __init__(self, thread: ThreadMetadata, before: dict[str, Any], started: float) -> None:
        self._thread = thread
        self._before = before
        self._looked(started)

    def noticed(self) -> bool:
        """Whether it changed, if the time has come to look again."""
        return perf_counter() >= self._look_again_at and self.changed()

    def changed(self) -> bool:
        """Whether it changed, looking now."""
        started = perf_counter()
        changed = self._thread.metadata != self._before
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
