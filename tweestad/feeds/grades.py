"""`tweestad check`: how far a source is, in three grades, and what it lacks for the next.

Bronze: its manifest is right and its sample gives something. Silver: what comes out is what is expected,
in units of the vocabulary, and unreadable payloads are refused with a reason. Gold: the licence was seen,
nothing is left to do in its text, and the sample shows something odd.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from tweestad.errors import NotFound, SourceChanged, TweestadError
from tweestad.feeds.lines import line_of
from tweestad.feeds.manifest import read_manifest
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.skeleton import PLUGINS
from tweestad.feeds.sources import MANIFEST, Source, twin_sources
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Thing
from tweestad.units import can_convert, find_unit
from tweestad.vocabulary.properties import get_property

Grade = Literal["bronze", "silver", "gold"]
GRADES: tuple[Grade, ...] = ("bronze", "silver", "gold")
# The moment at which samples are read, in tests too: they hold no value later than this.
SAMPLE_TIME = datetime(2026, 4, 16, 9, 5, tzinfo=UTC)
_SAMPLE_MAX = 20_000
_UNREADABLE = (b"", b"<!DOCTYPE html><html><body>502</body></html>", b"[" * 10_000, bytes(range(256)))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a source of this grade has; `told` says what, or what to do when it is not `good`."""

    grade: Grade
    good: bool
    told: str


@dataclass(frozen=True, slots=True)
class GradeReport:
    checks: tuple[Check, ...]

    @property
    def grade(self) -> Grade | None:
        """The highest grade of which, and of all below it, nothing is lacking."""
        reached: Grade | None = None
        for grade in GRADES:
            if not all(each.good for each in self.checks if each.grade == grade):
                break
            if not any(each.grade == grade for each in self.checks):
                break
            reached = grade
        return reached

    @property
    def lacking(self) -> tuple[Check, ...]:
        """What is missing for the next grade."""
        following = GRADES[: GRADES.index(self.grade) + 2] if self.grade else GRADES[:1]
        return tuple(each for each in self.checks if not each.good and each.grade == following[-1])


def grade_of(source_id: str, twin: Path | None = None, *, plugins: Path = PLUGINS) -> GradeReport:
    """Check the source of that id, of Tweestad or of a twin folder; raises NotFound."""
    try:
        source = _found(source_id, twin, plugins)
    except NotFound:
        raise
    except TweestadError as exc:
        return GradeReport((Check("bronze", False, f"its manifest is wrong: {exc}"),))
    checks = [Check("bronze", True, "its manifest is right")]
    try:
        source.load_parse()
    except (ImportError, SyntaxError, TweestadError) as exc:
        return GradeReport((*checks, Check("bronze", False, f"its parse.py cannot be loaded: {exc}")))
    found, failed = _played(source)
    checks.append(_gives(found, failed))
    if failed or not found:
        return GradeReport(tuple(checks))
    checks += [_expected(source, found), _units(found), _small(source), _refuses(source)]
    checks += [_licence(source), _finished(source), _odd(found)]
    return GradeReport(tuple(checks))


def write_expected(source_id: str, twin: Path | None = None, *, plugins: Path = PLUGINS) -> Path:
    """Write what comes out of the samples of a source beside them; raises SourceChanged and NotFound."""
    source = _found(source_id, twin, plugins)
    path = source.folder / "expected.jsonl"
    path.write_text("".join(f"{line_of(each)}\n" for each in play_samples(source)), encoding="utf-8")
    return path


def _found(source_id: str, twin: Path | None, plugins: Path) -> Source:
    if twin is not None:
        for each in twin_sources(twin):
            if each.id == source_id:
                return each
    folder = plugins / source_id.replace("-", "_")
    if not (folder / MANIFEST).exists():
        raise NotFound(f"there is no source ‘{source_id[:80]}’: tweestad new source makes one")
    manifest = read_manifest(folder / MANIFEST, source_id)
    return Source(manifest, folder, f"tweestad.sources.{folder.name}.parse")


def samples_of(source: Source) -> dict[str, Path]:
    """The samples of a source by the part that they answer: `sample.<part>.<ext>`."""
    return {path.name.split(".")[1]: path for path in sorted(source.folder.glob("sample.*"))}


