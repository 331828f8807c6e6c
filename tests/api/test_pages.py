"""The pages: whole without a script, readable by a machine that reads aloud, and with every link alive."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_feeds import AIR
from tests.api.small_twin import LONG, SCRIPT, SHARED_REF, WATER, water
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.store.opening import open_store

BUILDING = "/lijst/gebouwen/NL.IMBAG.Pand.0363100012000001"
SECOND = BUILDING[:-1] + "2"
FIFTH = BUILDING[:-1] + "5"
PAGES = (
    "/",
    "/lijst",
    "/lijst/gebouwen",
    "/lijst/water?q=vaart&sorteer=naam&richting=af",
    "/lijst/water?q=niets",
    BUILDING,
    "/lijst/water/w/0",
    f"/object/{SHARED_REF}",
    "/zoek",
    "/zoek?q=gracht",
    "/zoek?q=bestaatniet",
    "/bronnen",
    f"/meetpunt/{AIR}",
    f"/meetpunt/{AIR}?periode=7d",
    "/meetpunt/laadpunten:NL*VBS/2",
    "/meetpunt/ndw-situaties:M1",
    "/meetpunt/rws-water:AMS?periode=jaar",
    "/lijst/live/lucht?meet=no2",
    "/lijst/live/gehandicaptenparkeren?vanaf=4.9,52.36",
    "/toegankelijkheid",
    "/api/v1/docs",
    "/onzin",
    "/lijst/gebouwen?sorteer=onzin",
)


def english(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}taal=en"


@pytest.mark.parametrize("address", [*PAGES, *map(english, PAGES)])
def test_a_page_has_the_bones_that_everybody_needs(get: Get, address: str) -> None:
    answer = get(address)
    language = "en" if "taal=en" in address else "nl"
    page = Page.of(answer.text)
    assert answer.text.startswith("<!doctype html>")
    assert page.one("html").attributes["lang"] == language
    assert answer.headers["content-language"] == language
    (title,) = (e for e in page.all("title") if "svg" not in e.inside)
    assert title.text.endswith("Kleinstad" if language == "nl" else "Smalltown")
    assert page.one("h1").text.strip()
    for landmark in ("header", "main", "footer"):
        assert page.one(landmark).inside == ("html", "body")
    first_link = page.all("a")[0]
    assert first_link.attributes["class"] == "skip"
    assert first_link.attributes["href"] == "#" + page.one("main").attributes["id"]
    levels = [int(e.tag[1]) for e in page.elements if e.tag in {"h1", "h2", "h3", "h4"}]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("address", [*PAGES, *map(english, PAGES)])
def test_everything_on_a_page_has_a_name(get: Get, address: str) -> None:
    page = Page.of(get(address).text)
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    labels = {e.attributes["for"] for e in page.all("label")}
    for field in page.all("input"):
        assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labels
    for link in [*page.all("a"), *page.all("button")]:
        assert link.text.strip()
    for drawing in page.all("svg"):
        # A chart has its name and its story inside; every other drawing is decoration.
        named = drawing.attributes.get("aria-labelledby", "").split()
        assert drawing.attributes.get("aria-hidden") == "true" or (len(named) == 2 and set(named) <= set(ids))
    navigations = [e.attributes.get("aria-label") for e in page.all("nav")]
    assert None not in navigations
    assert len(navigations) == len(set(navigations))
    # A table of facts of one thing has a name per row; every other one says what it is about.
    tables = [e for e in page.all("table") if e.attributes["class"] != "props"]
    assert len(page.all("caption")) == len(tables)
    for head in page.all("th"):
        assert head.attributes["scope"] in {"col", "row", "rowgroup"}


@pytest.mark.parametrize("address", [*PAGES, *map(english, PAGES)])
def test_a_page_holds_no_script_or_style_of_its_own(get: Get, address: str) -> None:
    page = Page.of(get(address).text)
    assert page.all("style") == []
    for element in page.elements:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            target = element.attributes.get(name, "")
            assert not target.startswith(("http:", "https:", "//", "javascript:"))
    assert all(e.attributes.get("src") for e in page.all("script"))


@pytest.mark.parametrize("start", ["/", "/?taal=en"])
def test_every_link_leads_somewhere_and_keeps_the_language(get: Get, start: str) -> None:
    seen: set[str] = set()
    queue = [start]
    while queue:
        address = queue.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = get(address)
        assert answer.status == 200, address
        if not answer.headers["content-type"].startswith("text/html") or "deel=" in address:
            continue
        page = Page.of(answer.text)
        assert page.one("html").attributes["lang"] == ("en" if "taal=en" in start else "nl"), address
        for link in page.all("a"):
            target = urljoin(address, link.attributes["href"])
            parts = urlsplit(target)
            other = "hreflang" in link.attributes
            if not other and (parts.path, parts.query) != (urlsplit(address).path, urlsplit(address).query):
                queue.append(parts._replace(fragment="").geturl())
            if parts.fragment and parts.path == urlsplit(address).path:
                assert any(e.attributes.get("id") == parts.fragment for e in page.elements)
    assert len(seen) > 40


def test_the_language_link_gives_this_page_in_the_other_language(get: Get) -> None:
    page = Page.of(get("/lijst/water?sorteer=naam&q=vaart").text)
    english_link = page.one("a", hreflang="en").attributes
    assert english_link["lang"] == "en"
    other = Page.of(get(english_link["href"]).text)
    assert other.one("html").attributes["lang"] == "en"
    assert other.one("input", id="filter").attributes["value"] == "vaart"
    back = other.one("a", hreflang="nl").attributes["href"]
    assert back == "/lijst/water?sorteer=naam&q=vaart"


def test_a_language_link_never_leaves_this_host(get: Get) -> None:
    for address in ("//elders.test/x", "/%2Felders.test", "/\\elders.test"):
        for link in Page.of(get(address).text).all("a"):
            assert not link.attributes["href"].startswith(("//", "/\\", "http"))


def test_an_invented_city_says_so_on_every_page(get: Get) -> None:
    for address in PAGES:
        assert "Dit is een bedachte stad." in get(address).text
        assert "This is an invented city." in get(english(address)).text


def test_data_is_text_and_never_markup(get: Get) -> None:
    for address in (
        "/lijst/gebouwen",
        SECOND,
        f"{SECOND}?deel=kaart",
        "/zoek?q=script",
        "/lijst/gebouwen?q=script",
    ):
        answer = get(address)
        assert SCRIPT not in answer.text
        assert "&lt;script&gt;alert(&#39;gracht&#39;)&lt;/script&gt;" in answer.text
    for query in ("<img src=x onerror=alert(1)>", '"><script>', "{{1234*5678}}", "' onfocus='a"):
        for address in ("/zoek?q=", "/lijst/gebouwen?q=", "/lijst/gebouwen?sorteer=", "/onzin/"):
            text = get(address + query).text
            assert query not in text or query == "{{1234*5678}}"
            assert "7006652" not in text


def test_a_card_shows_every_value_in_words_and_a_source_only_where_it_differs(get: Get) -> None:
    page = Page.of(get(f"{BUILDING}?deel=kaart").text)
    assert page.elements[0].tag == "article"
    assert page.one("article").attributes["class"] == "card"
    rows = [e.text.strip() for e in page.all("tr")]
    assert rows == [
        "Maten",
        "Hoogte1.234,5 mberekend uit AHN",
        "Tijd",
        "Bouwjaar1964",
        "Ingemetenonbekend",
        "Kenmerken",
        "Gebruikwonen, kantoor",
        "Monumentnee",
        "Omschrijvingonbekend",
    ]
    for address in (f"{BUILDING}?deel=kaart", BUILDING):
        text = Page.of(get(address).text).one("article").text
        assert "Bron, tenzij anders vermeld: BAG, Kadaster." in text
        for words in ("BAG, Kadaster", "1 april 2026", "CC0 1.0", "Gemeente Kleinstad", "officieel"):
            assert text.count(words) == 1


def test_a_card_in_english_is_english(get: Get) -> None:
    text = Page.of(get(f"{BUILDING}?deel=kaart&taal=en").text).one("article").text
    for words in ("Built", "living, office", "1,234.5 m", "as of 1 April 2026", "computed from AHN"):
        assert words in text


def test_an_unknown_year_is_called_unknown_with_what_the_source_says(get: Get) -> None:
    page = Page.of(get(SECOND).text)
    year = next(e for e in page.all("tr") if e.text.strip().startswith("Bouwjaar"))
    assert "onbekend" in year.text
    assert "in de bron staat 1005" in year.text


def test_what_the_layer_does_not_describe_is_shown_apart(get: Get) -> None:
    page = Page.of(get(FIFTH).text)
    assert "<b>7</b>" in page.all("details")[0].text
    assert LONG.strip() in page.one("main").text


def test_an_object_page_joins_what_the_layers_know(get: Get) -> None:
    page = Page.of(get(f"/object/{SHARED_REF}").text)
    assert [e.text for e in page.all("h2")] == ["Gebouwen", "Adressen"]
    links = [e.attributes["href"] for e in page.all("a")]
    assert f"/?keuze=gebouwen%2F{SHARED_REF}" in links
    assert f"/api/v1/layers/gebouwen/features/{SHARED_REF}" in links


def test_the_sources_page_tells_all_of_every_layer(get: Get) -> None:
    text = Page.of(get("/bronnen").text).one("main").text
    for words in ("BAG, Kadaster", "1 april 2026", "CC0 1.0", "Gemeente Kleinstad", "Energielabels"):
        assert words in text
    assert "onbekend (licentie niet bevestigd)" in text
    assert "licentie niet bevestigd" in Page.of(get("/lijst/water").text).one("main").text


def test_search_finds_words_by_their_beginning_without_accents(get: Get) -> None:
    assert "Café ’t Hoekje" in Page.of(get("/zoek?q=cafe+hoek").text).one("main").text
    assert "niets" in Page.of(get("/zoek?q=xyzzy").text).one("main").text
    assert get("/zoek?q=" + "a" * 201).status == 400


@pytest.mark.parametrize("q", ["g", "g+h", "%C3%A9", "-g-", "!"])
def test_one_letter_is_too_little_to_search_with(get: Get, q: str) -> None:
    page = get(f"/zoek?q={q}")
    assert page.status == 200
    assert "Typ minstens twee letters." in Page.of(page.text).one("main").text
    body = get(f"/api/v1/places?q={q}").json()
    assert body["places"] == []
    assert body["hint"] == {"nl": "Typ minstens twee letters.", "en": "Type at least two letters."}


def test_two_letters_are_enough_to_search_with(get: Get) -> None:
    body = get("/api/v1/places?q=gr+1").json()
    assert [place["label"] for place in body["places"]] == ["Gracht 1"]
    assert body["hint"] is None
    assert "Gracht 1" in Page.of(get("/zoek?q=gr").text).one("main").text


def test_the_frame_of_the_app_works_without_a_script(get: Get) -> None:
    page = Page.of(get("/").text)
    main = page.one("main")
    assert main.attributes["id"] == "app"
    assert main.attributes["data-language"] == "nl"
    assert main.attributes["data-twin"] == "kleinstad"
    assert page.one("h1").text == "Wat wilt u weten?"
    links = {e.attributes["href"] for e in page.all("a") if "main" in e.inside}
    assert links == {"/lijst/gebouwen", "/lijst/water", "/lijst/straten", "/lijst/adressen"}


def test_without_a_script_each_question_leads_to_its_lists_or_says_that_there_are_none(
    tmp_path: Path,
) -> None:
    store = open_store("", tmp_path)
    store.put_layer(replace(WATER, questions=("groundwater", "nearby")), water())
    page = Page.of(call(create_app(Config(data_dir=tmp_path), store=store), "/").text)
    store.close()
    asked = [" ".join(e.text.split()) for e in page.all("li") if "?" in e.text]
    assert len(asked) == 6
    assert [text for text in asked if "nog geen gegevens" not in text] == [
        "Hoe hoog staat het grondwater? Water",
        "Wat is er binnen tien minuten? Water",
    ]
    assert [e.attributes["href"] for e in page.all("a") if "main" in e.inside].count("/lijst/water") == 3


def test_a_twin_without_data_says_so(tmp_path: Path) -> None:
    app = create_app(Config(data_dir=tmp_path))
    for address in ("/", "/lijst", "/bronnen"):
        answer = call(app, address)
        assert answer.status == 200
        assert "nog geen gegevens" in answer.text
    assert call(app, "/api/v1/layers").json() == {"layers": []}
    assert call(app, "/lijst/gebouwen").status == 404


def test_a_card_claims_no_register_and_no_source_for_what_is_computed_or_unknown(get: Get) -> None:
    second = Page.of(get(f"{SECOND}?deel=kaart").text)
    assert "officieel, tenzij er iets bij staat" in second.one("article").text
    height = next(e for e in second.all("tr") if e.text.strip().startswith("Hoogte"))
    assert "onbekend" in height.text
    assert "berekend" not in height.text


def test_a_card_is_of_one_thing_and_says_its_name_once(get: Get) -> None:
    building = Page.of(get(f"{BUILDING}?deel=kaart").text)
    assert building.one("p", class_="eyebrow").text == "Gebouw"
    street = Page.of(get("/lijst/straten/s1?deel=kaart").text)
    assert street.one("h2").text == "1e Dwarsstraat"
    assert street.all("tr") == []


def test_what_has_no_name_says_so_instead_of_showing_its_number(get: Get) -> None:
    nameless = f"{BUILDING[:-1]}5"
    for address in (nameless, f"{nameless}?deel=kaart"):
        assert "Gebouw zonder naam" in get(address).text
    assert "Building without a name" in get(f"{nameless}?taal=en").text


def test_the_first_page_without_a_script_says_what_it_is_and_where_a_link_leads(get: Get) -> None:
    page = Page.of(get("/?keuze=water/w/1").text)
    assert page.all("a", href="/lijst/water/w/1")
    assert "JavaScript" in page.one("noscript").text
    assert "5 gebouwen, stand 1 april 2026" in page.one("main").text
    assert page.all("a", href="/bronnen")
    for wrong in ("/?keuze=nix", "/?keuze=//elders.test/x", "/?keuze=.x/y"):
        assert "Bekijk het gekozen object" not in get(wrong).text
