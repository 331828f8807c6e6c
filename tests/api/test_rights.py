"""Every route times every role. A route without a row here fails, and so does a row without a route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get, identify_by_header
from tests.api.small_feeds import AIR, SERIES, STAFF_NAME, STAFF_SERIES, STAFF_THING
from tests.api.small_twin import COMPANIES, HIDDEN_TITLE, SHARED_REF, companies
from tweestad.access.actor import ROLES, STAFF_ROLES
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

VISITOR = ""
EVERYBODY = (VISITOR, *ROLES)
PICK = "lon=4.90160032&lat=52.36543405&radius=5"


@dataclass(frozen=True, slots=True)
class Row:
    """A route, an address of it, and the status for those who are staff and those who are not.

    `secret` says that staff find the staff layer in the answer (and nobody else may).
    """

    route: str
    address: str
    others: int = 200
    staff: int = 200
    secret: bool = False


TABLE = (
    Row("/api/v1", "/api/v1"),
    Row("/api/v1/openapi.json", "/api/v1/openapi.json"),
    Row("/api/v1/docs", "/api/v1/docs"),
    Row("/api/v1/limits", "/api/v1/limits"),
    Row("/api/v1/layers", "/api/v1/layers", secret=True),
    Row("/api/v1/layers/{layer}", "/api/v1/layers/gebouwen"),
    Row("/api/v1/layers/{layer}", "/api/v1/layers/bedrijven", others=404, secret=True),
    Row("/api/v1/layers/{layer}/columns/{name:path}", "/api/v1/layers/gebouwen/columns/gebruik"),
    Row(
        "/api/v1/layers/{layer}/columns/{name:path}",
        "/api/v1/layers/bedrijven/columns/naam",
        others=404,
        secret=True,
    ),
    Row("/api/v1/layers/{layer}/features", "/api/v1/layers/adressen/features"),
    Row("/api/v1/layers/{layer}/features", "/api/v1/layers/bedrijven/features", others=404, secret=True),
    Row("/api/v1/layers/{layer}/features", "/api/v1/layers/bedrijven/features?at=5", others=404, secret=True),
    Row("/api/v1/layers/{layer}/features/{feature:path}", "/api/v1/layers/adressen/features/a1"),
    Row(
        "/api/v1/layers/{layer}/features/{feature:path}",
        "/api/v1/layers/bedrijven/features/b1",
        others=404,
        secret=True,
    ),
    Row("/api/v1/objects/{ref:path}", f"/api/v1/objects/{SHARED_REF}", secret=True),
    Row(
        "/api/v1/objects/{ref:path}", "/api/v1/objects/NL.IMBAG.Pand.0363100012000009", others=404, staff=404
    ),
    Row("/api/v1/places", "/api/v1/places?q=zwartjanssen", secret=True),
    Row(
        "/api/v1/layers/{layer}/pieces/{feature:path}",
        "/api/v1/layers/bedrijven/pieces/b1",
        others=404,
        secret=True,
    ),
    Row("/api/v1/pick", f"/api/v1/pick?{PICK}", secret=True),
    Row("/api/v1/pick", f"/api/v1/pick?{PICK}&layers=bedrijven", others=400, secret=True),
    Row("/api/v1/heights", "/api/v1/heights?points=4.9,52.36"),
    Row("/api/v1/live", "/api/v1/live", secret=True),
    Row("/api/v1/live/{layer}", "/api/v1/live/lucht", secret=True),
    Row("/api/v1/live/{layer}", "/api/v1/live/lucht?after=0", secret=True),
    Row("/api/v1/live/{layer}", "/api/v1/live/lucht?at=2026-04-16T12:00:00Z", secret=True),
    Row("/api/v1/things", "/api/v1/things", secret=True),
    Row("/api/v1/things", "/api/v1/things?source=proef&kind=station", secret=True),
    Row("/api/v1/things/{thing:path}", f"/api/v1/things/{AIR}"),
    Row("/api/v1/things/{thing:path}", f"/api/v1/things/{STAFF_THING}", others=404, secret=True),
    Row("/api/v1/datastreams/{datastream:path}", f"/api/v1/datastreams/{SERIES}"),
    Row(
        "/api/v1/datastreams/{datastream:path}",
        f"/api/v1/datastreams/{STAFF_SERIES}",
        others=404,
        secret=True,
    ),
    Row(
        "/api/v1/datastreams/{datastream:path}/readings",
        f"/api/v1/datastreams/{STAFF_SERIES}/readings",
        others=404,
        secret=True,
    ),
    Row(
        "/api/v1/datastreams/{datastream:path}/readings.csv",
        f"/api/v1/datastreams/{STAFF_SERIES}/readings.csv",
        others=404,
        secret=True,
    ),
    Row(
        "/api/v1/datastreams/{datastream:path}/statistics",
        f"/api/v1/datastreams/{STAFF_SERIES}/statistics",
        others=404,
        secret=True,
    ),
    Row("/api/v1/feeds", "/api/v1/feeds", secret=True),
    # What each role hears on it is in test_stream.py.
    Row("/api/v1/stream", "/api/v1/stream", others=400, staff=400),
    Row("/tiles/{path:path}", "/tiles/scene.json"),
    Row("/tiles/{path:path}", "/tiles/adressen/tileset.json"),
    Row("/tiles/{path:path}", "/tiles/bedrijven/tileset.json", others=404, staff=404),
    Row("/static/{path:path}", "/static/does-not-exist.js", others=404, staff=404),
    Row("/healthz", "/healthz"),
    Row("/readyz", "/readyz"),
    Row("/robots.txt", "/robots.txt"),
    Row("/openapi.json", "/openapi.json"),
    Row("/sta/v1.1", "/sta/v1.1"),
    Row("/sta/v1.1/{path:path}", "/sta/v1.1/Things", secret=True),
    Row("/sta/v1.1/{path:path}", "/sta/v1.1/Sensors", secret=True),
    Row("/sta/v1.1/{path:path}", "/sta/v1.1/Datastreams?$expand=Thing,Observations($top=1)", secret=True),
    Row("/sta/v1.1/{path:path}", f"/sta/v1.1/Things('{STAFF_THING}')", others=404, secret=True),
    Row("/sta/v1.1/{path:path}", f"/sta/v1.1/Datastreams('{STAFF_SERIES}')/Thing", others=404, secret=True),
    Row("/", "/", secret=True),
    Row("/inbedden", "/inbedden"),
    Row("/lijst", "/lijst", secret=True),
    Row("/lijst/live/{layer}.csv", "/lijst/live/lucht.csv", secret=True),
    Row("/lijst/live/{layer}", "/lijst/live/lucht", secret=True),
    Row("/lijst/live/{layer}", "/lijst/live/lucht?deel=tabel&sorteer=waarde&vanaf=4.9,52.36", secret=True),
    # What is measured near by is offered beside it, to whom may see it.
    Row("/meetpunt/{thing:path}", f"/meetpunt/{AIR}", secret=True),
    Row("/meetpunt/{thing:path}", f"/meetpunt/{AIR}?met={STAFF_SERIES}", secret=True),
    Row("/meetpunt/{thing:path}", f"/meetpunt/{STAFF_THING}", others=404, secret=True),
    Row("/meetpunt/{thing:path}", f"/meetpunt/{STAFF_THING}?deel=kaart", others=404, secret=True),
    Row("/reeks/{datastream:path}.csv", f"/reeks/{SERIES}.csv"),
    Row("/reeks/{datastream:path}.csv", f"/reeks/{STAFF_SERIES}.csv", others=404, secret=True),
    Row("/lijst/{layer}.csv", "/lijst/adressen.csv"),
    Row("/lijst/{layer}.csv", "/lijst/bedrijven.csv", others=404, secret=True),
    Row("/lijst/{layer}", "/lijst/adressen"),
    Row("/lijst/{layer}", "/lijst/adressen?q=zwartjanssen&deel=tabel"),
    Row("/lijst/{layer}", "/lijst/bedrijven", others=404, secret=True),
    Row("/lijst/{layer}", "/lijst/bedrijven?deel=tabel&sorteer=naam", others=404, secret=True),
    # The card names what other layers know of the same national id, to whom may see it.
    Row("/lijst/{layer}/{feature:path}", "/lijst/adressen/a1", secret=True),
    Row("/lijst/{layer}/{feature:path}", "/lijst/bedrijven/b1", others=404, secret=True),
    Row("/lijst/{layer}/{feature:path}", "/lijst/bedrijven/b1?deel=kaart", others=404, secret=True),
    Row("/object/{ref:path}", f"/object/{SHARED_REF}", secret=True),
    Row("/object/{ref:path}", f"/object/{SHARED_REF}?deel=kaart", secret=True),
    Row("/zoek", "/zoek?q=Geheime", secret=True),
    Row("/bronnen", "/bronnen", secret=True),
    Row("/toegankelijkheid", "/toegankelijkheid"),
)

SECRETS = (HIDDEN_TITLE, '"bedrijven"', "/bedrijven", "Bedrijven", STAFF_NAME, STAFF_THING, "99.5")


def routes_of(routes: Sequence[Any]) -> Iterator[str]:
    """All addresses that the server knows, as templates."""
    for route in routes:
        inside = getattr(route, "original_router", route)
        below = getattr(inside, "routes", None)
        if below:
            yield from routes_of(below)
        elif type(route).__name__ == "Mount":
            yield f"{route.path}/{{path:path}}"
        else:
            yield route.path


def test_every_route_has_a_row_and_every_row_a_route(app: TwinApp) -> None:
    known = set(routes_of(app.routes))
    assert {row.route for row in TABLE} == known


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.address)
def test_each_role_gets_what_the_table_says(get: Get, row: Row, role: str) -> None:
    staff = role in STAFF_ROLES
    answer = get(row.address, role=role)
    assert answer.status == (row.staff if staff else row.others)
    # An error repeats the name that was asked for; that tells nobody anything new.
    asked = any(name in row.address for name in ("bedrijven", "Geheime", STAFF_THING))
    body = answer.text if answer.status == 200 or not asked else ""
    found = any(secret in body for secret in SECRETS)
    assert found == (row.secret and staff)


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.others == 404 and row.staff == 200], ids=lambda row: row.address
)
def test_a_layer_that_is_not_for_you_answers_like_one_that_is_not_there(get: Get, row: Row) -> None:
    hidden = get(row.address)
    absent = get(row.address.replace("bedrijven", "bestaatniet").replace(STAFF_THING, "proef:P2"))
    hidden_text = hidden.text.replace("bedrijven", "bestaatniet").replace(STAFF_THING, "proef:P2")
    hidden_text = hidden_text.replace(quote(STAFF_THING), quote("proef:P2"))
    assert hidden.status == absent.status
    assert _without_ids(hidden_text) == _without_ids(absent.text)
    assert {k: v for k, v in hidden.headers.items() if k != "content-length"} == {
        k: v for k, v in absent.headers.items() if k != "content-length"
    }


def _without_ids(text: str) -> str:
    """Error ids differ from answer to answer."""
    words = text.replace('"', " ").replace("<", " ").replace(".", " ").split()
    return " ".join(w for w in words if len(w.split(":")[-1]) != 16 or not w.split(":")[-1].isalnum())


def test_nobody_may_keep_what_staff_see(get: Get) -> None:
    assert get("/api/v1/layers").headers["cache-control"] == "no-cache"
    assert get("/api/v1/layers", role="moderator").headers["cache-control"] == "private, no-store"
    assert get("/lijst/bedrijven", role="analyst").headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.address)
def test_nothing_can_be_written(get: Get, row: Row, method: str) -> None:
    assert get(row.address, method=method, role="administrator").status == 405


def test_what_was_for_staff_stays_so_when_its_layer_becomes_public(tmp_path: Path) -> None:
    """A visitor walks back in time no further than to the day on which the layer was opened."""
    store = open_store("", tmp_path)
    try:
        now = [replace(each, title="Bakkerij", attributes={"naam": "Bakkerij"}) for each in companies()]
        store.put_layer(COMPANIES, companies())
        hidden = store.clock("city")
        store.put_layer(replace(COMPANIES, audience="public"), now)
        opened = store.clock("city")
        app = create_app(Config(data_dir=tmp_path), identify=identify_by_header, store=store)
        for address in ("features", "features/b1"):
            before = f"/api/v1/layers/bedrijven/{address}?at={hidden}"
            assert HIDDEN_TITLE not in call(app, before).text
            assert HIDDEN_TITLE in call(app, before, headers={"x-test-role": "moderator"}).text
            after = call(app, f"/api/v1/layers/bedrijven/{address}?at={opened}")
            assert (after.status, "Bakkerij" in after.text) == (200, True)
        assert call(app, f"/api/v1/layers/bedrijven/features/b1?at={hidden}").status == 404
    finally:
        store.close()


def test_who_does_not_say_who_he_is_visits(config: Config, store: Store) -> None:
    app = create_app(config, store=store)
    for role in ROLES:
        assert call(app, "/api/v1/layers/bedrijven", headers={"x-test-role": role}).status == 404
