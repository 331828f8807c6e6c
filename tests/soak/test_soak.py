"""The soak finds what breaks the contract, and a short one of every parser finds nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.soak.child import broken_contract, case_bytes, find_parser
from tests.soak.parsers import PARSERS
from tests.soak.watch import Limits, soak

CASES = 40
SLOW_CASES = 2


@pytest.mark.parametrize("name", [parser.name for parser in PARSERS])
def test_a_parser_takes_broken_files_or_says_why_not(tmp_path: Path, name: str) -> None:
    """The first cases of the soak, in this process: a crash is no less visible here."""
    parser = find_parser(name)
    sample = parser.sample()
    path = tmp_path / f"case{parser.suffix}"
    path.write_bytes(parser.pack(sample))
    parser.read(path)
    for seed in range(SLOW_CASES if parser.slow else CASES):
        path.write_bytes(case_bytes(parser, sample, seed))
        assert broken_contract(parser, path) == "", f"seed {seed}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raise", "KeyError in"),
        ("hang", "longer than 1 s"),
        ("crash", "ended with code"),
        ("hoard", "MemoryError"),
    ],
)
def test_a_parser_that_breaks_its_contract_is_found_and_its_file_is_kept(
    tmp_path: Path, name: str, said: str
) -> None:
    limits = Limits(seconds=1.0, memory_bytes=500_000_000)
    until = time.monotonic() + 300
    result = soak(f"faulty-{name}", tmp_path / "work", tmp_path / "kept", 1, 1, until, limits)
    assert result.cases == 1
    (finding,) = result.findings
    assert said in finding.said
    assert finding.file.read_bytes() == case_bytes(find_parser(f"faulty-{name}"), b"good", 1)


def test_a_seed_always_breaks_a_file_the_same_way() -> None:
    parser = find_parser("geojson")
    sample = parser.sample()
    assert case_bytes(parser, sample, 5) == case_bytes(parser, sample, 5)
    assert len({case_bytes(parser, sample, seed) for seed in range(50)}) > 45
