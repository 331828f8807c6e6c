"""What a plug-in may use is a promise: it only changes together with this snapshot."""

from __future__ import annotations

import tweestad.plugin

SURFACE = (
    "Datastream", "Facts", "Flag", "Follow", "InputRejected", "Location", "Observation", "Parsed", "Record",
    "Rejected", "Skipped", "SourceChanged", "Thing", "each", "plugin_api", "read_csv", "read_json",
    "read_xml",
)  # fmt: skip
FIELDS = {
    "Datastream": ("thing", "observed", "unit", "method", "name", "period_s", "channels"),
    "Facts": ("source", "received", "part", "url", "bbox", "municipality", "channels", "settings"),
    "Follow": ("url", "part"),
    "Location": ("x", "y", "crs", "shape", "height_nap_m", "accuracy_m"),
    "Observation": (
        "datastream", "phenomenon", "result", "received", "phenomenon_start", "result_time", "flag", "told",
        "original",
    ),
    "Rejected": ("reason", "raw"),
    "Skipped": ("reason", "count"),
    "Thing": ("source", "key", "name", "location", "kind", "properties", "ref", "since", "until"),
}  # fmt: skip


def test_the_names_that_a_plug_in_may_use_are_these_and_at_most_20() -> None:
    assert tuple(tweestad.plugin.__all__) == SURFACE
    assert len(SURFACE) <= 20
    assert tweestad.plugin.plugin_api == 1


def test_the_nouns_of_a_plug_in_have_these_fields() -> None:
    for name, fields in FIELDS.items():
        assert tuple(getattr(tweestad.plugin, name).__dataclass_fields__) == fields, name
