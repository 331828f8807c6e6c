"""Route information panels (DRIP) in DATEX II v3 and v2.3: where they are, and what they show.

In v2.3 table and status are two files, joined on id and version: the channel `{id}@{version}`. In v3 they are
two publications in one file; a controller there has panels by number, and a reference without a version means
any. Many panels do not work, and the time at which a text was set may be years ago and in another time zone
than its neighbour. An image is only looked at: of a limited size and with the header of a PNG it is a
picture; it is never handed on.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
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
    Rejected,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_xml,
)

_ROOTS = ("Envelope", "d2LogicalModel", "messageContainer", "payload")
_ELEMENTS = ("vmsUnitRecord", "vmsUnit", "vmsController", "vmsControllerStatus")
_PNG = b"\x89PNG\r\n\x1a\n"
_IMAGE_MAX = 400_000
_IN_A_MESSAGE = ("timeLastSet", "textPage", "vmsMessageExtension")
_WITHOUT_A_MESSAGE = ("#text", "workingStatus", "statusUpdateTime", "vmsLocationOverride")
_WORDS = ("", ".", "..")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every panel of the table, and what every panel of the municipality shows."""
    reading = _Reading(facts)
    elements = read_xml(payload, _ELEMENTS, _ROOTS)
    yield from each((Record.of(element) for element in elements), reading.read)
    if not reading.count:
        raise SourceChanged("it holds no panels")
    if reading.versions and not reading.told:
        yield Rejected("the table came without the state of its panels")
    if reading.elsewhere:
        yield Skipped("elsewhere: not a panel of this municipality", reading.elsewhere)


class _Reading:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.keys = {channel.rpartition("@")[0] for channel in facts.channels if "@" in channel}
        self.versions: dict[str, str] = {}
        self.told = False
        self.count = 0
        self.elsewhere = 0

    def read(self, record: Record) -> Iterator[Parsed]:
        self.count += 1
        if "vmsControllerReference" in record:
            yield from self._controller_status(record)
            return
        if "@id" in record:
            yield from self._controller(record) if "vms" in record else _panel(self.facts, record)
            return
        key, version = record.text("vmsUnitReference/@id"), record.text("vmsUnitReference/@version")
        if key not in self.keys:
            self.elsewhere += 1
        elif f"{key}@{version}" not in self.facts.channels:
            raise InputRejected("the panel has another version than in the table")
        else:
            yield from _shown(self.facts, f"{self.facts.source}:{key}", record)

    def _controller(self, record: Record) -> Iterator[Parsed]:
        """The panels of one controller in v3; one controller may have several."""
        key, version = record.text("@id"), record.find_text("@version") or ""
        self.versions[key] = version
        for index, panel in _numbered(record, "vms"):
            where = panel.record("vmsLocation/pointByCoordinates/pointCoordinates")
            place = Location(where.number("longitude"), where.number("latitude"))
            name = panel.find_text("description/values/value") or key
            yield from _described(
                self.facts, _key(key, index), version, name, place, panel, "physicalSupport"
            )

    def _controller_status(self, record: Record) -> Iterator[Parsed]:
        self.told = True
        reference = record.record("vmsControllerReference")
        key, version = reference.text("@id"), reference.find_text("@version")
        panels = _numbered(record, "vmsStatus")
        if key in self.versions:
            if version is not None and version != self.versions[key]:
                raise InputRejected("the panel has another version than in the table")
        elif not any(_key(key, index) in self.keys for index, _ in panels):
            self.elsewhere += 1
            return
        for index, panel in panels:
            moment = panel.find_time("statusUpdateTime") or record.time("statusUpdateTime")
            yield from _shown_v3(self.facts, f"{self.facts.source}:{_key(key, index)}", panel, moment)


def _numbered(record: Record, name: str) -> list[tuple[str, Record]]:
    """The panels of a controller, each with its number; the element stands inside one of the same name."""
    return [(outer.find_text("@vmsIndex") or "1", outer.record(name)) for outer in record.records(name)]


def _key(controller: str, index: str) -> str:
    """The first panel is named as its controller is, as in v2.3."""
    return controller if index in ("0", "1") else f"{controller}#{index}"


def _panel(facts: Facts, record: Record) -> Iterator[Parsed]:
    key, version = record.text("@id"), record.text("@version")
    panel = record.record("vmsRecord/vmsRecord")
    where = panel.record("vmsLocation/locationForDisplay")
    place = Location(where.number("longitude"), where.number("latitude"))
    name = panel.find_text("vmsDescription/values/value") or key
    yield from _described(facts, key, version, name, place, panel, "vmsPhysicalMounting")


def _described(
    facts: Facts, key: str, version: str, name: str, place: Location, panel: Record, mounting: str
) -> Iterator[Parsed]:
    thing = Thing(
        facts.source, key, name, kind="panel", location=place,
        properties={
            name: told
            for name, path in {"soort": "vmsType", "plaatsing": mounting}.items()
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
    yield from _showing(facts, thing, moment, text, picture)


def _showing(facts: Facts, thing: str, moment: datetime, text: str, picture: str) -> Iterator[Observation]:
    state = "picture" if picture else "text" if text else "blank"
    flag = Flag.SUSPECT if picture == "geen PNG" else Flag.NOT_EVALUATED
    yield Observation(f"{thing}:drip", moment, state, facts.received, flag=flag, told=picture)
    if text:
        yield Observation(f"{thing}:paneeltekst", moment, text, facts.received)


def _shown_v3(facts: Facts, thing: str, panel: Record, moment: datetime) -> Iterator[Observation]:
    """What one panel shows; without a message it is blank since its status was told."""
    if (panel.find_text("workingStatus") or "working") != "working":
        yield Observation(f"{thing}:drip", moment, "broken", facts.received)
        return
    messages = [outer.record("vmsMessage") for outer in panel.find_records("vmsMessage")]
    if not messages and any(name not in _WITHOUT_A_MESSAGE for name in panel.keys()):  # noqa: SIM118
        raise InputRejected("a panel without a message holds something else")
    told = [line for each in messages for line in _leaves(each.values(), "textLine")]
    images = [image for each in messages for image in _leaves(each.values(), "imageData")]
    areas = [area for each in messages for area in each.find_records("displayAreaSettings")]
    if not (told or images) and any(_holds_more(area.find_record("displayAreaSettings")) for area in areas):
        raise InputRejected("a message holds something that is not known")
    lines = [line for line in told if line not in _WORDS]
    set_at = max((at for each in messages if (at := each.find_time("timeLastSet"))), default=moment)
    yield from _showing(facts, thing, set_at, "\n".join(lines), _image(images[0]) if images else "")


def _holds_more(area: Record | None) -> bool:
    return area is not None and any(not name.startswith("@") for name in area.keys())  # noqa: SIM118


def _leaves(values: object, name: str) -> Iterator[str]:
    """The texts of all elements of a name, however deep: a page of a text stands in one to three of them."""
    if isinstance(values, list):
        for each in values:
            yield from _leaves(each, name)
    elif isinstance(values, Mapping):
        for key, value in values.items():
            if key == name and isinstance(value, str):
                yield value.strip()
            elif key == name and isinstance(value, Mapping) and name not in value:
                yield str(value.get("#text", value.get("binary", ""))).strip()
            else:
                yield from _leaves(value, name)


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
    return _image(str(image.values().get("binary", "")))


def _image(told: str) -> str:
    if len(told) > _IMAGE_MAX:
        raise InputRejected("an image is too large")
    try:
        data = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InputRejected("an image cannot be decoded") from exc
    return "png" if data.startswith(_PNG) else "geen PNG"
