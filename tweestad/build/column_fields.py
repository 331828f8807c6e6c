"""Reads one column of a layer in twin.toml: a name, a vocabulary term, and how its value is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast, get_args

from tweestad.build.plan import ColumnPlan
from tweestad.formats.toml.fields import Fields, suggestion
from tweestad.model.feature import Value
from tweestad.model.layer import Column, ColumnType
from tweestad.model.text import Text
from tweestad.vocabulary.terms import Term, get_term, term_ids

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_RESERVED = frozenset({"id", "layer", "ref", "title", "type", "geometry", "links"})
TYPES: tuple[str, ...] = get_args(ColumnType)


def read_column(fields: Fields) -> ColumnPlan:
    """The plan of one column; what it does not say itself comes from its vocabulary term."""
    name = fields.text("name")
    if name and (not _NAME.match(name) or name in _RESERVED):
        fields.fault(
            "name", f"column name ‘{name}’ must be small letters, digits and _, and not a fixed word"
        )
    term = _term(fields)
    kind = fields.choice("type", TYPES, term.type if term else None)
    title = fields.words("title")
    if not title.nl and term is None:
        fields.fault("title", f"the column ‘{name}’ needs a title or a term")
    column = Column(
        name=name,
        title=title if title.nl else (term.title if term else Text(name)),
        type=cast(ColumnType, kind),
        term=term.id if term else "",
        unit=fields.text("unit", term.unit if term else ""),
        codes=_codes(fields, term),
        missing=_missing(fields),
        note=fields.words("note"),
    )
    plan = ColumnPlan(
        column=column,
        source=fields.text("from", name),
        split=fields.text("split", ""),
        difference=_difference(fields),
        decimals=fields.whole("decimals", 0) if fields.has("decimals") else None,
        low=term.low if term else None,
        high=term.high if term else None,
    )
    if plan.split and kind != "codes":
        fields.fault("split", "only a column of type codes can be split")
    fields.finish()
    return plan


def _term(fields: Fields) -> Term | None:
    if not fields.has("term"):
        return None
    term_id = fields.text("term")
    if term_id in term_ids():
        return get_term(term_id)
    if term_id:
        fields.fault("term", f"the vocabulary has no term ‘{term_id}’{suggestion(term_id, term_ids())}")
    return None


def _codes(fields: Fields, term: Term | None) -> Mapping[str, Text]:
    table = fields.table("codes")
    if table is None:
        return (term.codes or {}) if term else {}
    return {code: table.words(code) for code in table.keys()}  # noqa: SIM118 - a Fields, not a dict


def _missing(fields: Fields) -> tuple[Value, ...]:
    values: Any = fields.raw("missing")
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(v, str | int | float) for v in values):
        fields.fault("missing", "missing must be a list of texts or numbers")
        return ()
    return tuple(values)


def _difference(fields: Fields) -> tuple[str, str] | None:
    if not fields.has("difference"):
        return None
    names = fields.texts("difference")
    if len(names) != 2:
        fields.fault("difference", "difference must name two columns: the first minus the second")
        return None
    return names[0], names[1]
