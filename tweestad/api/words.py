"""The words of a search, and whether they are enough to search with."""

from __future__ import annotations

from tweestad.api.limits import LIMITS
from tweestad.search.normalise import tokens


def search_words(text: str) -> list[str]:
    """Normalised words; none when no word has two letters: one letter finds half the city, slowly."""
    words = tokens(text)
    return words if any(len(word) >= LIMITS.search_letters_min for word in words) else []
