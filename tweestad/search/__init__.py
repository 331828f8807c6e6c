"""Words to tokens to places."""

from tweestad.search.likeness import alike
from tweestad.search.normalise import tokens

__all__ = ["alike", "tokens"]
