"""A small Voorbeeldstad with its contents, made once for all tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tweestad.synthetic.contents.making import write_contents
from tweestad.synthetic.town import write_town


@pytest.fixture(scope="session")
def full_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town of 700 buildings: several buurten, and ground where building goes on."""
    folder = tmp_path_factory.mktemp("full-town")
    write_town(folder, seed=1, size=700)
    write_contents(folder, seed=1)
    return folder
