"""What is public is documented, and the repository keeps its own rules."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

import tweestad
from tweestad.build.twin import read_twin
from tweestad.config import Config

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks or would track, by glob."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [ROOT / name for name in sorted(set(out.split("\0"))) if name and (ROOT / name).is_file()]


MARKDOWN = [p.relative_to(ROOT).as_posix() for p in tracked("*.md")]


@pytest.mark.parametrize("page", MARKDOWN)
def test_every_link_in_the_documentation_leads_somewhere(page: str) -> None:
    here = ROOT / page
    for target in LINK.findall(here.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:", "#")):
            continue
        assert (here.parent / target.split("#")[0]).exists(), f"{page} links to {target}"


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    for record in (ROOT / "docs/adr").glob("0*.md"):
        assert f"({record.name})" in index
        text = record.read_text(encoding="utf-8")
        for heading in ("## Context", "## Decision", "## Other options", "## Consequences"):
            assert heading in text, f"{record.name} has no {heading}"


def test_the_changelog_knows_this_version() -> None:
    assert f"## {tweestad.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_publiccode_keeps_its_limits() -> None:
    facts = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert facts["softwareVersion"] == tweestad.__version__
    assert facts["legal"]["license"] == "EUPL-1.2"
    for language in ("nl", "en"):
        words = facts["description"][language]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    source = (ROOT / "tweestad/config.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.get\("([A-Z_]+)"', source))
    assert names
    for name in names:
        assert f"`{name}`" in page, f"{name} is not in docs/settings.md"
    assert Config.from_environment({}).port == 8000


def test_every_command_is_documented() -> None:
    from tweestad.cli import build_parser

    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    for action in build_parser()._actions:
        for command in getattr(action, "choices", None) or ():
            if isinstance(command, str):
                assert f"tweestad {command}" in page, f"{command} is not in docs/commands.md"


def test_the_two_languages_have_the_same_words() -> None:
    words = {
        language: json.loads((ROOT / f"tweestad/i18n/{language}.json").read_text(encoding="utf-8"))
        for language in ("nl", "en")
    }
    assert words["nl"].keys() == words["en"].keys()
    for language, catalogue in words.items():
        empty = [key for key, text in catalogue.items() if not text.strip()]
        assert not empty, f"{language}: {empty}"
    for key in words["nl"]:
        placeholders = [set(re.findall(r"\{(\w+)\}", words[lang][key])) for lang in ("nl", "en")]
        assert placeholders[0] == placeholders[1], key


def test_every_word_of_the_catalogue_is_used_and_every_used_word_exists() -> None:
    code = "\n".join(
        p.read_text(encoding="utf-8")
        for p in tracked("tweestad/**.py", "tweestad/**.html", "tweestad/**.j2", "web/src/**.ts")
    )
    catalogue = json.loads((ROOT / "tweestad/i18n/nl.json").read_text(encoding="utf-8"))
    dynamic = tuple(re.findall(r"""[`"']([a-z]+(?:\.[a-z]+)*\.)(?:\$\{|["'] ~|["'] \+|\{)""", code))
    unused = [key for key in catalogue if f'"{key}"' not in code and f"'{key}'" not in code]
    unused = [key for key in unused if not (dynamic and key.startswith(dynamic))]
    assert not unused, unused


def test_files_stay_readable() -> None:
    for path in tracked("*.py", "*.ts"):
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def test_lock_files_name_no_hosts() -> None:
    for path in [*ROOT.glob("requirements/*.lock"), ROOT / "web/package-lock.json"]:
        text = path.read_text(encoding="utf-8")
        assert '"resolved"' not in text, path.name
        assert "index-url" not in text, path.name
        if path.suffix == ".lock":
            assert "://" not in text, path.name


def test_no_data_files_or_built_files_are_tracked() -> None:
    for path in tracked():
        assert path.stat().st_size < 1_500_000, f"{path.relative_to(ROOT)} is large"
        assert not path.as_posix().startswith((ROOT / "tweestad/api/static").as_posix())


def test_the_layer_of_the_documentation_builds(tmp_path: Path) -> None:
    from tweestad.access.actor import VISITOR
    from tweestad.access.reader import Reader
    from tweestad.build.pipeline import build
    from tweestad.store.opening import open_store
    from tweestad.store.protocol import Where

    page = (ROOT / "docs/add-a-layer.md").read_text(encoding="utf-8")
    (geojson,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    toml, *_ = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "benches.geojson").write_text(geojson, encoding="utf-8")
    (tmp_path / "twin.toml").write_text(toml, encoding="utf-8")
    config = Config(data_dir=tmp_path / "var")
    build(tmp_path, config)
    store = open_store(config.database_url, config.data_dir)
    try:
        found = Reader(store, VISITOR).features(Where(layer="banken"), limit=10)
        assert [f.feature.id for f in found] == ["bank-B1", "bank-B2"]
        assert [f.feature.title for f in found] == ["Bank B1", "Bank B2"]
    finally:
        store.close()


@pytest.mark.parametrize("kind", ["trees", "tubes"])
def test_the_table_of_the_documentation_for_this_kind_is_understood(kind: str, tmp_path: Path) -> None:
    page = (ROOT / "docs/add-a-layer.md").read_text(encoding="utf-8")
    whole, *tables = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (table,) = [each for each in tables if each.startswith(f"[layer.{kind.removesuffix('s')}]")]
    (tmp_path / "benches.geojson").write_text("{}", encoding="utf-8")
    told = whole.replace('kind = "points"', f'kind = "{kind}"') + "\n" + table
    (tmp_path / "twin.toml").write_text(told, encoding="utf-8")
    plan = read_twin(tmp_path, Config(tmp_path / "data")).layer("banken")
    assert (plan.tree is not None, plan.tube is not None) == (kind == "trees", kind == "tubes")
