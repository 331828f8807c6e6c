"""One test for every source there is: its sample goes in, its expected lines come out.

`python -m tests.sources.test_sources ID…` writes the expected lines anew; read them before you commit them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.playing import play, samples, source_named
from tweestad.feeds.lines import line_of
from tweestad.feeds.sources import shipped_sources
from tweestad.model.observation import Observation
from tweestad.model.thing import Datastream, Thing
from tweestad.units import can_convert
from tweestad.vocabulary.properties import get_property

SOURCES = [source.id for source in shipped_sources()]
ROOT = Path(__file__).resolve().parents[2]


def lines(source_id: str) -> str:
    source = source_named(source_id)
    return "".join(f"{line_of(item)}\n" for _, item in play(source))


@pytest.mark.parametrize("source_id", SOURCES)
def test_the_sample_of_a_source_gives_what_is_expected(source_id: str) -> None:
    source = source_named(source_id)
    assert lines(source_id) == (source.folder / "expected.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("source_id", SOURCES)
def test_the_sample_of_a_source_is_small_and_gives_a_thing_or_a_value(source_id: str) -> None:
    source = source_named(source_id)
    assert sum(path.stat().st_size for path in samples(source).values()) < 20_000
    assert any(isinstance(item, Thing | Observation) for _, item in play(source))


@pytest.mark.parametrize("source_id", SOURCES)
def test_what_comes_out_is_in_units_and_codes_of_the_vocabulary(source_id: str) -> None:
    streams: dict[str, Datastream] = {}
    for _, item in play(source_named(source_id)):
        if isinstance(item, Datastream):
            observed = get_property(item.observed)
            if observed.unit:
                assert can_convert(item.unit, observed.unit), f"{item.unit} is not {observed.unit}"
            streams[item.id] = item
        elif isinstance(item, Observation) and item.result is not None:
            observed = get_property(streams[item.datastream].observed)
            kinds = {"number": float, "count": float, "boolean": bool}
            assert isinstance(item.result, kinds.get(observed.type, str)), item
            if observed.type == "codes":
                assert item.result in observed.codes, item


@pytest.mark.parametrize("seed", ["1", "77"])
def test_what_comes_out_does_not_depend_on_the_hash_seed(seed: str) -> None:
    code = "from tests.sources.test_sources import SOURCES, lines\nprint(*map(lines, SOURCES), sep='')"
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert out.strip() == "".join(lines(each) for each in SOURCES).strip()


if __name__ == "__main__":
    for named in sys.argv[1:]:
        (source_named(named).folder / "expected.jsonl").write_text(lines(named), encoding="utf-8")
