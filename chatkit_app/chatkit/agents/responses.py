"""How parts of a model's answer become parts of the thread; programs override what they want to differ."""

from typing import Any

from openai.types.responses.response_output_text import (
    AnnotationContainerFileCitation,
    AnnotationFileCitation,
    AnnotationURLCitation,
)

from chatkit_app.chatkit.types import Annotation, FileSource, URLSource


class ResponseStreamConverter:
    """Turns pictures and references of the model into those of the thread."""

    partial_images: int | None = None
    """How many versions of a picture the model was asked to send on the way; the base of their progress."""

    def __init__(self, *, partial_images: int | None = None) -> None:
        self.partial_images = partial_images

    async def base64_image_to_url(
        self, image_id: str, base64_image: str, partial_image_index: int | None = None
    ) -> str:
        """Where the picture can be loaded from. Override it to keep pictures somewhere: a `data:` URL is large.

        `partial_image_index` counts the versions on the way from 0 and is None for the final picture.
        """
        return f"data:image/png;base64,{base64_image}"

    def partial_image_index_to_progress(self, partial_image_index: int) -> float:
        """How far a picture is, from 0 to 1, at this version; 0 when the number of versions is not known."""
        if self.partial_images is None or self.partial_images <= 0:
            return 0.0
        return min(1.0, partial_image_index / self.partial_images)

    async def file_citation_to_annotation(self, file_citation: AnnotationFileCitation) -> Annotation | None:
        """A reference to a file; None drops it."""
        return _file(file_citation, file_citation.index)

    async def container_file_citation_to_annotation(
        self, container_file_citation: AnnotationContainerFileCitation
    ) -> Annotation | None:
        """A reference to a file in the model's sandbox; None drops it."""
        return _file(container_file_citation, container_file_citation.end_index)

    async def url_citation_to_annotation(self, url_citation: AnnotationURLCitation) -> Annotation | None:
        """A reference to a web page; None drops it."""
        source = URLSource(url=url_citation.url, title=url_citation.title)
        return Annotation(source=source, index=url_citation.end_index)


def _file(citation: Any, index: int) -> Annotation | None:
    filename = citation.filename
    return Annotation(source=FileSource(filename=filename, title=filename), index=index) if filename else None
