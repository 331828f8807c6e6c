"""Tests of Tweestad."""
