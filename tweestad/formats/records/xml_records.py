"""An XML feed, read as a stream: only the elements that are asked for are kept, one at a time.

Document types and entities are refused and nothing is ever fetched. Elements are known by their local name,
so that a schema version or prefix does not matter; no schema is validated, because the feeds themselves hold
elements that no published schema has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, cast

from lxml import etree

from tweestad.errors import SourceChanged
from tweestad.formats.records.elements import Element, local_name

_HEAD_BYTES = 65_536
_FIRST = re.compile(rb"<(?:(!DOCTYPE)|[A-Za-z_])")
_WITH_A_TYPE = "XML with a document type (DOCTYPE) is not read"


class _Guarded:
    """The payload, whose first piece has been looked at."""

    def __init__(self, payload: BinaryIO) -> None:
        self._payload = payload
        self._head = payload.read(_HEAD_BYTES)
        if not self._head.strip():
            raise SourceChanged("it is empty")
        if (first := _FIRST.search(self._head)) and first[1]:
            raise SourceChanged(_WITH_A_TYPE)

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head, b""
        return head or self._payload.read(size)


def read_xml(payload: BinaryIO, names: Collection[str], roots: Collection[str]) -> Iterator[Element]:
    """Every element called one of `names`, after it has been read; it is emptied before the next one.

    Of elements inside each other ask for the inner or the outer one, not both. Raises SourceChanged when it
    is not XML, stops halfway, has a document type, or its root is not one of `roots` (local names).
    """
    # The tag filter lets the start of the root through only when it is asked for: it is checked later.
    events = etree.iterparse(
        cast(Any, _Guarded(payload)), events=("end",), tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    checked = False
    try:
        for _, found in events:
            element = cast(Element, found)
            if not checked:
                _check(element.getroottree(), roots)
                checked = True
            yield element
            _let_go(element)
    except etree.XMLSyntaxError as exc:
        said = " ".join(str(exc.msg or "").split(", line")[0].split())[:200]
        raise SourceChanged(f"this is not sound XML ({said})") from exc
    if not checked:
        _check(cast(Element, events.root).getroottree(), roots)


def _check(tree: etree._ElementTree, roots: Collection[str]) -> None:
    if str(cast(Any, tree.docinfo).doctype):
        raise SourceChanged(_WITH_A_TYPE)
    name = local_name(tree.getroot())
    if name not in roots:
        raise SourceChanged(f"the XML begins with ‘{name[:80]}’, not with {' or '.join(sorted(roots))}")


def _let_go(element: Element) -> None:
    """Give back the memory of an element and of everything before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
