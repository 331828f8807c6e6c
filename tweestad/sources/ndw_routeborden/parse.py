"""Route information panels (DRIP) in DATEX II v2.3: where they are, and what they show.

Status and table are joined on id and version, which is the channel `{id}@{version}`. Many panels do not work,
and the time at which a text was set may be years ago and in another time zone than its neighbour. An image is
only looked at: of a limited size and with the header of a PNG it is a picture; it is never handed on.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_xml,
)

_ROOTS = ("Envelope", "d2LogicalModel", "messageContainer", "payload")
_PNG = b"\x89PNG\r\n\x1a\n"
_IMAGE_MAX = 400_000
_IN_A_MESSAGE = ("timeLastSet", "textPage", "vmsMessageExtension")
_WORDS = ("", ".", "..")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every panel of the table, and what every panel of the municipality shows."""
    reading = _Reading(facts)
    elements = read_xml(payload, ("vmsUnitRecord", "vmsUnit"), _ROOTS)
    yield from each((Record.of(element) for element in elements), reading.read)
    if not reading.count:
        raise SourceChanged("it holds no panels")
    if reading.elsewhere:
        yield Skipped("elsewhere: not a panel of this municipality", reading.elsewhere)


class _Reading:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.keys = {channel.rpartition("@")[0] for channel in facts.channels if "@" in channel}
        self.count = 0
        self.elsewhere = 0

    def read(self, record: Record) -> Iterator[Parsed]:
        self.count += 1
        if "@id" in record:
            yield from _panel(self.facts, record)
            return
        key, version = record.text("vmsUnitReference/@id"), record.text("vmsUnitReference/@version")
        if key not in self.keys:
            self.elsewhere += 1
        elif f"{key}@{version}" not in self.facts.channels:
            raise InputRejected("the panel has another version than in the table")
        else:
            yield from _shown(self.facts, f"{self.facts.source}:{key}", record)


def _panel(facts: Facts, record: Record) -> Iterator[Parsed]:
    key, version = record.text("@id"), record.text("@version")
    panel = record.record("vmsRecord/vmsRecord")
    where = panel.record("vmsLocation/locationForDisplay")
    thing = Thing(
        facts.source, key, panel.find_text("vmsDescription/values/value") or key, kind="panel",
        location=Location(where.number("longitude"), where.number("latitude")),
        properties={
            name: told
            for name, path in {"soort": "vmsType", "plaatsing": "vmsPhysicalMounting"}.items()
            if (told := panel.find_text(path))
        },
    )  # fmt: skip
    yield thing
    yield Datastream(thing.id, "drip", "", channels=(f"{key}@{version}",))
    yield Datastream(thing.id, "paneeltekst", "")


def _shown(facts: Facts, thing: str, record: Record) -> Iterator[Observation]:
    panel = record.record("vms/vms")
    message = panel.record("vmsMessage/vmsMessage")
    moment = message.time("timeLastSet")
    if not panel.find_flag("vmsWorking"):
        panel.text("vmsWorking")
        yield Observation(f"{thing}:drip", moment, "broken", facts.received)
        return
    if any(name not in _IN_A_MESSAGE for name in message.keys()):  # noqa: SIM118 a Record is no mapping
        raise InputRejected("a message holds something that is not known")
    text = _text(message)
    picture = _picture(message)
    state = "picture" if picture else "text" if text else "blank"
    flag = Flag.SUSPECT if picture == "geen PNG" else Flag.NOT_EVALUATED
    yield Observation(f"{thing}:drip", moment, state, facts.received, flag=flag, told=picture)
    if text:
        yield Observation(f"{thing}:paneeltekst", moment, text, facts.received)


def _text(message: Record) -> str:
    lines = [
        line
        for page in message.find_records("textPage")
        for outer in _lines(page)
        if (line := outer.find_text("vmsTextLine/vmsTextLine") or "") not in _WORDS
    ]
    return "\n".join(lines)


def _lines(page: Record) -> list[Record]:
    if "vmsText" not in page:
        raise InputRejected("a page of text without text")
    text = page.find_record("vmsText")
    return [] if text is None else text.records("vmsTextLine")


def _picture(message: Record) -> str:
    """Whether a panel shows an image: empty when it does not. Some call a bitmap a PNG."""
    path = "vmsMessageExtension/vmsMessageExtension/vmsImage/imageData"
    image = message.find_record(path)
    if image is None:
        return ""
    told = str(image.values().get("binary", ""))
    if len(told) > _IMAGE_MAX:
        raise InputRejected("an image is too large")
    try:
        data = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InputRejected("an image cannot be decoded") from exc
    return "png" if data.startswith(_PNG) else "geen PNG"
