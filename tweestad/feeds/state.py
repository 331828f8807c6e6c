"""What the runner remembers of a source between two times: a document of kind `feed-state` under its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tweestad.feeds.fetch import Validators
from tweestad.quality.accept import Counts

STATE_KIND = "feed-state"
_VALIDATORS_MAX = 2_000
Lead = tuple[str, str]
"""An address that a reply refers to, and the part that it is."""


@dataclass(slots=True)
class PartState:
    """One request of a source.

    It is asked again at `due`, and what its replies refer to (`leads`) at `leads_due`. `good` is when it last
    went well; `failures` counts the times since then, and `failure` says why with its `code`. `counts` and
    `total` are of the last good answer; `held` that one was held back, because it did not look whole.
    """

    due: datetime | None = None
    leads_due: datetime | None = None
    asked: datetime | None = None
    good: datetime | None = None
    failures: int = 0
    failure: str = ""
    code: str = ""
    held: bool = False
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    leads: tuple[Lead, ...] = ()
    validators: dict[str, Validators] = field(default_factory=dict)

    def remember(self, url: str, validators: Validators) -> None:
        """What the server said of the reply at this address, after all in it was stored."""
        self.validators.pop(url, None)
        if validators != Validators():
            self.validators[url] = validators
        while len(self.validators) > _VALIDATORS_MAX:
            self.validators.pop(next(iter(self.validators)))


@dataclass(slots=True)
class SourceState:
    """All parts of a source, and the units of its datastreams where those are not ours."""

    parts: dict[str, PartState] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def part(self, name: str) -> PartState:
        return self.parts.setdefault(name, PartState())


def state_body(state: SourceState) -> dict[str, Any]:
    """The state as plain JSON values; `parse_state` gives it back."""
    return {"parts": {name: _part_body(part) for name, part in state.parts.items()}, "units": state.units}


def parse_state(body: Mapping[str, Any] | None) -> SourceState:
    """The state of a document that `state_body` made; without one, of a source that was never asked."""
    if body is None:
        return SourceState()
    return SourceState({name: _part(each) for name, each in body["parts"].items()}, dict(body["units"]))


def _part_body(part: PartState) -> dict[str, Any]:
    counts = part.counts
    return {
        "due": _told(part.due),
        "leads_due": _told(part.leads_due),
        "asked": _told(part.asked),
        "good": _told(part.good),
        "failures": part.failures,
        "failure": part.failure,
        "code": part.code,
        "held": part.held,
        "total": part.total,
        "counts": [
            counts.accepted,
            counts.flagged,
            dict(counts.rejected),
            counts.skipped,
            _told(counts.newest),
        ],
        "leads": [list(each) for each in part.leads],
        "validators": {url: [each.etag, each.modified] for url, each in part.validators.items()},
    }


def _part(body: Mapping[str, Any]) -> PartState:
    accepted, flagged, rejected, skipped, newest = body["counts"]
    return PartState(
        due=_moment(body["due"]),
        leads_due=_moment(body["leads_due"]),
        asked=_moment(body["asked"]),
        good=_moment(body["good"]),
        failures=body["failures"],
        failure=body["failure"],
        code=body["code"],
        held=body["held"],
        total=body["total"],
        counts=Counts(accepted, flagged, dict(rejected), skipped, _moment(newest)),
        leads=tuple((url, part) for url, part in body["leads"]),
        validators={url: Validators(etag, modified) for url, (etag, modified) in body["validators"].items()},
    )


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told).astimezone(UTC)
