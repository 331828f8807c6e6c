"""Words as search compares them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tweestad.search import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nieuwe Prinsengracht 89-III", ["nieuwe", "prinsengracht", "89", "iii"]),
        ("’s-Gravenhage", ["s", "gravenhage"]),
        ("'s-Gravenhage", ["s", "gravenhage"]),
        ("Ĳburg", ["ijburg"]),
        ("IJburg", ["ijburg"]),
        ("ĳ", ["ij"]),
        ("Café Hélène", ["cafe", "helene"]),
        ("Cafe\u0301", ["cafe"]),
        ("Coëhoorn", ["coehoorn"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Ærø Łódź Œuvre", ["aero", "lodz", "oeuvre"]),
        ("İstanbul ıssız", ["istanbul", "issiz"]),
        ("1012 AB", ["1012", "ab"]),
        ("Nr. 12/14, 2e verd.", ["nr", "12", "14", "2e", "verd"]),
        ("① ﬁets ½", ["1", "fiets", "1", "2"]),
        ("Αθήνα Москва", ["αθηνα", "москва"]),
        ("_%*\"';--", []),
        ("", []),
    ],
)
def test_words_are_plain(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_a_question_has_at_most_eight_words_of_forty_characters() -> None:
    assert tokens(" ".join("abcdefghijkl")) == list("abcdefgh")
    assert tokens("x" * 100) == ["x" * 40]
    assert tokens(" ".join("abcdefghijkl"), limit=10) == list("abcdefghij")


@given(st.text(st.characters()))
def test_any_text_gives_words_that_can_be_stored_and_stay_the_same(text: str) -> None:
    found = tokens(text)
    assert len(found) <= 8
    for word in found:
        assert 1 <= len(word) <= 40
        word.encode()
        assert word.isalnum()
        assert word == word.casefold()
        assert not any(unicodedata.combining(c) for c in word)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_words_of_words_are_the_same_words(text: str) -> None:
    found = tokens(text)
    assert tokens(" ".join(found)) == found
