"""What a twin says of its feeds (`[feeds]` in twin.toml), as a document: kind `feeds`, key `plan`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FEEDS_KIND = "feeds"
FEEDS_KEY = "plan"
# Only a server on this machine may stand for the services of the world.
LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}(?:/[a-z0-9-]+)?\Z")


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """Which sources are on and where they are asked.

    `on` names sources; None is all that come with Tweestad and all of the twin folder. `live` asks the real
    services. `base` is the address of a server on this machine that replays recordings: then
    `https://host/path` is asked as `{base}/host/path`, whatever `live` says. With neither nothing is asked.
    `box` is what is kept of a source (RD, metres); None is the area of the twin's layers. `areas` is the
    layer of its quarters, whose box is the municipality's.
    """

    on: tuple[str, ...] | None = ()
    live: bool = False
    base: str = ""
    box: tuple[float, float, float, float] | None = None
    areas: str = ""

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return self.on != () and (self.live or bool(self.base))


def feeds_body(plan: FeedPlan, folder: str) -> dict[str, Any]:
    """The plan as plain JSON values, with the folder of its twin.toml; `parse_feeds` gives both back."""
    return {
        "on": None if plan.on is None else list(plan.on),
        "live": plan.live,
        "base": plan.base,
        "box": None if plan.box is None else list(plan.box),
        "areas": plan.areas,
        "folder": folder,
    }


def parse_feeds(body: Mapping[str, Any]) -> tuple[FeedPlan, str]:
    """The plan and the folder of a document that `feeds_body` made."""
    on, box = body["on"], body["box"]
    plan = FeedPlan(
        on=None if on is None else tuple(on),
        live=body["live"],
        base=body["base"],
        box=None if box is None else (box[0], box[1], box[2], box[3]),
        areas=body["areas"],
    )
    return plan, body["folder"]
