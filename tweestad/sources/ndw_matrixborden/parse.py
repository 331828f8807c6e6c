"""Matrix signs of Rijkswaterstaat (variable_message_sign 1.1, not DATEX) and their positions.

Two events speak of a sign: one of its lane, one of its display. A display is only sent when it changes, so
that its time may be months ago while it is still what the sign shows. `unknown` is a real value. The letters
of a carriageway are case sensitive. Some live signs have no position: they are counted, not placed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
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
    read_csv,
    read_xml,
)

_DISPLAYS = {
    "blank": "blank", "speedlimit": "speed", "lane_open": "lane-open", "lane_closed": "lane-closed",
    "lane_closed_ahead": "lane-closed-ahead", "restriction_end": "end", "unknown": "unknown",
}  # fmt: skip
_COLUMNS = ("X", "Y", "uuid", "road", "carriagew0", "lane", "km", "bearing")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The positions of all signs, or what they show, as `facts.part` says."""
    if facts.part == "positions":
        yield from each(read_csv(payload, _COLUMNS), partial(_position, facts))
        return
    elsewhere = count = 0
    for element in read_xml(payload, ("event",), ("Envelope", "NdwVms", "variable_message_sign_events")):
        count += 1
        event = Record.of(element)
        try:
            display = event.find_record("display")
            stream = f"{facts.source}:{event.text('sign_id/uuid')}:matrixbeeld"
            if display is None:
                event.record("lanelocation")
            elif stream not in facts.channels:
                elsewhere += 1
            else:
                yield from list(_display(facts, stream, event, display))
        except InputRejected as exc:
            yield Rejected(exc.reason, event.raw())
    if not count:
        raise SourceChanged("it holds no events")
    if elsewhere:
        yield Skipped("elsewhere: not a sign of this municipality, or one without a position", elsewhere)
    if not facts.channels:
        yield Rejected("the positions have not been read, or there is no sign here")


def _position(facts: Facts, row: Record) -> Iterator[Parsed]:
    road, side, lane = row.text("road"), row.text("carriagew0"), row.text("lane")
    km = row.number("km")
    thing = Thing(
        facts.source, row.text("uuid"), f"{road} {side} {km:.2f} rijstrook {lane}", kind="sign",
        location=Location(row.number("X"), row.number("Y")),
        properties={"weg": road, "rijbaan": side, "rijstrook": lane, "km": km, "koers": row.text("bearing")},
    )  # fmt: skip
    yield thing
    yield Datastream(thing.id, "matrixbeeld", "")
    yield Datastream(thing.id, "matrixsnelheid", "km/h")


def _display(facts: Facts, stream: str, event: Record, display: Record) -> Iterator[Observation]:
    name = next(iter(display.keys()), "")
    code = _DISPLAYS.get(name)
    if code is None:
        raise InputRejected("a display that is not known")
    moment = event.time("ts_state")
    sent = event.time("ts_event")
    yield Observation(
        stream, moment, code, facts.received, result_time=sent, original=name,
        flag=Flag.MISSING if code == "unknown" else Flag.NOT_EVALUATED,
    )  # fmt: skip
    speed = display.number("speedlimit") if code == "speed" else None
    yield Observation(
        stream.replace(":matrixbeeld", ":matrixsnelheid"), moment, speed, facts.received, result_time=sent,
        flag=Flag.MISSING if speed is None else Flag.NOT_EVALUATED, original=display.find_text(name) or "",
    )  # fmt: skip
