"""Pictures the model makes → items that get better and better."""

from typing import Any

from chatkit_app.chatkit.types import (
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
)
from chatkit_app.chatkit.types.copies import deep_copy

from .turn import Events, Turn


class Images:
    """Follows the pictures of a run, any number at a time."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._open: dict[str, GeneratedImageItem] = {}

    async def begun(self, item: Any) -> Events:
        """A picture is being made. It may appear beside a workflow."""
        picture = GeneratedImageItem(**self._turn.envelope(self._turn.new_id("message")))
        self._open[item.id] = picture
        self._turn.context.generated_image_item = picture
        return (ThreadItemAddedEvent(item=picture.model_copy()),)

    async def partial(self, data: Any) -> Events:
        """A first version of the picture."""
        picture = self._open.get(data.item_id) or self._turn.context.generated_image_item
        if picture is None:
            return ()
        converter, index = self._turn.converter, data.partial_image_index
        url = await converter.base64_image_to_url(
            image_id=data.item_id, base64_image=data.partial_image_b64, partial_image_index=index
        )
        picture.image = GeneratedImage(id=data.item_id, url=url)
        progress = converter.partial_image_index_to_progress(index)
        update = GeneratedImageUpdated(image=picture.image.model_copy(), progress=progress)
        return (ThreadItemUpdatedEvent(item_id=picture.id, update=update),)

    async def done(self, item: Any) -> Events:
        """The picture is complete, or the model failed to make it."""
        picture = self._open.get(item.id) or self._turn.context.generated_image_item
        if picture is None:
            return ()
        if item.result:
            url = await self._turn.converter.base64_image_to_url(image_id=item.id, base64_image=item.result)
            picture.image = GeneratedImage(id=item.id, url=url)
        return self._close(item.id, picture)

    async def ended(self, _: Any) -> Events:
        """The answer of the model is over: what is still open will not get better."""
        return tuple(event for key, picture in list(self._open.items()) for event in self._close(key, picture))

    def _close(self, key: str, picture: GeneratedImageItem) -> Events:
        """The last version there is, or nothing at all if there never was one."""
        self._open = {each: item for each, item in self._open.items() if each != key and item is not picture}
        if picture.image is not None:
            yield ThreadItemDoneEvent(item=deep_copy(picture))
        else:
            self._turn.produced.pop(picture.id, None)
            yield ThreadItemRemovedEvent(item_id=picture.id)
        if self._turn.context.generated_image_item is picture:
            self._turn.context.generated_image_item = None
