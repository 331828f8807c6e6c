"""Replay: recordings and the invented feeds of Voorbeeldstad, given as the real services would give them.

A twin folder says in `replay.toml` which recording answers which request of which source. A small server on
this machine answers by it, so that replayed feeds take the same way as real ones.
"""
