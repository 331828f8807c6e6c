"""TOML that people write: strict reading, and every fault with its line."""
