"""Tweestad: the open-source digital twin for any Dutch municipality."""

__version__ = "0.1.0"
