"""The body of a request."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request


async def whole_body(request: Request) -> bytes:
    """All of the body. `HTTPException` with status 400 if the client leaves in the middle of it, which is no fault."""
    try:
        return await request.body()
    except ClientDisconnect:
        raise HTTPException(400, "The body ended too soon") from None
