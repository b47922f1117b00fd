"""What a client can ask for."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypeIs

from .document_requests import NonStreamingReq
from .streaming_requests import StreamingReq

ChatKitReq = Annotated[StreamingReq | NonStreamingReq, Field(discriminator="type")]
"""Any request."""


def is_streaming_req(request: ChatKitReq) -> TypeIs[StreamingReq]:
    """Whether a request is answered with a stream of events."""
    return isinstance(request, StreamingReq)
