"""The folder with real data, for tests that read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The folder OPEN_DATA names, else `shared/data` beside the repository; the test is skipped without."""
    sibling = Path(__file__).parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("OPEN_DATA") or sibling)
    if not folder.is_dir():
        pytest.skip("the open-data folder is absent: set OPEN_DATA")
    return folder
