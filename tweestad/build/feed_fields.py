"""Reads `[feeds]` of a twin.toml: which sources are on, and whether the real services are asked."""

from __future__ import annotations

from pathlib import Path

import tweestad.sources
from tweestad.formats.toml.fields import Fields, suggestion
from tweestad.model.feed_plan import LOOPBACK, FeedPlan


def read_feeds(top: Fields, twin: Path, areas: str) -> FeedPlan:
    """The feeds of the twin in the folder `twin`; without the table none are on."""
    fields = top.table("feeds")
    if fields is None:
        return FeedPlan(areas=areas)
    base = fields.text("base", "")
    if base and not LOOPBACK.match(base):
        fields.fault("base", "base must be http://127.0.0.1: and a port, of a server on this machine")
    box = fields.box("box")
    plan = FeedPlan(
        on=_named(fields, twin) if fields.has("on") else None,
        live=fields.flag("live", False),
        base=base,
        box=None if box is None else (box.min_x, box.min_y, box.max_x, box.max_y),
        areas=areas,
    )
    fields.finish()
    return plan


def _named(fields: Fields, twin: Path) -> tuple[str, ...]:
    known = _source_ids(twin)
    named = fields.texts("on")
    for each in named:
        if each not in known:
            fields.fault("on", f"there is no source ‘{each}’{suggestion(each, known)}")
    return named


def _source_ids(twin: Path) -> set[str]:
    """The folders with a manifest; the manifests themselves are read by who fetches."""
    shipped = Path(next(iter(tweestad.sources.__path__))).glob("*/manifest.toml")
    own = twin.glob("sources/*/manifest.toml")
    return {each.parent.name.replace("_", "-") for each in shipped} | {each.parent.name for each in own}
