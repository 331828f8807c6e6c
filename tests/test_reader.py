"""What one person sees is what that person may see, and what is hidden looks like what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.small_city import feature, layer, place
from tweestad.access.actor import ROLES, STAFF_ROLES, VISITOR, Actor, Role
from tweestad.access.reader import Reader
from tweestad.errors import NotFound
from tweestad.model.feature import BBox
from tweestad.search import tokens
from tweestad.store.opening import open_store
from tweestad.store.protocol import Sort, Store, Where

EVERYWHERE = BBox(0, 0, 300_000, 600_000)
OTHERS = [role for role in ROLES if role not in STAFF_ROLES]
WINDOWS = (Where(), Where(bbox=EVERYWHERE), Where(at=9), Where(ref="NL.1"), Where(layer="meldingen"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A public layer with a draft, a layer for staff, and one national id in both."""
    folder: Path = tmp_path_factory.mktemp("city")
    store = open_store("", folder)
    public = [
        feature("pand", ref="NL.1"),
        feature("ontwerp", ref="NL.2", state="draft"),
        feature("ingetrokken", ref="NL.3", state="withdrawn"),
    ]
    places = [place("Dam", "pand"), place("Damplan", "ontwerp")]
    store.put_layer(layer(), public, places=places)
    report = feature("melding", layer_id="meldingen", ref="NL.1")
    only = feature("geheim", layer_id="meldingen", ref="NL.9")
    dyke = place("Damgeheim", "geheim", layer_id="meldingen")
    store.put_layer(layer("meldingen", audience="staff"), [report, only], places=[dyke])
    yield store
    store.close()


def actor(*roles: Role) -> Actor:
    return Actor("person", "somebody", frozenset(roles))


def seen(reader: Reader, where: Where) -> set[str]:
    """The same question in each way in which it can be asked."""
    page = {found.feature.id for found in reader.features(where, limit=100)}
    table = {found.feature.id for found in reader.sorted_features(where, Sort("x"), limit=100, offset=0)}
    assert page == table
    assert reader.count(where) == len(page)
    return page


@pytest.mark.parametrize("who", [VISITOR, actor(), *(actor(role) for role in OTHERS), actor(*OTHERS)])
def test_a_layer_for_staff_does_not_exist_for_others(city: Store, who: Actor) -> None:
    reader = Reader(city, who)
    assert [found.layer.id for found in reader.layers()] == ["gebouwen"]
    for where in WINDOWS:
        assert seen(reader, where) <= {"pand"}
    assert [found.feature.id for found in reader.objects("NL.1")] == ["pand"]
    assert [found.label for found in reader.places(tokens("dam"), limit=10)] == ["Dam"]
    for lost in (
        lambda: reader.layer("meldingen"),
        lambda: reader.feature("meldingen", "geheim"),
        lambda: reader.feature("meldingen", "geheim", at=2),
        lambda: reader.objects("NL.9"),
    ):
        with pytest.raises(NotFound):
            lost()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_sees_the_layer_for_staff(city: Store, role: Role) -> None:
    reader = Reader(city, actor("contributor", role))
    assert [found.layer.id for found in reader.layers()] == ["gebouwen", "meldingen"]
    assert reader.layer("meldingen").count == 2
    assert seen(reader, Where()) == {"pand", "melding", "geheim"}
    assert seen(reader, Where(bbox=EVERYWHERE)) == {"pand", "melding", "geheim"}
    assert reader.feature("meldingen", "geheim").feature.id == "geheim"
    assert [found.feature.id for found in reader.objects("NL.1")] == ["pand", "melding"]
    assert [found.label for found in reader.places(tokens("dam"), limit=10)] == ["Dam", "Damgeheim"]


@pytest.mark.parametrize("who", [VISITOR, actor(*ROLES)])
def test_drafts_are_hidden_from_everyone(city: Store, who: Actor) -> None:
    reader = Reader(city, who)
    assert seen(reader, Where(layer="gebouwen")) == {"pand"}
    assert seen(reader, Where(ref="NL.2")) == set()
    assert reader.layer("gebouwen").count == 1
    assert reader.places(tokens("damplan"), limit=10) == []
    for lost in (
        lambda: reader.feature("gebouwen", "ontwerp"),
        lambda: reader.feature("gebouwen", "ontwerp", at=1),
        lambda: reader.feature("gebouwen", "ingetrokken"),
        lambda: reader.objects("NL.2"),
    ):
        with pytest.raises(NotFound):
            lost()


def test_asking_for_more_than_one_may_see_changes_nothing(city: Store) -> None:
    wide = Where(audiences=frozenset({"public", "staff"}), states=frozenset({"published", "draft"}))
    assert seen(Reader(city, VISITOR), wide) == {"pand"}
    assert seen(Reader(city, actor("moderator")), wide) == {"pand", "melding", "geheim"}


@pytest.mark.parametrize(
    ("hidden", "unknown", "names"),
    [
        (lambda r: r.layer("meldingen"), lambda r: r.layer("bestaatniet"), ("meldingen", "bestaatniet")),
        (
            lambda r: r.feature("meldingen", "geheim"),
            lambda r: r.feature("bestaatniet", "geheim"),
            ("meldingen", "bestaatniet"),
        ),
        (
            lambda r: r.feature("gebouwen", "ontwerp"),
            lambda r: r.feature("gebouwen", "nergens"),
            ("ontwerp", "nergens"),
        ),
        (lambda r: r.objects("NL.9"), lambda r: r.objects("NL.0"), ("NL.9", "NL.0")),
        (lambda r: r.objects("NL.2"), lambda r: r.objects("NL.0"), ("NL.2", "NL.0")),
    ],
)
def test_hidden_and_unknown_are_answered_in_the_same_words(
    city: Store,
    hidden: Callable[[Reader], object],
    unknown: Callable[[Reader], object],
    names: tuple[str, str],
) -> None:
    reader = Reader(city, VISITOR)
    said = []
    for ask, name in zip((hidden, unknown), names, strict=True):
        with pytest.raises(NotFound) as caught:
            ask(reader)
        assert name in str(caught.value)
        said.append(str(caught.value).replace(name, "…"))
    assert said[0] == said[1]
