"""Reads a source's `manifest.toml`: facts only, checked strictly, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from tweestad.errors import TwinConfigInvalid
from tweestad.formats.toml.fields import Faults, Fields, suggestion
from tweestad.formats.toml.lines import key_lines
from tweestad.model.layer import QUALITIES, Quality
from tweestad.model.text import Text
from tweestad.vocabulary.properties import property_ids

PLUGIN_API = 1
PLACEHOLDERS = frozenset(
    {"bbox", "west", "south", "east", "north", "municipality", "municipality_number", "thing", "since", "now"}
)
Method = Literal["GET", "POST"]
PersonalData = Literal["none", "dropped", "rounded", "aggregated"]

_DURATION = re.compile(r"(\d+)([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_PART = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
_SECRET = re.compile(r"TWEESTAD_[A-Z0-9_]{1,60}\Z")
_MOST_RECORDS = 500_000


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask of a source: `url` with placeholders, `every` so often, after the parts it `needs`.

    A url with `{thing}` is asked once for each known thing. `secret` is (header, name of the setting).
    A `former` request is no longer answered by the source itself: only recordings of it are read.
    """

    part: str
    url: str
    every: timedelta
    method: Method = "GET"
    body: str = ""
    needs: tuple[str, ...] = ()
    complete: bool = False
    former: bool = False
    secret: tuple[str, str] | None = None

    @property
    def for_each_thing(self) -> bool:
        return "{thing}" in self.url or "{thing}" in self.body


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of a source. `complete` requests are whole snapshots: what is no longer in one has ended.

    `every` is the pace of a request without one of its own, and of what a reply refers to. `margin_m` widens
    the box of the municipality, for what counts beyond its border: the nearest weather station. `pace_s` is
    the rest between two questions to one host.

    `parse` names the source whose `parse` reads it, for a manifest in a twin folder. `generic` marks an
    example that is not fetched. `most_records` is the cap for one payload; `ahead` how far in the future a
    time may lie before it is suspect.
    """

    id: str
    title: Text
    publisher: str
    licence: str
    licence_class: Literal["A", "B"]
    attribution: str
    every: timedelta
    requests: tuple[Request, ...]
    properties: frozenset[str]
    stale_after: timedelta
    keep_raw: timedelta
    personal_data: PersonalData
    quality: Quality
    crs: int = 4326
    margin_m: int = 0
    pace_s: float = 0.5
    parse: str = ""
    generic: bool = False
    most_records: int = _MOST_RECORDS
    ahead: timedelta = timedelta(minutes=10)
    settings: Mapping[str, object] = field(default_factory=dict)

    def request(self, part: str) -> Request | None:
        """The request called `part`, or None."""
        return next((each for each in self.requests if each.part == part), None)


def read_manifest(path: Path, source_id: str, *, readers: frozenset[str] = frozenset()) -> Manifest:
    """Read a manifest; `readers` are the sources whose `parse` it may name.

    Raises TwinConfigInvalid with every fault and its line, for an unknown key with a suggestion.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise TwinConfigInvalid(f"{path}: {exc}") from exc
    faults = Faults(path, key_lines(text))
    fields = Fields(values, (), faults)
    manifest = _manifest(fields, source_id, readers)
    fields.finish()
    faults.check()
    return manifest


def _manifest(fields: Fields, source_id: str, readers: frozenset[str]) -> Manifest:
    if fields.whole("plugin_api", 0) != PLUGIN_API:
        fields.fault("plugin_api", f"plugin_api must be {PLUGIN_API}")
    every = _duration(fields, "every")
    return Manifest(
        id=source_id,
        title=_words(fields, "title"),
        publisher=fields.text("publisher"),
        licence=fields.text("licence"),
        licence_class=cast(Literal["A", "B"], fields.choice("licence_class", ("A", "B"))),
        attribution=fields.text("attribution"),
        every=every,
        requests=_requests(fields, every),
        properties=_properties(fields),
        stale_after=_duration(fields, "stale_after"),
        keep_raw=_duration(fields, "keep_raw", none=True),
        personal_data=cast(
            PersonalData, fields.choice("personal_data", ("none", "dropped", "rounded", "aggregated"))
        ),
        quality=cast(Quality, fields.choice("quality", QUALITIES)),
        crs=fields.whole("crs", 4326),
        margin_m=fields.whole("margin_m", 0),
        pace_s=fields.number("pace_s", 0.5),
        parse=_reader(fields, readers),
        generic=fields.flag("generic", False),
        most_records=fields.whole("most_records", _MOST_RECORDS),
        ahead=_duration(fields, "ahead", default="10m"),
        settings=_settings(fields),
    )


