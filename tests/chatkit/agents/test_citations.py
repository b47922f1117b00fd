from typing import Any

import pytest
from openai.types.responses.response_output_text import AnnotationFileCitation

from chatkit_app.chatkit.agents import ResponseStreamConverter
from chatkit_app.chatkit.types import Annotation, EntitySource, FileSource, URLSource
from tests.fakes import Say

from .running import finished, play

URL = {"type": "url_citation", "url": "https://x.y", "title": "X", "start_index": 1, "end_index": 3}
FILE = {"type": "file_citation", "file_id": "f", "filename": "a.pdf", "index": 4}
CONTAINER_FILE = {
    "type": "container_file_citation",
    "container_id": "c",
    "file_id": "f",
    "filename": "b.csv",
    "start_index": 5,
    "end_index": 9,
}


async def references(*annotations: Any, **options: Any) -> tuple[list[tuple[int, Annotation]], list[Annotation]]:
    """Those streamed, with their places, and those of the finished message."""
    events = await play(Say("So it says", annotations=annotations), options=options)
    updates = [event.update for event in events if event.type == "thread.item.updated"]
    streamed = [(update.annotation_index, update.annotation) for update in updates if "annotation" in update.type]
    return streamed, finished(events)[0].content[0].annotations


async def test_references_stream_as_they_come_and_stay():
    streamed, final = await references(URL, FILE, CONTAINER_FILE)

    assert final == [
        Annotation(source=URLSource(url="https://x.y", title="X"), index=3),
        Annotation(source=FileSource(filename="a.pdf", title="a.pdf"), index=4),
        Annotation(source=FileSource(filename="b.csv", title="b.csv"), index=9),
    ]
    assert streamed == list(enumerate(final))


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "file_path", "file_id": "f", "index": 1},
        {"type": "from_the_future", "anything": 1},
        {"type": "url_citation"},
        {"no": "type"},
        {**FILE, "filename": ""},
    ],
)
async def test_a_reference_nobody_understands_is_dropped_and_leaves_no_gap_8_1_17(odd: Any):
    streamed, final = await references(odd, URL)

    assert [place for place, _ in streamed] == [0]
    assert len(final) == 1


async def test_a_converter_says_what_a_reference_becomes():
    class Library(ResponseStreamConverter):
        async def file_citation_to_annotation(self, file_citation: AnnotationFileCitation) -> Annotation | None:
            assert isinstance(file_citation, AnnotationFileCitation)
            return Annotation(source=EntitySource(id=file_citation.file_id, title="Book"))

        async def url_citation_to_annotation(self, url_citation: Any) -> Annotation | None:
            return None

    streamed, final = await references(URL, FILE, converter=Library())

    assert [annotation.source.title for annotation in final] == ["Book"]
    assert streamed == list(enumerate(final))
