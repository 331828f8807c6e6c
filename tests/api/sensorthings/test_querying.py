"""What can be asked: filter, order, pages, counts, selection, expansion and arrays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.sensorthings.conftest import BASE, Ask, Read, codes, ids
from tests.api.sensorthings.measured_twin import AIR, HOURS, ODD, SERIES, WELL

DAM = "geography'POLYGON((4.89 52.37,4.90 52.37,4.90 52.375,4.89 52.375,4.89 52.37))'"
BRIDGE, LOST = "ndw-situaties:B1", "bro-grondwater:GMW2"
OBSERVED = f"Datastreams('{SERIES}')/Observations"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("Things?$filter=id eq 'luchtmeetnet:NL1'", [AIR]),
        ("Things?$filter=@iot.id eq 'luchtmeetnet:NL1' or id eq 'ndw-situaties:B1'", [AIR, BRIDGE]),
        ("Things?$filter=name eq 'Kit ''Zuid'''", [ODD]),
        ("Things?$filter=properties/kind eq 'station'", [AIR, ODD]),
        ("Things?$filter=properties/kind eq 'station' and properties/gemeente eq 'GM9999'", [AIR]),
        ("Things?$filter=properties/hoog add 1 eq 5", [AIR]),
        ("Things?$filter=properties/ref ne null", [LOST]),
        ("Things?$filter=properties/nergens eq 1", []),
        ("Things?$filter=not (properties/kind eq 'station' or properties/kind eq 'well')", [BRIDGE]),
        ("Things?$filter=startswith(name,'Put') or endswith(tolower(name),'STRAAT')", [WELL]),
        ("Things?$filter=substringof('straat',name)", [AIR]),
        ("Things?$filter='Brug' eq name", [BRIDGE]),
        (f"Things?$filter=st_within(Locations/location,{DAM})", [AIR]),
        (f"Things?$filter=st_within(Locations/location,{DAM}) eq false", [WELL, BRIDGE, ODD]),
        ("Things?$filter=st_within(Locations/location,geography'POLYGON((0 0,1 0,1 1,0 0))')", []),
        ("Things?$filter=geo.distance(Locations/location,geography'POINT(4.8937 52.3733)') lt 0.001", [AIR]),
        (
            "Locations?$filter=geo.intersects(location,geography'LINESTRING(4.901 52.37,4.902 52.38)')",
            [ODD],
        ),
        ("Locations?$filter=geo.length(location) gt 0", [ODD]),
        ("Locations?$filter=st_within(geography'POINT(4.8937 52.3733)',location)", []),
        (f"Locations?$filter=not st_intersects(location,{DAM})", [WELL, BRIDGE, ODD]),
        # What QGIS asks, when it looks for kinds of places and when it is zoomed far out.
        ("Locations?$filter=location/type eq 'LineString' or location/geometry/type eq 'LineString'", [ODD]),
        ("FeaturesOfInterest?$filter=feature/type eq 'Point' or feature/geometry/type eq 'Point'",
         [WELL, AIR, BRIDGE]),
        ("Datastreams?$filter=observedArea/type eq 'Point' or observedArea/geometry/type eq 'Point'", []),
        ("Locations?$filter=(location/type eq 'Point') and "
         "(geo.intersects(location, geography'Polygon ((-210 -95, 230 -95, 230 99, -210 99, -210 -95))'))",
         [WELL, AIR, BRIDGE]),
        ("Things?$filter=Datastreams/ObservedProperty/id eq 'pm25'", [AIR, ODD]),
        ("Things?$filter=Datastreams/Observations/result gt 98", [AIR]),
        ("Things?$filter=HistoricalLocations/time ge 2026-04-16T00:00:00Z", [BRIDGE, ODD]),
        ("Datastreams?$filter=Thing/id eq 'luchtmeetnet:NL1'", [SERIES, f"{AIR}:pm25"]),
        ("Datastreams?$filter=ObservedProperty/id eq 'no2'", [SERIES]),
        ("Datastreams?$filter=unitOfMeasurement/symbol eq 'm'", [f"{WELL}:grondwaterstand"]),
        ("Datastreams?$filter=Sensor/id eq 'samen-meten:kal'", [f"{ODD}:pm25:kal"]),
        ("Datastreams?$filter=phenomenonTime ge 2026-04-16T12:00:00Z",
         [f"{BRIDGE}:brug-open", f"{BRIDGE}:paneeltekst"]),
        (f"Datastreams?$filter=st_within(Thing/Locations/location,{DAM})", [SERIES, f"{AIR}:pm25"]),
        ("Observations?$filter=result eq true", [f"{BRIDGE}:brug-open@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=result gt 98", [f"{SERIES}@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=result eq null", [f"{ODD}:pm25:kal@2026-04-16T11:00:00Z"]),
        ("Observations?$filter=resultQuality/code eq 3", [f"{SERIES}@2026-04-16T12:00:00Z"]),
        (f"{OBSERVED}?$filter=phenomenonTime gt 2026-04-16T10:00:00Z and result lt 50",
         [f"{SERIES}@2026-04-16T11:00:00Z"]),
        (f"{OBSERVED}?$filter=phenomenonTime le 2026-04-15T08:00:00Z",
         [f"{SERIES}@2026-04-15T07:00:00Z", f"{SERIES}@2026-04-15T08:00:00Z"]),
        (f"{OBSERVED}?$filter=phenomenonTime gt '2026-04-16T14:00:00+04:00' and result lt 50",
         [f"{SERIES}@2026-04-16T11:00:00Z"]),
        (f"{OBSERVED}?$filter=phenomenonTime eq 2026-04-16T10:00:00Z/2026-04-16T11:00:00Z",
         [f"{SERIES}@2026-04-16T11:00:00Z"]),
        (f"{OBSERVED}?$filter=day(phenomenonTime) eq 15 and hour(phenomenonTime) eq 23",
         [f"{SERIES}@2026-04-16T00:00:00Z"]),
        (f"{OBSERVED}?$filter=phenomenonTime gt now()", []),
        (f"{OBSERVED}?$filter=resultTime gt 2026-04-16T12:30:00Z", [f"{SERIES}@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=Datastream/id eq 'ndw-situaties:B1:paneeltekst'",
         [f"{BRIDGE}:paneeltekst@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=FeatureOfInterest/id eq 'ndw-situaties:B1' and result ne true",
         [f"{BRIDGE}:paneeltekst@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=id eq 'ndw-situaties:B1:brug-open@2026-04-16T12:00:00Z'",
         [f"{BRIDGE}:brug-open@2026-04-16T12:00:00Z"]),
        ("Observations?$filter=id eq 'onzin'", []),
        ("Sensors?$filter=startswith(id,'samen')", ["samen-meten", "samen-meten:kal"]),
        ("Sensors?$filter=Datastreams/Thing/properties/kind eq 'bridge'", ["ndw-situaties"]),
        ("ObservedProperties?$filter=properties/unit eq 'ug/m3'", ["no2", "pm25"]),
        ("FeaturesOfInterest?$filter=Observations/result eq true", [BRIDGE]),
        ("Things?$filter=id eq 'luchtmeetnet:NL1' and id eq 'ndw-situaties:B1'", []),
        (f"Things?$filter=@iot.selfLink eq '{BASE}/Things(''{AIR}'')'", [AIR]),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says(read: Read, address: str, found: list[str]) -> None:
    assert ids(read(address)) == found
    # Said so that the store cannot be asked for less, it is the same.
    path, _, condition = address.partition("?$filter=")
    assert ids(read(f"{path}?$filter=not (not ({condition}))")) == found
    assert read(f"{path}?$filter={condition}&$count=true&$top=0")["@iot.count"] == len(found)


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("Things?$filter=onzin eq 1", {"$filter": "sta-name"}),
        ("Things?$filter=name/first eq 1", {"$filter": "sta-name"}),
        ("Locations?$filter=st_within(location,geography'POINT(121394 487383)')", {"$filter": "sta-value"}),
        ("Things?$filter=Datastreams eq 1", {"$filter": "sta-name"}),
        ("Things?$filter=Datastreams/onzin eq 1", {"$filter": "sta-name"}),
        ("Things?$filter=name = 'x'", {"$filter": "sta-syntax"}),
        ("Things?$orderby=onzin", {"$orderby": "sta-name"}),
        ("Things?$orderby=name down", {"$orderby": "sta-syntax"}),
        ("Things?$top=-1", {"$top": "whole-number"}),
        ("Things?$top=x", {"$top": "whole-number"}),
        ("Things?$skip=99999999999", {"$skip": "whole-number"}),
        ("Things?$count=yes", {"$count": "sta-yes"}),
        ("Things?$select=onzin", {"$select": "sta-name"}),
        ("Things?$select=", {"$select": "sta-name"}),
        ("Things?$expand=onzin", {"$expand": "sta-name"}),
        ("Things?$expand=", {"$expand": "sta-name"}),
        ("Things?$expand=Datastreams($top=1", {"$expand": "sta-end"}),
        ("Things?$expand=Datastreams)", {"$expand": "sta-expand"}),
        ("Things?$expand=Datastreams($top=1)x", {"$expand": "sta-expand"}),
        ("Things?$expand=Datastreams($top)", {"$expand": "sta-expand"}),
        ("Things?$expand=Datastreams(top=1)", {"top": "unknown"}),
        ("Things?$expand=Datastreams($top=1;$top=2)", {"$expand": "sta-expand"}),
        ("Things?$expand=Datastreams($filter=onzin eq 1)", {"$filter": "sta-name"}),
        ("Datastreams?$expand=Thing($top=1)", {"$top": "unknown"}),
        ("Things?$expand=Datastreams/Thing/Datastreams/Thing", {"$expand": "sta-deep"}),
        ("Observations?$skiptoken=onzin", {"$skiptoken": "cursor"}),
        ("Things?$skiptoken=", {"$skiptoken": "cursor"}),
        ("Things?$resultFormat=dataArray", {"$resultFormat": "sta-data-array"}),
        ("Observations?$resultFormat=dataArray&$expand=Datastream", {"$resultFormat": "sta-data-array"}),
    ],
)
def test_what_cannot_be_asked_is_refused_in_plain_words(
    ask: Ask, address: str, wrong: dict[str, str]
) -> None:
    answer = ask(address)
    assert codes(answer) == wrong
    (fault,) = answer.json()["errors"]
    assert fault["detail"].endswith((".", "?"))
    assert "{" not in fault["detail"]


def walk(read: Read, address: str, **more: str) -> list[dict[str, Any]]:
    """All rows over all pages; each page but the last is full."""
    rows: list[dict[str, Any]] = []
    while address:
        body = read(address, **more)
        rows += body["value"]
        address = body.get("@iot.nextLink", "")
        assert body["value"] or not address
    return rows


@pytest.mark.parametrize("top", [3, 64])
@pytest.mark.parametrize(
    "query",
    [
        "Things?",
        "Locations?",
        "HistoricalLocations?",
        "Datastreams?",
        "Sensors?",
        "ObservedProperties?",
        "Observations?",
        "FeaturesOfInterest?",
        "Things?$orderby=name desc&",
        "Datastreams?$orderby=Thing/name,id desc&",
        "Observations?$orderby=phenomenonTime&",
        "Observations?$orderby=phenomenonTime desc&",
        "Observations?$orderby=phenomenonTime desc,id&",
        "Observations?$orderby=result desc&",
        "Observations?$filter=result gt 15&$orderby=phenomenonTime desc&",
        "Observations?$filter=result gt 15&",
        f"{OBSERVED}?$orderby=phenomenonTime desc&",
        f"{OBSERVED}?",
    ],
)
def test_pages_together_are_the_whole_and_nothing_twice(read: Read, query: str, top: int) -> None:
    whole = ids(read(f"{query}$top=1000"))
    assert len(set(whole)) == len(whole)
    assert [row["@iot.id"] for row in walk(read, f"{query}$top={top}")] == whole
    assert ids(read(f"{query}$top={top}&$skip=2")) == whole[2 : 2 + top]


def test_a_page_goes_on_where_it_was_while_rows_come_and_go(read: Read) -> None:
    following = read("Things?$top=2")["@iot.nextLink"]
    assert "$skip=" not in following
    # As if the row at which the page ended had gone.
    assert ids(read("Things?$skiptoken=luchtmeetnet:NL0")) == [AIR, BRIDGE, ODD]
    assert ids(read("Observations?$skiptoken=luchtmeetnet:NL1:pm25@2026-04-16T12:00:01Z&$top=1")) == [
        f"{BRIDGE}:brug-open@2026-04-16T12:00:00Z"
    ]


def test_an_order_holds_from_first_to_last(read: Read) -> None:
    times = [
        row["phenomenonTime"].split("/")[-1]
        for row in read("Observations?$orderby=phenomenonTime&$top=1000")["value"]
    ]
    assert times == sorted(times)
    back = ids(read("Observations?$orderby=phenomenonTime desc,id&$top=1000"))
    assert sorted(back) == sorted(ids(read("Observations?$top=1000")))
    assert [i.rpartition("@")[2] for i in back] == sorted(times, reverse=True)
    results = [row["result"] for row in read(f"{OBSERVED}?$orderby=result desc&$top=3")["value"]]
    assert results == [99.0, 39.0, 38.0]
    assert ids(read("Things?$orderby=properties/kind,name desc")) == [BRIDGE, ODD, AIR, WELL, LOST]
    nearest = "geo.distance(Locations/location,geography'POINT(4.895 52.373)')"
    assert ids(read(f"Things?$orderby={nearest}&$filter=Locations/id ne null"))[:2] == [AIR, ODD]


def test_a_count_is_of_all_that_passes_whatever_the_page(read: Read) -> None:
    for query in ("$top=1", "$skip=3", "$top=0", "$orderby=result"):
        assert read(f"{OBSERVED}?$count=true&{query}")["@iot.count"] == HOURS
    body = read("Observations?$count=true&$filter=result gt 15&$top=2")
    assert body["@iot.count"] == read(body["@iot.nextLink"])["@iot.count"]
    assert "@iot.count" not in read("Things?$count=false")
    assert "@iot.nextLink" not in read("Things?$top=0&$count=true")


def test_a_page_holds_at_most_a_thousand(read: Read) -> None:
    assert len(read("Observations?$top=1000000")["value"]) == 64
    assert len(read("Observations")["value"]) == 64


def test_only_what_is_selected_comes(read: Read) -> None:
    body = read("Things?$select=name,id&$top=1")["value"]
    assert body == [{"@iot.id": WELL, "name": "Put 1"}]
    body = read("Things?$select=Datastreams,@iot.selfLink&$top=1")["value"]
    assert sorted(body[0]) == ["@iot.selfLink", "Datastreams@iot.navigationLink"]
    assert read(f"Things('{AIR}')?$select=description") == {
        "description": "station, Luchtmeetnet (official air quality)"
    }
    one = read("Things?$select=name&$expand=Datastreams($select=name)&$top=1")["value"]
    assert one == [
        {"name": "Put 1", "Datastreams": [{"name": read(f"Datastreams('{WELL}:grondwaterstand')")["name"]}]}
    ]


def test_what_is_expanded_stands_in_its_place(read: Read) -> None:
    body = read(f"Datastreams('{SERIES}')?$expand=Thing/Locations,Thing/Datastreams,Sensor,ObservedProperty")
    assert body["Thing"]["@iot.id"] == AIR
    assert [each["@iot.id"] for each in body["Thing"]["Locations"]] == [AIR]
    assert [each["@iot.id"] for each in body["Thing"]["Datastreams"]] == [SERIES, f"{AIR}:pm25"]
    assert body["Sensor"] == read("Sensors('luchtmeetnet')")
    assert body["ObservedProperty"] == read("ObservedProperties('no2')")
    assert "Thing@iot.navigationLink" not in body
    reading = read(
        f"Observations('{SERIES}@2026-04-16T12:00:00Z')?$expand=FeatureOfInterest,Datastream($expand=Thing)"
    )
    assert reading["FeatureOfInterest"]["feature"]["type"] == "Point"
    assert reading["Datastream"]["Thing"]["name"] == "Hoofdstraat"


def test_the_last_value_of_everything_is_one_question(read: Read) -> None:
    inner = "Observations($orderby=phenomenonTime desc;$top=1;$select=result,phenomenonTime)"
    body = read(f"Things?$expand=Datastreams($select=id;$expand={inner})&$select=id")
    last = {
        stream["@iot.id"]: [reading["result"] for reading in stream["Observations"]]
        for thing in body["value"]
        for stream in thing["Datastreams"]
    }
    assert last == {
        SERIES: [99.0],
        f"{AIR}:pm25": [10.0],
        f"{WELL}:grondwaterstand": [],
        f"{BRIDGE}:brug-open": [True],
        f"{BRIDGE}:paneeltekst": ["Brug open, volg U12"],
        f"{ODD}:pm25": [30.5],
        f"{ODD}:pm25:kal": [None],
    }


def test_inside_an_expansion_everything_can_be_asked(read: Read) -> None:
    inner = (
        "$filter=result gt 20 and phenomenonTime lt 2026-04-16T00:00:00Z;$orderby=result;$top=2;$count=true"
    )
    body = read(f"Datastreams('{SERIES}')?$expand=Observations({inner};$select=result)")
    assert [each["result"] for each in body["Observations"]] == [22.0, 23.0]
    assert body["Observations@iot.count"] == 18
    following = read(body["Observations@iot.nextLink"])
    assert [each["result"] for each in following["value"]] == [24.0, 25.0]
    quoted = read("Things?$expand=Datastreams($filter=name eq 'a;b),c')&$top=1")
    assert quoted["value"][0]["Datastreams"] == []


def test_observations_can_come_as_arrays(read: Read) -> None:
    body = read(
        "Observations?$resultFormat=dataArray&$filter=result gt 38&$count=true&$orderby=phenomenonTime desc"
    )
    assert body["@iot.count"] == 3
    first, second = body["value"]
    assert first["Datastream@iot.navigationLink"] == f"{BASE}/Datastreams('{SERIES}')"
    assert first["components"] == [
        "id",
        "phenomenonTime",
        "result",
        "resultTime",
        "resultQuality",
        "parameters",
    ]
    assert first["dataArray@iot.count"] == 2
    assert [row[2] for row in first["dataArray"]] == [99.0, 39.0]
    assert second["dataArray"][0][1] == "2026-04-15T06:00:00Z/2026-04-15T07:00:00Z"
    short = read(f"{OBSERVED}?$resultFormat=dataArray&$select=result,phenomenonTime&$top=2")
    assert short["value"][0]["components"] == ["phenomenonTime", "result"]
    assert read(short["@iot.nextLink"])["value"][0]["dataArray"][0][1] == 37.0
    assert read("Observations?$resultFormat=dataArray&$filter=result gt 1000")["value"] == []
