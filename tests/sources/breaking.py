"""Breaks a good payload in the ways in which real feeds break; one set, for every source."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from lxml import etree

_NUMBER = re.compile(rb'(?<=[:>;,"\[\s])(-?\d+(?:[.,]\d+)?)(?=["<;,}\]\s]|$)')
_KEY = re.compile(rb'"([^"\\]+)"\s*:')
_NAME = re.compile(rb"</?(?:[\w-]+:)?([A-Za-z_][\w.-]*)")
_ATTRIBUTE = re.compile(rb'\s(?:[\w-]+:)?([A-Za-z_][\w.-]*)="')
HTML = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"
XHTML = (
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Onderhoud</p></body></html>'
)


def is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"{", b"[")


def is_xml(data: bytes) -> bool:
    return data.lstrip()[:1] == b"<"


def is_zip(data: bytes) -> bool:
    return data[:2] == b"PK"


def unreadable(data: bytes) -> dict[str, bytes]:
    """Payloads that nobody can read, by name."""
    middle = len(data) // 2
    found = {
        "empty": b"",
        "blank": b"\n \n",
        "html": HTML,
        "xhtml": XHTML,
        "truncated": data[:middle],
        "deep": b"[" * 10_000 + b"]" * 10_000,
        "deep-object": b'{"data":' * 10_000 + b"1" + b"}" * 10_000,
        "binary": bytes(range(256)) * 40,
        "null": b"null",
        "empty-object": b"{}",
        "list-of-nothing": b"[null, 1, [], {}]",
        "error": b'{"error": {"code": 500, "message": "internal"}}',
        "not-utf-8": data[:middle] + b"\xff\xfe\xc3\x28" + data[middle:],
    }
    if is_xml(data):
        head, rest = re.split(rb"(?<=\?>)", data, maxsplit=1) if data.startswith(b"<?xml") else (b"", data)
        bomb = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
            b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8)
        )
        found["document-type"] = head + b"<!DOCTYPE x [" + bomb + b"]>" + rest
        found["outside-entity"] = head + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + rest
        found["late-document-type"] = (
            head + b"<!-- " + b"x" * 70_000 + b' --><!DOCTYPE x SYSTEM "http://x/">' + rest
        )
        found["deep-xml"] = b"<x>" * 10_000
    return found


def numbers_replaced(data: bytes, number: bytes) -> bytes:
    """Every number (also one between quotation marks) replaced by another."""
    return inside(data, lambda text: _NUMBER.sub(number, text))


def in_the_future(data: bytes) -> bytes:
    """Every date a hundred years on, also in seconds and milliseconds since 1970."""
    years = inside(data, lambda text: re.sub(rb"\b20(?=\d\d-?\d\d-?\d\d)", b"21", text))
    years = inside(years, lambda text: re.sub(rb"(?<=\d-)20(?=\d\d\b)", b"21", text))
    return inside(years, lambda text: re.sub(rb"\b1(?=[5-9]\d{8}(\d{3})?\b)", b"4", text))


def doubled(data: bytes, names: tuple[str, ...]) -> bytes:
    """Every record twice: outermost lists of JSON, elements called `names` of XML, lines of CSV."""
    if is_json(data):
        return orjson.dumps(_doubled_lists(orjson.loads(data)))
    if is_xml(data):
        root = etree.fromstring(data)
        for element in list(root.iter("{*}*")):
            if element.tag.rpartition("}")[2] in names:
                element.addnext(copy.deepcopy(element))
        return etree.tostring(root)
    if is_zip(data):
        return inside(data, _doubled_lines)
    return _doubled_lines(data)


def _doubled_lines(data: bytes) -> bytes:
    head, *lines = data.splitlines(keepends=True)
    return head + b"".join(line + (b"" if line.endswith((b"\n", b"\r")) else b"\n") + line for line in lines)


def _doubled_lists(value: Any) -> Any:
    if isinstance(value, list):
        return value * 2
    if isinstance(value, dict):
        return {key: _doubled_lists(each) for key, each in value.items()}
    return value


def renamed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The payload once for each of its field names, with that field under another name."""
    if is_json(data):
        for name in sorted(set(_KEY.findall(data))):
            yield name.decode(), re.sub(rb'"' + re.escape(name) + rb'"(\s*:)', rb'"renamed_x"\1', data)
    elif is_xml(data):
        for name in sorted(set(_NAME.findall(data)) - {b"xml"}):
            pattern = rb"(</?(?:[\w-]+:)?)" + re.escape(name) + rb"(?=[\s/>])"
            yield name.decode(), re.sub(pattern, rb"\1renamedX", data)
        for name in sorted(set(_ATTRIBUTE.findall(data)) - {b"version", b"encoding", b"standalone"}):
            if not name.startswith(b"xmlns"):
                yield (
                    f"@{name.decode()}",
                    re.sub(rb"(\s(?:\w+:)?)" + re.escape(name) + rb'="', rb'\1renamedX="', data),
                )
    elif is_zip(data):
        return
    else:
        head, _, rest = data.partition(b"\n")
        for name in sorted(set(re.split(rb'[;,"\t\r]+', head)) - {b""}):
            yield name.decode(), head.replace(name, b"renamed_x", 1) + b"\n" + rest


def inside(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the text, also of every file inside a zip."""
    if not is_zip(data):
        return change(data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return out.getvalue()
