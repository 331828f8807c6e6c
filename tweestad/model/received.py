"""What a source's `parse` is told, and what it can answer besides things and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tweestad.model.observation import Observation
from tweestad.model.thing import Datastream, Thing


@dataclass(frozen=True, slots=True)
class Facts:
    """What `parse` may know of a payload; it knows nothing else.

    `part` is the request of the manifest that it answers, `url` what was asked. `received` is UTC.
    `bbox` is (west, south, east, north) in degrees around the municipality, None when nothing is cut.
    `municipality` is a CBS code ("GM0363"). `channels` maps a channel to the ids of the datastreams that
    earlier payloads of this source made for it. `settings` is the table of that name in the manifest.
    """

    source: str
    received: datetime
    part: str = ""
    url: str = ""
    bbox: tuple[float, float, float, float] | None = None
    municipality: str = ""
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not taken over. `reason` is one of few sentences, because reasons are counted;
    what differs from record to record is in `raw`, cut to 500 characters."""

    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """`count` records that are rightly left aside: elsewhere in the country, or not asked for."""

    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Follow:
    """There is more: fetch `url` and give it to `parse` as `part`. Its host must be one of the manifest."""

    url: str
    part: str


Parsed = Thing | Datastream | Observation | Rejected | Skipped | Follow
