"""Verken and home: finding layers, colouring, filtering, base maps and the six questions."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenScreen, served
from tests.browser.screen import Screen, Size
from tweestad.config import Config
from tweestad.model.layer import BaseMap
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, parse_twin, twin_body
from tweestad.store.opening import open_store

OLD = "#41568c"
NEWER = ("#66759c", "#8d909a", "#b1aa90")
LAND = "#e9e5db"
WHITE_LAND = "#ffffff"
# Nothing else on the map has it.
RED = "#e01010"


def _explore(open_screen: OpenScreen, more: str = "", size: Size = Size.DESKTOP) -> Screen:
    return open_screen(f"/?beeld=2d&paneel=verken{more}", size=size).ready()


def _adjust(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Aanpassen: {title}", exact=True).click()


def test_colour_the_city_by_year_and_find_the_oldest(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen)
    page = screen.page
    _adjust(page, "Gebouwen")
    page.get_by_label("Kleur", exact=True).select_option("bouwjaar")
    expect(page.locator(".legend h2")).to_have_text("Kleur: bouwjaar")
    summary = screen.json("/api/v1/layers/gebouwen/columns/bouwjaar")
    expect(page.locator(".legend li.apart")).to_have_text(f"onbekend: {summary['missing']}")
    page.wait_for_timeout(300)
    before = sum(screen.count(colour, near=3) for colour in NEWER)
    page.get_by_label("Toon alleen een deel").select_option("bouwjaar")
    expect(page.locator(".histogram .hint")).to_contain_text(str(int(summary["lowest"])))
    page.get_by_label("Tot en met", exact=True).fill("1850")
    page.get_by_role("button", name="Toon alleen deze").press("Enter")
    where = "/api/v1/layers/gebouwen/features?limit=500&where=bouwjaar:..1850"
    found = screen.json(where)["features"]
    assert 0 < len(found) < summary["count"]
    expect(page.locator(".controls .left")).to_have_text(f"{len(found)} van {summary['count']} gebouwen")
    assert screen.query()["waar"] == "gebouwen:bouwjaar:..1850"
    page.wait_for_timeout(300)
    # What is left of the newer classes is their colour in the legend and the histogram.
    assert sum(screen.count(colour, near=3) for colour in NEWER) < before / 2
    page.get_by_role("link", name="Bekijk als tabel").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Bouwjaar")
    expect(page.locator(".table-view .list-part [role=status]")).to_contain_text(f"van {len(found)}")
    oldest = min(each["properties"]["bouwjaar"] for each in found)
    expect(page.locator(".table-view tbody tr").first).to_contain_text(str(oldest))
    csv = page.locator(".table-view a[href*='.csv']").get_attribute("href") or ""
    rows = page.request.get(screen.address + csv).text().strip().splitlines()
    assert len(rows) == len(found) + 1
    # A condition that is taken away at the table is away on the map too.
    page.locator(".table-view .conditions a").first.click()
    expect(page.locator(".table-view .conditions")).to_have_count(0)
    assert "waar" not in screen.query()


def test_a_chip_takes_its_condition_away_by_keyboard_and_keeps_the_focus(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen, "&waar=gebouwen:bouwjaar:..1850&waar=gebouwen:hoogte_m:1..")
    chips = screen.page.locator(".legend .chip")
    expect(chips).to_have_count(2)
    chips.first.focus()
    screen.page.keyboard.press("Enter")
    expect(chips).to_have_count(1)
    expect(chips.first).to_be_focused()
    assert screen.query()["waar"] == "gebouwen:hoogte_m:1.."


def test_categories_are_chosen_with_their_counts(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen)
    page = screen.page
    _adjust(page, "Gebouwen")
    columns = screen.json("/api/v1/layers/gebouwen")["columns"]
    name = next(each["name"] for each in columns if each["type"] == "codes" and each["colourable"])
    value = screen.json(f"/api/v1/layers/gebouwen/columns/{name}")["values"][0]
    page.get_by_label("Toon alleen een deel").select_option(name)
    box = page.locator(".filter-form label", has_text=value["label"]["nl"]).first
    expect(box).to_contain_text(str(value["count"]))
    page.get_by_role("button", name="Toon alleen deze").click()
    expect(page.locator(".fault")).to_have_text("Vul iets in of kies iets.")
    box.click()
    page.get_by_role("button", name="Toon alleen deze").click()
    expect(page.locator(".controls .left")).to_contain_text(f"{value['count']} van ")
    expect(page.locator(".legend .chip")).to_contain_text(value["label"]["nl"])


def test_a_bad_number_is_said_and_changes_nothing(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen)
    page = screen.page
    _adjust(page, "Gebouwen")
    page.get_by_label("Toon alleen een deel").select_option("bouwjaar")
    page.get_by_label("Van", exact=True).fill("oud")
    page.get_by_role("button", name="Toon alleen deze").click()
    expect(page.get_by_role("alert").filter(has_text="Vul een getal in")).to_be_visible()
    assert "waar" not in screen.query()


def test_classes_that_are_on_their_way_or_do_not_come_are_told(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("503",)
    held: list[Route] = []
    screen.page.route("**/columns/hoogte_m", lambda route: held.append(route))  # noqa: PLW0108
    screen.page.route("**/columns/oppervlakte*", lambda route: route.fulfill(status=503, body=""))
    screen.go("/?beeld=2d&paneel=verken")
    screen.ready()
    page = screen.page
    _adjust(page, "Gebouwen")
    page.get_by_label("Toon alleen een deel").select_option("hoogte_m")
    expect(page.get_by_text("Wij halen de waarden op.")).to_be_visible()
    columns = screen.json("/api/v1/layers/gebouwen")["columns"]
    name = next(each["name"] for each in columns if each["name"].startswith("oppervlakte"))
    page.get_by_label("Kleur", exact=True).select_option(name)
    expect(page.get_by_text("De laag houdt zijn eigen kleur.")).to_be_visible()


def test_layers_are_found_by_words_and_their_themes_keep_how_they_were(open_screen: OpenScreen) -> None:
    page = _explore(open_screen).page
    closed = page.locator(".theme:not([open])")
    before = closed.count()
    assert before > 3
    page.get_by_label("Zoek in de lagen").fill("grondwater")
    expect(page.locator(".found")).to_have_text("1 laag gevonden")
    expect(page.locator(".layer label")).to_have_text(["Peilbuizen"])
    page.get_by_label("Zoek in de lagen").fill("qqq")
    expect(page.locator(".found")).to_contain_text("Geen laag gevonden")
    page.get_by_label("Zoek in de lagen").fill("")
    expect(closed).to_have_count(before)
    summary = page.locator(".theme summary", has_text="Energie")
    summary.press("Enter")
    page.get_by_role("checkbox", name="Energie per wijk").check()
    page.get_by_role("checkbox", name="Energie per wijk").uncheck()
    expect(page.get_by_role("checkbox", name="Energie per wijk")).to_be_visible()


def test_an_address_with_unknown_layers_counts_only_those_that_are_there(open_screen: OpenScreen) -> None:
    page = _explore(open_screen, "&lagen=bestaat-niet").page
    expect(page.get_by_text("Geen lagen aan")).to_be_visible()


def test_opacity_is_in_the_address_and_said_in_words(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen)
    page = screen.page
    _adjust(page, "Water")
    slider = page.get_by_label("Dekking")
    before = screen.count("#a9c3cb")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "50 procent")
    screen.wait_for_query("dekking", "water:0.5")
    page.wait_for_timeout(300)
    assert screen.count("#a9c3cb", near=3) < before / 10


def test_a_question_leads_to_its_layers_and_there_is_one_search_field(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    page = screen.page
    expect(page.locator(".questions a")).to_have_count(6)
    expect(page.locator("#zoek")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#ask")).to_be_focused()
    page.get_by_role("link", name="Hoe hoog staat het grondwater?").click()
    expect(page.locator(".answer")).to_contain_text("In deze buizen wordt het grondwater gemeten")
    expect(page.get_by_role("checkbox", name="Peilbuizen")).to_be_checked()
    assert "peilbuizen" in screen.query()["lagen"].split(",")
    expect(page.locator("#zoek")).to_be_visible()


def test_a_question_without_data_is_told_and_is_no_link(open_screen: OpenScreen) -> None:
    def without_wells(page: Page) -> None:
        def answer(route: Route) -> None:
            body = route.fetch().json()
            for layer in body["layers"]:
                layer["questions"] = [each for each in layer["questions"] if each != "groundwater"]
            route.fulfill(json=body)

        page.route("**/api/v1/layers", answer)

    page = open_screen("/?beeld=2d", before=without_wells).ready().page
    expect(page.locator(".questions a")).to_have_count(5)
    unanswered = page.locator(".unanswered")
    expect(unanswered).to_contain_text("Hoe hoog staat het grondwater?")
    expect(unanswered).to_contain_text("nog geen gegevens in deze stad")


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.SMALL, Size.PHONE], ids=lambda size: size.name.lower())
def test_suggestions_lie_below_their_field_and_inside_the_window(open_screen: OpenScreen, size: Size) -> None:
    page = open_screen("/?beeld=2d", size=size).ready().page
    page.fill("#ask", "st")
    page.get_by_role("option").first.wait_for()
    field, box = page.locator("#ask").bounding_box(), page.locator(".suggestions:visible").bounding_box()
    assert field is not None
    assert box is not None
    assert box["y"] >= field["y"] + field["height"]
    assert box["y"] + box["height"] <= size.height


def test_other_base_maps_change_the_ground(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen)
    page = screen.page
    land, street = screen.count(LAND, near=2), screen.count("#faf8f3", near=2)
    page.locator(".base summary").click()
    page.get_by_label("Duidelijk").check()
    screen.wait_for_query("ondergrond", "contrast")
    page.wait_for_timeout(400)
    assert screen.count(LAND, near=2) < land / 20
    assert screen.count(WHITE_LAND, near=1) > land / 2
    page.get_by_label("Leeg").check()
    screen.wait_for_query("ondergrond", "plain")
    page.wait_for_timeout(400)
    assert screen.count("#faf8f3", near=2) < street / 4
    page.get_by_label("Papier rustig").check()
    page.wait_for_timeout(400)
    assert "ondergrond" not in screen.query()


class _Tiles(BaseHTTPRequestHandler):
    """Answers every tile with one red picture."""

    asked: list[str]
    picture: bytes

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.end_headers()
        self.wfile.write(self.picture)

    def log_message(self, *_: object) -> None:
        """Nothing: a test says itself what was asked."""


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    size = 'width="256" height="256"'
    red = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size} fill="{RED}"/></svg>'
    handler = type("Tiles", (_Tiles,), {"asked": asked, "picture": red.encode()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def switched_on(town: Config, tile_server: tuple[str, list[str]], tmp_path: Path) -> Iterator[str]:
    """The same town, of which the administrator switched a map from elsewhere on."""
    shutil.copytree(town.data_dir, tmp_path / "town")
    config = Config(data_dir=tmp_path / "town")
    store = open_store(config.database_url, config.data_dir)
    document = store.find_document(TWIN_KIND, TWIN_KEY)
    assert document is not None
    base = BaseMap("rood", Text("Rode kaart", "Red map"), tile_server[0] + "/{z}/{x}/{y}.svg", "Maker", "CC0")
    store.put_document(TWIN_KIND, TWIN_KEY, twin_body(replace(parse_twin(document), bases=(base,))))
    store.close()
    with served(config) as address:
        yield address


def test_a_base_map_from_elsewhere_lies_below_the_data_and_is_asked_only_when_chosen(
    open_screen: OpenScreen, tile_server: tuple[str, list[str]], switched_on: str
) -> None:
    _, asked = tile_server
    screen = open_screen("/lijst")
    screen.address = switched_on
    screen.go("/?beeld=2d&paneel=verken&kleur=gebouwen:bouwjaar")
    page = screen.ready().page
    assert asked == []
    page.locator(".base summary").click()
    expect(page.locator(".base")).to_contain_text("van Maker, licentie CC0")
    page.get_by_label("Rode kaart").check()
    page.wait_for_timeout(800)
    assert asked
    assert all(re.fullmatch(r"/\d+/\d+/\d+\.svg", path) for path in asked)
    assert screen.count(RED, near=4) > 50_000
    assert screen.count(OLD, near=3) > 100
    expect(page.locator(".credits").first).to_contain_text("Maker")


def test_the_legend_folds_and_stays_clear_of_the_buttons_in_a_low_window(open_screen: OpenScreen) -> None:
    screen = _explore(open_screen, "&kleur=gebouwen:bouwjaar&lagen=gebouwen,riolering,leidingen")
    page = screen.page
    expect(page.locator(".legend h3")).to_have_count(3)
    page.set_viewport_size({"width": 1024, "height": 480})
    page.reload()
    screen.ready()
    expect(page.locator(".legend")).not_to_have_attribute("open", "")
    page.locator(".legend summary").press("Enter")
    expect(page.locator(".legend")).to_have_attribute("open", "")
    legend, tools = page.locator(".legend").bounding_box(), page.locator(".tools").bounding_box()
    assert legend is not None
    assert tools is not None
    apart = legend["x"] + legend["width"] <= tools["x"] or legend["y"] >= tools["y"] + tools["height"]
    assert apart


def test_the_first_panel_gives_way_to_a_tool_where_both_would_leave_no_map(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=thuis&kleur=gebouwen:bouwjaar").ready()
    page = screen.page
    panel, legend = page.locator(".panel.home").bounding_box(), page.locator(".legend").bounding_box()
    assert panel is not None
    assert legend is not None
    assert legend["x"] >= panel["x"] + panel["width"]
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="Meer gereedschap").click()
    page.get_by_role("button", name="Meten en tekenen").click()
    tools = page.locator(".tools").bounding_box()
    assert tools is not None
    expect(page.locator(".panel.home")).to_be_hidden()
    assert tools["x"] > 1024 / 2
    expect(page.locator(".head .search")).to_be_visible()
    page.get_by_role("button", name="Sluit: Meten en tekenen").click()
    expect(page.locator(".panel.home")).to_be_visible()
