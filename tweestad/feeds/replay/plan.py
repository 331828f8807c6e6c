"""Reads `replay.toml`: which recording answers which request of a source, and when its clock begins.

```toml
[[source]]
id = "ndw-situaties"
begins = "2026-06-21T19:43:00Z"   # the time of the recording: the clock of the source begins here
ends = "2026-06-21T19:43:00Z"     # the last moment it knows of; without it the recording is one moment
margin_m = 15000                  # instead of that of the manifest: what is kept beyond the municipality
[[source.recording]]
part = "situations"               # a request of the manifest, or a part that a reply refers to
file = "live/traffic/x.xml.gz"    # in the open-data folder
url = "https://host/path"         # the address it answers, when that is not the one of the manifest
read = "file"                     # how it is given: as it is, or written back from a table
at = "2026-06-21T19:44:00Z"       # of several recordings of one part: from when on this one is given
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from tweestad.errors import TwinConfigInvalid
from tweestad.feeds.replay.recordings import READERS
from tweestad.formats.toml.fields import Faults, Fields
from tweestad.formats.toml.lines import key_lines
from tweestad.model.replay_clock import ReplayClock
from tweestad.model.text import Text

FILE = "replay.toml"
NO_RECORDING = Text(
    "Er is geen opname van deze bron voor deze stad.", "There is no recording of this source for this city."
)

NOT_INVENTED = Text("De bedachte stad heeft deze bron niet.", "The invented town has no such source.")


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded reply to one part of a source; `url` is empty when it is the address of the manifest.

    Of several of one part the last is given whose `at` (UTC) has passed; None is from the beginning.
    """

    part: str
    file: Path
    url: str = ""
    read: str = "file"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """The recordings of one source. `begins` and `ends` are UTC, `margin_m` None is that of the manifest.

    `places` are facts about stations that a table of values lacks: name, longitude and latitude by number.
    """

    id: str
    begins: datetime
    ends: datetime
    recordings: tuple[Recording, ...]
    margin_m: int | None = None
    places: Mapping[str, tuple[str, float, float]] = field(default_factory=lambda: MappingProxyType({}))

    def clock(self, began: datetime) -> ReplayClock:
        """The clock of this recording when its playing began at that moment."""
        return ReplayClock(self.begins, began, self.ends)


def read_recordings(twin: Path, open_data: Path | None) -> tuple[RecordedSource, ...]:
    """The sources of a twin folder whose recordings are all there, in the order of the file.

    Without a `replay.toml` or an open-data folder there are none. Raises TwinConfigInvalid with every fault.
    """
    path = twin / FILE
    if open_data is None or not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise TwinConfigInvalid(f"{path}: {exc}") from exc
    faults = Faults(path, key_lines(text))
    top = Fields(values, (), faults)
    found = [_source(table, open_data) for table in top.tables("source")]
    top.finish()
    faults.check()
    return tuple(each for each in found if all(one.file.is_file() for one in each.recordings))


def _source(table: Fields, open_data: Path) -> RecordedSource:
    begins = _moment(table, "begins")
    source = RecordedSource(
        id=table.text("id"),
        begins=begins,
        ends=_moment(table, "ends") if table.has("ends") else begins,
        recordings=tuple(_recording(each, open_data) for each in table.tables("recording")),
        margin_m=table.whole("margin_m", 0) if table.has("margin_m") else None,
        places=_places(table),
    )
    if source.ends < source.begins:
        table.fault("ends", "ends lies before begins")
    if not source.recordings:
        table.fault("recording", "a source needs at least one [[source.recording]]")
    table.finish()
    return source


def _recording(table: Fields, open_data: Path) -> Recording:
    name = table.text("file")
    recording = Recording(
        part=table.text("part"),
        file=open_data / name,
        url=table.text("url", ""),
        read=table.choice("read", tuple(READERS), "file"),
        at=_moment(table, "at") if table.has("at") else None,
    )
    if name.startswith("/") or ".." in Path(name).parts:
        table.fault("file", "file must lie inside the open-data folder")
    table.finish()
    return recording


def _moment(table: Fields, key: str) -> datetime:
    told = table.text(key)
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except ValueError:
        pass
    table.fault(key, f'{key} must be a moment with a zone, such as "2026-06-21T19:43:00Z"')
    return datetime.fromtimestamp(0, UTC)


def _places(table: Fields) -> Mapping[str, tuple[str, float, float]]:
    inner = table.table("places")
    if inner is None:
        return {}
    found = {}
    for key in inner.keys():  # noqa: SIM118 - a Fields, not a dict
        place = inner.table(key)
        if place is not None:
            lon, lat = place.numbers("at", 2) or (0.0, 0.0)
            found[key] = (place.text("name"), lon, lat)
            place.finish()
    return found
