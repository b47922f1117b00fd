"""Files a user brings into the conversation."""

from typing import Annotated, Any, Literal

from pydantic import AnyUrl, BaseModel, Field, SerializationInfo, SerializerFunctionWrapHandler, model_serializer


class AttachmentUploadDescriptor(BaseModel):
    """How the client sends the bytes of an attachment that was announced."""

    url: AnyUrl
    """Absolute address to send to."""
    method: Literal["POST", "PUT"]
    """HTTP method."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Headers to send along."""


class AttachmentBase(BaseModel):
    """What every attachment has."""

    id: str
    """Identity, from `AttachmentStore.generate_attachment_id`."""
    name: str
    """File name as the user knows it."""
    mime_type: str
    """Media type as the client sent it."""
    upload_descriptor: AttachmentUploadDescriptor | None = None
    """Where the bytes go; absent once they have arrived."""
    thread_id: str | None = None
    """The thread it was sent in; absent until then."""
    metadata: dict[str, Any] | None = None
    """Private to the integration: stored, never sent to a client."""

    @model_serializer(mode="wrap")
    def _keep_metadata_private(self, dump: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        fields: dict[str, Any] = dump(self)
        if info.context and info.context.get("exclude_metadata"):
            fields.pop("metadata", None)
        return fields


class FileAttachment(AttachmentBase):
    """A file shown by name."""

    type: Literal["file"] = "file"
    """Says which kind it is."""


class ImageAttachment(AttachmentBase):
    """A picture shown as one."""

    type: Literal["image"] = "image"
    """Says which kind it is."""
    preview_url: AnyUrl
    """Where the client loads the picture from; a `data:` URL works too."""


Attachment = Annotated[FileAttachment | ImageAttachment, Field(discriminator="type")]
"""Any attachment."""
