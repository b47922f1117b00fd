import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.i18n import direction, negotiate
from chatkit_app.i18n.locale import fallbacks

OURS = ("en", "de-DE", "fr-CA", "fr-FR", "nb-NO", "pt-BR", "pt-PT", "zh-CN", "zh-TW", "ar")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("de-DE", "de-DE"),
        ("DE-de", "de-DE"),
        ("de_DE", "de-DE"),
        ("de", "de-DE"),
        ("de-AT", "de-DE"),
        ("fr-FR", "fr-FR"),
        ("fr", "fr-CA"),
        ("pt-PT, pt;q=0.9", "pt-PT"),
        ("ar-EG", "ar"),
        ("no", "nb-NO"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh-Hans", "zh-CN"),
        ("tlh, de;q=0.5", "de-DE"),
        ("de;q=0.3, fr;q=0.8", "fr-CA"),
        ("de;q=0, fr;q=0.1", "fr-CA"),
        ("de ; q = 0.3 ,fr", "fr-CA"),
        ("*", "en"),
        ("tlh, *;q=0.5", "en"),
        ("de;q=high", "en"),
        ("", "en"),
        (None, "en"),
        (",,;;=", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str | None, chosen: str) -> None:
    assert negotiate(header, OURS) == chosen


def test_nothing_that_matches_gives_the_default() -> None:
    assert negotiate("tlh", OURS, default="de-DE") == "de-DE"


@given(st.text())
def test_any_header_gives_a_language_we_have(header: str) -> None:
    assert negotiate(header, OURS) in OURS


def test_a_tag_falls_back_to_its_shorter_forms() -> None:
    assert fallbacks("zh_hant_tw") == ("zh-Hant-TW", "zh-Hant", "zh")


@pytest.mark.parametrize(
    ("locale", "way"), [("ar", "rtl"), ("ur-PK", "rtl"), ("he", "rtl"), ("en", "ltr"), ("", "ltr")]
)
def test_the_direction_follows_the_language(locale: str, way: str) -> None:
    assert direction(locale) == way
