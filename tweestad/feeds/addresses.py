"""The addresses of requests: placeholders filled in, and mapped to a server that replays recordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

import orjson

from tweestad.feeds.manifest import PLACEHOLDERS, Manifest

SINCE = timedelta(days=3)
"""How far back `{since}` lies: sources revise their last values for days."""
_KNOWN = re.compile(r"\{(" + "|".join(sorted(PLACEHOLDERS)) + r")\}")
# What stands in a manifest or a reply for itself; a space, a bracket or a quote has to be written otherwise.
_AS_IT_IS = "%/:=&?~#+!$,;'@()*[]-._"


def fill(template: str, values: Mapping[str, str], written: Callable[[str], str] = str) -> str:
    """Replace the placeholders that there are; any other brace (of JSON, or of OData) stays.

    `written` escapes a value for the place where it comes, so that no id of a source can lead elsewhere.
    """
    return _KNOWN.sub(lambda found: written(values[found[1]]) if found[1] in values else found[0], template)


def in_address(value: str) -> str:
    return quote(value, safe=",:+")


def in_json(value: str) -> str:
    """As it stands inside the quotation marks of a JSON text."""
    return orjson.dumps(value).decode()[1:-1]


def in_body(template: str) -> Callable[[str], str]:
    """How values are written in this body: JSON, or fields of a form."""
    return in_json if template.lstrip()[:1] in ("{", "[") else in_address


def placeholders(
    box: tuple[float, float, float, float] | None, municipality: str, now: datetime
) -> dict[str, str]:
    """The values of all placeholders but `{thing}`. `box` is west, south, east, north in degrees."""
    values = {
        "municipality": municipality,
        "municipality_number": municipality.removeprefix("GM").lstrip("0"),
        "now": _moment(now),
        "since": _moment(now - SINCE),
    }
    if box is not None:
        told = [f"{each:.6f}" for each in box]
        values |= dict(zip(("west", "south", "east", "north"), told, strict=True), bbox=",".join(told))
    return values


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def whole(url: str) -> str:
    """The address as it can be sent: spaces and the like escaped, what is escaped left alone."""
    return quote(url, safe=_AS_IT_IS)


def mapped(url: str, base: str) -> str:
    """Where the address is really asked: with a `base`, `https://host/path?q` is `{base}/host/path?q`."""
    if not base:
        return url
    parts = urlsplit(url)
    question = f"?{parts.query}" if parts.query else ""
    return f"{base}/{parts.netloc}{parts.path or '/'}{question}"


def hosts_of(manifest: Manifest) -> frozenset[str]:
    """The hosts (with their ports) that a source may be asked on: those of its requests and no other."""
    return frozenset(urlsplit(request.url).netloc for request in manifest.requests)
