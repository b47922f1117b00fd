import pytest
from pydantic import ValidationError

from chatkit_app.assistant.options import OPTIONS
from chatkit_app.options import Options


def test_our_options_survive_the_way_through_javascript() -> None:
    assert Options.model_validate_json(OPTIONS.model_dump_json(by_alias=True)) == OPTIONS


def test_a_page_may_give_camel_case_and_keys_we_do_not_know() -> None:
    options = Options.model_validate(
        {
            "api": {"url": "/chatkit", "domainKey": "any"},
            "startScreen": {"greeting": "Hi", "prompts": [{"label": "A", "prompt": "B", "icon": "lucide:leaf"}]},
            "composer": {"attachments": {"enabled": True, "maxSize": {"image/*": 5}}, "tomorrow": 1},
        }
    )
    assert options.start_screen.greeting == "Hi"
    assert options.start_screen.prompts[0].icon == "lucide:leaf"
    assert options.composer.attachments.max_size == {"image/*": 5}


def test_a_theme_may_be_only_its_colour_scheme() -> None:
    assert Options.model_validate({"theme": "dark"}).theme.color_scheme == "dark"


def test_official_defaults_hold_where_nothing_is_said() -> None:
    options = Options()
    assert options.theme.color_scheme == "light"
    assert (options.header.enabled, options.history.enabled) == (True, True)
    assert options.thread_item_actions.feedback is options.thread_item_actions.retry is False
    assert (options.composer.attachments.enabled, options.composer.attachments.max_count) == (False, 10)


def test_an_unknown_icon_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="icon"):
        Options.model_validate({"startScreen": {"prompts": [{"label": "A", "prompt": "B", "icon": "no-such-icon"}]}})


def test_a_prompt_may_be_structured_content() -> None:
    content = [{"type": "input_text", "text": "Ask "}, {"type": "input_tag", "id": "c1", "text": "Ada", "data": {}}]
    options = Options.model_validate({"startScreen": {"prompts": [{"label": "A", "prompt": content}]}})
    assert [part.type for part in options.start_screen.prompts[0].prompt] == ["input_text", "input_tag"]  # type: ignore[union-attr]


def test_options_are_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        OPTIONS.locale = "de"  # type: ignore[misc]
