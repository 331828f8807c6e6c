"""Values in words: what stands in the data against what a person reads."""

from __future__ import annotations

import pytest

from tweestad.api.pages.wording import date, number, show
from tweestad.model.feature import Value
from tweestad.model.layer import Column, ColumnType
from tweestad.model.text import Language, Text


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (0, "0", "0"),
        (1964, "1.964", "1,964"),
        (1234567, "1.234.567", "1,234,567"),
        (1234.5, "1.234,5", "1,234.5"),
        (35.4, "35,4", "35.4"),
        (35.0, "35", "35"),
        (-0.52, "−0,52", "−0.52"),
        (0.004567, "0,00457", "0.00457"),
        (2.005, "2", "2"),
        (1e-9, "0,000000001", "0.000000001"),
        (-12345.678, "−12.345,68", "−12,345.68"),
    ],
)
def test_numbers_are_written_as_in_the_language(value: float, dutch: str, english: str) -> None:
    assert number(value, "nl") == dutch
    assert number(value, "en") == english


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        ("2026-04-01", "1 april 2026", "1 April 2026"),
        ("2026-04", "april 2026", "April 2026"),
        ("2015", "2015", "2015"),
        ("2024-02-29", "29 februari 2024", "29 February 2024"),
        ("2023-02-29", "2023-02-29", "2023-02-29"),
        ("voorjaar 2023", "voorjaar 2023", "voorjaar 2023"),
        ("", "", ""),
    ],
)
def test_dates_are_written_in_words(text: str, dutch: str, english: str) -> None:
    assert date(text, "nl") == dutch
    assert date(text, "en") == english


@pytest.mark.parametrize(
    ("value", "kind", "unit", "language", "words"),
    [
        (1964, "integer", "", "nl", "1964"),
        (12345, "integer", "", "nl", "12.345"),
        (1964, "integer", "m2", "nl", "1.964 m²"),
        (21, "number", "Cel", "nl", "21 °C"),
        (90, "integer", "deg", "nl", "90°"),
        (3, "integer", "a", "en", "3 years"),
        (3, "integer", "{woningen}", "nl", "3 woningen"),
        (True, "boolean", "", "nl", "ja"),
        (False, "boolean", "", "en", "no"),
        (0, "integer", "m", "nl", "0 m"),
        ("2026-04-01", "date", "", "nl", "1 april 2026"),
        ("2026-04-01", "text", "", "nl", "2026-04-01"),
        (("w", "x"), "codes", "", "nl", "wonen, x"),
        ("w", "codes", "", "en", "living"),
        ("<b>", "text", "", "nl", "<b>"),
        (1005, "integer", "", "nl", "onbekend"),
        (None, "integer", "m", "en", "unknown"),
        ("", "text", "", "nl", "onbekend"),
        ((), "codes", "", "nl", "onbekend"),
    ],
)
def test_a_value_is_shown_with_its_unit_code_or_as_unknown(
    value: Value, kind: ColumnType, unit: str, language: Language, words: str
) -> None:
    codes = {"w": Text("wonen", "living")}
    column = Column("c", Text("C"), kind, unit=unit, codes=codes, missing=(1005,))
    assert show(value, column, language).text == words


def test_true_is_not_the_number_one() -> None:
    column = Column("c", Text("C"), "boolean", missing=(1,))
    assert not show(True, column, "nl").unknown
    assert show(1, column, "nl").unknown


def test_an_unknown_value_keeps_what_the_source_says() -> None:
    column = Column("c", Text("C"), "integer", missing=(1005,))
    assert show(1005, column, "nl").source_value == "1005"
    assert show(None, column, "nl").source_value == ""


@pytest.mark.parametrize(
    ("term", "value", "shown"),
    [
        ("postcode", "1018AB", "1018 AB"),
        ("postcode", "1018 AB", "1018 AB"),
        ("postcode", "onleesbaar", "onleesbaar"),
        ("pand", "NL.IMBAG.Pand.0363100012164936", "0363100012164936"),
        ("", "NL.IMBAG.Pand.0363100012164936", "NL.IMBAG.Pand.0363100012164936"),
    ],
)
def test_a_postcode_and_a_number_of_a_register_are_spelled_as_people_do(
    term: str, value: str, shown: str
) -> None:
    assert show(value, Column("kolom", Text("Kolom"), "text", term=term), "nl").text == shown
