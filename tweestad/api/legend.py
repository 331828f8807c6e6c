"""The classes of a column by which the screen colours, in words: of the twin, else made from its values."""

from __future__ import annotations

from collections.abc import Callable

from tweestad.api.language import speak
from tweestad.api.pages.wording import number, show, spaced_unit
from tweestad.legend.colours import CATEGORIES, OTHER, ramp
from tweestad.legend.facts import speaks_of_years
from tweestad.model.column_facts import ColumnFacts
from tweestad.model.feature import Value
from tweestad.model.layer import Column, Layer, StyleClass
from tweestad.model.text import Language, Text


def is_colourable(layer: Layer, facts: ColumnFacts) -> bool:
    """Whether there are classes to colour by."""
    return facts.name in layer.style.classes or facts.colourable


def classes_of(layer: Layer, column: Column, facts: ColumnFacts) -> tuple[StyleClass, ...]:
    """The classes in the order of their legend; none for texts and for columns with one value.

    Amounts from light to dark, years from dark (old) to light. Of a category the most frequent values
    have a class each, in the order of their code list where all of it fits; the last class, without a value
    or bounds, takes all others. Missing values are in no class.
    """
    if own := layer.style.classes.get(column.name):
        return own
    if not facts.colourable:
        return ()
    return _of_numbers(column, facts) if facts.kind == "number" else _of_values(column, facts)


def value_words(value: str, column: Column) -> Text:
    """A value of a category, as the API names it, in words."""
    told: Value = value == "true" if column.type == "boolean" else value
    return in_both(lambda language: show(told, column, language).text)


def in_both(words: Callable[[Language], str]) -> Text:
    return Text(words("nl"), words("en"))


def _of_numbers(column: Column, facts: ColumnFacts) -> tuple[StyleClass, ...]:
    years = speaks_of_years(column) and not column.unit
    edges = (None, *facts.breaks, None)
    colours = ramp(len(edges) - 1, dark_first=years)
    return tuple(
        StyleClass(colour, _between(column, facts, low, high, years=years), low, high)
        for colour, low, high in zip(colours, edges, edges[1:], strict=False)
    )


def _between(
    column: Column, facts: ColumnFacts, low: float | None, high: float | None, *, years: bool
) -> Text:
    """“minder dan 6 m”, “6 tot 12 m”, “12 m en meer”; of one whole number only that number."""
    unit = spaced_unit(column.unit)

    def plain(value: float, language: Language) -> str:
        return number(value, language, plain_below=0 if column.unit else 10_000)

    def words(language: Language) -> str:
        of = {"unit": unit.in_language(language)}
        if low is not None:
            of["low"] = plain(low, language)
        if high is not None:
            of["high"] = plain(high, language)
        if low is None:
            return speak(language, "class.year-before" if years else "class.below", **of)
        if high is None:
            return speak(language, "class.year-from" if years else "class.from", **of)
        return speak(language, "class.between", **of)

    alone = _only_number(column, facts, low, high)
    if alone is not None:
        return in_both(lambda language: plain(alone, language) + unit.in_language(language))
    return in_both(words)


def _only_number(column: Column, facts: ColumnFacts, low: float | None, high: float | None) -> float | None:
    """The one whole number that can be in this class, or None."""
    if column.type != "integer" or facts.lowest is None or facts.highest is None:
        return None
    first = facts.lowest if low is None else low
    last = facts.highest if high is None else high - 1
    return first if first == last else None


def _of_values(column: Column, facts: ColumnFacts) -> tuple[StyleClass, ...]:
    values = [each.value for each in facts.values]
    listed = list(column.codes)
    if len(values) <= len(CATEGORIES) and set(values) <= set(listed):
        values.sort(key=listed.index)
    shown = values[: len(CATEGORIES)]
    classes = [
        StyleClass(colour, value_words(value, column), value=value)
        for colour, value in zip(CATEGORIES, shown, strict=False)
    ]
    if facts.distinct == len(shown) + 1:
        last = values[-1]
        classes.append(StyleClass(OTHER, value_words(last, column), value=last))
    elif facts.distinct > len(shown):
        classes.append(StyleClass(OTHER, in_both(lambda language: speak(language, "class.other"))))
    return tuple(classes)