def _played(source: Source) -> tuple[list[Parsed], str]:
    """What comes out of all samples, and why that stopped."""
    found: list[Parsed] = []
    try:
        found.extend(play_samples(source))
    except SourceChanged as exc:
        return found, str(exc)
    except Exception as exc:  # noqa: BLE001 it is the reader of whoever runs this, and it is told
        return found, f"its reader failed ({type(exc).__name__}: {exc})"
    return found, ""


def play_samples(source: Source) -> Iterator[Parsed]:
    """Everything in the samples, in the order in which they would be asked for."""
    there = samples_of(source)
    waiting = [(each.part, each.url) for each in source.manifest.requests]
    streams: dict[str, Datastream] = {}
    first = ""
    while waiting:
        part, url = waiting.pop(0)
        path = there.pop(part, None)
        if path is None:
            continue
        followed = []
        facts = _facts(source, part, url.replace("{thing}", first), streams)
        for item in read_payload(source, io.BytesIO(path.read_bytes()), facts):
            yield item
            if isinstance(item, Datastream):
                streams[item.id] = item
            elif isinstance(item, Thing):
                first = first or item.key
            elif isinstance(item, Follow) and item.part in there:
                followed.append((item.part, item.url))
        waiting = followed + waiting


def _facts(source: Source, part: str, url: str, streams: dict[str, Datastream]) -> Facts:
    return Facts(
        source=source.id,
        received=SAMPLE_TIME,
        part=part,
        url=url,
        municipality="GM9999",
        channels=channels_of(streams.values()),
        settings=source.manifest.settings,
    )


def _gives(found: list[Parsed], failed: str) -> Check:
    if failed:
        return Check("bronze", False, f"its sample cannot be read: {failed}")
    gives = any(isinstance(each, Thing | Observation) for each in found)
    return Check("bronze", gives, "its sample gives a thing or a value")


def _expected(source: Source, found: list[Parsed]) -> Check:
    path = source.folder / "expected.jsonl"
    told = "what comes out of its sample is what expected.jsonl says"
    if not path.exists():
        return Check("silver", False, "write expected.jsonl, read it, and keep it beside the sample")
    lines = "".join(f"{line_of(each)}\n" for each in found)
    return Check("silver", lines == path.read_text(encoding="utf-8"), told)


def _units(found: list[Parsed]) -> Check:
    for each in found:
        if isinstance(each, Datastream):
            unit = get_property(each.observed).unit
            if unit and not can_convert(find_unit(each.unit) or "", unit):
                return Check("silver", False, f"‘{each.unit}’ of {each.observed} cannot become {unit}")
    return Check("silver", True, "all its units are those of the vocabulary, or become them")


def _small(source: Source) -> Check:
    size = sum(path.stat().st_size for path in samples_of(source).values())
    return Check("silver", size < _SAMPLE_MAX, f"its samples are small ({size:,} of {_SAMPLE_MAX:,} bytes)")


def _refuses(source: Source) -> Check:
    """Give it what is no payload at all: it has to say so."""
    for part in samples_of(source):
        if not all(_complains(source, part, data) for data in _UNREADABLE):
            return Check("silver", False, f"‘{part}’ takes a page of HTML or an empty reply for data")
    return Check("silver", True, "what nobody can read is refused with a reason")


def _complains(source: Source, part: str, data: bytes) -> bool:
    try:
        found = list(read_payload(source, io.BytesIO(data), _facts(source, part, "", {})))
    except SourceChanged:
        return True
    except Exception:  # noqa: BLE001 any other fault is one of the reader
        return False
    return any(isinstance(each, Rejected) for each in found)


def _licence(source: Source) -> Check:
    return Check("gold", source.manifest.licence_class == "A", "somebody has seen its licence (class A)")


def _finished(source: Source) -> Check:
    files = [*source.folder.glob("*.toml"), *source.folder.glob("*.py"), *samples_of(source).values()]
    left = [path.name for path in files if b"TODO" in path.read_bytes()]
    told = f"finish the TODO in {', '.join(sorted(left))}" if left else "nothing is left to do in its text"
    return Check("gold", not left, told)


def _odd(found: list[Parsed]) -> Check:
    odd = any(
        isinstance(each, Rejected | Skipped) or (isinstance(each, Observation) and each.flag >= Flag.SUSPECT)
        for each in found
    )
    return Check("gold", odd, "its sample holds a record that is rejected, left aside, suspect or missing")
