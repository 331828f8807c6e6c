"""The recordings that the demo cities name are there, and pass through the door of their sources."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.sources.recordings import LIVE
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.replay.answering import RecordedAnswers
from tweestad.feeds.replay.limiting import replayed
from tweestad.feeds.replay.plan import read_recordings
from tweestad.feeds.sources import Source, shipped_sources, twin_sources
from tweestad.model.observation import Observation
from tweestad.model.received import Facts, Follow, Rejected
from tweestad.model.replay_clock import ReplayClock
from tweestad.model.thing import Datastream, Thing
from tweestad.synthetic.feeds.asked import Asked

DEMO = Path(__file__).resolve().parents[2] / "demo"
BEGAN = datetime(2026, 11, 24, 12, tzinfo=UTC)
# West, south, east, north in degrees, with the margin that the widest source asks for.
BOXES = {
    "amsterdam": (4.4, 52.1, 5.5, 52.6),
    "alkmaar": (4.4, 52.3, 5.1, 52.9),
    "voorburg": (4.2, 51.9, 4.6, 52.2),
    "delft": (4.2, 51.8, 4.6, 52.2),
}
# What is odd in the recordings themselves.
KNOWN_FAULTS = {
    "‘vmsLocation/locationForDisplay’ is missing",
    "the position is a placeholder, not a place",
    "the panel has another version than in the table",
    "it has no location",
}


class Asking:
    """Asks one source of a city until nothing leads further, a few things of it at most."""

    def __init__(self, found: RecordedAnswers, source: Source, city: str, wall: datetime) -> None:
        self.found, self.source, self.box, self.wall = found, source, BOXES[city], wall
        self.things: dict[str, Thing] = {}
        self.streams: dict[str, Datastream] = {}
        self.values: list[Observation] = []
        self.reasons: Counter[str] = Counter()
        for request in source.manifest.requests:
            keys = [each.key for each in list(self.things.values())[:3]] if request.for_each_thing else [""]
            for key in keys:
                self.ask(request.part, request.url.replace("{thing}", key))

    def ask(self, part: str, url: str) -> None:
        parts = urlsplit(url)
        asked = Asked(parts.netloc, parts.path, self.wall, dict(parse_qsl(parts.query)))
        answer = self.found.find(asked)
        assert answer is not None, url
        data = gzip.decompress(answer.data) if answer.data[:2] == b"\x1f\x8b" else answer.data
        facts = Facts(
            self.source.id, self.wall, part, url, bbox=self.box,
            channels=channels_of(self.streams.values()), settings=self.source.manifest.settings,
        )  # fmt: skip
        for item in list(read_payload(self.source, io.BytesIO(data), facts)):
            if isinstance(item, Thing):
                self.things[item.id] = item
            elif isinstance(item, Datastream):
                self.streams[item.id] = item
            elif isinstance(item, Observation):
                self.values.append(item)
            elif isinstance(item, Rejected):
                self.reasons[item.reason] += 1
            elif isinstance(item, Follow):
                self.ask(item.part, item.url)


@pytest.mark.open_data
@pytest.mark.parametrize("city", sorted(BOXES))
def test_every_recording_of_a_demo_city_is_read(city: str) -> None:
    if not LIVE.is_dir():
        pytest.skip("needs the open-data folder (OPEN_DATA)")
    recorded = read_recordings(DEMO / city, LIVE.parent)
    told = (DEMO / city / "replay.toml").read_text(encoding="utf-8").count("[[source]]")
    assert len(recorded) == told, "a file that the plan names is not there"
    known = (*shipped_sources(), *twin_sources(DEMO / city))
    sources = replayed(known, DEMO / city, LIVE.parent, invented=False)
    clocks = {each.id: ReplayClock(each.begins, BEGAN, each.ends) for each in recorded}
    found = RecordedAnswers(recorded, {each.id: each for each in known}, clocks)
    assert len(sources) == told
    for source in sources:
        asking = Asking(found, source, city, BEGAN + timedelta(minutes=1))
        assert asking.things, source.id
        assert set(asking.reasons) <= KNOWN_FAULTS, (source.id, asking.reasons)
        late = [each for each in asking.values if each.phenomenon > clocks[source.id].at(asking.wall)]
        assert not late, f"{source.id} tells of what its clock has not passed: {late[0]}"


def test_no_demo_city_names_a_recording_outside_the_live_folder() -> None:
    for plan in DEMO.glob("*/replay.toml"):
        files = [line for line in plan.read_text(encoding="utf-8").splitlines() if line.startswith("file = ")]
        assert files
        assert all(line.startswith('file = "live/') for line in files)
