"""Why a text is not good JSON, and where, for the person who has to find the place.

Only called once something is known to be wrong, so it may take a step per bracket and string.
"""

from __future__ import annotations

import re

import orjson

TRUNCATED = "truncated"
TOO_DEEP = "depth"

_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|[\[\]{}]', re.DOTALL)
_NOT_A_NUMBER = re.compile(rb"nan|inf", re.IGNORECASE)
_WIDE_STARTS = tuple(
    start
    for bracket in (b"{", b"[")
    for start in (b"\xff\xfe" + bracket + b"\0", b"\xfe\xff\0" + bracket, bracket + b"\0", b"\0" + bracket)
)
_NAMED_UP_TO_BYTES = 20_000_000
_NAMES = 3


def is_utf16(text: bytes) -> bool:
    """Tell whether this is JSON in UTF-16, with or without byte order mark."""
    return text.startswith(_WIDE_STARTS)


def syntax_fault(text: bytes, exc: orjson.JSONDecodeError) -> tuple[str, str]:
    """Say in one sentence why `text` is not JSON, with the code TRUNCATED when it stops halfway."""
    if not text.strip():
        return "the file is empty", ""
    if is_utf16(text):
        return "this text is not UTF-8 but UTF-16: save it as UTF-8", ""
    if text.lstrip()[:1] not in (b"{", b"["):
        return "this is not JSON", ""
    if _stops_halfway(text, exc):
        return "truncated: the JSON stops halfway", TRUNCATED
    return _fault_inside(text, exc), ""


def _stops_halfway(text: bytes, exc: orjson.JSONDecodeError) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return wrong.end == len(text) and wrong.reason == "unexpected end of data"
    return "unexpected end" in exc.msg


def _fault_inside(text: bytes, exc: orjson.JSONDecodeError) -> str:
    try:
        at = len(text.decode()[: exc.pos].encode())
    except UnicodeDecodeError as wrong:
        return f"the text is not UTF-8, {place(text, wrong.start)}"
    if "infinity" in exc.msg:
        return f"holds a number that is too large, {place(text, at)}"
    if _NOT_A_NUMBER.match(text, at):
        return f"holds NaN or Infinity, which JSON does not know, {place(text, at)}"
    return f"not valid JSON: {exc.msg.split(': line')[0]}, {place(text, at)}"


def place(text: bytes, at: int) -> str:
    """Say which character byte `at` is, counted from 1, and under which names it stands."""
    number = len(text[:at].decode("utf-8", "replace")) + 1
    names = _names_at(text, at)[:_NAMES] if at <= _NAMED_UP_TO_BYTES else []
    inside = f" (in {' › '.join(_shown(name) for name in names)})" if names else ""
    return f"at character {number}{inside}"


def too_deep_at(text: bytes, depth: int) -> int | None:
    """Find the byte at which `text` goes deeper than `depth`, None when it does not."""
    level = 0
    for token in _TOKEN.finditer(text):
        if token[0] in b"[{":
            level += 1
        elif token[0] in b"]}":
            level -= 1
        if level > depth:
            return token.start()
    return None


def repeated_key(text: bytes) -> tuple[str, int] | None:
    """Find the first key that stands twice in one object of a valid JSON text, and its byte."""
    seen: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] in b"[{":
            seen.append(set())
        elif token[0] in b"]}":
            seen.pop()
        elif token[2]:
            key = _read_name(token[1])
            if key in seen[-1]:
                return key, token.start()
            seen[-1].add(key)
    return None


def _names_at(text: bytes, at: int) -> list[bytes]:
    names: list[bytes | None] = []
    for token in _TOKEN.finditer(text, 0, at):
        if token[0] in b"[{":
            names.append(None)
        elif token[0] in b"]}":
            del names[-1:]
        elif token[2] and names:
            names[-1] = token[1]
    return [name for name in names if name is not None]


def _read_name(name: bytes) -> str:
    return str(orjson.loads(b'"' + name + b'"')) if b"\\" in name else name.decode()


def _shown(name: bytes) -> str:
    text = name.decode("utf-8", "replace")[:80]
    return f"'{''.join(each if each.isprintable() else '�' for each in text)}'"
