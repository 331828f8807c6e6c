"""Reads `[[base]]` of twin.toml: maps from elsewhere that may lie below the layers."""

from __future__ import annotations

import re

from tweestad.formats.toml.fields import Fields
from tweestad.model.feature import LAYER_ID
from tweestad.model.layer import BaseMap

OWN = ("paper", "contrast", "plain")
# A host and a path in which nothing can end a directive of a content security policy. http is for a
# tile server on the machine itself.
_URL = re.compile(
    r"(https://[A-Za-z0-9.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?)/[\w.~/{}?=&%-]*\Z"
)
_MARKS = ("{z}", "{x}", "{y}")


def read_bases(top: Fields) -> tuple[BaseMap, ...]:
    """The maps that are switched on; faults, also of those that are off, are collected in `top.faults`."""
    found: list[tuple[BaseMap, bool]] = []
    for fields in top.tables("base"):
        base = BaseMap(
            id=fields.text("id"),
            title=fields.words("title", required=True),
            url=fields.text("url"),
            attribution=fields.text("attribution"),
            licence=fields.text("licence"),
        )
        switched_on = fields.flag("on", False)
        _check(fields, base, [each.id for each, _ in found])
        fields.finish()
        found.append((base, switched_on))
    return tuple(base for base, switched_on in found if switched_on)


def _check(fields: Fields, base: BaseMap, before: list[str]) -> None:
    if base.id and not LAYER_ID.match(base.id):
        fields.fault("id", f"id ‘{base.id}’ must be small letters, digits and hyphens, at most 63")
    if base.id in (*OWN, *before):
        fields.fault("id", f"there is already a base map called ‘{base.id}’")
    if base.url and not _URL.match(base.url):
        fields.fault(
            "url", "url must start with https:// and a host, and hold no other signs than an address"
        )
    elif base.url and any(base.url.count(mark) != 1 for mark in _MARKS):
        fields.fault("url", "url must have {z}, {x} and {y}, each once")
