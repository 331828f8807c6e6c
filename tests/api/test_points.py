"""`/meetpunt`: what a person reads of a measurement: value, unit, age, quality, source, norm and chart."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.api.asgi import Answer, call
from tests.api.conftest import Get, identify_by_header
from tests.api.html_page import Page
from tests.api.small_feeds import AIR, NOON, SERIES, fill_feeds, minutes, place, seen, series, thing
from tests.api.small_twin import fill
from tweestad.api.pages.point_well import READINGS_MAX
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.model.observation import Flag
from tweestad.model.reading import Arrival
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store


@pytest.fixture
def store_of_its_own(tmp_path: Path) -> Iterator[Store]:
    opened = open_store("", tmp_path)
    fill(opened)
    fill_feeds(opened)
    yield opened
    opened.close()


@pytest.fixture
def own(store_of_its_own: Store, tmp_path: Path) -> TwinApp:
    return create_app(
        Config(data_dir=tmp_path), identify=identify_by_header, store=store_of_its_own, now=lambda: NOON
    )


def texts(page: Page, tag: str) -> list[str]:
    return [" ".join(element.text.split()) for element in page.all(tag)]


def words_of(markup: str) -> str:
    """What one reads: the text with a space between any two elements."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def article(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    return words_of(answer.text.partition("<article")[2].partition("</article>")[0])


def test_a_value_has_its_unit_age_quality_source_and_licence(get: Get) -> None:
    told = article(get(f"/meetpunt/{AIR}"))
    assert "10,0 µg/m³ Fijnstof PM2,5" in told
    assert "zojuist" in told
    assert "officieel" in told
    assert "Bron: Bron luchtmeetnet, Uitgever." in told
    assert "De bron zegt: gevalideerd" in told
    assert "30,0 µg/m³" in told
    assert "10 minuten geleden" in told
    english = article(get(f"/meetpunt/{AIR}?taal=en"))
    assert "Particulate matter PM2.5" in english
    assert "10 minutes ago" in english


def test_the_mean_of_a_day_is_held_against_the_norm_of_a_day(get: Get) -> None:
    """The last 24 hours are 10 to 33, so 21.5: more than the 15 of the WHO, though the last hour is not."""
    told = article(get(f"/meetpunt/{AIR}"))
    assert "Gemiddeld over de laatste 24 uur: 21,5 µg/m³. Dat is meer dan de WHO-advieswaarde van 15" in told
    assert "WHO-advieswaarde: 15 µg/m³, gemiddeld over een dag." in told
    assert "2030" not in told


def test_a_value_past_its_limit_is_never_shown_as_current(get: Get) -> None:
    told = article(get("/meetpunt/luchtmeetnet:NL2?deel=kaart"))
    assert "geen recente meting Fijnstof PM2,5" in told
    assert "Laatst gemeten: 55,5 µg/m³, 10 uur geleden." in told
    assert "Na 3 uur tonen wij een waarde niet meer als actueel." in told
    assert "Gemiddeld over" not in told


def test_what_changes_seldom_is_current_while_its_source_tells_of_it(get: Get) -> None:
    told = article(get("/meetpunt/laadpunten:NL*VBS*1"))
    assert "3 van 8 laadpunten vrij." in told
    assert "veranderd 3 dagen geleden" in told
    assert "geen recente meting" not in told


def test_what_cannot_be_true_is_no_value(get: Get) -> None:
    told = article(get("/meetpunt/laadpunten:NL*VBS/2?deel=kaart"))
    assert "onbruikbare meting" in told
    assert "Hoeveel er vrij is, is nu niet bekend." in told
    assert "110 van" not in told


def test_a_recording_says_so_and_its_age_goes_by_its_own_clock(get: Get) -> None:
    told = article(get("/meetpunt/rws-water:AMS"))
    assert "opname van 29 maart 2024, ter demonstratie" in told
    assert "10 minuten geleden (in de opname)" in told
    assert "geen recente meting" not in told


