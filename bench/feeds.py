"""A national minute of traffic: seconds and memory to read it, and to fetch, check and store it too.

No recording of a whole minute is known, so one is made from the shape of recordings of single sites: 20,800
sites with one to three lanes, half of them with five vehicle classes. Each figure is of a process of its own.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tiles import machine

from tweestad.feeds.archive import Archive
from tweestad.feeds.area import Area
from tweestad.feeds.fetch import Fetcher
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.runner import Means, Runner
from tweestad.feeds.sources import Source, get_source
from tweestad.model.feed_health import FeedHealth
from tweestad.model.received import Facts
from tweestad.model.thing import Datastream
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

RESULTS = Path(__file__).resolve().parent / "results/feeds.json"
SITES = 20_800
SEED = 1
BOXES = {"Amsterdam": (106_000.0, 470_000.0, 134_000.0, 504_000.0), "the whole country": None}
AREAS = {"Amsterdam": (4.7, 52.2, 5.1, 52.5), "the whole country": (3.0, 50.6, 7.4, 53.8)}
NOW = dt.datetime(2026, 4, 16, 9, 1, tzinfo=dt.UTC)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/">'
    '<SOAP:Body><d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><payloadPublication>'
    "<publicationTime>2026-04-16T09:00:42.007Z</publicationTime>"
)
FOOT = "</payloadPublication></d2LogicalModel></SOAP:Body></SOAP:Envelope>"
LORRY = (
    "<lengthCharacteristic><comparisonOperator>greaterThan</comparisonOperator>"
    "<vehicleLength>12.2</vehicleLength></lengthCharacteristic>"
)


def write_country(folder: Path) -> None:
    """The site table and one minute, in DATEX II v2.3."""
    chance = random.Random(SEED)  # noqa: S311 a made-up city needs no secret
    with (folder / "sites.xml").open("w") as table, (folder / "minute.xml").open("w") as minute:
        table.write(f'{HEAD}<measurementSiteTable id="NDW01_MT" version="7">')
        minute.write(HEAD)
        for number in range(SITES):
            indexes = list(_indexes(chance.choice((1, 1, 2, 2, 3)), 5 if number % 2 else 2))
            table.write(_site(number, indexes))
            minute.write(_measured(number, indexes, chance))
        table.write(f"</measurementSiteTable>{FOOT}")
        minute.write(FOOT)


def _indexes(lanes: int, classes: int) -> Iterator[tuple[int, str, bool]]:
    for lane in range(1, lanes + 1):
        for vehicles in range(classes):
            for kind in ("trafficFlow", "trafficSpeed"):
                yield lane, kind, vehicles == 0


def _site(number: int, indexes: list[tuple[int, str, bool]]) -> str:
    told = "".join(
        f'<measurementSpecificCharacteristics index="{n}"><measurementSpecificCharacteristics>'
        f"<accuracy>95.0</accuracy><period>60.0</period><specificLane>lane{lane}</specificLane>"
        f"<specificMeasurementValueType>{kind}</specificMeasurementValueType><specificVehicleCharacteristics>"
        f"{'<vehicleType>anyVehicle</vehicleType>' if whole else LORRY}</specificVehicleCharacteristics>"
        "</measurementSpecificCharacteristics></measurementSpecificCharacteristics>\n"
        for n, (lane, kind, whole) in enumerate(indexes, 1)
    )
    lat, lon = 50.8 + number * 7919 % SITES / SITES * 2.6, 3.5 + number * 104_729 % SITES / SITES * 3.4
    return (
        f'<measurementSiteRecord id="RWS01_MONIBAS_{number:07d}hrr" version="3">'
        f'<measurementSiteName><values><value lang="nl">A{number % 99}</value></values></measurementSiteName>'
        f'{told}<measurementSiteLocation xsi:type="Point"><locationForDisplay><latitude>{lat:.5f}</latitude>'
        f"<longitude>{lon:.5f}</longitude></locationForDisplay></measurementSiteLocation></measurementSiteRecord>"
    )


def _measured(number: int, indexes: list[tuple[int, str, bool]], chance: random.Random) -> str:
    values = []
    for n, (_, kind, _) in enumerate(indexes, 1):
        name, field, most = (
            ("vehicleFlow", "vehicleFlowRate", 2400)
            if kind == "trafficFlow"
            else ("averageVehicleSpeed", "speed", 120)
        )
        values.append(
            f'<measuredValue index="{n}"><measuredValue><basicData xsi:type="{kind[0].upper()}{kind[1:]}">\n'
            f'<{name} numberOfInputValuesUsed="9" accuracy="0.0"><{field}>{chance.randrange(most)}</{field}>'
            f"</{name}></basicData></measuredValue></measuredValue>\n"
        )
    return (
        f'<siteMeasurements><measurementSiteReference id="RWS01_MONIBAS_{number:07d}hrr" version="3" '
        'targetClass="MeasurementSiteRecord"/><measurementTimeDefault>2026-04-16T09:00:00Z</measurementTimeDefault>'
        f"{''.join(values)}</siteMeasurements>"
    )


def measure(folder: Path, area: str) -> dict[str, object]:
    """Read the table, then the minute; the memory is the most that this process has had."""
    source = get_source("ndw-verkeer")
    found: dict[str, object] = {"area": area}
    streams: list[Datastream] = []
    for part in ("sites", "minute"):
        facts = Facts(
            source.id,
            NOW,
            part,
            bbox=AREAS[area],
            channels=channels_of(streams),
            settings=source.manifest.settings,
        )
        start, worked, counts = time.perf_counter(), time.process_time(), Counter[str]()
        with (folder / f"{part}.xml").open("rb") as payload:
            for item in read_payload(source, payload, facts):
                counts[type(item).__name__] += 1
                if isinstance(item, Datastream):
                    streams.append(item)
        found[f"{part}_s"] = round(time.perf_counter() - start, 2)
        found[f"{part}_cpu_s"] = round(time.process_time() - worked, 2)
        found[f"{part}_items"] = counts["Thing"] or counts["Observation"]
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def measure_whole(folder: Path, area: str) -> dict[str, object]:
    """The same, all the way: fetched from this machine, unpacked, read, checked and stored in SQLite.

    The minute comes twice, a minute apart: the first time every value is new to the store.
    """
    known = get_source("ndw-verkeer")
    requests = tuple(replace(each, every=dt.timedelta(0)) for each in known.manifest.requests[:2])
    found: dict[str, object] = {"area": area, "whole": True}
    with tempfile.TemporaryDirectory() as data, replayed(folder) as base:
        store = open_store("", Path(data))
        for n, part in enumerate(("sites", "minute", "next")):
            if part == "next":
                _next_minute(folder)
            asked = requests[:1] if n == 0 else requests[1:]
            source = replace(known, manifest=replace(known.manifest, requests=asked))
            start, worked = time.perf_counter(), time.process_time()
            health = asyncio.run(_run(source, store, Path(data), Area("GM0363", BOXES[area]), base))
            if health.failure:
                raise SystemExit(health.failure)
            found[f"{part}_s"] = round(time.perf_counter() - start, 2)
            found[f"{part}_cpu_s"] = round(time.process_time() - worked, 2)
            found[f"{part}_items"] = health.accepted
        store.close()
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


async def _run(source: Source, store: Store, data: Path, area: Area, base: str) -> FeedHealth:
    fetcher = Fetcher(data / "raw", agent="Tweestad bench", base=base)
    try:
        means = Means(store, fetcher, Archive(data / "raw"), area, {}, replayed=True)
        return await Runner(means).run(source, force=True)
    finally:
        await fetcher.close()


@contextmanager
def replayed(folder: Path) -> Iterator[str]:
    """A server on this machine with the two files, packed, under the addresses of the manifest."""
    root = folder / "served"
    for request, part in zip(get_source("ndw-verkeer").manifest.requests, ("sites", "minute"), strict=False):
        path = root / request.url.removeprefix("https://")
        path.parent.mkdir(parents=True, exist_ok=True)
        with (folder / f"{part}.xml").open("rb") as plain, gzip.open(path, "wb", 5) as packed:
            shutil.copyfileobj(plain, packed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(root)


def _next_minute(folder: Path) -> None:
    """The same minute, one later."""
    request = get_source("ndw-verkeer").manifest.requests[1]
    path = folder / "served" / request.url.removeprefix("https://")
    with (folder / "minute.xml").open("rb") as plain, gzip.open(path, "wb", 5) as packed:
        for line in plain:
            packed.write(line.replace(b"T09:00:00Z", b"T09:01:00Z"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Print the table and keep it; with a folder, an area and a way, measure that and print it as JSON."""
    if len(sys.argv) == 4:
        way = {"read": measure, "whole": measure_whole}[sys.argv[3]]
        sys.stdout.write(json.dumps(way(Path(sys.argv[1]), sys.argv[2])))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_country(folder)
        megabytes = {
            part: round((folder / f"{part}.xml").stat().st_size / 1e6, 1) for part in ("sites", "minute")
        }
        rows = [
            json.loads(
                subprocess.run(
                    [sys.executable, __file__, name, area, way], check=True, stdout=subprocess.PIPE
                ).stdout
            )
            for way in ("read", "whole")
            for area in AREAS
        ]
    sys.stdout.write(
        f"site table {megabytes['sites']} MB, minute {megabytes['minute']} MB, {SITES:,} sites\n"
    )
    for row in rows:
        sys.stdout.write(
            f"{row['area']:<18} table {row['sites_s']:5.2f} s, {row['sites_cpu_s']:5.2f} s of one core "
            f"({row['sites_items']:,} sites); minute {row['minute_s']:5.2f} s, {row['minute_cpu_s']:5.2f} s "
            f"({row['minute_items']:,} values); "
            + (f"the next minute {row['next_s']:5.2f} s; " if "whole" in row else "only read; ")
            + f"{row['memory_mb']} MB\n"
        )
    RESULTS.write_text(
        json.dumps({"machine": machine(), "megabytes": megabytes, "rows": rows}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
