"""Where threads, items and attachments are kept: the contract, its ids, and a store in memory."""

import uuid
from abc import ABC, abstractmethod
from typing import Any, Generic, Literal, TypeVar

from chatkit_app.chatkit.types import Attachment, AttachmentCreateParams, Page, ThreadItem, ThreadMetadata

from .contract import AttachmentStore, NotFoundError, Store, TContext
from .ids import _ID_PREFIXES, StoreItemType, default_generate_id
from .memory import InMemoryStore
from .owner import owner_of

__all__ = [
    "ABC",
    "_ID_PREFIXES",
    "Any",
    "Attachment",
    "AttachmentCreateParams",
    "AttachmentStore",
    "Generic",
    "InMemoryStore",
    "Literal",
    "NotFoundError",
    "Page",
    "Store",
    "StoreItemType",
    "TContext",
    "ThreadItem",
    "ThreadMetadata",
    "TypeVar",
    "abstractmethod",
    "default_generate_id",
    "owner_of",
    "uuid",
]
