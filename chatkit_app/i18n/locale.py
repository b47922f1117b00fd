"""Language tags: which of ours a reader gets, and which way it is written."""

from collections.abc import Iterable, Sequence

_MAX_HEADER = 1000
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# Tags whose best match cannot be found by cutting them short.
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "fil": "tl", "zh-hant": "zh-TW", "zh-hans": "zh-CN"}


def negotiate(header: str | None, available: Sequence[str], default: str = "en") -> str:
    """The best of `available` for an Accept-Language header (or a single tag such as a browser's language).

    Preferences are tried in the order of their weight; each is matched exactly, then by its shorter forms (`de-AT`
    finds `de`), then by its language in another region (`pt` finds `pt-BR`, `de-AT` finds `de-DE`). Parts that cannot
    be read are ignored. Returns `default` when nothing matches.
    """
    for wanted in _preferences(header or ""):
        if wanted == "*":
            break
        found = _match(wanted, available)
        if found is not None:
            return found
    return default


def fallbacks(locale: str) -> tuple[str, ...]:
    """A tag and its shorter forms, most exact first, in usual spelling: `pt_br` gives `pt-BR`, `pt`."""
    parts = locale.replace("_", "-").split("-")
    spelled = [parts[0].lower(), *map(_spell, parts[1:])]
    return tuple("-".join(spelled[:length]) for length in range(len(spelled), 0, -1))


def direction(locale: str) -> str:
    """`rtl` for a language written from right to left, else `ltr`."""
    return "rtl" if fallbacks(locale)[-1] in _RIGHT_TO_LEFT else "ltr"


def _spell(part: str) -> str:
    return part.title() if len(part) == 4 else part.upper()


def _preferences(header: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for part in header[:_MAX_HEADER].split(","):
        tag, _, parameters = part.partition(";")
        weight = _weight(parameters)
        if tag.strip() and 0 < weight <= 1:
            weighed.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _match(wanted: str, available: Iterable[str]) -> str | None:
    ours = {tag.lower(): tag for tag in available}
    forms = [form.lower() for form in fallbacks(wanted)]
    forms += [_ALIASES[form].lower() for form in forms if form in _ALIASES]
    for form in forms:
        if form in ours:
            return ours[form]
    for form in forms:
        for tag in ours:
            if tag.startswith(f"{form}-"):
                return ours[tag]
    return None
