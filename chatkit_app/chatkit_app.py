"""The composition root: settings → stores → server → client → app. The only file that knows every layer."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import reflex as rx
from reflex.config import get_config
from reflex.constants import Env
from reflex.environment import environment
from starlette.types import ASGIApp

from chatkit_app.api import create_api, shield
from chatkit_app.assistant.options import OPTIONS
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import ThreadItemUpdatedEvent
from chatkit_app.client import ChatClient
from chatkit_app.components.layout import chat
from chatkit_app.components.page import head
from chatkit_app.identity import Identity, load_or_create_secret
from chatkit_app.runs import MemoryRuns, Runs
from chatkit_app.settings import Settings, SettingsError, load_settings
from chatkit_app.state import session
from chatkit_app.state.options import OptionsState
from chatkit_app.state.thread import ThreadState
from chatkit_app.stores import open_store

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
"""How long a server that shuts down lets answers in progress come to their end."""


def create_app(settings: Settings) -> rx.App:
    """The whole application for these settings."""
    store = open_store(settings.database_url)
    server = create_server(settings, store)
    runs = MemoryRuns(
        server.stream_events,
        grace_seconds=settings.run_grace_seconds,
        max_live_per_owner=settings.max_runs_per_user,
    )
    identity = create_identity(settings)
    app = rx.App(
        theme=None,
        stylesheets=["/tokens.css", "/chat.css"],
        head_components=head(settings.image_hosts, development=in_development()),
        html_lang="en",
        backend_exception_handler=_log,
        api_transformer=_http(settings, server, runs, store, identity),
    )
    session.wire(
        session.Wiring(
            client=ChatClient(server, runs),
            identity=identity,
            options=OPTIONS,
            image_hosts=settings.image_hosts,
            is_connected=lambda token: app.event_namespace is None or token in app.event_namespace.token_to_sid,
        )
    )
    app.register_lifespan_task(_lifetime(store, server, runs))
    app.add_page(
        chat,
        route="/",
        title=OPTIONS.frame_title,
        on_load=[OptionsState.use, ThreadState.open_from_address],
    )
    return app


def create_server(settings: Settings, store: Store[Any]) -> ChatKitServer[Any]:
    """The assistant the settings name. ImportError or AttributeError if it is not there."""
    module, _, factory = settings.assistant.partition(":")
    server: ChatKitServer[Any] = getattr(import_module(module), factory)(settings, store)
    return server


def create_identity(settings: Settings) -> Identity:
    """Who signs the users' cookies: the secret of the settings, or the one in the data folder."""
    given = settings.secret.get_secret_value() if settings.secret else None
    return Identity(given or load_or_create_secret(settings.secret_file))


def _http(
    settings: Settings, server: ChatKitServer[Any], runs: Runs, store: Store[Any], identity: Identity
) -> Callable[[ASGIApp], ASGIApp]:
    def around(page: ASGIApp) -> ASGIApp:
        api = create_api(server, runs, store, identity, max_body_bytes=settings.max_body_bytes, rest=page)
        origins = [*settings.cors_origins, *(development_origins() if in_development() else [])]
        return shield(api, identity, allowed_origins=origins, image_hosts=settings.image_hosts)

    return around


def in_development() -> bool:
    """Whether page and backend are two servers: plain `reflex run`."""
    return environment.REFLEX_ENV_MODE.get() == Env.DEV


def development_origins() -> list[str]:
    """Where the page comes from in development: the port of the front end, under each name of this machine."""
    port = get_config().frontend_port or 3000
    return [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")]


def _lifetime(store: Store[Any], server: ChatKitServer[Any], runs: Runs) -> Callable[[], Any]:
    @asynccontextmanager
    async def lifetime() -> AsyncGenerator[None, None]:
        """The database is brought up to date before the first request; at the end answers are kept before it closes."""
        await _if_there(store, "migrate")
        await _if_there(server, "start")
        ThreadItemUpdatedEvent.model_rebuild()  # or the first word of the first answer would wait for it
        leave_the_program_alone()
        try:
            yield
        finally:
            await runs.drain(DRAIN_SECONDS)
            await runs.aclose()
            await _if_there(server, "aclose")
            await _if_there(store, "aclose")

    return lifetime


def leave_the_program_alone() -> None:
    """What has been loaded by now lives as long as the process: it is not to be visited by the garbage collector again.

    Otherwise a hundred answers bring about a visit to some hundred thousand objects, and no word moves meanwhile.
    """
    gc.collect()
    gc.freeze()


async def _if_there(part: object, method: str) -> None:
    # The contracts of a store and a server do not ask for a beginning and an end; ours have them.
    found = getattr(part, method, None)
    if found is not None:
        await found()


def read_settings() -> Settings:
    """The settings, or the end of the process with a line for each that is wrong."""
    try:
        return load_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from None


def _log(exception: Exception) -> None:
    """What goes wrong in an event is for the log: its text could tell a user what is not theirs to know."""
    logger.error("An event of the page failed", exc_info=exception)


app = create_app(read_settings())
