"""Words with something in them: a value, or a count."""

import re
from collections.abc import Callable, Mapping

from chatkit_app.i18n.locale import fallbacks

_PLACE = re.compile(r"\{(\w+)\}")


def fill(text: str, **values: object) -> str:
    """Put values into the `{name}` places of a text; a place without a value stays as it is.

    Values are inserted as they are and never read as places themselves.
    """
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)


def plural(words: Mapping[str, str], key: str, count: int, locale: str) -> str:
    """The form of a word for a count, `{count}` filled in: `key_one`, `key_few`, … else `key_other`.

    Raises KeyError when not even `key_other` is there.
    """
    form = f"{key}_{category(count, locale)}"
    return fill(words.get(form) or words[f"{key}_other"], count=count)


def category(count: int, locale: str) -> str:
    """The plural category of a whole number in a language, by Unicode's rules: zero, one, two, few, many, other."""
    number = abs(count)
    for tag in fallbacks(locale):
        if tag in _RULES:
            return _RULES[tag](number)
    return _one_is_one(number)


def _one_is_one(n: int) -> str:
    return "one" if n == 1 else "other"


def _none(n: int) -> str:
    return "other"


def _up_to_one(n: int) -> str:
    return "one" if n <= 1 else "other"


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _south_slavic(n: int) -> str:
    form = _east_slavic(n)
    return "other" if form == "many" else form


def _polish(n: int) -> str:
    return "one" if n == 1 else "many" if _east_slavic(n) == "one" else _east_slavic(n)


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if n in (2, 3, 4) else "other"


def _romanian(n: int) -> str:
    return "one" if n == 1 else "few" if n == 0 or 1 <= n % 100 <= 19 else "other"


def _slovenian(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, "other")


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return "other"
    return "one" if n % 10 == 1 else "few"


def _latvian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return "zero"
    return "one" if n % 10 == 1 else "other"


def _ends_in_one(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else "other"


def _hebrew(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, "other")


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"


def _filipino(n: int) -> str:
    return "other" if n not in (1, 2, 3) and n % 10 in (4, 6, 9) else "one"


_RULES: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("id", "ja", "ko", "ms", "my", "th", "vi", "zh"), _none),
    **dict.fromkeys(("am", "bn", "fa", "fr", "gu", "hi", "hy", "kn", "pt-BR"), _up_to_one),
    **dict.fromkeys(("ru", "uk"), _east_slavic),
    **dict.fromkeys(("bs", "hr", "sr"), _south_slavic),
    **dict.fromkeys(("cs", "sk"), _czech),
    **dict.fromkeys(("is", "mk"), _ends_in_one),
    "ar": _arabic,
    "he": _hebrew,
    "lt": _lithuanian,
    "lv": _latvian,
    "pl": _polish,
    "ro": _romanian,
    "sl": _slovenian,
    "tl": _filipino,
}