def test_a_dead_source_says_so_and_why(get: Get) -> None:
    told = article(get("/meetpunt/ndw-verkeer:G1?deel=kaart"))
    assert "De bron is niet te bereiken. U ziet de laatste goede waarden. De bron geeft een fout." in told
    assert "HTTP 500" not in told


def test_a_message_gives_its_begin_and_its_end(get: Get) -> None:
    told = article(get("/meetpunt/ndw-situaties:M1?deel=kaart"))
    assert "Afsluiting Weg dicht" in told
    assert "Begonnen: 16 april 2026, 13.00 uur." in told
    assert "Einde: 16 april 2026, 15.00 uur." in told
    assert "Verkeersmelding" not in told
    gone = article(get("/meetpunt/ndw-situaties:M3?deel=kaart"))
    assert "Dit punt is er niet meer sinds 16 april 2026, 13.59 uur." in gone


def test_a_well_stands_below_the_ground(own: TwinApp, store_of_its_own: Store) -> None:
    well = thing("bro-grondwater", "W1", "Put 1", "well", place(), maaiveld=1.93)
    level = series(well, "grondwaterstand")
    values = [seen(level.id, 0.78, age=60)]
    store_of_its_own.put_arrival(
        Arrival("bro-grondwater", NOON, things=(well,), datastreams=(level,), observations=tuple(values))
    )
    told = article(call(own, f"/meetpunt/{well.id}"))
    assert "0,78 m NAP Grondwaterstand" in told
    assert "Het grondwater staat 1,15 m onder het maaiveld. Het maaiveld ligt op 1,93 m NAP." in told
    assert "zijn 8 jaar met genoeg metingen nodig. Hier zijn het er 0." in told


def test_ten_years_of_levels_give_the_mean_highest_and_lowest(own: TwinApp, store_of_its_own: Store) -> None:
    """Every spring at 1.00 and every autumn at 0.00: GHG and GLG are exactly that."""
    well = thing("bro-grondwater", "W1", "Put 1", "well", place(), maaiveld=1.5)
    level = series(well, "grondwaterstand")
    days = [NOON - timedelta(days=7 * n) for n in range(520)]
    values = tuple(
        replace(seen(level.id, 1.0 if day.month < 6 else 0.0), phenomenon=day) for day in reversed(days)
    )
    store_of_its_own.put_arrival(
        Arrival("bro-grondwater", NOON, things=(well,), datastreams=(level,), observations=values)
    )
    answer = call(own, f"/meetpunt/{well.id}?periode=jaar")
    told = article(answer)
    assert "Gemiddeld hoogste stand (GHG) 1,00 m NAP, 0,50 m onder het maaiveld" in told
    assert "Gemiddeld laagste stand (GLG) 0,00 m NAP, 1,50 m onder het maaiveld" in told
    assert "GHG 1,00" in texts(Page.of(answer.text), "text")


def test_a_well_that_measures_every_few_hours_gets_the_same_figures(
    own: TwinApp, store_of_its_own: Store
) -> None:
    """Nine years of four values a day, more than are read: the days that count are read alone."""
    well = thing("bro-grondwater", "W2", "Put 2", "well", place())
    level = series(well, "grondwaterstand")
    moments = [NOON - timedelta(hours=6 * n) for n in range(4 * 365 * 9)]
    values = tuple(
        replace(seen(level.id, 1.0 if at.month < 6 else 0.0), phenomenon=at) for at in reversed(moments)
    )
    assert len(values) > READINGS_MAX
    store_of_its_own.put_arrival(
        Arrival("bro-grondwater", NOON, things=(well,), datastreams=(level,), observations=values)
    )
    told = article(call(own, f"/meetpunt/{well.id}?periode=7d"))
    assert "Gemiddeld hoogste stand (GHG) 1,00 m NAP" in told
    assert "Gemiddeld laagste stand (GLG) 0,00 m NAP" in told


