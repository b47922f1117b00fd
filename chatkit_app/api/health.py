"""Whether we are alive, and whether we can work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import Store
from chatkit_app.identity import RequestContext

PATIENCE_SECONDS = 5.0
"""How long the database may take to answer."""

_NOBODY = RequestContext("readiness-check")
_HEADERS = {"cache-control": "no-store"}


async def alive(_request: Request) -> Response:
    """`GET /healthz`: this process answers."""
    return JSONResponse({"status": "ok"}, headers=_HEADERS)


def ready(store: Store[Any]) -> Callable[[Request], Awaitable[Response]]:
    """`GET /readyz`: the store answers a question, any question; else 503."""

    async def readiness(_request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await store.load_threads(limit=1, after=None, order="desc", context=_NOBODY)
        except Exception as error:
            logger.error("The store does not answer", exc_info=error)
            return JSONResponse({"status": "unavailable"}, status_code=503, headers=_HEADERS)
        return JSONResponse({"status": "ok"}, headers=_HEADERS)

    return readiness
