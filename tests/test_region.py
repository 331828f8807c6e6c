"""Several twins on one server: addresses below a root, and the chooser in the header."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from tests.api.asgi import call
from tests.api.small_twin import TWIN, fill
from tweestad.config import Config
from tweestad.errors import InputRejected
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.region import Member, Region, member_of
from tweestad.store.opening import open_store

SCENE = '{"version": 1, "tilesets": [], "flat": [], "labels": []}'


def built(folder: Path, twin_id: str, title: str) -> Member:
    config = Config(data_dir=folder / twin_id)
    config.tiles_dir.mkdir(parents=True)
    store = open_store(config.database_url, config.data_dir)
    fill(store)
    twin = replace(TWIN, id=twin_id, title=Text(title, title))
    store.put_document(TWIN_KIND, TWIN_KEY, twin_body(twin))
    store.close()
    (config.tiles_dir / "scene.json").write_text(SCENE, encoding="utf-8")
    return Member(twin_id, Text(title, title), config)


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> tuple[Member, Member, Member]:
    folder = tmp_path_factory.mktemp("region")
    later = Member("laterstad", Text("Laterstad"), Config(data_dir=folder / "laterstad"))
    return built(folder, "kleinstad", "Kleinstad"), built(folder, "meerstad", "Meerstad"), later


@pytest.fixture(scope="module")
def region(members: tuple[Member, Member, Member]) -> Region:
    return Region(members[0], members[1:])


def links_in(html: str) -> list[str]:
    return re.findall(r'(?:href|action)="(/[^"]*)"', html)


def test_each_twin_answers_below_its_own_address(region: Region) -> None:
    assert call(region, "/api/v1").json()["id"] == "kleinstad"
    assert call(region, "/stad/meerstad/api/v1").json()["id"] == "meerstad"
    assert "Meerstad" in call(region, "/stad/meerstad").text
    assert call(region, "/stad/meerstad/tiles/scene.json").status == 200


@pytest.mark.parametrize(
    "page", ["", "/lijst", "/lijst/gebouwen", "/bronnen", "/zoek?q=a", "/api/v1/docs", "/niets"]
)
def test_no_link_on_a_page_leaves_the_twin_but_the_chooser(region: Region, page: str) -> None:
    html = call(region, f"/stad/meerstad{page}").text
    chooser = re.search(r'<details class="cities">.*?</details>', html, re.DOTALL)
    assert chooser is not None
    rest = html.replace(chooser[0], "")
    assert len(links_in(rest)) > 3
    outside = [a for a in links_in(rest) if not a.startswith(("/stad/meerstad", "/static/"))]
    assert outside == []


def test_every_address_in_an_answer_can_be_asked_as_it_stands(region: Region) -> None:
    root = "/stad/meerstad"
    hrefs = [link["href"] for link in call(region, f"{root}/api/v1").json()["links"]]
    layers = call(region, f"{root}/api/v1/layers").json()["layers"]
    hrefs += [link["href"] for layer in layers for link in layer["links"]]
    page = call(region, f"{root}/api/v1/layers/gebouwen/features?limit=1").json()
    hrefs += [link["href"] for link in page["links"]]
    assert len(hrefs) > 10
    for href in hrefs:
        assert href.startswith(root)
        assert call(region, href).status == 200, href


def test_the_description_names_servers_below_the_root(region: Region) -> None:
    described = call(region, "/stad/meerstad/openapi.json").json()
    assert described["servers"] == [{"url": "/stad/meerstad/api/v1"}]
    assert described["paths"]["/v1"]["servers"] == [{"url": "/stad/meerstad/api"}]
    assert call(region, "/openapi.json").json()["servers"] == [{"url": "/api/v1"}]


def test_a_problem_points_at_the_explanation_of_its_own_twin(region: Region) -> None:
    problem = call(region, "/stad/meerstad/api/v1/layers/niets").json()
    assert problem["type"].startswith("/stad/meerstad/api/v1/docs#")


def test_the_chooser_offers_the_built_twins_and_names_the_one_that_is_not(region: Region) -> None:
    html = call(region, "/").text
    assert '<a href="/" aria-current="true">Kleinstad</a>' in html
    assert '<a href="/stad/meerstad">Meerstad</a>' in html
    assert "Laterstad" in html
    assert "/stad/laterstad" not in html


def test_a_twin_opens_as_soon_as_it_is_built(tmp_path: Path) -> None:
    first = built(tmp_path, "kleinstad", "Kleinstad")
    later = Member("laterstad", Text("Laterstad"), Config(data_dir=tmp_path / "laterstad"))
    region = Region(first, [later])
    assert call(region, "/stad/laterstad").status == 404
    built(tmp_path, "laterstad", "Laterstad")
    assert call(region, "/stad/laterstad/api/v1").json()["id"] == "laterstad"
    assert '<a href="/stad/laterstad">' in call(region, "/").text


def test_an_unknown_city_and_a_longer_name_are_not_found(region: Region) -> None:
    for address in ("/stad/atlantis", "/stad/", "/stad", "/stad/meerstadje", "/stad/..%2fmeerstad"):
        assert call(region, address).status == 404, address


def test_an_encoded_name_below_a_root_stays_encoded(region: Region) -> None:
    answer = call(region, "/stad/meerstad/tiles/c%2f0123456789abcdef.glb")
    assert answer.status == 404
    assert call(region, "/stad/meerstad/tiles/../secret.json").status == 404


def test_two_twins_with_one_id_are_refused(members: tuple[Member, Member, Member]) -> None:
    with pytest.raises(InputRejected, match="same id: kleinstad, kleinstad"):
        Region(members[0], [members[0]])


def test_a_folder_without_a_twin_cannot_be_a_member(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="there is no built twin"):
        member_of(Config(data_dir=tmp_path))


def test_headers_of_safety_are_on_every_twin(region: Region) -> None:
    one: Headers = call(region, "/stad/meerstad").headers
    assert one["content-security-policy"] == call(region, "/").headers["content-security-policy"]
