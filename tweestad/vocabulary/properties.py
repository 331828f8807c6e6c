"""Reads what can be observed: `properties/<property>.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tweestad.errors import NotFound
from tweestad.model.observed_property import Norm, ObservedProperty
from tweestad.model.text import Text


@cache
def property_ids() -> frozenset[str]:
    """All properties there are."""
    folder = files("tweestad.vocabulary").joinpath("properties")
    return frozenset(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def get_property(property_id: str) -> ObservedProperty:
    """The property; raises NotFound for an id without a file."""
    if property_id not in property_ids():
        raise NotFound(f"the vocabulary has no property ‘{property_id[:80]}’")
    source = files("tweestad.vocabulary").joinpath("properties", f"{property_id}.toml")
    facts = tomllib.loads(source.read_text(encoding="utf-8"))
    low, high = facts.get("range", (None, None))
    return ObservedProperty(
        id=property_id,
        title=_text(facts["title"]),
        type=facts["type"],
        unit=facts.get("unit", ""),
        shown=facts.get("shown", "").strip(),
        low=low,
        high=high,
        spike=facts.get("spike"),
        flat_hours=facts.get("flat_hours"),
        decimals=facts.get("decimals", 0),
        standard=facts.get("standard", ""),
        norms=tuple(_norm(each) for each in facts.get("norm", ())),
        codes={code: _text(words) for code, words in facts.get("codes", {}).items()},
    )


def _text(words: dict[str, str]) -> Text:
    return Text(words["nl"], words["en"])


def _norm(facts: dict[str, Any]) -> Norm:
    return Norm(
        name=_text(facts["name"]),
        limit=float(facts["limit"]),
        period=facts["period"],
        source=facts["source"],
        days=facts.get("days", 0),
        applies=facts.get("applies", 0),
    )
