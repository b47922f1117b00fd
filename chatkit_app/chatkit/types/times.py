"""Times of threads and items."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator


class Moment(datetime):
    """A time that gets along with times without a zone, which count as local.

    The times made here say their zone, `datetime.now()` in a program does not; a store that sorts by time has both, and
    Python itself would refuse to compare them, or to tell how far they are apart. They are never equal to each other.
    """

    @classmethod
    def of(cls, time: datetime) -> datetime:
        """The time as a `Moment` if it says its zone, else as it is."""
        if time.tzinfo is None or type(time) is cls:
            return time
        parts = time.year, time.month, time.day, time.hour, time.minute, time.second, time.microsecond
        return cls(*parts, tzinfo=time.tzinfo, fold=time.fold)

    def __lt__(self, other: Any, /) -> bool:
        return super().__lt__(self._like_this(other))

    def __le__(self, other: Any, /) -> bool:
        return super().__le__(self._like_this(other))

    def __gt__(self, other: Any, /) -> bool:
        return super().__gt__(self._like_this(other))

    def __ge__(self, other: Any, /) -> bool:
        return super().__ge__(self._like_this(other))

    def __sub__(self, other: Any, /) -> Any:
        return super().__sub__(self._like_this(other))

    def __rsub__(self, other: Any, /) -> Any:
        return datetime.__sub__(self._like_this(other), self)

    def _like_this(self, other: Any) -> Any:
        if self.tzinfo is not None and isinstance(other, datetime) and other.tzinfo is None:
            return other.astimezone()
        return other


Time = Annotated[datetime, AfterValidator(Moment.of)]
"""When something was made."""
