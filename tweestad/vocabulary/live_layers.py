"""Reads the live layers: `live/<layer>.toml`. A new file is a new layer; there is no list to keep."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files

from tweestad.errors import NotFound
from tweestad.model.live_layer import LiveLayer
from tweestad.model.observed_property import Norm
from tweestad.model.text import Text
from tweestad.vocabulary.properties import get_property

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@cache
def live_layers() -> tuple[LiveLayer, ...]:
    """All live layers that there can be, in the order in which a list shows them."""
    folder = files("tweestad.vocabulary").joinpath("live")
    found = [_read(entry.name[:-5]) for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda layer: (layer.order, layer.id)))


def find_live_layer(layer_id: str) -> LiveLayer | None:
    """The layer, or None for an id without a file."""
    return next((layer for layer in live_layers() if layer.id == layer_id), None)


def get_live_layer(layer_id: str) -> LiveLayer:
    """The layer; raises NotFound for an id without a file."""
    layer = find_live_layer(layer_id)
    if layer is None:
        raise NotFound(f"Er is geen actuele laag ‘{layer_id[:80]}’.")
    return layer


def _read(layer_id: str) -> LiveLayer:
    source = files("tweestad.vocabulary").joinpath("live", f"{layer_id}.toml")
    facts = tomllib.loads(source.read_text(encoding="utf-8"))
    return LiveLayer(
        id=layer_id,
        title=_text(facts["title"]),
        description=_text(facts["description"]),
        theme=_text(facts["theme"]),
        kinds=tuple(facts["kinds"]),
        sources=tuple(facts.get("sources", ())),
        observed=tuple(facts["observed"]),
        symbol=facts["symbol"],
        stale_after=_duration(facts["stale_after"]),
        counts_from=facts.get("counts_from", "measured"),
        order=facts.get("order", 0),
        breaks={name: tuple(map(float, each)) for name, each in facts.get("breaks", {}).items()},
        of=dict(facts.get("of", {})),
        also=dict(facts.get("also", {})),
        norms={name: _norm(name, each) for name, each in facts.get("norm", {}).items()},
    )


def _text(words: Mapping[str, str]) -> Text:
    return Text(words["nl"], words["en"])


def _duration(told: str) -> timedelta:
    """ "10m", "3h", "7d"."""
    return timedelta(seconds=int(told[:-1]) * _SECONDS[told[-1]])


def _norm(property_id: str, asked: Mapping[str, str]) -> Norm:
    """The norm of the property by its source and period."""
    norms = get_property(property_id).norms
    return next(n for n in norms if n.source.startswith(asked["source"]) and n.period == asked["period"])
