"""The composition root: settings → stores → server → client → app. The only file that knows every layer."""

import reflex as rx

from chatkit_app.assistant.options import OPTIONS
from chatkit_app.components.layout import chat
from chatkit_app.state import session
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState

session.wire(session.Wiring(options=OPTIONS))

app = rx.App(
    theme=None,
    stylesheets=["/tokens.css", "/chat.css"],
    head_components=[rx.el.script(src="/chat.js", defer=True)],
    html_lang="en",
)
app.add_page(chat, route="/", title="Chat", on_load=[OptionsState.use, ThreadState.open_from_address])
