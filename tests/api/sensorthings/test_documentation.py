"""What docs/sensorthings.md shows can be done as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.sensorthings.conftest import Read
from tweestad.api.sensorthings.expression import DEPTH_MAX, TEXT_MAX
from tweestad.api.sensorthings.functions import FUNCTIONS
from tweestad.api.sensorthings.reach import ENTITIES_MAX, LOOKED_MAX, TOP_DEFAULT, TOP_MAX

PAGE = Path(__file__).parents[3].joinpath("docs", "sensorthings.md").read_text(encoding="utf-8")
ADDRESSES = re.findall(r"^/sta/v1\.1(.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("address", ADDRESSES[:-1])
def test_every_address_on_the_page_finds_something(read: Read, address: str) -> None:
    assert next(iter(read(address.removeprefix("/")).values()))


def test_there_are_addresses_on_the_page() -> None:
    assert len(ADDRESSES) > 10
    assert ADDRESSES[-1].endswith("/$value")


def test_the_page_names_every_function_and_every_limit() -> None:
    for name in FUNCTIONS:
        assert re.search(rf"[` ]{re.escape(name)}[` ]", PAGE), name
    for limit in (TOP_DEFAULT, TOP_MAX, ENTITIES_MAX, LOOKED_MAX, TEXT_MAX, DEPTH_MAX):
        assert re.search(rf"\b{limit:,}\b", PAGE), limit
