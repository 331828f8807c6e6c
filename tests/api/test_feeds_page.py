"""`/bronnen`: how every live source is doing, in words; a dead source says so and why."""

from __future__ import annotations

from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_feeds import STAFF_NAME
from tests.api.test_points import words_of


def section(get: Get, source: str, role: str = "", language: str = "") -> str:
    answer = get(f"/bronnen{language}", role=role)
    assert answer.status == 200
    return words_of(answer.text.partition(f'id="feed-{source}"')[2].partition("</section>")[0])


def test_a_source_that_is_well_says_when_it_last_answered_and_is_asked_again(get: Get) -> None:
    told = section(get, "gehandicaptenplaatsen")
    assert "Bron gehandicaptenplaatsen actueel" in told
    assert "De gegevens komen op tijd binnen." in told
    assert "Laatst gelukt 16 april 2026, 13.59 uur (1 minuut geleden)" in told
    assert "Volgende poging over 1 minuut" in told
    assert "Uitgever Uitgever Licentie CC0 1.0" in told


def test_a_source_that_fails_says_why_and_since_when(get: Get) -> None:
    told = section(get, "ndw-verkeer")
    assert "storing De bron is niet te bereiken. U ziet de laatste goede waarden." in told
    assert "De bron geeft een fout. Sinds 16 april 2026, 13.56 uur." in told
    english = section(get, "ndw-verkeer", language="?taal=en")
    assert "The source gives an error. Since 16 April 2026, 13:56." in english


def test_the_exact_message_is_for_staff(get: Get) -> None:
    assert "HTTP 500" not in get("/bronnen").text
    assert "Precieze melding (alleen voor medewerkers) HTTP 500" in section(get, "ndw-verkeer", "moderator")
    assert "no answer within 30 seconds" not in get("/bronnen").text
    assert "no answer within 30 seconds" in section(get, "luchtmeetnet", "administrator")


def test_what_was_rejected_is_counted_with_its_reason(get: Get) -> None:
    told = section(get, "laadpunten")
    assert "12 overgenomen, waarvan 0 verdacht; 2 geweigerd; 0 terecht overgeslagen" in told
    assert "a position outside the country 2" in told


def test_outages_are_listed_with_begin_and_end(get: Get) -> None:
    told = section(get, "luchtmeetnet")
    assert "Storingen (1)" in told
    assert "16 april 2026, 9.00 uur 16 april 2026, 10.40 uur" in told


def test_a_recording_is_labelled(get: Get) -> None:
    told = section(get, "rws-water")
    assert "opname van 29 maart 2024, ter demonstratie" in told
    assert "actueel" not in told.split("Laatste antwoorden")[0].replace("Niet meer actueel na", "")
    assert "geleden" not in told.split("Nieuwste meting")[1].split("Volgende poging")[0]


def test_those_with_trouble_come_first_and_all_are_counted(get: Get) -> None:
    page = Page.of(get("/bronnen").text)
    first = page.all("tr")[1].text
    assert first.startswith("Bron ndw-verkeer")
    assert "4 van 5 bronnen zijn actueel. Van 1 bron ziet u een opname" in page.one("main").text
    assert STAFF_NAME not in page.one("main").text
    assert "5 van 6" in get("/bronnen", role="moderator").text


def test_every_row_of_the_overview_leads_to_its_source(get: Get) -> None:
    page = Page.of(get("/bronnen").text)
    ids = {e.attributes.get("id") for e in page.elements}
    links = [e.attributes["href"] for e in page.all("a") if e.attributes["href"].startswith("#feed-")]
    assert len(links) == 6
    assert {link[1:] for link in links} <= ids