def test_raw_and_calibrated_are_two_series_that_can_be_seen_together(
    own: TwinApp, store_of_its_own: Store
) -> None:
    kit = thing("samen-meten", "K1", "Kit 1", "sensor", place())
    raw, better = series(kit, "pm25"), series(kit, "pm25", method="gekalibreerd")
    values = [
        seen(each.id, value, age=60 * n) for n in range(5) for each, value in ((raw, 20.0), (better, 12.0))
    ]
    store_of_its_own.put_arrival(
        Arrival("samen-meten", NOON, things=(kit,), datastreams=(raw, better), observations=tuple(values))
    )
    page = Page.of(call(own, f"/meetpunt/{kit.id}").text)
    told = " ".join(page.one("article").text.split())
    assert "12,0 µg/m³ Fijnstof PM2,5 (gekalibreerd)" in told
    assert "burgermeting" in told
    assert page.all("path", class_="line line-1")
    assert page.all("path", class_="line line-2")
    alone = Page.of(call(own, f"/meetpunt/{kit.id}?met=geen").text)
    assert not alone.all("path", class_="line line-2")


def test_a_stop_tells_its_next_departures(own: TwinApp, store_of_its_own: Store) -> None:
    stop = thing("ov-haltes", "S1", "Plein", "stop", place())
    trips, streams, values = [], [], []
    for n, (minute, state) in enumerate(((5, "driving"), (-5, "passed"), (9, "cancelled"))):
        trip = thing(
            "ov-haltes", f"S1/{n}", "", "departure", place(), halte="S1", lijn=str(n), bestemming="Haven"
        )
        leaves, late, told = series(trip, "vertrek"), series(trip, "vertraging"), series(trip, "ritstatus")
        trips.append(trip)
        streams += [leaves, late, told]
        at = (NOON + minutes(minute)).isoformat().replace("+00:00", "Z")
        values += [seen(leaves.id, at), seen(late.id, 130.0), seen(told.id, state)]
    store_of_its_own.put_arrival(
        Arrival(
            "ov-haltes", NOON, things=(stop, *trips), datastreams=tuple(streams), observations=tuple(values)
        )
    )
    words = article(call(own, "/meetpunt/ov-haltes:S1?deel=kaart"))
    assert "14.05 uur 0 Haven 2 min later 14.09 uur 2 Haven rijdt niet" in words
    assert "13.55 uur" not in words


def test_a_revised_value_keeps_what_was_first_said(own: TwinApp, store_of_its_own: Store) -> None:
    better = replace(seen(SERIES, 99.0, age=0), result_time=NOON + minutes(1))
    store_of_its_own.put_arrival(Arrival("luchtmeetnet", NOON, observations=(better,)))
    told = article(call(own, f"/meetpunt/{AIR}"))
    assert "Eerst gemeld als 10,0 µg/m³, later verbeterd" in told


def test_a_suspect_value_is_drawn_and_marked(own: TwinApp, store_of_its_own: Store) -> None:
    odd = seen(SERIES, 60.0, age=-5, flag=Flag.SUSPECT)
    store_of_its_own.put_arrival(Arrival("luchtmeetnet", NOON, observations=(odd,)))
    later = create_app(
        Config(data_dir=Path()), identify=identify_by_header, store=store_of_its_own,
        now=lambda: NOON + minutes(10),
    )  # fmt: skip
    page = Page.of(call(later, f"/meetpunt/{AIR}").text)
    assert "verdacht" in " ".join(page.one("article").text.split())
    assert [e for e in page.all("path", class_="flagged") if "figure" in e.inside]
    assert any("Verdachte waarden: 1." in each for each in texts(page, "desc"))


