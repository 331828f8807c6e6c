"""Finding a place by the beginnings of its words."""

from __future__ import annotations

import pytest

from tests.store.small_city import EVERYONE, PUBLIC, feature, layer, place
from tweestad.search import tokens
from tweestad.store.protocol import Store

LABELS = (
    "Nieuwe Prinsengracht",
    "Nieuwe Prinsengracht 89",
    "Nieuwe Prinsengracht 8",
    "Prinsengracht",
    "Prins Hendrikkade",
    "Korte Prinsengracht",
    "’s-Gravenhekje",
    "Café De Ĳ",
    "100% Straße_",
)


@pytest.fixture
def searched(store: Store) -> Store:
    store.put_layer(layer(), [feature("a")], places=[place(label) for label in LABELS])
    return store


def found(store: Store, text: str, *, limit: int = 20) -> list[str]:
    return [p.label for p in store.find_places(tokens(text), audiences=PUBLIC, limit=limit)]


def test_every_word_must_begin_a_word_of_the_place(searched: Store) -> None:
    assert found(searched, "prinsen nieuw") == [
        "Nieuwe Prinsengracht",
        "Nieuwe Prinsengracht 8",
        "Nieuwe Prinsengracht 89",
    ]
    assert found(searched, "89 gracht") == []
    assert found(searched, "nieuwe prinsengracht hendrik") == []


def test_the_exact_name_comes_first_and_then_the_shortest(searched: Store) -> None:
    assert found(searched, "prinsengracht")[0] == "Prinsengracht"
    assert found(searched, "nieuwe prinsengracht 89") == ["Nieuwe Prinsengracht 89"]
    assert found(searched, "prins") == [
        "Prinsengracht",
        "Prins Hendrikkade",
        "Korte Prinsengracht",
        "Nieuwe Prinsengracht",
        "Nieuwe Prinsengracht 8",
        "Nieuwe Prinsengracht 89",
    ]
    assert found(searched, "prins", limit=2) == ["Prinsengracht", "Prins Hendrikkade"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("'S-GRAVENHEKJE", "’s-Gravenhekje"),
        ("gravenhekje", "’s-Gravenhekje"),
        ("cafe de ij", "Café De Ĳ"),
        ("CAFÉ", "Café De Ĳ"),
        ("strasse", "100% Straße_"),
        ("100%", "100% Straße_"),
    ],
)
def test_accents_capitals_and_punctuation_do_not_matter(searched: Store, text: str, label: str) -> None:
    assert found(searched, text) == [label]


def test_a_percent_or_underscore_is_no_wildcard(searched: Store) -> None:
    assert searched.find_places(["%"], audiences=PUBLIC, limit=5) == []
    assert searched.find_places(["prins", "%"], audiences=PUBLIC, limit=5) == []
    assert searched.find_places(["prins", "_"], audiences=PUBLIC, limit=5) == []


def test_nothing_asked_finds_nothing(searched: Store) -> None:
    assert found(searched, " - ") == []
    assert searched.find_places([""], audiences=PUBLIC, limit=5) == []


def test_places_can_be_asked_of_one_layer(searched: Store) -> None:
    water = place("Prinsengracht", "w", layer_id="water")
    searched.put_layer(layer("water"), [feature("w", layer_id="water")], places=[water])
    for name, expected in (("water", [water]), ("gebouwen", [place("Prinsengracht")]), ("\x00", [])):
        assert searched.find_places(["prinsengracht"], audiences=PUBLIC, limit=1, layer=name) == expected


def test_places_are_replaced_with_their_layer(searched: Store) -> None:
    searched.put_layer(
        layer("water"), [feature("w", layer_id="water")], places=[place("IJ", "w", layer_id="water")]
    )
    searched.put_layer(layer(), [feature("a")], places=[place("Prinsengracht"), place("Kade")])
    assert found(searched, "prins") == ["Prinsengracht"]
    assert found(searched, "hendrikkade") == []
    assert found(searched, "kade") == ["Kade"]
    assert found(searched, "ij") == ["IJ"]


