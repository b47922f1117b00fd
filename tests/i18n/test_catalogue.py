import pytest

from chatkit_app.i18n import LOCALES, words
from chatkit_app.i18n.catalogue import MASTER, _catalogue
from chatkit_app.i18n.phrase import _PLACE

MASTER_WORDS = words(MASTER)
FORMS = ("_zero", "_one", "_two", "_few", "_many", "_other")


def test_an_unknown_language_speaks_english() -> None:
    assert words("tlh") == MASTER_WORDS


def test_a_region_without_its_own_words_speaks_its_language() -> None:
    assert words("de-AT") == words("de") != MASTER_WORDS


def test_a_key_that_a_language_lacks_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(_catalogue("de"), "dismiss")
    assert words("de")["dismiss"] == MASTER_WORDS["dismiss"]
    assert words("de")["send"] == "Senden"


def test_each_caller_gets_words_of_its_own() -> None:
    words("en").clear()
    assert words("en") == MASTER_WORDS


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_has_no_word_that_english_lacks_and_no_empty_one(locale: str) -> None:
    catalogue = _catalogue(locale)
    plurals = {key.removesuffix("_other") for key in MASTER_WORDS if key.endswith("_other")}
    allowed = set(MASTER_WORDS) | {stem + form for stem in plurals for form in FORMS}
    assert set(catalogue) <= allowed
    assert all(text.strip() for text in catalogue.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_keeps_the_places_of_the_english_text(locale: str) -> None:
    for key, text in _catalogue(locale).items():
        master = MASTER_WORDS.get(key)
        if master is not None:
            assert set(_PLACE.findall(text)) == set(_PLACE.findall(master)), key
