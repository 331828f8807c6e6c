"""`/lijst/live`: what is measured now as a table, nearest first when asked; what is too old says so."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from tests.api.asgi import call
from tests.api.conftest import Get, identify_by_header
from tests.api.html_page import Page
from tests.api.small_feeds import NOON, X, Y, fill_feeds, place, thing
from tests.api.small_twin import fill
from tweestad.api.limits import LIMITS
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.crs import to_lonlat
from tweestad.model.reading import Arrival
from tweestad.store.opening import open_store

_LON, _LAT = to_lonlat(np.array([[X, Y]]))[0]
HERE = f"{_LON:.8f},{_LAT:.8f}"


def rows(get: Get, address: str) -> list[str]:
    answer = get(address)
    assert answer.status == 200, answer.text
    found = Page.of(answer.text).all("tr")
    return [" ".join(each.text.split()) for each in found][1:]


def names(get: Get, address: str) -> list[str]:
    return [e.text for e in Page.of(get(address).text).all("a") if "th" in e.inside and "tbody" in e.inside]


def test_a_list_tells_value_age_quality_and_source_and_leads_to_the_point(get: Get) -> None:
    first, second = rows(get, "/lijst/live/lucht")
    assert "Hoofdstraat" in first
    assert "10,0 µg/m³" in first
    assert "gecontroleerd" in first
    assert "Bron luchtmeetnetofficieel" in first
    assert "geen recente meting" in second
    assert "laatst: 55,5 µg/m³" in second
    page = Page.of(get("/lijst/live/lucht").text)
    link = next(e for e in page.all("a") if e.text == "Kade").attributes["href"]
    assert get(link).status == 200
    assert "1 van 2 hebben geen recente meting." in page.one("main").text


def test_the_nearest_comes_first_and_its_distance_is_told(get: Get) -> None:
    assert names(get, "/lijst/live/lucht?sorteer=naam") == ["Hoofdstraat", "Kade"]
    assert names(get, "/lijst/live/lucht?sorteer=naam&richting=af") == ["Kade", "Hoofdstraat"]
    near = rows(get, f"/lijst/live/laadpunten?vanaf={HERE}")
    assert [each.split(" m")[0] for each in near] == ["Kerkstraat 1 100", "Kerkstraat 2 200"]
    far = rows(get, f"/lijst/live/laadpunten?vanaf={HERE}&richting=af")
    assert far[0].startswith("Kerkstraat 2")


def test_a_message_tells_until_when_it_holds(get: Get) -> None:
    (only,) = rows(get, "/lijst/live/incidenten")
    assert "Weg dicht" in only
    assert "Einde: 16 april 2026, 15.00 uur." in only


def test_what_lies_nowhere_comes_last_both_ways(get: Get) -> None:
    for direction in ("op", "af"):
        found = rows(get, f"/lijst/live/gehandicaptenparkeren?vanaf={HERE}&richting={direction}")
        assert "Zonder plek" in found[-1]


def test_an_old_value_is_not_sorted_among_those_of_now(get: Get) -> None:
    """55.5 is the highest of all, and ten hours old."""
    for direction in ("op", "af"):
        address = f"/lijst/live/lucht?sorteer=waarde&richting={direction}"
        assert names(get, address) == ["Hoofdstraat", "Kade"]


def test_a_list_can_look_back_at_a_moment(get: Get) -> None:
    first, second = rows(get, "/lijst/live/lucht?moment=2026-04-16T03:00:00Z")
    assert "19,0 µg/m³" in first
    assert "55,5 µg/m³" in second
    assert "geen recente meting" not in second
    assert (
        "U ziet de stand van 16 april 2026, 5.00 uur."
        in get("/lijst/live/lucht?moment=2026-04-16T03:00:00Z").text
    )


def test_the_app_gets_no_link_that_leads_past_its_time_bar(get: Get) -> None:
    address = "/lijst/live/verkeer?moment=2026-04-16T12:00:00Z"
    whole, part = get(address).text, get(f"{address}&deel=tabel").text
    assert "Naar nu" in whole
    assert "Naar nu" not in part
    assert "U ziet de stand van" in part
    assert "De bron is niet te bereiken" not in whole


def test_another_property_can_be_chosen(get: Get) -> None:
    (only,) = rows(get, "/lijst/live/lucht?meet=no2")
    assert "30,0 µg/m³" in only
    head = Page.of(get("/lijst/live/lucht?meet=no2").text).all("th")[1]
    assert head.text.startswith("Stikstofdioxide")


def test_words_find_a_thing_by_its_name_or_street(get: Get) -> None:
    assert names(get, "/lijst/live/laadpunten?q=kerk+2") == ["Kerkstraat 2"]
    told = get("/lijst/live/laadpunten?q=xyz").text
    assert "Kerkstraat" not in told


def test_a_dead_source_stands_above_the_list(get: Get) -> None:
    told = " ".join(Page.of(get("/lijst/live/verkeer?deel=tabel").text).one("section").text.split())
    assert told.startswith("Bron ndw-verkeer: De bron is niet te bereiken.")
    assert "De bron geeft een fout." in told
    assert "HTTP 500" not in told


def test_a_recording_is_labelled_in_every_row(get: Get) -> None:
    assert "opname van 29 maart 2024, ter demonstratie" in rows(get, "/lijst/live/waterstand")[0]


def test_the_csv_has_numbers_times_and_whether_they_hold(get: Get) -> None:
    answer = get(f"/lijst/live/lucht.csv?vanaf={HERE}")
    found = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert [each["name"] for each in found] == ["Hoofdstraat", "Kade"]
    assert (found[0]["value"], found[0]["unit"], found[0]["stale"]) == ("10.0", "ug/m3", "false")
    assert (found[1]["value"], found[1]["stale"], found[1]["age_s"]) == ("55.5", "true", "36000")
    assert float(found[1]["afstand_m"]) == pytest.approx(500, abs=2)
    (water,) = csv.DictReader(io.StringIO(get("/lijst/live/waterstand.csv").body.decode("utf-8-sig")))
    assert water["recording"] == "2024-03-29"


def test_all_faults_of_an_address_come_in_one_answer(get: Get) -> None:
    answer = get("/lijst/live/lucht?sorteer=x&richting=y&pagina=0&vanaf=z&meet=geluid")
    assert answer.status == 400
    for name in ("sorteer", "richting", "pagina", "vanaf", "meet"):
        assert name in answer.text


@pytest.mark.parametrize("layer", ["bestaatniet", "grondwater", "x" * 300])
def test_a_layer_without_things_is_not_there(get: Get, layer: str) -> None:
    assert get(f"/lijst/live/{layer}").status == 404
    assert get(f"/lijst/live/{layer}.csv").status == 404


def test_live_layers_stand_above_the_others(get: Get) -> None:
    page = Page.of(get("/lijst").text)
    heads = [e.text for e in page.all("h2")]
    assert heads[0] == "Actueel"
    assert any(e.attributes["href"] == "/lijst/live/lucht" for e in page.all("a"))


def test_more_things_than_a_map_shows_still_make_a_list(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    try:
        fill(store)
        fill_feeds(store)
        count = LIMITS.live_features_max + 1
        bays = tuple(
            thing("gehandicaptenplaatsen", f"w{n}", "Plein", "bay", place(n % 900)) for n in range(count)
        )
        store.put_arrival(Arrival("gehandicaptenplaatsen", NOON, things=bays))
        app = create_app(
            Config(data_dir=tmp_path), identify=identify_by_header, store=store, now=lambda: NOON
        )
        answer = call(app, "/lijst/live/gehandicaptenparkeren")
        assert answer.status == 200
        assert "Er zijn er meer dan 10.000: de rest staat er niet bij." in answer.text
    finally:
        store.close()
