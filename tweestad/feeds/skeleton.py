"""`tweestad new source`: records one reply of a service, and writes a folder for `tweestad check` to run."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tweestad.errors import InputRejected
from tweestad.feeds.fetch import Ask, Fetcher
from tweestad.feeds.unpacking import unpacked
from tweestad.model.feature import LAYER_ID

_SAMPLE_BYTES = 4_000
_SNIFFED = 200
PLUGINS = Path(__file__).resolve().parents[1] / "sources"

MANIFEST = """\
plugin_api = 1
title = {{nl = "{title}", en = "{title}"}}
publisher = "TODO: who publishes it"
licence = "TODO: under which licence"
licence_class = "B"          # A: you have seen the licence; B: you have not
attribution = "TODO: how they want to be named"
quality = "official"         # official, calibrated or citizen
personal_data = "none"       # none, dropped, rounded or aggregated
every = "10m"
stale_after = "1h"
keep_raw = "1d"
properties = ["temperatuur"] # TODO: entries of tweestad/vocabulary/properties

[[request]]
part = "values"
url = "{url}"
"""

PARSE = '''\
"""{title}: TODO say what comes out of it, and every trap of this feed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Location,
    Observation,
    Parsed,
    Record,
    Thing,
    each,
    {read},
)


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """TODO: one sentence."""
    yield from each({records}, partial(_record, facts))


def _record(facts: Facts, row: Record) -> Iterator[Parsed]:
    thing = Thing(
        source=facts.source,
        key=row.text("id"),
        name=row.find_text("name") or "",
        location=Location(row.number("lon"), row.number("lat")),
        kind="station",
    )
    stream = Datastream(thing.id, "temperatuur", "Cel")
    value = row.measured("value")
    yield thing
    yield stream
    yield Observation(
        datastream=stream.id,
        phenomenon=row.time("time", "UTC"),
        result=value,
        received=facts.received,
        flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED,
        original=row.find_text("value") or "",
    )
'''
_READERS = {
    "json": ("read_json", 'read_json(payload).records("TODO")'),
    "xml": ("read_xml", 'map(Record.of, read_xml(payload, {"TODO"}, {"TODO"}))'),
    "csv": ("read_csv", 'read_csv(payload, ("id", "lon", "lat", "time", "value"))'),
}


def new_source(
    source_id: str, url: str, recordings: Path, now: datetime, *, base: str = "", plugins: Path = PLUGINS
) -> list[Path]:
    """Fetch `url` once, keep the reply in `recordings`, and write the folder of the source in `plugins`.

    `base` is a server on this machine that stands for the service. Returns the files. Raises InputRejected
    for an id that is none or is there, and SourceUnavailable.
    """
    if not LAYER_ID.match(source_id):
        raise InputRejected("an id has small letters, digits and dashes, and begins with a letter")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc or '"' in url:
        raise InputRejected("the address must begin with http:// or https:// and a host, without a password")
    folder = plugins / source_id.replace("-", "_")
    if folder.exists():
        raise InputRejected(f"there is a source ‘{source_id}’ already")
    recording = asyncio.run(_record(source_id, url, recordings, now, base))
    kind = kind_of(recording)
    read, records = _READERS[kind]
    title = source_id.replace("-", " ").capitalize()
    folder.mkdir(parents=True)
    written = {
        "__init__.py": f'"""{title}."""\n',
        "manifest.toml": MANIFEST.format(title=title, url=re.sub(r"[{}]", "", url)),
        "parse.py": PARSE.format(title=title, read=read, records=records),
        f"sample.values.{kind}": f"TODO: a small reply in the shape of {recording.name}, invented\n",
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [recording, *(folder / name for name in written)]


async def _record(source_id: str, url: str, recordings: Path, now: datetime, base: str) -> Path:
    folder = recordings / source_id
    folder.mkdir(parents=True, exist_ok=True)
    fetcher = Fetcher(folder, agent="Tweestad (a person who adds a source)", base=base)
    try:
        reply = await fetcher.get(Ask(url, frozenset({urlsplit(url).netloc})))
    finally:
        await fetcher.close()
    if reply.path is None:
        raise InputRejected("the service answered without a reply")
    suffix = Path(urlsplit(url).path).suffix[:10] or ".reply"
    return reply.path.replace(folder / f"{now:%Y%m%dT%H%M%SZ}{suffix}")


def kind_of(recording: Path) -> str:
    """json, xml or csv, by how the reply begins."""
    with unpacked(recording, most_bytes=1_000_000_000) as payload:
        head = payload.read(_SNIFFED).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head[:1] in (b"{", b"["):
        return "json"
    return "xml" if head[:1] == b"<" else "csv"
