"""Words as search compares them: without accents, capitals or punctuation."""

from __future__ import annotations

import unicodedata

TOKENS_MAX = 8
TOKEN_LENGTH_MAX = 40
_TEXT_MAX = 1000

# Letters that Unicode does not take apart, written as people type them.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def tokens(text: str, *, limit: int = TOKENS_MAX) -> list[str]:
    """The first words of a text in lower case without accents: "’s-Gravenhage" gives `s`, `gravenhage`.

    NFKD takes accents and ligatures apart (é is e with an accent, ĳ is ij); casefold is done in between
    because it can bring accents of its own. Everything that is no letter or digit parts words. At most
    `limit` words of 40 characters; a longer word is cut, because a prefix still finds it. Never raises.
    """
    plain = _without_accents(_without_accents(text[:_TEXT_MAX]).casefold()).translate(_LETTERS)
    parted = "".join(c if c.isalnum() else " " for c in plain)
    return [word[:TOKEN_LENGTH_MAX] for word in parted.split()[:limit]]


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
