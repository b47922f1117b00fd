"""An assistant that says each word when the test lets it."""

import asyncio
from datetime import UTC, datetime

from chatkit_app.chatkit.types import InferenceOptions, UserMessageItem, UserMessageTextContent
from tests.chatkit.scripted import ScriptedServer, begins, done, said, word


class Talker(ScriptedServer):
    """Says its words one by one, and ends, each time a step is allowed."""

    def __init__(self, *words):
        super().__init__(self._talk)
        self.words = words or ("Hello ", "there")
        self.said = 0
        self.may_say = asyncio.Semaphore(0)
        self.fails = False

    async def _talk(self, thread, message, context):
        number = len(self.asked)
        yield begins(said(thread.id, "", id=f"answer_{number}"))
        for text in self.words:
            await self.may_say.acquire()
            yield word(text, id=f"answer_{number}")
        await self.may_say.acquire()
        if self.fails:
            raise RuntimeError("the model is down")
        yield done(said(thread.id, "".join(self.words), id=f"answer_{number}"))

    def go_on(self, steps=100):
        for _ in range(steps):
            self.may_say.release()


def user_message(thread_id="thr_1", text="question", id="msg_1"):
    return UserMessageItem(
        id=id,
        thread_id=thread_id,
        created_at=datetime.now(UTC),
        content=[UserMessageTextContent(text=text)],
        attachments=[],
        inference_options=InferenceOptions(),
    )
