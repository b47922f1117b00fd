"""The interface's own words. What the assistant's options say (greeting, prompts, title) is never translated."""

from chatkit_app.i18n.catalogue import LOCALES, words
from chatkit_app.i18n.locale import direction, negotiate
from chatkit_app.i18n.phrase import fill, plural

__all__ = ["LOCALES", "direction", "fill", "negotiate", "plural", "words"]
