"""Conditions on columns as they stand in an address: `bouwjaar:1900..1950`, `gebruik:w|k`, `hoogte:..6|?`.

`?` among the values means “or unknown”. In a name or value `%`, `|`, `:`, `,` and `?` are percent-encoded,
before the encoding of the query itself. One reader for the API (`where`) and the pages (`waar`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from tweestad.api.language import speak
from tweestad.api.legend import value_words
from tweestad.api.limits import LIMITS
from tweestad.api.pages.wording import number, spaced_unit
from tweestad.api.problems import RawFault, raw_fault
from tweestad.legend.facts import holds_numbers
from tweestad.model.layer import Column, Layer
from tweestad.model.text import Language
from tweestad.store.protocol import Condition

_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?"
_RANGE = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?")
_ONE = re.compile(_NUMBER)
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition on a column that the layer has. `text` is how it stands in an address."""

    column: Column
    text: str
    lower: float | None = None
    upper: float | None = None
    values: tuple[str, ...] = ()
    unknown: bool = False

    def condition(self) -> Condition:
        """The same for the store: values as the column holds them."""
        return Condition(
            attribute=self.column.name,
            lower=self.lower,
            upper=self.upper,
            values=tuple(stored for value in self.values for stored in _stored(value, self.column)),
            unknown=self.unknown,
            missing=self.column.missing,
        )

    def words(self, language: Language) -> str:
        """“Bouwjaar: 1900 tot en met 1950 of onbekend”."""
        parts = [self._range(language)] if self.lower is not None or self.upper is not None else []
        parts += [_value_words(value, self.column, language) for value in self.values]
        parts += [speak(language, "card.unknown")] if self.unknown else []
        told = parts[0]
        if len(parts) > 1:
            told = speak(language, "condition.or", first=", ".join(parts[:-1]), last=parts[-1])
        return speak(language, "condition.is", column=self.column.title.in_language(language), what=told)

    def _range(self, language: Language) -> str:
        ends = {
            name: _number_words(end, self.column, language)
            for name, end in (("low", self.lower), ("high", self.upper))
            if end is not None
        }
        key = {("low", "high"): "between", ("low",): "from", ("high",): "up-to"}[tuple(ends)]
        return speak(language, f"condition.{key}", **ends)


def read_conditions(
    texts: Sequence[str], layer: Layer, name: str
) -> tuple[tuple[Asked, ...], list[RawFault]]:
    """The conditions, and what is wrong with those that are none, as faults of the query key `name`."""
    if len(texts) > LIMITS.conditions_max:
        return (), [raw_fault(name, "conditions_many", most=LIMITS.conditions_max)]
    if sum(len(text) for text in texts) > LIMITS.condition_characters:
        return (), [raw_fault(name, "string_too_long", max_length=LIMITS.condition_characters)]
    asked: list[Asked] = []
    faults: list[RawFault] = []
    for text in texts:
        found = _read(text, layer, name)
        if isinstance(found, Asked):
            asked.append(found)
        else:
            faults.append(found)
    return tuple(asked), faults


def _read(text: str, layer: Layer, name: str) -> Asked | RawFault:
    plain, colon, rest = text.partition(":")
    if not colon or not plain or not rest:
        return raw_fault(name, "condition_form", text=text)
    column = layer.column(unquote(plain))
    if column is None:
        return raw_fault(name, "condition_column", column=unquote(plain))
    parts = rest.split("|")
    if len(parts) > LIMITS.condition_values_max:
        return raw_fault(name, "condition_values", most=LIMITS.condition_values_max, column=column.name)
    asked = Asked(column, text)
    for part in parts:
        if not part:
            return raw_fault(name, "condition_form", text=text)
        if part == UNKNOWN:
            asked = replace(asked, unknown=True)
        elif holds_numbers(column):
            wider = _with_number(asked, part)
            if wider is None:
                return raw_fault(name, "condition_number", text=text)
            asked = wider
        else:
            asked = replace(asked, values=(*asked.values, unquote(part)))
    return asked


def _with_number(asked: Asked, part: str) -> Asked | None:
    """The condition with a range or a number added; None when the part is neither, or a second range."""
    if _ONE.fullmatch(part):
        return replace(asked, values=(*asked.values, part))
    found = _RANGE.fullmatch(part)
    if found is None or asked.lower is not None or asked.upper is not None:
        return None
    lower, upper = (None if end is None else float(end) for end in found.groups())
    if (lower is None and upper is None) or (lower is not None and upper is not None and lower > upper):
        return None
    return replace(asked, lower=lower, upper=upper)


def condition_text(column: str, *values: str) -> str:
    """A condition on values as it stands in an address."""
    return ":".join([_coded(column), "|".join(_coded(value) for value in values)])


def _coded(text: str) -> str:
    return quote(text, safe=" !\"#$&'()*+-./;<=>@[\\]^_`{}~")


def _stored(value: str, column: Column) -> tuple[str | float | bool, ...]:
    """What a value in an address can be in the store: a code may be kept as a number."""
    if column.type == "boolean":
        return (value == "true",) if value in {"true", "false"} else ()
    if holds_numbers(column):
        return (float(value),)
    if column.type in {"integer", "number"} and _ONE.fullmatch(value):
        return (value, float(value))
    return (value,)


def _value_words(value: str, column: Column, language: Language) -> str:
    if holds_numbers(column):
        return _number_words(float(value), column, language)
    return value_words(value, column).in_language(language)


def _number_words(value: float, column: Column, language: Language) -> str:
    assert math.isfinite(value)  # noqa: S101 - the pattern of numbers has fifteen digits
    told = number(value, language, plain_below=0 if column.unit else 10_000)
    return told + spaced_unit(column.unit).in_language(language)
