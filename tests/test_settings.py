from pathlib import Path

import pytest

from chatkit_app.settings import DEFAULT_MODEL, Settings, SettingsError, load_settings, variable


@pytest.fixture(autouse=True)
def an_environment_without_our_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_key_the_offline_assistant_answers() -> None:
    assert load_settings().model == "offline"


def test_a_key_brings_a_default_model_over_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-something")
    settings = load_settings()
    assert (settings.model, settings.model_api) == (DEFAULT_MODEL, "responses")


def test_a_base_url_needs_no_key_and_is_asked_through_chat_completions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1/")
    monkeypatch.setenv("CHATKIT_MODEL", "qwen3")
    settings = load_settings()
    assert settings.openai_api_key is None
    assert (settings.openai_base_url, settings.model) == ("http://localhost:11434/v1", "qwen3")
    assert settings.model_api == "chat_completions"


def test_the_api_flavour_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8080/v1")
    monkeypatch.setenv("CHATKIT_MODEL_API", "responses")
    assert load_settings().model_api == "responses"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.setenv(variable(field), "")
    assert load_settings() == Settings(_env_file=None)


def test_an_env_file_is_read_and_the_environment_wins_over_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHATKIT_MAX_RUNS_PER_USER=3\nCHATKIT_RUN_GRACE_SECONDS=5\nOTHER_PROGRAM=1\n")
    monkeypatch.setenv("CHATKIT_RUN_GRACE_SECONDS", "7")
    settings = load_settings()
    assert (settings.max_runs_per_user, settings.run_grace_seconds) == (3, 7)


def test_the_example_file_changes_nothing_and_names_every_variable() -> None:
    example = Path(__file__).parent.parent / ".env.example"
    assert load_settings(example) == load_settings(None)
    text = example.read_text()
    assert [name for name in map(variable, Settings.model_fields) if f"# {name}=" not in text] == []


def test_the_database_and_the_secret_live_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data_dir="store")
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/store/chatkit.db"
    assert settings.secret_file == tmp_path / "store" / "secret"


def test_lists_are_split_at_commas_and_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATKIT_IMAGE_HOSTS", "Images.example.com, localhost:8123,,localhost:8123")
    monkeypatch.setenv("CHATKIT_CORS_ORIGINS", "https://www.example.com")
    settings = load_settings()
    assert settings.image_hosts == ("images.example.com", "localhost:8123")
    assert settings.cors_origins == ("https://www.example.com",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("OPENAI_BASE_URL", "file:///etc/passwd"),
        ("CHATKIT_MODEL", "gpt-without-a-key"),
        ("CHATKIT_MODEL_API", "assistants"),
        ("CHATKIT_REASONING", "maximal"),
        ("CHATKIT_ASSISTANT", "not an import"),
        ("CHATKIT_ASSISTANT", "module.without_factory"),
        ("CHATKIT_DATABASE_URL", "mysql://root@host/name"),
        ("CHATKIT_SECRET", "short"),
        ("CHATKIT_MAX_BODY_BYTES", "10"),
        ("CHATKIT_MAX_BODY_BYTES", "a lot"),
        ("CHATKIT_IMAGE_HOSTS", "https://images.example.com"),
        ("CHATKIT_IMAGE_HOSTS", "a.example.com; script-src *"),
        ("CHATKIT_IMAGE_HOSTS", "*"),
        ("CHATKIT_CORS_ORIGINS", "*"),
        ("CHATKIT_CORS_ORIGINS", "null"),
        ("CHATKIT_CORS_ORIGINS", "https://www.example.com/path"),
        ("CHATKIT_RUN_GRACE_SECONDS", "-1"),
        ("CHATKIT_MAX_RUNS_PER_USER", "0"),
        ("CHATKIT_OFFLINE_PACE", "60"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message


def test_two_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATKIT_MODEL_API", "x")
    monkeypatch.setenv("CHATKIT_SECRET", "x")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["CHATKIT_MODEL_API", "CHATKIT_SECRET"]


def test_secrets_show_neither_in_the_repr_nor_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "s3cret" * 6
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    monkeypatch.setenv("CHATKIT_SECRET", secret)
    monkeypatch.setenv("CHATKIT_DATABASE_URL", f"postgresql+asyncpg://me:{secret}@host/name")
    assert secret not in repr(load_settings())
    monkeypatch.setenv("CHATKIT_SECRET", "tiny-s3cret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().model = "other"  # type: ignore[misc]
