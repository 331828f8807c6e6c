"""Every feed of Voorbeeldstad passes through the door of its source, at any hour."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.sources import Source, shipped_sources, twin_sources
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Follow, Parsed, Rejected
from tweestad.model.thing import Datastream, Thing
from tweestad.synthetic.feeds.answers import PARTS, TownFeeds
from tweestad.synthetic.feeds.asked import Asked

ROOT = Path(__file__).resolve().parents[2]
RUSH = datetime(2026, 11, 24, 16, 12, 30, tzinfo=UTC)
NIGHT = datetime(2026, 7, 5, 1, 3, tzinfo=UTC)
# Around the town: west, south, east, north.
BOX = (5.25, 52.70, 5.40, 52.80)


@pytest.fixture(scope="session")
def feeds(full_town: Path) -> TownFeeds:
    return TownFeeds(full_town, seed=1)


@cache
def sources() -> dict[str, Source]:
    found = (*shipped_sources(), *twin_sources(ROOT / "demo/voorbeeldstad"))
    return {source.id: source for source in found}


class Visit:
    """Asks a source of the town as a runner would: every part, what it refers to, and once per thing."""

    def __init__(
        self, feeds: TownFeeds, source_id: str, moment: datetime, parts: tuple[str, ...] = ()
    ) -> None:
        self.feeds, self.source, self.moment = feeds, sources()[source_id], moment
        self.found: list[tuple[str, Parsed]] = []
        self.streams: dict[str, Datastream] = {}
        for part in parts or PARTS[source_id]:
            request = self.source.manifest.request(part)
            assert request is not None, f"{source_id} has no request {part}"
            keys = self.things(part) if request.for_each_thing else [""]
            for key in keys:
                self.ask(part, self.filled(request.url, key), self.filled(request.body, key))

    def things(self, part: str) -> list[str]:
        del part
        return [item.key for _, item in self.found if isinstance(item, Thing) and item.kind != "departure"]

    def filled(self, text: str, key: str) -> str:
        since, now = ((self.moment - d).isoformat() for d in (timedelta(days=2), timedelta()))
        for name, told in {
            "thing": key, "since": since, "now": now, "municipality": "GM9999", "municipality_number": "9999",
            "west": "5.25", "south": "52.7", "east": "5.4", "north": "52.8",
        }.items():  # fmt: skip
            text = text.replace(f"{{{name}}}", told)
        return text

    def ask(self, part: str, url: str, body: str = "") -> None:
        parts = urlsplit(url)
        asked = Asked(parts.netloc, parts.path, self.moment, dict(parse_qsl(parts.query)), body)
        data = self.feeds.find(asked)
        assert data is not None, url
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        facts = Facts(
            self.source.id, self.moment, part, url, bbox=BOX, municipality="GM9999",
            channels=channels_of(self.streams.values()), settings=self.source.manifest.settings,
        )  # fmt: skip
        for item in list(read_payload(self.source, io.BytesIO(data), facts)):
            self.found.append((part, item))
            if isinstance(item, Datastream):
                self.streams[item.id] = item
            elif isinstance(item, Follow):
                self.ask(item.part, item.url)

    def of(self, kind: type[Any]) -> list[Any]:
        return [item for _, item in self.found if isinstance(item, kind)]


@pytest.mark.parametrize("moment", [RUSH, NIGHT], ids=["rush", "night"])
@pytest.mark.parametrize("source_id", sorted(PARTS))
def test_a_feed_of_the_town_is_read_without_one_rejected_record(
    feeds: TownFeeds, source_id: str, moment: datetime
) -> None:
    visit = Visit(feeds, source_id, moment)
    assert Counter(item.reason for item in visit.of(Rejected)) == {}
    assert visit.of(Thing) or source_id == "ndw-situaties"
    late = [item for item in visit.of(Observation) if item.phenomenon > moment + timedelta(minutes=1)]
    assert not late, "nothing was measured in the future"


@pytest.mark.parametrize("source_id", sorted(PARTS))
def test_equal_seeds_and_moments_give_equal_bytes(full_town: Path, source_id: str) -> None:
    first, again = (Visit(TownFeeds(full_town, seed=1), source_id, RUSH).found for _ in range(2))
    assert first == again


def mean_flow(feeds: TownFeeds, moment: datetime) -> float:
    values: list[float] = [
        each.result for each in Visit(feeds, "ndw-verkeer", moment).of(Observation)
        if each.datastream.endswith(":verkeersintensiteit") and each.result is not None
    ]  # fmt: skip
    return sum(values) / len(values)


def test_the_streets_are_full_in_the_rush_hour_and_empty_in_the_night(feeds: TownFeeds) -> None:
    rush = mean_flow(feeds, datetime(2026, 11, 24, 16, 20, tzinfo=UTC))
    night = mean_flow(feeds, datetime(2026, 11, 24, 2, 20, tzinfo=UTC))
    sunday = mean_flow(feeds, datetime(2026, 11, 22, 7, 20, tzinfo=UTC))
    assert rush > 5 * night
    assert rush > 3 * sunday


def test_one_gauge_is_broken_and_one_says_nothing(feeds: TownFeeds) -> None:
    visit = Visit(feeds, "ndw-verkeer", RUSH)
    broken = {each.datastream.split(":")[1] for each in visit.of(Observation) if "dataError" in each.told}
    heard = {each.datastream.split(":")[1] for each in visit.of(Observation)}
    assert len(broken) == 1
    assert len({each.key for each in visit.of(Thing)} - heard) == 1


def test_one_source_answers_as_ever_with_a_reading_of_yesterday(feeds: TownFeeds) -> None:
    (value,) = Visit(feeds, "ov-fiets", RUSH).of(Observation)
    assert RUSH - value.phenomenon > sources()["ov-fiets"].manifest.stale_after


def test_hours_of_air_that_are_asked_for_come_in_pages_with_a_few_gaps(feeds: TownFeeds) -> None:
    values = [
        each for each in Visit(feeds, "luchtmeetnet", RUSH).of(Observation) if "NL99001" in each.datastream
    ]
    moments = {each.phenomenon for each in values}
    assert max(moments) == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert 46 <= len(moments) <= 48
    assert 0 < sum(each.flag == Flag.MISSING for each in values) < len(values) / 10


def test_levels_of_a_well_go_on_from_the_file_to_yesterday(feeds: TownFeeds) -> None:
    values = Visit(feeds, "bro-grondwater", RUSH).of(Observation)
    one = [each for each in values if each.datastream == values[0].datastream]
    assert one[-1].phenomenon.date() == datetime(2026, 11, 23, tzinfo=UTC).date()
    steps = [abs(b.result - a.result) for a, b in zip(one[-400:], one[-399:], strict=False)]
    assert max(steps) < 0.2, "the level does not jump where the file ends"


def test_a_queue_stands_in_the_rush_hour_and_none_in_the_night(feeds: TownFeeds) -> None:
    def queues(moment: datetime) -> int:
        return sum(each.kind == "queue" for each in Visit(feeds, "ndw-situaties", moment).of(Thing))

    assert queues(RUSH) > 0
    assert queues(NIGHT) == 0


def test_a_bridge_opens_now_and_then_and_is_the_same_bridge_each_time(feeds: TownFeeds) -> None:
    midnight = RUSH.replace(hour=0, minute=0, second=0)
    seen = Counter(
        thing.key
        for n in range(0, 24 * 60, 5)
        for thing in Visit(feeds, "ndw-situaties", midnight + timedelta(minutes=n), ("bridges",)).of(Thing)
    )
    assert 1 <= len(seen) <= 3
    assert all(2 < count < 100 for count in seen.values())


def test_what_no_feed_of_the_town_has_is_not_answered(feeds: TownFeeds) -> None:
    for host, path in (
        ("opendata.ndw.nu", "/Matrixsignaalinformatie.xml.gz"),
        ("npropendata.rdw.nl", "/parkingdata/v2/static/../../../generated"),
        ("gbfs.voorbeeldstad.invalid", "/../generated.json"),
        ("api.luchtmeetnet.nl", "/open_api/stations/NL10001"),
    ):
        assert feeds.find(Asked(host, path, RUSH)) is None