def test_what_anybody_wrote_is_only_text(own: TwinApp, store_of_its_own: Store) -> None:
    nasty = "<script>alert(1)</script>"
    post = thing("luchtmeetnet", "X<b>1", nasty, "station", place(), **{"beheerder": nasty, nasty: nasty})
    pm = series(post, "pm25", method=nasty)
    value = seen(pm.id, 5.0, told=nasty, original=nasty)
    store_of_its_own.put_arrival(
        Arrival("luchtmeetnet", NOON, things=(post,), datastreams=(pm,), observations=(value,))
    )
    for part in ("", "?deel=kaart"):
        text = call(own, f"/meetpunt/luchtmeetnet:X%3Cb%3E1{part}").text
        assert "<script>alert" not in text
        assert nasty in Page.of(text).one("article").text


def test_the_table_has_the_numbers_of_the_chart_youngest_first(get: Get) -> None:
    page = Page.of(get(f"/meetpunt/{AIR}?periode=24u&met=geen").text)
    rows = [e.text.split() for e in page.all("tr") if "details" in e.inside]
    assert " ".join(rows[1]).startswith("16 april 2026, 13.00 uur – 14.00 uur10,0 µg/m³gecontroleerd")
    assert len(rows) == 1 + 24


def test_a_week_has_more_values_than_a_day(get: Get) -> None:
    day, week = (article(get(f"/meetpunt/{AIR}?periode={each}")) for each in ("24u", "7d"))
    assert "De getallen als tabel (24)" in day
    assert "De getallen als tabel (48)" in week
    assert "Deel van de tijd gemeten 28 %" in week


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/meetpunt/{AIR}?periode=eeuw", 400),
        (f"/meetpunt/{AIR}?reeks=luchtmeetnet:NL2:pm25", 404),
        (f"/meetpunt/{AIR}?met=luchtmeetnet:bestaatniet:pm25", 200),
        ("/meetpunt/luchtmeetnet:bestaatniet", 404),
        ("/meetpunt/" + "x" * 500, 404),
        ("/meetpunt/%00", 404),
        ("/reeks/luchtmeetnet:NL1:o3.csv", 404),
    ],
)
def test_what_is_not_there_is_not_shown(get: Get, address: str, status: int) -> None:
    assert get(address).status == status


def test_the_csv_holds_every_value_as_it_was_measured(get: Get) -> None:
    answer = get(f"/reeks/{SERIES}.csv?periode=7d")
    assert answer.headers["content-type"].startswith("text/csv; header=present")
    assert 'filename="luchtmeetnet-NL1-pm25-7d.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert len(rows) == 48
    assert rows[-1]["phenomenon"] == "2026-04-16T12:00:00Z"
    assert rows[-1]["phenomenon_start"] == "2026-04-16T11:00:00Z"
    assert (rows[-1]["result"], rows[-1]["unit"], rows[-1]["flag"]) == ("10.0", "ug/m3", "1")
    assert rows[-1]["told"] == "gevalideerd"


def test_one_can_look_back_at_a_moment(get: Get) -> None:
    """At eleven the value was that of the hour that ended then; nothing of later is shown."""
    address = f"/meetpunt/{AIR}?moment=2026-04-16T11:00:00Z"
    for part in ("", "&deel=kaart"):
        told = article(get(address + part))
        assert "U ziet de stand van 16 april 2026, 13.00 uur." in told
        assert "11,0 µg/m³ Fijnstof PM2,5" in told
        assert "10,0 µg/m³" not in told
        assert "zojuist" in told
    links = [e.attributes["href"] for e in Page.of(get(address).text).all("a")]
    assert sum("moment=2026-04-16T11" in link for link in links) >= 5
    assert get(f"/meetpunt/{AIR}?moment=gisteren").status == 400


def test_the_chart_can_be_heard(get: Get) -> None:
    page = Page.of(get(f"/meetpunt/{AIR}?periode=24u").text)
    told = texts(page, "desc")[0]
    assert told.startswith("Tussen 10,0 en 33,0 µg/m³. Laatste waarde: 10,0 µg/m³, 16 april 2026, 14.00 uur.")
    assert "WHO-advieswaarde over een dag: 15." in told
