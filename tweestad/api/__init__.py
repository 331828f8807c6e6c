"""The edge: what the web sees."""
