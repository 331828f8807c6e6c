"""Small texts with `{column}` in them: ids, references and titles of features."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tweestad.errors import InputRejected
from tweestad.model.feature import FEATURE_ID_MAX, Value

_FIELD = re.compile(r"\{([^{}]+)\}")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._~:-]+")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which `{column}` stands for the value of that column at the source."""

    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs, in order."""
        return tuple(_FIELD.findall(self.text))

    def fault(self) -> str:
        """What is wrong with the template itself, or an empty text."""
        if "{" in _FIELD.sub("", self.text) or "}" in _FIELD.sub("", self.text):
            return f"‘{self.text}’ has a brace without its partner"
        return ""

    def fill(self, row: Mapping[str, Value]) -> str | None:
        """The text for this row, or None when one of its columns is empty."""
        if any(row.get(column) in (None, "") for column in self.columns):
            return None
        return _FIELD.sub(lambda match: plain(row[match.group(1)]), self.text)

    def fill_id(self, row: Mapping[str, Value]) -> str:
        """An id: every run of characters that do not belong in a web address becomes one `-`.

        Raises InputRejected when a column is empty or the id is longer than 200 characters.
        """
        for column in self.columns:
            if row.get(column) in (None, ""):
                raise InputRejected(f"the column ‘{column}’, which makes the id, is empty")
        text = _NOT_IN_ID.sub("-", self.fill(row) or "").strip("-")
        if not text or len(text) > FEATURE_ID_MAX:
            raise InputRejected(f"an id must have 1 to {FEATURE_ID_MAX} characters, this one has {len(text)}")
        return text


def plain(value: Value) -> str:
    """A value as text: whole numbers without a point, lists with commas."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
