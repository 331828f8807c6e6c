"""Everything a plug-in may use: at most 20 names, and their meaning only changes with `plugin_api`.

A source is a function `parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]`: it turns the bytes of one
answer into things, their datastreams and observations. It is pure: no network, no disk, no clock. A record in
which something is wrong is a `Rejected`; a payload that is not what it used to be raises `SourceChanged`.
"""

from __future__ import annotations

from tweestad.errors import InputRejected, SourceChanged
from tweestad.formats.records.csv_records import read_csv
from tweestad.formats.records.json_records import read_json
from tweestad.formats.records.record import Record, each
from tweestad.formats.records.xml_records import read_xml
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Location, Thing

plugin_api = 1

__all__ = [
    "Datastream",
    "Facts",
    "Flag",
    "Follow",
    "InputRejected",
    "Location",
    "Observation",
    "Parsed",
    "Record",
    "Rejected",
    "Skipped",
    "SourceChanged",
    "Thing",
    "each",
    "plugin_api",
    "read_csv",
    "read_json",
    "read_xml",
]
