"""How a user interface speaks ChatKit: one transport contract, and the verbs on top of it."""

from chatkit_app.client.chat import ChatClient, Opened
from chatkit_app.client.transport import Answer, Answers, Transport

__all__ = ["Answer", "Answers", "ChatClient", "Opened", "Transport"]
