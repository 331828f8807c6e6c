"""A new source: recorded, begun and graded, as docs/add-a-source.md says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tweestad.sources
from tests.feeds.feed_server import FeedServer
from tests.feeds.test_documentation import block
from tweestad.errors import InputRejected, NotFound, SourceUnavailable
from tweestad.feeds.grades import Grade, grade_of, write_expected
from tweestad.feeds.skeleton import new_source
from tweestad.feeds.sources import shipped_sources

NOW = datetime(2026, 4, 16, 9, 5, tzinfo=UTC)
URL = "https://weer.voorbeeldstad.invalid/posts?limit=5"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    found = FeedServer()
    found.put(URL, block("json").encode())
    found.put("https://weer.voorbeeldstad.invalid/posts.xml", b"<posts/>")
    found.put("https://weer.voorbeeldstad.invalid/posts.csv", b"id;lon\n1;5\n")
    yield found
    found.close()


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of sources that is found like the real one."""
    folder = tmp_path / "plugins"
    monkeypatch.setattr(tweestad.sources, "__path__", [*tweestad.sources.__path__, str(folder)])
    yield folder
    for name in [each for each in sys.modules if each.startswith("tweestad.sources.weerpaal")]:
        del sys.modules[name]


def begin(server: FeedServer, plugins: Path, url: str = URL) -> list[Path]:
    return new_source("weerpaal", url, plugins.parent / "recordings", NOW, base=server.base, plugins=plugins)


def test_a_source_is_recorded_and_begun_and_says_what_it_lacks(server: FeedServer, plugins: Path) -> None:
    recording, *written = begin(server, plugins)
    assert recording.read_text(encoding="utf-8") == block("json")
    assert recording.parent == plugins.parent / "recordings" / "weerpaal"
    assert {each.name for each in written} == {
        "__init__.py",
        "manifest.toml",
        "parse.py",
        "sample.values.json",
    }
    report = grade_of("weerpaal", plugins=plugins)
    assert report.grade is None
    assert [each.grade for each in report.lacking] == ["bronze"]
    assert "its sample cannot be read" in report.lacking[0].told


def test_the_source_of_the_documentation_grows_from_bronze_to_gold(server: FeedServer, plugins: Path) -> None:
    begin(server, plugins)
    folder = plugins / "weerpaal"
    (folder / "sample.values.json").unlink()
    for name, language in (("manifest.toml", "toml"), ("parse.py", "python"), ("sample.posts.json", "json")):
        (folder / name).write_text(block(language), encoding="utf-8")
    report = grade_of("weerpaal", plugins=plugins)
    assert report.grade == "bronze"
    assert [each.told.split(",")[0] for each in report.lacking] == ["write expected.jsonl"]
    path = write_expected("weerpaal", plugins=plugins)
    assert grade_of("weerpaal", plugins=plugins).grade == "gold"
    path.write_text(path.read_text(encoding="utf-8").replace("12.5", "12.6"), encoding="utf-8")
    assert grade_of("weerpaal", plugins=plugins).grade == "bronze"
    write_expected("weerpaal", plugins=plugins)
    manifest = block("toml").replace('licence_class = "A"', 'licence_class = "B"')
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    report = grade_of("weerpaal", plugins=plugins)
    assert report.grade == "silver"
    assert [each.told for each in report.lacking] == ["somebody has seen its licence (class A)"]


@pytest.mark.parametrize("kind", ["xml", "csv"])
def test_the_skeleton_fits_the_kind_of_reply(kind: str, server: FeedServer, plugins: Path) -> None:
    begin(server, plugins, f"https://weer.voorbeeldstad.invalid/posts.{kind}")
    assert (plugins / f"weerpaal/sample.values.{kind}").exists()
    text = (plugins / "weerpaal/parse.py").read_text(encoding="utf-8")
    assert f"read_{kind}(" in text
    compile(text, "parse.py", "exec")
    report = grade_of("weerpaal", plugins=plugins)
    assert "cannot be loaded" not in report.lacking[0].told


@pytest.mark.parametrize(
    ("source_id", "url", "said"),
    [
        ("Weer", URL, "small letters"),
        ("../x", URL, "small letters"),
        ("weerpaal", "file:///etc/passwd", "must begin with http"),
        ("weerpaal", "https://u:p@weer.invalid/", "without a password"),
        ("weerpaal", 'https://weer.invalid/"', "must begin with http"),
    ],
)
def test_what_is_no_id_or_no_address_is_refused(
    source_id: str, url: str, said: str, server: FeedServer, plugins: Path
) -> None:
    with pytest.raises(InputRejected, match=said):
        new_source(source_id, url, plugins, NOW, base=server.base, plugins=plugins)
    assert server.asked == []


def test_nothing_is_written_over_and_nothing_is_left_when_there_is_no_reply(
    server: FeedServer, plugins: Path
) -> None:
    with pytest.raises(SourceUnavailable, match="404"):
        begin(server, plugins, "https://weer.voorbeeldstad.invalid/other")
    assert not plugins.exists()
    begin(server, plugins)
    with pytest.raises(InputRejected, match="already"):
        begin(server, plugins)


def test_a_source_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="tweestad new source"):
        grade_of("nowhere")


def test_every_source_that_comes_with_tweestad_is_at_least_silver() -> None:
    grades: dict[str, Grade | None] = {each.id: grade_of(each.id).grade for each in shipped_sources()}
    assert not [name for name, grade in grades.items() if grade not in ("silver", "gold")], grades
