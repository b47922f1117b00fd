"""Dictation."""

from pydantic import BaseModel


class AudioInput(BaseModel):
    """A recording to transcribe."""

    data: bytes
    """The recording."""
    mime_type: str
    """Media type with parameters as the client sent it, such as `audio/webm;codecs=opus`."""

    @property
    def media_type(self) -> str:
        """The media type without its parameters, such as `audio/webm`."""
        return self.mime_type.partition(";")[0]


class TranscriptionResult(BaseModel):
    """What was said."""

    text: str
    """Plain text, put into the composer."""
