"""Recordings are given back as the real services would give them, by the clock of each."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from tests.api.asgi import call
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.errors import TwinConfigInvalid
from tweestad.feeds.clock import now_of
from tweestad.feeds.replay.answering import Answer, RecordedAnswers
from tweestad.feeds.replay.clocks import keep_clocks
from tweestad.feeds.replay.limiting import replayed
from tweestad.feeds.replay.plan import read_recordings
from tweestad.feeds.replay.preparing import prepare_live, prepare_replay
from tweestad.feeds.replay.server import create_replay
from tweestad.feeds.sources import Source, shipped_sources
from tweestad.model.feed_health import FeedHealth
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.synthetic.feeds.asked import Asked

BEGAN = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN = """
[[source]]
id = "ndw-situaties"
begins = "2026-06-21T19:43:00Z"
[[source.recording]]
part = "situations"
file = "beeld.xml.gz"

[[source]]
id = "samen-meten"
begins = "2020-01-01T01:00:00Z"
ends = "2020-01-01T03:00:00Z"
margin_m = 15000
[[source.recording]]
part = "things"
file = "kits.csv"
read = "samen-meten-things"
[[source.recording]]
part = "values"
file = "kits.csv"
read = "samen-meten-values"

[[source]]
id = "luchtmeetnet"
begins = "2020-01-01T01:00:00Z"
ends = "2020-01-02T00:00:00Z"
[source.places]
NL99001 = {name = "Markt", at = [5.1, 52.1]}
[[source.recording]]
part = "stations"
file = "lucht.csv"
read = "luchtmeetnet-stations"
[[source.recording]]
part = "station"
file = "lucht.csv"
url = "https://api.luchtmeetnet.nl/open_api/stations/{thing}"
read = "luchtmeetnet-station"
[[source.recording]]
part = "measurements"
file = "lucht.csv"
read = "luchtmeetnet-values"

