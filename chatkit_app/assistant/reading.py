"""What the model is shown of a thread, and what the thread is called."""

from openai.types.responses import ResponseInputContentParam, ResponseInputTextParam

from chatkit_app.chatkit.agents import ThreadItemConverter
from chatkit_app.chatkit.types import Attachment, UserMessageItem, UserMessageTagContent

LONGEST_TITLE = 60


class Reading(ThreadItemConverter):
    """Shows a thread to any model, behind Responses or Chat Completions. Files and mentions are named, not opened."""

    portable = True

    async def attachment_to_message_content(self, attachment: Attachment) -> ResponseInputContentParam:
        """A line that names the file."""
        return _text(f"(Attached file: {attachment.name}, {attachment.mime_type})")

    async def tag_to_message_content(self, tag: UserMessageTagContent) -> ResponseInputContentParam:
        """A line that says what was mentioned."""
        return _text(f"{tag.text}: id {tag.id}" + (f", {tag.group}" if tag.group else ""))


def title_of(message: UserMessageItem) -> str | None:
    """A thread's title from its first message: about 60 characters, cut between words. None when it has no words."""
    words = " ".join("".join(part.text for part in message.content).split())
    if not words:
        return message.attachments[0].name[:LONGEST_TITLE] if message.attachments else None
    if len(words) <= LONGEST_TITLE:
        return words
    cut = words[: LONGEST_TITLE + 1].rpartition(" ")[0]
    # Languages written without spaces, and very long words, are cut where they are.
    cut = cut if len(cut) > LONGEST_TITLE // 2 else words[:LONGEST_TITLE]
    return cut.rstrip(" ,;:.-–—") + "…"


def _text(text: str) -> ResponseInputTextParam:
    return {"type": "input_text", "text": text}
