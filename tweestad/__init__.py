"""Tweestad: the open-source digital twin for any Dutch municipality."""

__version__ = "0.2.0"
