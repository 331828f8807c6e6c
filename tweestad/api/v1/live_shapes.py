"""The shape of a live layer as OpenAPI tells it: its GeoJSON is written as bytes, not through models."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}

_PROPERTIES: dict[str, Any] = {
    "id": _TEXT,
    "name": _TEXT,
    "kind": {"type": "string", "description": "One English word, such as `station` or `charging`."},
    "source": _TEXT,
    "observed": {"type": "string", "description": "Id of the property; empty for a place without a value."},
    "datastream": {"type": "string", "description": "Id of the series that the value is of."},
    "value": {
        "type": ["number", "string", "boolean", "null"],
        "description": "Null when there is no value that can be used.",
    },
    "text": {
        "type": "string",
        "description": "What to show: the value in words with its unit, or that there is no recent one.",
    },
    "words": {"type": "string", "description": "The value in words with its unit, whatever its age."},
    "phenomenon": {**_MOMENT, "description": "When it was measured."},
    "ageS": {"type": ["integer", "null"], "description": "Age in seconds, by the clock of its source."},
    "stale": {"type": "boolean", "description": "Too old to be shown as what is there now."},
    "expires": {**_MOMENT, "description": "When it will be stale, by the clock of its source."},
    "quality": {"enum": ["good", "unchecked", "suspect", "fail", "missing"]},
    "class": {"type": ["integer", "null"], "description": "Number of its class in the legend."},
    "version": {"type": "integer", "description": "Change number of its last change."},
    "heading": {"type": "number", "description": "Degrees from north, of what looks or drives one way."},
    "since": _MOMENT,
    "until": {**_MOMENT, "description": "When it ends, for what comes and goes."},
}

LIVE_COLLECTION: dict[str, Any] = {
    "type": "object",
    "title": "LiveCollection",
    "required": ["type", "layer", "version", "complete", "removed", "numberReturned", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "layer": _TEXT,
        "version": {"type": "integer", "description": "Change number; ask what changed with `after`."},
        "complete": {
            "type": "boolean",
            "description": "True: this is all there is. False: only what changed after `after`.",
        },
        "removed": {
            "type": "array",
            "items": _TEXT,
            "description": "Ids of what is no longer there, or no longer in `bbox`.",
        },
        "at": {"type": "string", "format": "date-time", "description": "The moment looked back at."},
        "numberReturned": {"type": "integer"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "properties", "geometry"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": _TEXT,
                    "properties": {"type": "object", "properties": _PROPERTIES},
                    "geometry": {"type": ["object", "null"], "description": "GeoJSON in degrees (CRS84)."},
                },
            },
        },
    },
}
