import pytest

from chatkit_app.i18n import fill, plural, words
from chatkit_app.i18n.phrase import category


def test_places_are_filled() -> None:
    assert fill("Thought for {seconds} s", seconds=4) == "Thought for 4 s"


def test_a_place_without_a_value_stays() -> None:
    assert fill("{known} and {unknown}", known="a") == "a and {unknown}"


def test_a_value_is_never_read_as_a_place_or_as_code() -> None:
    assert fill("{title}: {count}", title="{count} {title.__class__}", count=1) == "{count} {title.__class__}: 1"


@pytest.mark.parametrize(("count", "said"), [(0, "0 sources"), (1, "1 source"), (2, "2 sources")])
def test_english_counts(count: int, said: str) -> None:
    assert plural(words("en"), "sources", count, "en") == said


def test_a_missing_form_uses_the_other_form() -> None:
    assert plural({"files_other": "{count} files"}, "files", 1, "en") == "1 files"


def test_a_word_without_any_form_is_an_error() -> None:
    with pytest.raises(KeyError, match="files_other"):
        plural({}, "files", 1, "en")


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", {"one": [1], "other": [0, 2, 11]}),
        ("de-AT", {"one": [1], "other": [0, 2]}),
        ("fr-FR", {"one": [0, 1], "other": [2]}),
        ("pt-BR", {"one": [0, 1], "other": [2]}),
        ("pt-PT", {"one": [1], "other": [0, 2]}),
        ("ja", {"other": [0, 1, 2]}),
        ("ru", {"one": [1, 21, 101], "few": [2, 4, 22], "many": [0, 5, 11, 12, 14, 111]}),
        ("hr", {"one": [1, 21], "few": [2, 23], "other": [0, 5, 11, 12]}),
        ("pl", {"one": [1], "few": [2, 24], "many": [0, 5, 12, 21]}),
        ("cs", {"one": [1], "few": [2, 4], "other": [0, 5, 22]}),
        ("ro", {"one": [1], "few": [0, 2, 19, 101], "other": [20, 100]}),
        ("sl", {"one": [1, 101], "two": [2], "few": [3, 4], "other": [0, 5]}),
        ("lt", {"one": [1, 21], "few": [2, 9, 22], "other": [0, 10, 11, 19]}),
        ("lv", {"zero": [0, 10, 11, 19, 20], "one": [1, 21], "other": [2, 9]}),
        ("is", {"one": [1, 21], "other": [0, 2, 11]}),
        ("he", {"one": [1], "two": [2], "other": [0, 3]}),
        ("ar", {"zero": [0], "one": [1], "two": [2], "few": [3, 10, 103], "many": [11, 99], "other": [100, 102]}),
        ("tl", {"one": [0, 1, 2, 3, 5, 7], "other": [4, 6, 9, 14]}),
    ],
)
def test_plural_categories_follow_the_language(locale: str, expected: dict[str, list[int]]) -> None:
    found: dict[str, list[int]] = {}
    for number in sorted(number for numbers in expected.values() for number in numbers):
        found.setdefault(category(number, locale), []).append(number)
    assert found == expected
