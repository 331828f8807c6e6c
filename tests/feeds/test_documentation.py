"""The source of docs/add-a-source.md works as it is printed there."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from tweestad.feeds.manifest import read_manifest
from tweestad.feeds.reading import read_payload
from tweestad.feeds.sources import Parse, Source
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Rejected

PAGE = Path(__file__).resolve().parents[2] / "docs/add-a-source.md"


def block(language: str) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_the_source_of_the_documentation_reads_its_own_sample(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(block("toml"), encoding="utf-8")
    module = ModuleType("weerpaal")
    exec(compile(block("python"), "parse.py", "exec"), module.__dict__)  # noqa: S102 it is our own page

    class Printed(Source):
        def load_parse(self) -> Parse:
            parse: Parse = module.__dict__["parse"]
            return parse

    source = Printed(read_manifest(tmp_path / "manifest.toml", "weerpaal"), tmp_path, "")
    facts = Facts("weerpaal", datetime(2026, 4, 16, 9, 5, tzinfo=UTC), "posts")
    found = list(read_payload(source, io.BytesIO(block("json").encode()), facts))
    values = [each for each in found if isinstance(each, Observation)]
    assert [(each.result, each.flag) for each in values] == [(12.5, Flag.NOT_EVALUATED), (None, Flag.MISSING)]
    assert [each.reason for each in found if isinstance(each, Rejected)] == [
        "the position is a placeholder, not a place"
    ]