def test_the_same_place_twice_is_one_place(store: Store) -> None:
    store.put_layer(layer(), [feature("a")], places=[place("Dam"), place("Dam"), place("Dam", kind="plein")])
    assert found(store, "dam") == ["Dam", "Dam"]


def test_a_place_comes_back_exactly_as_it_was_put(store: Store) -> None:
    store.put_layer(layer(), [feature("a")], places=[place("Dam")])
    assert store.find_places(["dam"], audiences=PUBLIC, limit=1) == [place("Dam")]


def test_all_words_of_a_long_name_can_be_found(store: Store) -> None:
    name = "Stichting tot Bevordering van de Kennis der Natuur te Nergenshuizen aan het Spaarne"
    store.put_layer(layer(), [feature("a")], places=[place(name)])
    assert found(store, "spaarne") == [name]


def alike(store: Store, text: str) -> list[str]:
    return [p.label for p in store.find_places_alike(tokens(text), audiences=PUBLIC, limit=5)]


HIDDEN = ("Dwarstraata", "Dwarstraatb", "Dwarstraatc", "Dwarstraatd")


def test_words_of_a_staff_layer_take_no_room_in_a_search_with_a_typing_error(store: Store) -> None:
    """All four look more like what is asked for than the street that may be found."""
    store.put_layer(layer(), [feature("a")], places=[place("Dwarsstraat")])
    assert alike(store, "dwarstraat") == ["Dwarsstraat"]
    secret = [place(label, "s", layer_id="geheim") for label in HIDDEN]
    store.put_layer(layer("geheim", audience="staff"), [feature("s", layer_id="geheim")], places=secret)
    assert alike(store, "dwarstraat") == ["Dwarsstraat"]
    found = store.find_places_alike(["dwarstraat"], audiences=EVERYONE, limit=5)
    assert [p.label for p in found] == ["Dwarstraata"]


def test_words_of_drafts_take_no_room_in_a_search_with_a_typing_error(store: Store) -> None:
    drafts = [place(label, "d") for label in HIDDEN]
    rows = [feature("a"), feature("d", state="draft")]
    store.put_layer(layer(), rows, places=[place("Dwarsstraat"), *drafts])
    assert alike(store, "dwarstraat") == ["Dwarsstraat"]


def test_a_word_that_hidden_places_share_is_found_where_it_is_shown(store: Store) -> None:
    store.put_layer(layer(), [feature("a")], places=[place("Dwarsstraat 9"), place("Dwarsweg")])
    secret = [place(f"Dwarsstraat {n}", "s", layer_id="geheim") for n in range(30)]
    store.put_layer(layer("geheim", audience="staff"), [feature("s", layer_id="geheim")], places=secret)
    assert alike(store, "dwarstraat") == ["Dwarsstraat 9"]
    assert alike(store, "dwarsveg") == ["Dwarsweg"]


@pytest.mark.parametrize(
    "typed",
    ["zwanebloem", "zwaanebloem", "zvanenbloem", "zanenbloem", "zxwanenbloem", "zawnenbloem", "zwannebloem"],
)
def test_the_likely_words_are_found_among_too_many_with_that_letter(
    store: Store, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Alphabetically the street lies far behind the cut."""
    monkeypatch.setattr("tweestad.store.clauses.WORDS_MAX", 50)
    monkeypatch.setattr("tweestad.store.queries.WORDS_MAX", 50)
    names = [f"Za{a}{b}{c}kade" for a in "bcdefg" for b in "klmnp" for c in "aeiou"]
    names += [f"Zwa{a}{b}pad" for a in "bcd" for b in "aeiouklmnprs"]
    store.put_layer(layer(), [feature("a")], places=[place(name) for name in [*names, "Zwanenbloem"]])
    assert alike(store, typed) == ["Zwanenbloem"]
