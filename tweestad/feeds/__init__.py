"""Feeds: what we fetch. Sources are found by looking, read under limits, and put through one door."""
