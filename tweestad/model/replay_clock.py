"""The clock of a recording that is played back, and what time it is for a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

REPLAY_KIND = "replay"
"""The kind of document that keeps the clock of a source; its key is the id of the source."""


@dataclass(frozen=True, slots=True)
class ReplayClock:
    """`recorded` is the time of the recording at the wall time `began`; all times are UTC.

    It runs as fast as any clock, until `ends`, the last moment that the recording knows of. There it stands
    still: of what came later nobody knows anything, so nothing in the recording grows old. A single snapshot
    has `recorded` equal to `ends`.
    """

    recorded: datetime
    began: datetime
    ends: datetime

    def at(self, wall: datetime) -> datetime:
        """What time it is in the recording; not earlier than `recorded` when the wall clock was set back."""
        return max(self.recorded, min(self.ends, self.recorded + (wall - self.began)))


class Played(Protocol):
    """What may be played back: the health of a source. Without a clock it is what is measured now."""

    @property
    def clock(self) -> ReplayClock | None: ...


def now_of(health: Played, wall: datetime) -> datetime:
    """What "now" is for the values of a source: the wall clock, or the clock of its recording."""
    return wall if health.clock is None else health.clock.at(wall)


def clock_body(clock: ReplayClock) -> dict[str, Any]:
    """The clock as plain JSON values; `parse_clock` gives it back."""
    return {name: getattr(clock, name).isoformat() for name in ("recorded", "began", "ends")}


def parse_clock(body: Mapping[str, Any]) -> ReplayClock:
    """The clock of a document that `clock_body` made."""
    recorded, began, ends = (
        datetime.fromisoformat(body[name]).astimezone(UTC) for name in ("recorded", "began", "ends")
    )
    return ReplayClock(recorded, began, ends)
