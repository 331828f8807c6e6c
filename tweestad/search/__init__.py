"""Words to tokens to places."""

from tweestad.search.likeness import alike, slips_after_first
from tweestad.search.normalise import tokens

__all__ = ["alike", "slips_after_first", "tokens"]
