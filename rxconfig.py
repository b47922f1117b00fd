"""Reflex's configuration. What an operator decides is in `.env` (see `.env.example`), not here."""

import reflex as rx

from chatkit_app.components.build import SameOrigin

config = rx.Config(
    app_name="chatkit_app",
    # State only mirrors what the store and the running answers hold; a new process rebuilds it when a tab joins again.
    state_manager_mode="memory",
    # Our own policy decides (api/): Reflex's default would let any page act for our users.
    cors_allowed_origins=[],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
