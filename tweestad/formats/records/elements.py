"""An XML element as plain values."""

from __future__ import annotations

from typing import cast

from lxml import etree

from tweestad.errors import SourceChanged

Element = etree._Element  # noqa: SLF001 lxml names its own type so
MAX_ELEMENTS = 20_000


def local_name(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def values_of(element: Element) -> dict[str, object]:
    """Children by local name (several of one name are a list), attributes as `@name`, the text as `#text`.

    A child with text alone is that text. Raises SourceChanged when there are more than 20,000 elements.
    """
    value = _value(element, [MAX_ELEMENTS])
    return value if isinstance(value, dict) else {"#text": value}


def _value(element: Element, budget: list[int]) -> str | dict[str, object]:
    budget[0] -= 1
    if budget[0] < 0:
        raise SourceChanged(f"a record holds more than {MAX_ELEMENTS} elements")
    values: dict[str, object] = {
        f"@{str(name).rpartition('}')[2]}": str(told) for name, told in element.attrib.items()
    }
    lists: set[str] = set()
    for child in element:
        name = local_name(child)
        if not name:
            continue
        inner = _value(child, budget)
        if name not in values:
            values[name] = inner
        elif name in lists:
            cast(list[object], values[name]).append(inner)
        else:
            values[name] = [values[name], inner]
            lists.add(name)
    text = (element.text or "").strip()
    if not values:
        return text
    if text:
        values["#text"] = text
    return values
