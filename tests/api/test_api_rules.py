"""The Dutch API Design Rules, on every route of the API."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.api.asgi import Answer, call
from tests.api.conftest import Get
from tests.api.small_feeds import AIR, SERIES
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.i18n import catalogue

SNAPSHOT = Path(__file__).with_name("openapi.json")
QUERIES = {"/places": "?q=gr", "/pick": "?lon=4.9&lat=52.3", "/heights": "?points=4.9,52.3"}
GOOD = (
    "/api/v1",
    "/api/v1/openapi.json",
    "/api/v1/limits",
    "/api/v1/layers",
    "/api/v1/layers/gebouwen",
    "/api/v1/layers/gebouwen/features",
    "/api/v1/layers/adressen/features/a1",
    "/api/v1/objects/NL.IMBAG.Pand.0363100012000001",
    "/api/v1/places?q=g",
    "/api/v1/pick?lon=4.9&lat=52.3",
    "/api/v1/heights?points=4.9,52.36;4.91,52.37",
)


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """The body of a good problem+json answer."""
    body: dict[str, Any] = answer.json()
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.fullmatch(r"\d+\.\d+\.\d+", answer.headers["api-version"])
    assert {"type", "title", "status", "detail", "instance"} <= set(body)
    assert body["status"] == status
    assert re.fullmatch(r"urn:tweestad:error:[0-9a-f]{16}", body["instance"])
    return body


def faults(answer: Answer) -> dict[str, str]:
    return {fault["name"]: fault["code"] for fault in problem(answer, 400)["errors"]}


@pytest.mark.parametrize("address", GOOD)
def test_a_good_answer_names_its_version_and_is_open_to_other_sites(get: Get, address: str) -> None:
    answer = get(address)
    assert answer.status == 200
    assert answer.headers["api-version"] == "1.0.0"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("address", GOOD)
def test_an_unknown_query_key_is_a_fault(get: Get, address: str) -> None:
    answer = get(f"{address}{'&' if '?' in address else '?'}onzin=1")
    assert faults(answer) == {"onzin": "unknown"}


@pytest.mark.parametrize("address", [a for a in GOOD if "?" not in a])
def test_a_slash_at_the_end_is_another_address(get: Get, address: str) -> None:
    answer = get(f"{address}/")
    problem(answer, 404)
    assert "location" not in answer.headers


@pytest.mark.parametrize("address", ["/lijst/", "/bronnen/", "/zoek/", "/healthz/", "/lijst/gebouwen/"])
def test_pages_are_not_redirected_either(get: Get, address: str) -> None:
    answer = get(address)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_all_faults_come_in_one_answer(get: Get) -> None:
    query = "bbox=1,2,3&bboxCrs=EPSG:1&at=-1&limit=0&cursor=%21&crs=RD&onzin=1&dubbel=1&dubbel=2"
    assert faults(get(f"/api/v1/layers/gebouwen/features?{query}")) == {
        "bbox": "bbox",
        "bboxCrs": "crs",
        "at": "at-least",
        "limit": "at-least",
        "cursor": "cursor",
        "crs": "crs",
        "onzin": "unknown",
        "dubbel": "twice",
    }


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("layers/water/features?at=99999&limit=0", {"at": "at-future", "limit": "at-least"}),
        (
            "layers/water/features?at=99999&cursor=abc&crs=x",
            {"at": "at-future", "cursor": "cursor", "crs": "crs"},
        ),
        ("layers/water/features?at=99999&bbox=0,0,1,1", {"at": "at-future", "bboxCrs": "bbox-degrees"}),
        ("layers/water/features?limit=0&bbox=0,0,1,1", {"limit": "at-least", "bboxCrs": "bbox-degrees"}),
        ("layers/water/features?bboxCrs=x&bbox=0,0,1,1", {"bboxCrs": "crs"}),
        ("layers/water/features/w/0?at=99999&crs=x", {"at": "at-future", "crs": "crs"}),
        ("pick?lon=x&lat=52.3&layers=q", {"lon": "number", "layers": "layer-unknown"}),
        ("pick?lon=0&lat=0&layers=x", {"lon": "outside", "layers": "layer-unknown"}),
        (
            "pick?lon=0&lat=0&layers=x&radius=999&q=1",
            {"lon": "outside", "layers": "layer-unknown", "radius": "at-most", "q": "unknown"},
        ),
    ],
)
def test_faults_that_only_the_twin_shows_come_with_the_others(
    get: Get, address: str, found: dict[str, str]
) -> None:
    answer = get(f"/api/v1/{address}")
    assert faults(answer) == found
    assert len(answer.json()["errors"]) == len(found)


def test_a_window_in_metres_is_found_when_it_says_so(get: Get) -> None:
    body = get("/api/v1/layers/water/features?bbox=121000,486000,123000,487000&bboxCrs=EPSG:28992").json()
    assert body["numberReturned"] == 5


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("limit=10001", "limit", "at-most"),
        ("limit=zes", "limit", "whole-number"),
        ("limit=1.5", "limit", "whole-number"),
        ("limit=1&limit=2", "limit", "twice"),
        ("at=6", "at", "at-future"),
        ("at=99999999999999999999999", "at", "at-most"),
        ("bbox=4,52,nan,53", "bbox", "bbox"),
        ("bbox=4,52,inf,53", "bbox", "bbox"),
        ("bbox=5,52,4,53", "bbox", "bbox-order"),
        ("bbox=4,53,5,52", "bbox", "bbox-order"),
        ("bbox=" + "1" * 300, "bbox", "too-long"),
        ("crs=EPSG:4326", "crs", "crs"),
        ("bbox=121000,486000,123000,487000", "bboxCrs", "bbox-degrees"),
        ("bbox=121000,486000,123000,487000&bboxCrs=CRS84", "bboxCrs", "bbox-degrees"),
        ("bbox=121000,486000,123000,487000&crs=EPSG:28992", "bboxCrs", "bbox-crs-unsaid"),
        ("bbox=121000,486000,123000,487000&crs=CRS84&bboxCrs=CRS84", "bboxCrs", "bbox-degrees"),
        ("bbox=-10,-10,0,0", "bboxCrs", "bbox-degrees"),
        ("bbox=52,4,53,5", "bboxCrs", "bbox-degrees"),
        ("bbox=4,52,181,53", "bboxCrs", "bbox-degrees"),
        ("bbox=4,-91,5,53", "bboxCrs", "bbox-degrees"),
        ("cursor=abc", "cursor", "cursor"),
        ("cursor=" + "a" * 2000, "cursor", "too-long"),
        ("cursor=W10", "cursor", "cursor"),
    ],
)
def test_each_fault_of_a_page_of_features_is_named(get: Get, query: str, name: str, code: str) -> None:
    assert faults(get(f"/api/v1/layers/gebouwen/features?{query}"))[name] == code


@pytest.mark.parametrize("number", ["4_9", "\u0664", "2.0", "00001", "+1", "%201", "1%20", "1e0", "-0", ""])
@pytest.mark.parametrize("key", ["at", "limit"])
def test_a_whole_number_is_written_in_digits(get: Get, key: str, number: str) -> None:
    assert faults(get(f"/api/v1/layers/water/features?{key}={number}")) == {key: "whole-number"}


@pytest.mark.parametrize("number", ["4_9", "\u0664", "04", "%2B4", "%204", "4e0", "4.", ".4", "0x4", ""])
def test_a_number_is_written_in_digits_and_a_point(get: Get, number: str) -> None:
    bbox = faults(get(f"/api/v1/layers/water/features?bbox={number},52,5,53"))
    assert bbox == {"bbox": "bbox"}
    assert faults(get(f"/api/v1/pick?lon={number}&lat=52.3")) == {"lon": "number"}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/api/v1/places", {"q": "missing"}),
        ("/api/v1/places?q=", {"q": "too-short"}),
        ("/api/v1/places?q=" + "a" * 201, {"q": "too-long"}),
        ("/api/v1/places?q=a&limit=51", {"limit": "at-most"}),
        ("/api/v1/pick", {"lon": "missing", "lat": "missing"}),
        ("/api/v1/pick?lon=x&lat=nan", {"lon": "number", "lat": "number"}),
        ("/api/v1/pick?lon=181&lat=-91", {"lon": "at-most", "lat": "at-least"}),
        ("/api/v1/pick?lon=4.9&lat=52.3&radius=101", {"radius": "at-most"}),
        ("/api/v1/pick?lon=52.3&lat=4.9", {"lon": "outside"}),
        ("/api/v1/pick?lon=4.9&lat=52.3&layers=water,maan", {"layers": "layer-unknown"}),
        ("/api/v1/layers/gebouwen/features/x?at=100", {"at": "at-future"}),
    ],
)
def test_each_fault_of_other_routes_is_named(get: Get, address: str, found: dict[str, str]) -> None:
    assert faults(get(address)) == found


@pytest.mark.parametrize(
    "address",
    [
        "/api",
        "/api/",
        "/api/v2",
        "/api/v1/onzin",
        "/api/v1/layers/onzin",
        "/api/v1/layers/onzin/features",
        "/api/v1/layers/gebouwen/features/onzin",
        "/api/v1/layers/gebouwen/features/%00",
        "/api/v1/layers/gebouwen/features/" + "a" * 300,
        "/api/v1/layers/%FF%FE/features/1",
        "/api/v1/objects/onzin",
        "/api/v1/objects/",
    ],
)
def test_what_is_not_there_is_a_404(get: Get, address: str) -> None:
    problem(get(address), 404)


def test_a_wrong_method_is_a_405_that_says_what_is_allowed(get: Get) -> None:
    answer = get("/api/v1/layers", method="POST")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=1", "application/json;q=0"])
def test_who_does_not_take_json_gets_a_406(get: Get, accept: str) -> None:
    problem(get("/api/v1/layers", headers={"Accept": accept}), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html, */*;q=0.1", "application/geo+json", "application/json", "application/*", ""]
)
def test_who_takes_json_gets_it(get: Get, accept: str) -> None:
    assert get("/api/v1/layers/water/features", headers={"Accept": accept}).status == 200


def test_a_body_above_the_limit_is_a_413(get: Get) -> None:
    problem(get("/api/v1/layers", method="POST", body=b"x" * (256 * 1024 + 1)), 413)
    assert get("/", headers={"Content-Length": "999999999999999999999999"}).status == 413
    problem(get("/api/v1", headers={"Content-Length": "-1"}), 400)


def test_an_address_above_the_limit_is_a_414(get: Get) -> None:
    problem(get("/api/v1/places?q=" + "a" * 9000), 414)
    page = get("/zoek?q=" + "a" * 9000)
    assert page.status == 414
    assert "aaaaaaaa" not in page.text
    assert "aaaaaaaa" not in get("/" + "a" * 9000).text


def test_head_gives_the_head_of_get(get: Get) -> None:
    for address in (*GOOD, "/", "/lijst", "/lijst/water.csv", "/tiles/scene.json", "/healthz"):
        full, head = get(address), get(address, method="HEAD")
        assert head.status == full.status == 200
        assert head.body == b""
        assert head.headers["content-type"] == full.headers["content-type"]
        if "content-length" in full.headers:
            assert head.headers["content-length"] == full.headers["content-length"]
    problem_of_head = get("/api/v1/onzin", method="HEAD")
    assert (problem_of_head.status, problem_of_head.body) == (404, b"")


def test_options_says_what_an_address_can_do(get: Get) -> None:
    for address in ("/api/v1/layers", "/lijst", "/tiles/scene.json"):
        answer = get(address, method="OPTIONS")
        assert (answer.status, answer.body) == (204, b"")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert get("/api/v1/onzin", method="OPTIONS").status == 404


def test_a_browser_on_another_site_may_read_the_api_but_not_the_pages(get: Get) -> None:
    asked = {"Origin": "https://elders.test", "Access-Control-Request-Method": "GET"}
    answer = get("/api/v1/layers", method="OPTIONS", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers
    page = get("/lijst", method="OPTIONS", headers=asked)
    assert "access-control-allow-origin" not in page.headers


def test_errors_speak_the_language_that_is_asked_for(get: Get) -> None:
    for accept, language in (("", "nl"), ("en-GB,en;q=0.9", "en"), ("nl, en;q=0.5", "nl"), ("fr", "nl")):
        answer = get("/api/v1/layers?x=1", headers={"Accept-Language": accept})
        body = problem(answer, 400)
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]
        assert body["title"] == catalogue("nl" if language == "nl" else "en")["error.invalid-input.title"]


class BrokenStore:
    """A store of which everything fails with a text that nobody outside may read."""

    def __getattr__(self, name: str) -> Any:
        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError("wachtwoord=geheim in /srv/prive")

        return fail


@pytest.mark.parametrize(
    "address", ["/api/v1", "/api/v1/layers", "/api/v1/places?q=Kerkstraat", "/", "/lijst", "/readyz"]
)
def test_an_unexpected_error_tells_nothing_but_a_number_that_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    broken: Any = BrokenStore()
    app = create_app(Config(data_dir=tmp_path), store=broken)
    with caplog.at_level(logging.ERROR, logger="tweestad.api"):
        answer = call(app, address, headers={"Referer": "https://twin.test/zoek?q=Kerkstraat"})
    assert answer.status == 500
    assert "geheim" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    number = re.search(r"[0-9a-f]{16}", answer.text)
    assert number is not None
    mine = [record for record in caplog.records if number[0] in record.getMessage()]
    assert len(mine) == 1
    assert "Kerkstraat" not in mine[0].getMessage()
    assert mine[0].exc_info is not None


def snapshot_of(get: Get) -> dict[str, Any]:
    answer = get("/api/v1/openapi.json")
    assert answer.status == 200
    body: dict[str, Any] = answer.json()
    return body


def test_the_description_is_the_committed_one(get: Get) -> None:
    """A difference is a decision: look at it, then write the new one with UPDATE_SNAPSHOTS=1."""
    found = snapshot_of(get)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    assert found == orjson.loads(SNAPSHOT.read_bytes())


def test_the_description_keeps_the_design_rules(get: Get) -> None:
    document = snapshot_of(get)
    assert document["openapi"].startswith("3.")
    assert document["servers"] == [{"url": "/api/v1"}]
    assert {"name", "url", "email"} <= set(document["info"]["contact"])
    for path, item in document["paths"].items():
        server = item.get("servers", document["servers"])[0]["url"]
        address = (server + path).replace("{layer}", "water").replace("{feature}", "w/0")
        address = address.replace("{name}", "naam").replace("/live/water", "/live/lucht")
        address = address.replace("{thing}", AIR).replace("{datastream}", SERIES)
        address = address.replace("{ref}", "NL.IMBAG.Pand.0363100012000001")
        query = "?layers=lucht" if path == "/stream" else QUERIES.get(path, "")
        assert server.startswith("/api")
        assert get(address + query, method="HEAD" if path == "/stream" else "GET").status == 200
        for part in path.strip("/").split("/"):
            assert re.fullmatch(r"[a-z][a-z0-9-]*|\{[a-z][A-Za-z]*\}|", part)
        for operation in (item[method] for method in item if method != "servers"):
            for parameter in operation.get("parameters", []):
                assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"])
            assert "422" not in operation["responses"]
            assert "application/problem+json" in operation["responses"]["400"]["content"]


def test_every_reference_in_the_description_leads_somewhere(get: Get) -> None:
    document = snapshot_of(get)
    for reference in re.findall(r'"#/components/schemas/([A-Za-z]+)"', orjson.dumps(document).decode()):
        assert reference in document["components"]["schemas"]


def test_the_page_about_the_api_needs_nothing_from_elsewhere(get: Get) -> None:
    answer = get("/api/v1/docs?taal=en")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    for path in snapshot_of(get)["paths"]:
        assert f">GET {'/api' if path == '/v1' else '/api/v1'}{path}<" in answer.text


def test_the_description_stands_at_the_root_too(get: Get) -> None:
    root = get("/openapi.json", headers={"Origin": "https://elders.test"})
    assert root.json() == snapshot_of(get)
    assert root.headers["access-control-allow-origin"] == "*"
    assert root.headers["api-version"] == "1.0.0"
    assert faults(get("/openapi.json?x=1")) == {"x": "unknown"}
    assert get("/openapi.json/").status == 404


def test_problems_link_to_their_explanation(get: Get) -> None:
    kind = problem(get("/api/v1/onzin"), 404)["type"]
    address, _, anchor = kind.partition("#")
    assert f'id="{anchor}"' in get(address).text


def test_the_limits_are_the_ones_that_hold(get: Get) -> None:
    limits = get("/api/v1/limits").json()
    page = limits["pageSizeMax"]
    assert get(f"/api/v1/layers/water/features?limit={page}").status == 200
    assert get(f"/api/v1/layers/water/features?limit={page + 1}").status == 400
    assert get(f"/api/v1/pick?lon=4.9&lat=52.3&radius={limits['pickRadiusMaxM']}").status == 200
    assert get("/api/v1/places?q=" + "a" * limits["searchCharacters"]).status == 200
