"""The recordings of Voorbeeldstad are read with the plainest tool that reads the real thing."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from lxml import etree

from tweestad import crs
from tweestad.synthetic.contents.setting import read_setting
from tweestad.synthetic.contents.traffic import DATA, TABLE, TABLE_VERSION
from tweestad.synthetic.form.ground import CENTRE

ROA = "{http://datex2.eu/schema/3/roadTrafficData}"
COM = "{http://datex2.eu/schema/3/common}"
LOC = "{http://datex2.eu/schema/3/locationReferencing}"
GMW = "{http://www.broservices.nl/xsd/dsgmw/1.1}"
BHR = "{http://www.broservices.nl/xsd/bhrgtcommon/2.1}"
GML = "{http://www.opengis.net/gml/3.2}"
# Longitude and latitude of a box far around the town.
WEST, SOUTH, EAST, NORTH = 5.2, 52.65, 5.45, 52.83


def body(path: Path) -> Any:
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


def xml(path: Path) -> etree._Element:
    data = path.read_bytes()
    return etree.fromstring(gzip.decompress(data) if path.suffix == ".gz" else data)


def is_here(lon: float, lat: float) -> bool:
    return WEST < lon < EAST and SOUTH < lat < NORTH


def test_an_index_of_a_traffic_gauge_means_what_the_site_table_says(full_town: Path) -> None:
    table, data = xml(full_town / TABLE), xml(full_town / DATA)
    kinds: dict[tuple[str, str], str] = {}
    firsts = set()
    for site in table.iter(f"{ROA}measurementSite"):
        lat, lon = (float(site.findtext(f".//{LOC}{name}") or "nan") for name in ("latitude", "longitude"))
        assert is_here(lon, lat)
        for index in site.findall(f"{ROA}measurementSpecificCharacteristics"):
            kind = index.findtext(f".//{ROA}specificMeasurementValueType") or ""
            kinds[site.get("id") or "", index.get("index") or ""] = kind
            firsts.add((index.get("index") == "1", index.findtext(f".//{COM}vehicleType")))
    assert {(True, "lorry"), (True, "anyVehicle")} <= firsts, "the order differs between sites"
    assert next(data.iter(f"{ROA}measurementSiteTableReference")).get("version") == TABLE_VERSION
    assert next(table.iter(f"{ROA}measurementSiteTable")).get("version") == TABLE_VERSION
    sites = set()
    for measured in data.iter(f"{ROA}siteMeasurements"):
        site_id = next(measured.iter(f"{ROA}measurementSiteReference")).get("id") or ""
        sites.add(site_id)
        for quantity in measured.findall(f"{ROA}physicalQuantity"):
            kind = kinds[site_id, quantity.get("index") or ""]
            flow, speed = quantity.findtext(f".//{COM}vehicleFlowRate"), quantity.findtext(f".//{COM}speed")
            assert (flow is not None) == (kind == "trafficFlow")
            assert (speed is not None) == (kind == "trafficSpeed")
            assert flow is None or int(flow) % 60 == 0
            assert speed is None or float(speed) in (-1, 0) or 20 < float(speed) < 60
    known = {site for site, _ in kinds}
    assert len(known - sites) == 1, "one site of the table is silent"
    assert sites < known


def test_pages_of_air_follow_each_other_newest_first_with_a_gap(full_town: Path) -> None:
    pages = sorted(
        full_town.glob("live/luchtmeetnet-measurements-*.json"), key=lambda p: int(p.stem.split("-")[-1])
    )
    told = [body(path) for path in pages]
    assert [page["pagination"]["current_page"] for page in told] == list(range(1, len(told) + 1))
    assert {page["pagination"]["last_page"] for page in told} == {len(told)}
    rows = [row for page in told for row in page["data"]]
    assert all(len(page["data"]) == 50 for page in told[:-1])
    assert {row["station_number"] for row in rows} == {"NL99001", "NL99002"}
    one = [row for row in rows if (row["station_number"], row["formula"]) == ("NL99001", "NO2")]
    times = [dt.datetime.fromisoformat(row["timestamp_measured"]) for row in one]
    assert times == sorted(times, reverse=True)
    assert len(one) == 48
    assert any(row["value"] is None for row in rows)


def test_home_sensors_are_shown_in_cells_and_their_datastreams_have_values(full_town: Path) -> None:
    things = body(full_town / "live/samenmeten-things.json")["value"]
    values = body(full_town / "live/samenmeten-observations.json")
    for thing in things:
        assert is_here(*thing["Locations"][0]["location"]["coordinates"])
        assert thing["properties"]["codegemeente"] == "9999"
        for stream in thing["Datastreams"]:
            assert "name" not in stream["unitOfMeasurement"]
            assert len(values[stream["Observations@iot.navigationLink"]]["value"]) == 24
    features = json.loads((full_town / "luchtmeters.geojson").read_bytes())["features"]
    homes = [f for f in features if f["properties"]["netwerk"] != "Luchtmeetnet"]
    xy = crs.from_lonlat(np.array([f["geometry"]["coordinates"] for f in homes]))
    assert np.abs((xy % 250) - 125).max() < 0.05


def test_numbers_of_sensor_community_are_texts_and_times_have_no_zone(full_town: Path) -> None:
    for row in body(full_town / "live/sensor-community.json"):
        assert is_here(float(row["location"]["longitude"]), float(row["location"]["latitude"]))
        assert row["location"]["exact_location"] == 0
        dt.datetime.strptime(row["timestamp"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - as the feed has it
        assert all(isinstance(value["value"], str) for value in row["sensordatavalues"])


def test_charging_points_are_plausible_and_a_point_with_an_unknown_state_is_not_free(full_town: Path) -> None:
    locations = body(full_town / "live/charging_point_locations_ocpi.json.gz")
    rows = {f["properties"]["id"]: f["properties"] for f in body(full_town / "laadpalen.geojson")["features"]}
    assert len({each["id"] for each in locations}) == len(locations) == len(rows)
    for each in locations:
        assert is_here(float(each["coordinates"]["longitude"]), float(each["coordinates"]["latitude"]))
        states = [evse["status"] for evse in each["evses"]]
        free = None if "UNKNOWN" in states else states.count("AVAILABLE")
        assert rows[each["id"]]["vrij"] == free
        for connector in (c for evse in each["evses"] for c in evse["connectors"]):
            if connector["power_type"] == "AC_3_PHASE":
                most = connector["max_voltage"] * connector["max_amperage"] * 3 * 1.05
                assert connector["max_electric_power"] <= most


def test_every_feed_that_gbfs_names_is_there_and_counts_do_not_exceed_capacity(full_town: Path) -> None:
    for system in ("deelauto", "deelfiets"):
        folder = full_town / f"live/gbfs-{system}"
        names = {feed["name"] for feed in body(folder / "gbfs.json")["data"]["feeds"]}
        assert names == {path.stem for path in folder.glob("*.json")} - {"gbfs"}
        assert {body(path)["version"] for path in folder.glob("*.json")} == {"3.0"}
        stations = {s["station_id"]: s for s in body(folder / "station_information.json")["data"]["stations"]}
        for status in body(folder / "station_status.json")["data"]["stations"]:
            total = status["num_vehicles_available"] + status["num_docks_available"]
            assert total == stations[status["station_id"]]["capacity"]
        kinds = {t["vehicle_type_id"] for t in body(folder / "vehicle_types.json")["data"]["vehicle_types"]}
        for vehicle in body(folder / "vehicle_status.json")["data"]["vehicles"]:
            assert vehicle["vehicle_type_id"] in kinds
            assert is_here(vehicle["lon"], vehicle["lat"])


def test_every_car_park_of_the_index_has_both_answers(full_town: Path) -> None:
    folder = full_town / "live/parking"
    for each in body(folder / "index.json")["ParkingFacilities"]:
        static = body(folder / f"static-{each['identifier']}.json")["parkingFacilityInformation"]
        status = body(folder / f"dynamic-{each['identifier']}.json")["parkingFacilityDynamicInformation"]
        actual = status["facilityActualStatus"]
        assert (
            0
            <= actual["vacantSpaces"]
            <= actual["parkingCapacity"]
            == static["specifications"][0]["capacity"]
        )
        assert actual["full"] == (actual["vacantSpaces"] == 0)


def test_disabled_bays_name_no_number_plate_and_have_the_size_of_a_car(full_town: Path) -> None:
    setting = read_setting(full_town, seed=1)
    codes = {quarter.code for quarter in setting.quarters}
    for feature in body(full_town / "invalideparkeerplaatsen.geojson")["features"]:
        told = feature["properties"]
        assert told["buurtcode"] in codes
        assert all(regime["kenteken"] is None for regime in told["regimes"])
        assert feature["id"] == f"parkeervakken.{told['id']}"


def test_the_timetable_refers_only_to_what_it_holds(full_town: Path) -> None:
    with zipfile.ZipFile(full_town / "live/gtfs-voorbeeldstad.zip") as archive:
        tables = {
            Path(name).stem: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
        }
    assert {"agency", "stops", "routes", "trips", "stop_times", "calendar"} <= set(tables)
    keys = {name: {row[key] for row in tables[name]} for name, key in (
        ("agency", "agency_id"), ("stops", "stop_id"), ("routes", "route_id"), ("trips", "trip_id"),
        ("calendar", "service_id"), ("shapes", "shape_id"),
    )}  # fmt: skip
    assert {row["agency_id"] for row in tables["routes"]} <= keys["agency"]
    assert {row["route_id"] for row in tables["trips"]} == keys["routes"]
    assert {row["service_id"] for row in tables["trips"]} == keys["calendar"]
    assert {row["shape_id"] for row in tables["trips"]} == keys["shapes"]
    assert {row["stop_id"] for row in tables["stop_times"]} == keys["stops"]
    assert {row["trip_id"] for row in tables["stop_times"]} == keys["trips"]
    assert all(is_here(float(row["stop_lon"]), float(row["stop_lat"])) for row in tables["stops"])
    by_trip: dict[str, list[str]] = {}
    for row in tables["stop_times"]:
        by_trip.setdefault(row["trip_id"], []).append(row["departure_time"])
    assert all(times == sorted(times) and len(times) >= 2 for times in by_trip.values())
    assert any(times[-1] >= "24:00:00" for times in by_trip.values()), "a service day runs past midnight"


def test_wells_have_one_screen_below_the_ground_and_a_level_that_stays_near_it(full_town: Path) -> None:
    wells = sorted(full_town.glob("bro/GMW*.xml"))
    points = {
        f["properties"]["bro_id"]: f["properties"] for f in body(full_town / "peilbuizen.geojson")["features"]
    }
    assert {path.stem for path in wells} == set(points)
    for path in wells:
        well = xml(path).find(f".//{GMW}GMW_PO")
        assert well is not None
        x, y = (float(part) for part in (well.findtext(f".//{GMW}deliveredLocation//{GML}pos") or "").split())
        assert abs(x - CENTRE[0]) < 3000
        assert abs(y - CENTRE[1]) < 3000
        top, bottom = (float(well.findtext(f".//{GMW}screen{n}Position") or "nan") for n in ("Top", "Bottom"))
        ground = points[path.stem]["maaiveld_nap_m"]
        assert bottom < top < ground
        report = gzip.decompress(
            (full_town / f"bro/{points[path.stem]['gld_bro_id']}_full.csv.gz").read_bytes()
        )
        rows = list(csv.reader(io.StringIO(report.decode())))
        assert {len(row) for row in rows} == {6}
        assert rows[4][0] == path.stem
        levels = [row for row in rows if row[2] in ("goedgekeurd", "afgekeurd")]
        assert len(levels) > 2800
        assert {row[0][-6:] for row in levels} == {"+01:00", "+02:00"}
        good = [float(row[1]) for row in levels if row[2] == "goedgekeurd"]
        assert ground - 3 < min(good)
        assert max(good) < ground + 0.5


def test_layers_of_a_borehole_follow_each_other_to_its_depth(full_town: Path) -> None:
    holes = sorted(full_town.glob("bro/BHR*.xml"))
    assert holes
    for path in holes:
        hole = xml(path)
        bounds = [
            (
                float(layer.findtext(f"{BHR}upperBoundary") or "nan"),
                float(layer.findtext(f"{BHR}lowerBoundary") or "nan"),
            )
            for layer in hole.iter(f"{BHR}layer")
        ]
        assert bounds[0][0] == 0
        assert all(before[1] == after[0] for before, after in pairwise(bounds))
        assert f"{bounds[-1][1]:.2f}" == hole.findtext(f".//{BHR}finalDepthBoring")


def test_the_water_level_is_in_centimetres_every_ten_minutes_and_ends_in_a_forecast(full_town: Path) -> None:
    rows = list(
        csv.DictReader((full_town / "live/rws-waterstand.csv").read_text().splitlines(), delimiter=";")
    )
    assert len(rows) == 3 * 144
    assert {row["Eenheid"] for row in rows} == {"cm"}
    measured = [row["Meting"] != "" for row in rows]
    assert measured == sorted(measured, reverse=True)
    assert all((row["Meting"] == "") == (row["Verwachting"] != "") for row in rows)


def test_the_design_is_valid_in_millimetres_and_lies_on_the_site_of_its_plan(full_town: Path) -> None:
    ifcopenshell = pytest.importorskip("ifcopenshell")
    geolocation = pytest.importorskip("ifcopenshell.util.geolocation")
    unit = pytest.importorskip("ifcopenshell.util.unit")
    validate = pytest.importorskip("ifcopenshell.validate")
    model = ifcopenshell.open(full_town / "ontwerp-school.ifc")
    logger = validate.json_logger()
    validate.validate(model, logger)
    assert logger.statements == []
    assert unit.calculate_unit_scale(model) == 0.001
    assert model.by_type("IfcProjectedCRS")[0].Name == "EPSG:28992"
    east, north, _ = geolocation.auto_xyz2enh(model, 0, 0, 0)
    plans = body(full_town / "plannen.geojson")["features"]
    lonlat = crs.to_lonlat(np.array([[east, north]]))[0]
    assert shapely.from_geojson(json.dumps(plans[0]["geometry"])).contains(shapely.Point(lonlat))
    assert len({each.GlobalId for each in model.by_type("IfcRoot")}) == len(model.by_type("IfcRoot"))
    assert len(model.by_type("IfcWall")) == 12
