"""Words to tokens to places."""

from tweestad.search.normalise import tokens

__all__ = ["tokens"]
