"""A manifest holds facts only: every fault is told with its line, and an unknown key with what was meant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tweestad.errors import NotFound, TwinConfigInvalid
from tweestad.feeds.manifest import read_manifest
from tweestad.feeds.sources import get_source, shipped_sources, twin_sources

GOOD = """\
plugin_api = 1
title = {nl = "Banken", en = "Benches"}
publisher = "Gemeente"
licence = "CC0 1.0"
licence_class = "A"
attribution = "Gemeente"
quality = "official"
personal_data = "none"
every = "1h"
stale_after = "2d"
keep_raw = "no"
parse = "instelbaar"
properties = ["temperatuur"]
[[request]]
part = "rows"
url = "https://data.voorbeeldstad.invalid/{municipality}.csv?bbox={bbox}"
"""


def written(tmp_path: Path, text: str, name: str = "banken") -> Path:
    path = tmp_path / "sources" / name / "manifest.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_twin_adds_a_source_by_configuration_alone(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (source,) = twin_sources(tmp_path)
    assert source.id == "banken"
    assert source.manifest.stale_after == timedelta(days=2)
    assert source.manifest.keep_raw == timedelta(0)
    assert source.manifest.requests[0].every == timedelta(hours=1)
    assert source.load_parse() is get_source("instelbaar").load_parse()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "attribution",
            "atribution",
            r":6: unknown key ‘atribution’ in the file \(did you mean ‘attribution’",
        ),
        ("plugin_api = 1", "plugin_api = 2", ":1: plugin_api must be 1"),
        ('"temperatuur"', '"temperature"', r":13: .*no property ‘temperature’ \(did you mean ‘temperatuur’"),
        ("{bbox}", "{box}", r":16: there is no placeholder \{box\} \(did you mean ‘bbox’"),
        ("https://data", "file://data", "url must begin with http"),
        ("https://data.voorbeeldstad", "https://{bbox}.voorbeeldstad", "a host without placeholders"),
        ("https://data", "https://u:p@data", "without placeholders or password"),
        ('"1h"', '"hourly"', r':9: every must be a time such as "60s"'),
        ('"instelbaar"', '"instelbar"', r"no source is called ‘instelbar’ \(did you mean ‘instelbaar’"),
        ('en = "Benches"', 'en = ""', "title needs both nl and en"),
        ('licence_class = "A"', 'licence_class = "C"', "licence_class cannot be ‘C’"),
        ('personal_data = "none"', 'personal_data = "perhaps"', "personal_data cannot be"),
        ('part = "rows"', 'part = "Rows"', "part must be a word of small letters"),
        ('part = "rows"', 'part = "rows"\nneeds = ["things"]', "‘things’ is not an earlier request"),
        ('part = "rows"', 'part = "rows"\nsecret = {header = "X", setting = "abc123"}', "not the key"),
    ],
)
def test_a_fault_in_a_manifest_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(TwinConfigInvalid, match=said):
        twin_sources(tmp_path)


@pytest.mark.parametrize("name", ["Banken", "knmi", "x" * 70])
def test_an_id_that_is_none_or_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    written(tmp_path, GOOD, name)
    with pytest.raises(TwinConfigInvalid, match="id"):
        twin_sources(tmp_path)


def test_a_twin_cannot_bring_code_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('parse = "instelbaar"\n', ""))
    (path.parent / "parse.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(TwinConfigInvalid, match="parse must name"):
        twin_sources(tmp_path)


def test_a_manifest_that_is_no_toml_or_not_there_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "title = ")
    with pytest.raises(TwinConfigInvalid):
        read_manifest(path, "banken")
    with pytest.raises(TwinConfigInvalid):
        read_manifest(path.parent / "elsewhere.toml", "banken")
    with pytest.raises(NotFound):
        get_source("nowhere")


def test_every_shipped_source_can_be_shown_with_its_credit() -> None:
    found = shipped_sources()
    assert len(found) >= 15
    assert len({source.id for source in found}) == len(found)
    for source in found:
        manifest = source.manifest
        assert manifest.attribution, source.id
        assert manifest.stale_after >= manifest.every > timedelta(0), source.id
        assert (source.folder / "expected.jsonl").exists(), source.id
