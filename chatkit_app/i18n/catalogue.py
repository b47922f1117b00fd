"""Which languages there are, and the words of each."""

from functools import cache
from importlib import import_module

from chatkit_app.i18n.locale import fallbacks

MASTER = "en"
LOCALES: tuple[str, ...] = (MASTER, "de")
"""Every language with a catalogue: a module of this package that holds `WORDS`. A regional one (`pt-BR`) is the
module `pt_br` and needs only the words in which it differs from `pt`, if there is one."""


def words(locale: str) -> dict[str, str]:
    """All words in a language: the region's, else the language's, else English. A fresh dictionary.

    Every key of the English catalogue is in it, whatever the locale; an unknown locale is English.
    """
    found: dict[str, str] = {}
    for name in reversed((*fallbacks(locale), MASTER)):
        if name in LOCALES:
            found |= _catalogue(name)
    return found


@cache
def _catalogue(locale: str) -> dict[str, str]:
    module = import_module(f"{__package__}.{locale.lower().replace('-', '_')}")
    catalogue: dict[str, str] = module.WORDS
    return catalogue
