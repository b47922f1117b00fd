"""A test kit for programs on this framework: a user in front of your server, and a model that says what it was given.

    from agents import Agent
    from chatkit_app.chatkit.testing import Call, ChatTestClient, ScriptedModel

    async def test_a_customer_changes_seats():
        model = ScriptedModel(Call("show_seats"), "Which one?", "You sit in 2A.")
        chat = ChatTestClient(SupportServer(store, Agent(name="Desk", model=model, tools=[show_seats])), {"user_id": "ada"})

        turn = await chat.say("I want another seat")
        assert turn.text == "Which one?"

        await chat.click("2A")  # a button of the widget that show_seats has shown
        assert chat.text == "You sit in 2A."
        await chat.assert_reload_shows_the_same()

Everything a user can do is a verb of `ChatTestClient`; what comes back is a `Turn`, and what is on the screen is in the
client's `view`. The scripted model needs openai-agents, the rest does not.
"""

from typing import TYPE_CHECKING, Any

from .client import ChatTestClient, Upload
from .errors import NotThereError
from .reading import Until
from .script import Call, Emit, Fail, Part, Refuse, Say, Script, Think, Tokens, Wait
from .turn import Turn

if TYPE_CHECKING:
    from .scripted_model import ScriptedModel

__all__ = [
    "Call",
    "ChatTestClient",
    "Emit",
    "Fail",
    "NotThereError",
    "Part",
    "Refuse",
    "Say",
    "Script",
    "ScriptedModel",
    "Think",
    "Tokens",
    "Turn",
    "Until",
    "Upload",
    "Wait",
]


def __getattr__(name: str) -> Any:
    if name != "ScriptedModel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .scripted_model import ScriptedModel

    return ScriptedModel