def _words(fields: Fields, key: str) -> Text:
    words = fields.words(key, required=True)
    if fields.has(key) and not (words.nl and words.en):
        fields.fault(key, f"{key} needs both nl and en")
    return words


def _reader(fields: Fields, readers: frozenset[str]) -> str:
    named = fields.text("parse", "")
    if named and named not in readers:
        fields.fault("parse", f"no source is called ‘{named}’{suggestion(named, readers)}")
    return named


def _settings(fields: Fields) -> Mapping[str, object]:
    table = fields.table("settings")
    return {} if table is None else {key: table.raw(key) for key in table.keys()}  # noqa: SIM118 also marks them


def _properties(fields: Fields) -> frozenset[str]:
    named = fields.texts("properties")
    for each in named:
        if each not in property_ids():
            hint = suggestion(each, property_ids())
            fields.fault("properties", f"the vocabulary has no property ‘{each}’{hint}")
    return frozenset(named)


def _requests(fields: Fields, every: timedelta) -> tuple[Request, ...]:
    found: list[Request] = []
    for table in fields.tables("request"):
        found.append(_request(table, every, {each.part for each in found}))
        table.finish()
    if not found:
        fields.fault("request", "a source needs at least one [[request]]")
    return tuple(found)


def _request(table: Fields, every: timedelta, earlier: set[str]) -> Request:
    part = table.text("part")
    if not _PART.match(part):
        table.fault("part", "part must be a word of small letters, digits and dashes")
    if part in earlier:
        table.fault("part", f"two requests are called ‘{part}’")
    needs = table.texts("needs")
    for each in needs:
        if each not in earlier:
            table.fault("needs", f"‘{each}’ is not an earlier request{suggestion(each, earlier)}")
    return Request(
        part=part,
        url=_url(table),
        every=_duration(table, "every") if table.has("every") else every,
        method=cast(Method, table.choice("method", ("GET", "POST"), "GET")),
        body=_template(table, "body"),
        needs=needs,
        complete=table.flag("complete", False),
        former=table.flag("former", False),
        secret=_secret(table),
    )


def _url(table: Fields) -> str:
    url = table.text("url")
    _template(table, "url")
    parts = urlsplit(url)
    host = parts.netloc
    if parts.scheme not in ("http", "https") or not host or "{" in host or "@" in host:
        table.fault("url", "url must begin with http(s):// and a host without placeholders or password")
    return url


def _template(table: Fields, key: str) -> str:
    told = table.text(key, "")
    for name in _PLACEHOLDER.findall(told):
        if name not in PLACEHOLDERS:
            hint = suggestion(name, PLACEHOLDERS)
            table.fault(key, f"there is no placeholder {{{name}}}{hint}")
    return told


def _secret(table: Fields) -> tuple[str, str] | None:
    inner = table.table("secret")
    if inner is None:
        return None
    header, setting = inner.text("header"), inner.text("setting")
    if not _SECRET.match(setting):
        inner.fault("setting", "setting must be the name of an environment variable TWEESTAD_…, not the key")
    inner.finish()
    return header, setting


def _duration(fields: Fields, key: str, *, default: str | None = None, none: bool = False) -> timedelta:
    told = fields.text(key, default)
    if none and told == "no":
        return timedelta(0)
    found = _DURATION.match(told)
    if found is None:
        if told:
            fields.fault(key, f'{key} must be a time such as "60s", "10m", "1h" or "30d"')
        return timedelta(0)
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
