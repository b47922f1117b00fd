"""What the operator decides, read once from the environment and `.env`. Nothing else reads the environment."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-5.4-mini"
OFFLINE = "offline"
LOCAL = "local"

ModelApi = Literal["responses", "chat_completions"]
HostList = Annotated[tuple[str, ...], NoDecode]

_DATABASES = ("memory", "sqlite+aiosqlite", "postgresql+asyncpg")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*(:[0-9]{1,5})?")
_IMPORT = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


class SettingsError(Exception):
    """A setting has a value that cannot be used. The message is one line a fault, each naming the variable."""


def _default_model(known: dict[str, Any]) -> str:
    return DEFAULT_MODEL if known.get("openai_api_key") or known.get("openai_base_url") else OFFLINE


def _default_model_api(known: dict[str, Any]) -> ModelApi:
    # Every OpenAI-compatible server speaks Chat Completions; only some speak Responses.
    return "chat_completions" if known.get("openai_base_url") else "responses"


def _default_database(known: dict[str, Any]) -> str:
    return f"sqlite+aiosqlite:///{known.get('data_dir', Path('.data').absolute()) / 'chatkit.db'}"


class Settings(BaseSettings):
    """Everything that differs from one installation to the next. Frozen; secrets do not show in its repr.

    Each field is set by the variable in its alias or, where it has none, by `CHATKIT_` and the field's name in
    capitals. An empty variable counts as unset. Use `load_settings`, which turns a wrong value into one clear line.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHATKIT_",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    """Key for the model's API. Without it and without a base URL, the offline assistant answers."""

    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    """Where the model's API is, for any OpenAI-compatible server, e.g. `http://localhost:11434/v1`."""

    model: str = Field(default_factory=_default_model, min_length=1, max_length=200)
    """A model's name; `local` for the small model in this process; `offline` for the guided tour."""

    model_api: ModelApi = Field(default_factory=_default_model_api)
    """Which API the model is asked through. Default: `responses`, with a base URL `chat_completions`."""

    reasoning: Literal["low", "medium", "high"] | None = None
    """How hard a reasoning model thinks, and that it shows its thoughts. None: nothing is asked of the model."""

    assistant: str = "chatkit_app.assistant.server:create_server"
    """Import string `module:factory` of the assistant; the factory is called with `(settings, store)`."""

    data_dir: Path = Path(".data")
    """Folder for the database and the secret; made absolute when read."""

    database_url: str = Field(default_factory=_default_database, repr=False)
    """`sqlite+aiosqlite:///path`, `postgresql+asyncpg://…` or `memory://`. Default: a file in the data folder."""

    secret: SecretStr | None = None
    """Signs the anonymous users' cookies; at least 32 characters. None: kept in `secret_file`, made at first start."""

    max_body_bytes: int = Field(1024 * 1024, ge=1024, le=64 * 1024 * 1024)
    """Largest request body accepted, in bytes: 1 KiB to 64 MiB."""

    image_hosts: HostList = ()
    """Hosts (`name` or `name:port`) whose images are shown; any other remote image is a placeholder with a link."""

    cors_origins: HostList = ()
    """Origins (`https://name`) whose pages may call the API. Default: only our own."""

    run_grace_seconds: float = Field(60.0, ge=0, le=3600)
    """How long a finished answer can still be joined from its start, in seconds: 0 to 3,600."""

    max_runs_per_user: int = Field(8, ge=1, le=1000)
    """Answers one user may have in progress at once: 1 to 1,000."""

    offline_pace: float = Field(0.012, ge=0, le=1)
    """Seconds between two words of the offline assistant: 0 to 1."""

    @property
    def secret_file(self) -> Path:
        """Where the signing secret is kept when `secret` is None."""
        return self.data_dir / "secret"

    @field_validator("openai_base_url")
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address such as http://localhost:11434/v1")
        return value.rstrip("/")

    @field_validator("model")
    @classmethod
    def _model_can_be_reached(cls, value: str, info: ValidationInfo) -> str:
        if value in (OFFLINE, LOCAL) or info.data.get("openai_api_key") or info.data.get("openai_base_url"):
            return value
        raise ValueError("a named model needs OPENAI_API_KEY or OPENAI_BASE_URL; without them use local or offline")

    @field_validator("assistant")
    @classmethod
    def _import_string(cls, value: str) -> str:
        if not _IMPORT.fullmatch(value):
            raise ValueError("must look like package.module:factory")
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        scheme, separator, _ = value.partition("://")
        if not separator or scheme not in _DATABASES:
            raise ValueError(f"must begin with {', '.join(name + '://' for name in _DATABASES)}")
        return value

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("image_hosts", "cors_origins", mode="before")
    @classmethod
    def _comma_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = value.split(",")
        return tuple(dict.fromkeys(part.strip().lower() for part in value if part.strip()))

    @field_validator("image_hosts")
    @classmethod
    def _host_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is not a host name such as images.example.com")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin == "*":
                raise ValueError("* would let any page act for your users; list the origins")
            scheme, separator, host = origin.partition("://")
            if not separator or scheme not in ("http", "https") or not _HOST.fullmatch(host):
                raise ValueError(f"{origin!r} is not an origin such as https://www.example.com")
        return value


def variable(field: str) -> str:
    """The environment variable that sets a field of `Settings`; other names are returned as they are."""
    info = Settings.model_fields.get(field)
    if info is None:
        return field
    return str(info.validation_alias) if info.validation_alias else f"CHATKIT_{field.upper()}"


def load_settings(env_file: str | Path | None = ".env", **given: Any) -> Settings:
    """Read the settings: `given` fields first, then the environment, then `env_file`, then the defaults.

    Raises SettingsError, whose message names each wrong variable and never quotes a secret.
    """
    try:
        return Settings(_env_file=env_file, **given)
    except ValidationError as error:
        raise SettingsError("\n".join(_lines(error))) from None


def _lines(error: ValidationError) -> list[str]:
    # A default made from an earlier field is not tried when that field is wrong: no fault of its own.
    faults = [fault for fault in error.errors() if fault["type"] != "default_factory_not_called"]
    return [f"{variable(str(fault['loc'][0]))}: {_plain(fault['msg'])}" for fault in faults]


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "must be")
