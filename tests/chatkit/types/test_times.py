"""Times with and without a zone get along (8.1 #33)."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chatkit_app.chatkit.types import EndOfTurnItem, ThreadMetadata
from chatkit_app.chatkit.types.copies import deep_copy
from chatkit_app.chatkit.types.times import Moment

HOUR = timedelta(hours=1)


@pytest.fixture
def noon():
    return ThreadMetadata(id="t", created_at=datetime(2026, 1, 1, 12, tzinfo=UTC)).created_at


def local(time):
    """As `datetime.now()` says it."""
    return time.astimezone().replace(tzinfo=None)


def test_row_33_a_time_is_compared_with_local_ones_without_a_zone(noon):
    earlier, later = (datetime.fromtimestamp(noon.timestamp() + step) for step in (-1, 1))
    assert earlier.tzinfo is later.tzinfo is None
    assert earlier < noon < later and earlier <= noon <= later
    assert later > noon > earlier and later >= noon >= earlier
    assert sorted([later, noon, earlier]) == [earlier, noon, later]
    assert max(earlier, noon) is noon


def test_row_33_the_time_between_is_told(noon):
    later = datetime.fromtimestamp(noon.timestamp() + 3600)
    assert later - noon == HOUR and noon - later == -HOUR
    assert noon - noon == timedelta(0) and noon - HOUR == datetime(2026, 1, 1, 11, tzinfo=UTC)
    assert datetime(2026, 1, 1, 13, tzinfo=UTC) - noon == HOUR


def test_a_time_is_the_same_time_as_before(noon):
    other_zone = timezone(2 * HOUR)
    written = datetime(2026, 1, 1, 14, tzinfo=other_zone)
    item = EndOfTurnItem(id="i", thread_id="t", created_at=written)
    assert item.created_at == written == noon and hash(item.created_at) == hash(written)
    assert item.created_at.tzinfo is other_zone and item.created_at.isoformat() == written.isoformat()
    assert EndOfTurnItem.model_validate_json(item.model_dump_json()) == item


def test_a_time_without_a_zone_stays_what_it_is():
    now = datetime.now()
    assert ThreadMetadata(id="t", created_at=now).created_at is now
    assert ThreadMetadata(id="t", created_at="2026-01-01T00:00:00").created_at == datetime(2026, 1, 1)


def test_a_time_stripped_of_its_zone_is_compared_as_any_other(noon):
    stripped = noon.replace(tzinfo=None)
    assert stripped < datetime(2026, 1, 2) and datetime(2026, 1, 1, 13) - stripped == HOUR


def test_copies_are_moments_too(noon):
    thread = ThreadMetadata(id="t", created_at=noon)
    for copied in (deep_copy(thread), copy.deepcopy(thread), pickle.loads(pickle.dumps(thread)), thread.model_copy()):
        assert copied == thread and type(copied.created_at) is Moment


def test_what_is_no_time_is_still_refused(noon):
    with pytest.raises(TypeError):
        noon < 1  # noqa: B015
    with pytest.raises(TypeError):
        noon - "x"
