"""A page of a list."""

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of rows in a fixed order, and where the next one starts."""

    data: list[T] = Field(default_factory=list)
    """The rows, in the order asked for; hidden ones may be missing, so a page can be short."""
    has_more: bool = False
    """Whether rows follow."""
    after: str | None = None
    """Exclusive cursor of the next page: the id of the last row the store read. Only set when `has_more`."""
