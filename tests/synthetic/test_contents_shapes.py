"""Each file has the keys of the real recording or delivery that it follows, where the open data is there."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")

pytestmark = [
    pytest.mark.open_data,
    pytest.mark.skipif(
        not (OPEN_DATA / "live").is_dir(), reason="the open-data folder is not there (OPEN_DATA)"
    ),
]


def keys_of(value: Any, under: str = "") -> set[str]:
    """Every key with the keys above it; elements of a list count as one."""
    if isinstance(value, dict):
        return {f"{under}/{k}" for k in value} | {
            p for k, v in value.items() for p in keys_of(v, f"{under}/{k}")
        }
    if isinstance(value, list):
        return {path for each in value for path in keys_of(each, f"{under}[]")}
    return set()


def read_json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def tags_of(data: bytes) -> set[str]:
    """The names of all elements, with namespaces, whose parents differ in nothing."""
    return {str(element.tag) for element in etree.fromstring(data).iter() if isinstance(element.tag, str)}


def fields_of(path: str) -> set[str]:
    from pyogrio import read_info

    return set(read_info(path)["fields"].tolist())


def header(path: Path, separator: str = ",") -> list[str]:
    opened: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig") as handle:
        return next(csv.reader(handle, delimiter=separator))


JSON_PAIRS = [
    ("live/luchtmeetnet-station-NL99001.json", "live/air/luchtmeetnet-station-geleen.json"),
    ("live/sensor-community.json", "live/air/sensor-community-berlin-20190425.json"),
    ("live/gbfs-deelauto/gbfs.json", "live/mobility/gbfs3-check-almere__gbfs.json"),
    ("live/gbfs-deelauto/vehicle_status.json", "live/mobility/gbfs3-check-almere__vehicle_status.json"),
    ("live/gbfs-deelauto/vehicle_types.json", "live/mobility/gbfs3-check-almere__vehicle_types.json"),
    ("invalideparkeerplaatsen.geojson", "live/parking/amsterdam-parkeervakken-e6a-202212.json"),
    ("scholen.geojson", "facilities/alkmaar_scholen-duo_2026.geojson"),
]


@pytest.mark.parametrize(("ours", "real"), JSON_PAIRS)
def test_json_has_every_key_of_the_real_recording(full_town: Path, ours: str, real: str) -> None:
    missing = keys_of(read_json(OPEN_DATA / real)) - keys_of(read_json(full_town / ours))
    # A recording of one page links to the next one; ours is whole.
    assert {key for key in missing if not key.startswith("/_links[]")} == set()


def test_the_timetable_has_the_columns_of_a_real_one(full_town: Path) -> None:
    with (
        zipfile.ZipFile(full_town / "live/gtfs-voorbeeldstad.zip") as ours,
        zipfile.ZipFile(OPEN_DATA / "live/transit/gtfs-nl-veren-2018.zip") as real,
    ):
        for name in ours.namelist():
            heads = [next(csv.reader(io.StringIO(z.read(name).decode("utf-8-sig")))) for z in (ours, real)]
            assert heads[0] == heads[1], name


VECTOR_PAIRS = [
    ("verblijfsobjecten.fgb", "bag/voorburg-bezuidenhout_bag-verblijfsobjecten.fgb"),
    ("adressen.fgb", "bag/otterlo_bag-adressen.gpkg"),
    ("plannen.geojson", "/vsizip/planning/nl_eib-woningbouwlocaties_2021.zip"),
]


@pytest.mark.parametrize(("ours", "real"), VECTOR_PAIRS)
def test_a_layer_has_every_column_of_the_real_one(full_town: Path, ours: str, real: str) -> None:
    told = (
        f"/vsizip/{OPEN_DATA}/{real.removeprefix('/vsizip/')}"
        if real.startswith("/vsizip")
        else str(OPEN_DATA / real)
    )
    assert fields_of(told) - fields_of(str(full_town / ours)) == set()


def test_figures_have_names_that_cbs_uses(full_town: Path) -> None:
    real = fields_of(str(OPEN_DATA / "boundaries/voorburg-bezuidenhout_cbs-buurten-2022.geojson"))
    ours = fields_of(str(full_town / "buurtcijfers.geojson"))
    shared = ours & real
    assert {"buurtcode", "wijkcode", "aantal_inwoners", "mannen", "aantal_huishoudens"} <= shared
    assert len(shared) >= 16
    assert not any("migratieachtergrond" in name for name in ours)


def test_energy_has_the_columns_of_the_real_file_in_their_order(full_town: Path) -> None:
    real = header(OPEN_DATA / "energy/amsterdam_wijken-energie-wonen_cbs.csv")
    ours = header(full_town / "energie-wijken.csv")
    assert ours[1 : 1 + len(real)] == real


def test_wells_and_boreholes_have_the_elements_of_the_register(full_town: Path) -> None:
    well = next(iter(sorted(full_town.glob("bro/GMW*.xml")))).read_bytes()
    assert tags_of(well) == tags_of((OPEN_DATA / "live/groundwater/bro-GMW000000036287.xml").read_bytes())
    hole = next(iter(sorted(full_town.glob("bro/BHR*.xml")))).read_bytes()
    with zipfile.ZipFile(OPEN_DATA / "underground/zuid-holland_bro-samples_2024.zip") as archive:
        assert tags_of(hole) - tags_of(archive.read("BHR000000353924.xml")) == set()


def test_reports_of_levels_have_the_rows_of_the_register(full_town: Path) -> None:
    ours = gzip.decompress(next(iter(sorted(full_town.glob("bro/GLD*_full.csv.gz")))).read_bytes()).decode()
    real = gzip.decompress(
        (OPEN_DATA / "live/groundwater/bro-GLD000000012893-full.csv.gz").read_bytes()
    ).decode()
    # The real well is in a network, which takes one row more.
    rows = [row for n, row in enumerate(real.splitlines()[:12]) if n != 5]
    for n in (0, 2, 3, 5, 6, 8, 9):
        assert ours.splitlines()[n] == rows[n]
    series = header(next(iter(sorted(full_town.glob("bro/GLD*_series.csv.gz")))))
    assert series == header(OPEN_DATA / "live/groundwater/bro-GLD000000012893-series.csv.gz")


def test_the_water_level_has_the_columns_of_waterinfo(full_town: Path) -> None:
    ours = header(full_town / "live/rws-waterstand.csv", ";")
    assert ours == header(OPEN_DATA / "live/water/rws-waterinfo-scheveningen-20200507.csv", ";")


def test_messages_of_traffic_stand_in_the_envelope_of_ndw(full_town: Path) -> None:
    recorded = OPEN_DATA / "live/traffic/ndw-v3-actueel-beeld-20260621.xml.gz"
    real = envelope(recorded)
    for path in full_town.glob("live/snelheden*.xml.gz"):
        assert envelope(path) == real


def envelope(path: Path) -> dict[str, Any]:
    """The root, what stands in it, and how the payload begins."""
    root = etree.fromstring(gzip.decompress(path.read_bytes()))
    payload, exchange = list(root)
    return {
        "root": (root.tag, root.get("modelBaseVersion")),
        "children": (payload.tag, exchange.tag),
        "exchange": {str(element.tag) for element in exchange.iter()},
        "payload": (payload.get("lang"), payload.get("modelBaseVersion")),
        "first": [str(child.tag) for child in list(payload)[:2]],
    }
