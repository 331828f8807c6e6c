"""Text from files, made fit for a terminal: nothing in it can move the cursor, colour or hide a line."""

from __future__ import annotations

ID_SHOWN = 80
SENTENCE_SHOWN = 400


def printable(text: str, longest: int | None = None) -> str:
    """The text with each control or invisible character written as its escape, cut to `longest`."""
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(printable(line) for line in text.split("\n"))
