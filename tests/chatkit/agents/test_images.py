from types import SimpleNamespace
from typing import Any

import pytest

from chatkit_app.chatkit.agents import ResponseStreamConverter, stream_agent_response

from .running import StreamedEvents, new_context, shape


class Gallery(ResponseStreamConverter):
    """Keeps every picture under an address."""

    async def base64_image_to_url(
        self, image_id: str, base64_image: str, partial_image_index: int | None = None
    ) -> str:
        return f"https://pictures/{image_id}/{base64_image}/{partial_image_index}"


async def stream(*data: Any, converter: ResponseStreamConverter | None = None) -> list[Any]:
    raw = [SimpleNamespace(type="raw_response_event", data=each) for each in data]
    options = {"converter": converter} if converter else {}
    return [event async for event in stream_agent_response(new_context(), StreamedEvents(*raw), **options)]


def begins(item_id: str = "ig_1") -> Any:
    item = SimpleNamespace(type="image_generation_call", id=item_id, result=None)
    return SimpleNamespace(type="response.output_item.added", item=item)


def improves(index: int, item_id: str = "ig_1") -> Any:
    kind = "response.image_generation_call.partial_image"
    return SimpleNamespace(type=kind, item_id=item_id, partial_image_b64="half", partial_image_index=index)


def ends(result: str | None, item_id: str = "ig_1") -> Any:
    item = SimpleNamespace(type="image_generation_call", id=item_id, result=result)
    return SimpleNamespace(type="response.output_item.done", item=item)


ANSWERED = SimpleNamespace(type="response.completed")


async def test_a_picture_gets_better_until_it_is_done():
    events = await stream(begins(), improves(0), improves(1), ends("whole"), converter=Gallery(partial_images=2))

    assert shape(events) == ["added generated_image"] + ["generated_image.updated"] * 2 + ["done generated_image"]
    assert [event.update.progress for event in events[1:3]] == [0.0, 0.5]
    assert events[0].item.image is None
    assert events[1].update.image.url == "https://pictures/ig_1/half/0"
    assert events[3].item.image.url == "https://pictures/ig_1/whole/None"
    assert events[3].item.id == events[0].item.id == events[1].item_id


async def test_without_a_converter_the_picture_is_in_its_address():
    events = await stream(begins(), ends("aGk="))

    assert events[-1].item.image.url == "data:image/png;base64,aGk="


async def test_a_picture_that_never_came_is_taken_back_8_1_18():
    assert shape(await stream(begins(), ends(None))) == ["added generated_image", "thread.item.removed"]
    assert shape(await stream(begins(), ANSWERED)) == ["added generated_image", "thread.item.removed"]


async def test_a_picture_that_was_not_finished_stays_as_far_as_it_came_8_1_18():
    events = await stream(begins(), improves(0), ANSWERED, converter=Gallery())

    assert events[-1].item.image.url == "https://pictures/ig_1/half/0"


async def test_a_picture_stays_open_until_the_answer_of_the_model_is_over():
    assert shape(await stream(begins(), improves(0))) == ["added generated_image", "generated_image.updated"]


async def test_the_picture_in_progress_is_known_until_the_reader_goes_on():
    context = new_context()
    run = StreamedEvents(*(SimpleNamespace(type="raw_response_event", data=data) for data in (begins(), ends("aGk="))))
    known = []
    async for _ in stream_agent_response(context, run):
        known.append(context.generated_image_item is not None)

    assert known == [True, True]
    assert context.generated_image_item is None


async def test_two_pictures_at_a_time_do_not_mix_8_1_18():
    events = await stream(
        begins("ig_1"), begins("ig_2"), improves(0, "ig_1"), ends("b", "ig_2"), ends("a", "ig_1"), converter=Gallery()
    )

    first, second = (event.item.id for event in events[:2])
    assert events[2].item_id == first
    assert [(event.item.id, event.item.image.url) for event in events[3:]] == [
        (second, "https://pictures/ig_2/b/None"),
        (first, "https://pictures/ig_1/a/None"),
    ]


@pytest.mark.parametrize(("partial_images", "progress"), [(None, 0.0), (0, 0.0), (2, 0.5), (1, 1.0)])
def test_progress_is_told_when_the_number_of_versions_is_known(partial_images: int | None, progress: float):
    assert ResponseStreamConverter(partial_images=partial_images).partial_image_index_to_progress(1) == progress
