"""The stores of tests/store, so that what is fetched is stored on both backends."""

from tests.store.conftest import address, open_again, shared_url, store

__all__ = ["address", "open_again", "shared_url", "store"]
