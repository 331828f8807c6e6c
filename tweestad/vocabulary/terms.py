"""Reads the vocabulary: `attributes/<term>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from tweestad.errors import NotFound
from tweestad.model.layer import ColumnType
from tweestad.model.text import Text

# What an attribute is about, in the order of a card.
Group = Literal["use", "size", "time", "place", "trait", "model"]
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Term:
    """What an attribute means, whatever a source calls it.

    `unit` is a UCUM symbol as shown to people. `low` and `high` bound what is plausible in that unit.
    `codes` gives the words for values that are codes. `standard` names the register or norm. `group` is what
    it is about; `model` is what says how good the model is and nothing of the thing itself.
    """

    id: str
    title: Text
    type: ColumnType
    unit: str = ""
    low: float | None = None
    high: float | None = None
    standard: str = ""
    codes: Mapping[str, Text] | None = None
    group: Group = "trait"


@cache
def term_ids() -> frozenset[str]:
    """All terms there are."""
    folder = files("tweestad.vocabulary").joinpath("attributes")
    return frozenset(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def get_term(term_id: str) -> Term:
    """The term; raises NotFound for an id without a file."""
    if term_id not in term_ids():
        raise NotFound(f"the vocabulary has no term ‘{term_id[:80]}’")
    source = files("tweestad.vocabulary").joinpath("attributes", f"{term_id}.toml")
    facts = tomllib.loads(source.read_text(encoding="utf-8"))
    low, high = facts.get("range", (None, None))
    return Term(
        id=term_id,
        title=Text(facts["title"]["nl"], facts["title"]["en"]),
        type=cast(ColumnType, facts["type"]),
        unit=facts.get("unit", ""),
        low=low,
        high=high,
        standard=facts.get("standard", ""),
        group=cast(Group, facts["group"]),
        codes={value: Text(t["nl"], t["en"]) for value, t in facts.get("codes", {}).items()},
    )