[[source]]
id = "knmi"
begins = "2020-01-01T01:00:00Z"
[[source.recording]]
part = "stations"
file = "is-not-there.json"
"""
KITS = """"kit_id","date","error","lat","lon","pm10_kal","pm10","pm25_kal","pm25","no2","rh","temp","pres"
"KIT_1",2020-01-01 02:00:00,NA,52.1,5.1,12.3,13.7,NA,3.1,NA,NA,NA,NA
"KIT_1",2020-01-01 01:00:00,NA,52.1,5.1,11.3,12.7,NA,2.1,NA,NA,NA,NA
"KIT_2",2020-01-01 03:00:00,NA,52.2,5.2,1.3,1.7,NA,0.1,NA,NA,NA,NA
"KIT_3",NA,"no answer",NA,NA,NA,NA,NA,NA,NA,NA,NA,NA
"""
AIR = """"station_number","date","SO2","pm10"
"NL99001",2020-01-01 01:00:00,NA,20.5
"NL99001",2020-01-01 02:00:00,3,21.5
"NL99002",2020-01-01 01:00:00,1,1
"""


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    """A twin folder with its plan; the recordings lie in `data` beside it."""
    folder, data = tmp_path / "twin", tmp_path / "data"
    folder.mkdir()
    data.mkdir()
    (folder / "replay.toml").write_text(PLAN, encoding="utf-8")
    (data / "beeld.xml.gz").write_bytes(gzip.compress(b"<a/>"))
    (data / "kits.csv").write_text(KITS, encoding="utf-8")
    (data / "lucht.csv").write_text(AIR, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store("", tmp_path / "var")
    yield opened
    opened.close()


def shipped() -> dict[str, Source]:
    return {source.id: source for source in shipped_sources()}


def answers(twin: Path, store: Store, began: datetime = BEGAN) -> RecordedAnswers:
    recorded = read_recordings(twin, twin.parent / "data")
    return RecordedAnswers(recorded, shipped(), keep_clocks(store, recorded, began))


def ask(found: RecordedAnswers, host: str, path: str, moment: datetime, **query: str) -> Answer:
    answer = found.find(Asked(host, path, moment, query))
    assert answer is not None
    return answer


NDW = ("opendata.ndw.nu", "/actueel_beeld.xml.gz")
KIT = ("api-samenmeten.rivm.nl", "/v1.0/Things('KIT_1')/Datastreams")


def test_a_snapshot_is_given_byte_for_byte_and_its_clock_stands_still(twin: Path, store: Store) -> None:
    found = answers(twin, store)
    first, later = (ask(found, *NDW, BEGAN + n * HOUR) for n in (0, 30))
    assert first == later
    assert first.data == (twin.parent / "data/beeld.xml.gz").read_bytes()
    assert first.modified == datetime(2026, 6, 21, 19, 43, tzinfo=UTC)
    assert first.recording == first.modified.date()


def test_hours_that_the_clock_has_not_passed_are_not_told_yet(twin: Path, store: Store) -> None:
    found = answers(twin, store)

    def hours(moment: datetime) -> list[str]:
        body = orjson.loads(ask(found, *KIT, moment).data)
        (series,) = [each for each in body["value"] if each["name"].endswith("-pm10")]
        return [each["phenomenonTime"] for each in series["Observations"]]

    assert hours(BEGAN) == ["2020-01-01T01:00:00.000Z"]
    assert hours(BEGAN + timedelta(minutes=59)) == ["2020-01-01T01:00:00.000Z"]
    assert hours(BEGAN + HOUR) == ["2020-01-01T01:00:00.000Z", "2020-01-01T02:00:00.000Z"]
    assert hours(BEGAN + 900 * HOUR) == hours(BEGAN + HOUR)


def test_who_asks_a_long_series_again_gets_its_last_three_days(twin: Path, store: Store) -> None:
    hours = [datetime(2019, 12, 20, tzinfo=UTC) + n * HOUR for n in range(400)]
    rows = [f'"KIT_1",{at:%Y-%m-%d %H:%M:%S},NA,52.1,5.1,1,1,NA,1,NA,NA,NA,NA\n' for at in hours]
    (twin.parent / "data/kits.csv").write_text(
        KITS.partition("\n")[0] + "\n" + "".join(rows), encoding="utf-8"
    )
    plan = PLAN.replace('ends = "2020-01-01T03:00:00Z"', 'ends = "2020-01-08T00:00:00Z"')
    (twin / "replay.toml").write_text(plan, encoding="utf-8")
    found = answers(twin, store)

    def count(moment: datetime) -> int:
        return len(orjson.loads(ask(found, *KIT, moment).data)["value"][0]["Observations"])

    assert count(BEGAN) == 12 * 24 + 2
    assert count(BEGAN + 4 * HOUR) == 72


def test_a_kit_is_not_there_before_its_first_hour(twin: Path, store: Store) -> None:
    found = answers(twin, store)

    def kits(moment: datetime) -> list[str]:
        body = orjson.loads(ask(found, "api-samenmeten.rivm.nl", "/v1.0/Things", moment).data)
        return [each["name"] for each in body["value"]]

    assert kits(BEGAN) == ["KIT_1"]
    assert kits(BEGAN + 2 * HOUR) == ["KIT_1", "KIT_2"], "a row that tells of a failed request is no kit"


def test_a_station_has_the_place_of_the_plan_and_one_without_is_not_listed(twin: Path, store: Store) -> None:
    found = answers(twin, store)
    host = "api.luchtmeetnet.nl"
    listed = orjson.loads(ask(found, host, "/open_api/stations", BEGAN).data)["data"]
    assert [each["number"] for each in listed] == ["NL99001"]
    station = orjson.loads(ask(found, host, "/open_api/stations/NL99001", BEGAN).data)["data"]
    assert station["geometry"]["coordinates"] == [5.1, 52.1]
    assert found.find(Asked(host, "/open_api/stations/NL99002", BEGAN)) is None
    values = ask(found, host, "/open_api/measurements", BEGAN + HOUR, station_number="NL99001")
    assert [each["value"] for each in orjson.loads(values.data)["data"]] == [3, 21.5, 20.5]


def test_several_recordings_of_one_part_are_given_one_after_another(twin: Path, store: Store) -> None:
    minutes = [f"minute {n}".encode() for n in range(3)]
    pieces = [
        '[[source]]\nid = "ndw-situaties"\nbegins = "2026-06-21T19:43:00Z"\nends = "2026-06-21T19:45:00Z"'
    ]
    for n, data in enumerate(minutes):
        (twin.parent / f"data/{n}.xml").write_bytes(data)
        told = f'part = "situations"\nfile = "{n}.xml"\nat = "2026-06-21T19:4{3 + n}:00Z"'
        pieces.append(f"[[source.recording]]\n{told}")
    (twin / "replay.toml").write_text("\n".join(pieces), encoding="utf-8")
    found = answers(twin, store)
    seen = [ask(found, *NDW, BEGAN + timedelta(seconds=each)).data for each in (0, 59, 60, 119, 120, 9999)]
    assert seen == [minutes[0], minutes[0], minutes[1], minutes[1], minutes[2], minutes[2]]


def test_a_replay_goes_on_where_it_was_after_a_restart(twin: Path, store: Store) -> None:
    answers(twin, store)
    again = answers(twin, store, BEGAN + HOUR)
    clock = ask(again, *KIT, BEGAN + HOUR).clock
    assert clock is not None
    assert clock.began == BEGAN
    assert clock.at(BEGAN + HOUR) == datetime(2020, 1, 1, 2, tzinfo=UTC)


def test_another_recording_begins_anew(twin: Path, store: Store) -> None:
    answers(twin, store)
    text = PLAN.replace("2026-06-21T19:43:00Z", "2026-06-22T08:00:00Z")
    (twin / "replay.toml").write_text(text, encoding="utf-8")
    clock = ask(answers(twin, store, BEGAN + HOUR), *NDW, BEGAN + HOUR).clock
    assert clock is not None
    assert clock.began == BEGAN + HOUR


def test_a_twin_asks_only_for_what_was_recorded_for_it(twin: Path) -> None:
    found = {each.id: each.manifest for each in replayed(
        shipped().values(), twin, twin.parent / "data", invented=False
    )}  # fmt: skip
    assert set(found) == {"ndw-situaties", "samen-meten", "luchtmeetnet"}, "the file of knmi is not there"
    assert [each.part for each in found["ndw-situaties"].requests] == ["situations"]
    assert found["samen-meten"].margin_m == 15_000
    assert found["luchtmeetnet"].margin_m == shipped()["luchtmeetnet"].manifest.margin_m


def test_no_key_is_needed_for_a_recording(twin: Path) -> None:
    ned = shipped()["ned"]
    (twin.parent / "data/ned.json").write_text("{}", encoding="utf-8")
    recording = '[[source.recording]]\npart = "points"\nfile = "ned.json"'
    plan = f'[[source]]\nid = "ned"\nbegins = "2024-03-29T11:00:00Z"\n{recording}'
    (twin / "replay.toml").write_text(plan, encoding="utf-8")
    (only,) = replayed([ned], twin, twin.parent / "data", invented=False)
    assert ned.manifest.requests[0].secret is not None
    assert only.manifest.requests == (replace(ned.manifest.requests[0], secret=None),)


def test_without_the_open_data_folder_nothing_is_replayed(twin: Path) -> None:
    assert read_recordings(twin, None) == ()
    assert replayed(shipped().values(), twin, None, invented=False) == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('begins = "2026-06-21T19:43:00Z"', "begins"),
        ('file = "beeld.xml.gz"', "file"),
        ('read = "samen-meten-things"', "read"),
    ],
)
def test_a_fault_in_the_plan_is_told_with_its_line(twin: Path, wrong: str, told: str) -> None:
    other = {"begins": 'begins = "yesterday"', "file": 'file = "../x"', "read": 'read = "somehow"'}[told]
    (twin / "replay.toml").write_text(PLAN.replace(wrong, other, 1), encoding="utf-8")
    with pytest.raises(TwinConfigInvalid, match=rf"replay\.toml:\d+: .*{told}"):
        read_recordings(twin, twin.parent / "data")


def test_the_server_answers_below_the_name_of_the_twin_and_says_of_when_it_is(
    twin: Path, store: Store
) -> None:
    app = create_replay({"stad": answers(twin, store, datetime.now(UTC))}.get)
    reply = call(app, "/stad/opendata.ndw.nu/actueel_beeld.xml.gz")
    assert reply.status == 200
    assert gzip.decompress(reply.body) == b"<a/>", "packed as recorded, not unpacked on the way"
    assert reply.headers["tweestad-recording"] == "2026-06-21"
    assert reply.headers["last-modified"] == "Sun, 21 Jun 2026 19:43:00 GMT"
    assert "tweestad-invented" not in reply.headers
    known = call(
        app, "/stad/opendata.ndw.nu/actueel_beeld.xml.gz", headers={"If-None-Match": reply.headers["etag"]}
    )
    assert (known.status, known.body) == (304, b"")
    for address in (
        "stad/opendata.ndw.nu/trafficspeed.xml.gz",
        "andere/opendata.ndw.nu/actueel_beeld.xml.gz",
    ):
        assert call(app, f"/{address}").status == 404


def feeds(store: Store) -> dict[str, FeedHealth]:
    return {each.source: each for each in Reader(store, VISITOR).feeds(BEGAN + HOUR)}


def test_a_source_says_of_which_day_its_recording_is_and_what_time_it_is_there(
    twin: Path, store: Store
) -> None:
    answers(twin, store)
    data = twin.parent / "data"
    found = prepare_replay(store, list(shipped().values()), twin, data, invented=False)
    assert {each.id for each in found} == {"ndw-situaties", "samen-meten", "luchtmeetnet"}
    kits, weather = feeds(store)["samen-meten"], feeds(store)["knmi"]
    assert (kits.recording, kits.invented) == (date(2020, 1, 1), False)
    assert now_of(kits, BEGAN + HOUR) == datetime(2020, 1, 1, 2, tzinfo=UTC)
    assert (weather.state, weather.recording, weather.clock) == ("off", None, None)
    assert weather.why.nl == "Er is geen opname van deze bron voor deze stad."


def test_once_the_real_services_are_asked_a_recording_is_forgotten(twin: Path, store: Store) -> None:
    answers(twin, store)
    known = list(shipped().values())
    prepare_replay(store, known, twin, twin.parent / "data", invented=False)
    prepare_live(store, known)
    kits = feeds(store)["samen-meten"]
    assert (kits.recording, kits.clock, kits.newest) == (None, None, None)
    assert now_of(kits, BEGAN) == BEGAN
