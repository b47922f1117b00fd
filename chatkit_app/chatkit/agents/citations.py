"""References as models write them → references as the thread keeps them."""

from collections.abc import Iterable
from typing import Any

from openai.types.responses.response_output_text import (
    Annotation as ResponsesAnnotation,
)
from openai.types.responses.response_output_text import (
    AnnotationContainerFileCitation,
    AnnotationFileCitation,
    AnnotationURLCitation,
)
from pydantic import BaseModel, ValidationError

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import Annotation

from .responses import ResponseStreamConverter

KINDS: dict[str, tuple[type[BaseModel], str]] = {
    "file_citation": (AnnotationFileCitation, "file_citation_to_annotation"),
    "container_file_citation": (AnnotationContainerFileCitation, "container_file_citation_to_annotation"),
    "url_citation": (AnnotationURLCitation, "url_citation_to_annotation"),
}
"""Type of a citation → its model, and the method of `ResponseStreamConverter` that converts it."""


async def annotation_of(raw: Any, converter: ResponseStreamConverter) -> Annotation | None:
    """The reference in the thread's words, or None for one the converter drops or nobody understands."""
    kind = raw.get("type") if isinstance(raw, dict) else getattr(raw, "type", None)
    model, method = KINDS.get(kind, (None, "")) if isinstance(kind, str) else (None, "")
    if model is None:
        if kind != "file_path":  # links to files of a sandbox: nobody outside can open them
            logger.warning("Dropped a citation of unknown type %r", kind)
        return None
    try:
        annotation: Annotation | None = await getattr(converter, method)(_parsed(raw, model))
    except ValidationError as error:
        logger.warning("Dropped a malformed citation: %s", error)
        return None
    return annotation


async def annotations_of(raw: Iterable[Any] | None, converter: ResponseStreamConverter) -> list[Annotation]:
    """Every reference that is left after conversion, in order."""
    converted = [await annotation_of(each, converter) for each in raw or ()]
    return [annotation for annotation in converted if annotation is not None]


def _parsed(raw: Any, model: type[BaseModel]) -> BaseModel:
    if isinstance(raw, model):
        return raw
    return model.model_validate(raw.model_dump() if isinstance(raw, BaseModel) else raw)


__all__ = ["KINDS", "ResponsesAnnotation", "annotation_of", "annotations_of"]
