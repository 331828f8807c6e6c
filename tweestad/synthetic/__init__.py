"""Voorbeeldstad: an invented town, written in the real formats."""
