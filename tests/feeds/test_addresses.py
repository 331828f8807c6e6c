"""An address is filled in without letting anything lead elsewhere, and can be asked of a replaying server."""

from __future__ import annotations

from datetime import UTC, datetime

from tweestad.feeds.addresses import fill, hosts_of, in_address, in_body, mapped, placeholders, whole
from tweestad.feeds.sources import get_source

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
VALUES = placeholders((4.5, 52.0, 5.0, 52.5), "GM0034", NOW)


def test_only_known_placeholders_are_replaced() -> None:
    body = '{"area": {"lowerCorner": {"lat": {south}, "lon": {west}}}, "other": {what}}'
    assert fill(body, VALUES, in_body(body)) == (
        '{"area": {"lowerCorner": {"lat": 52.000000, "lon": 4.500000}}, "other": {what}}'
    )
    assert fill("{municipality_number} {municipality}", VALUES) == "34 GM0034"
    assert fill("{bbox}", VALUES) == "4.500000,52.000000,5.000000,52.500000"
    assert fill("{since}/{now}", VALUES) == "2026-04-13T09:00:00Z/2026-04-16T09:00:00Z"


def test_an_id_of_a_source_cannot_leave_its_place() -> None:
    sly = {"thing": "../../x?y=1&z#'\"}"}
    assert fill("https://a.invalid/p/{thing}/q", sly, in_address) == (
        "https://a.invalid/p/..%2F..%2Fx%3Fy%3D1%26z%23%27%22%7D/q"
    )
    assert fill('{"a": "{thing}"}', {"thing": '", "b": "'}, in_body("{")) == '{"a": "\\", \\"b\\": \\""}'
    assert fill("a={thing}", {"thing": "1&b=2"}, in_body("a")) == "a=1%26b=2".replace("=2", "%3D2")


def test_an_address_is_asked_of_the_replaying_server_by_host_and_path() -> None:
    base = "http://127.0.0.1:8100"
    assert mapped("https://a.invalid/p/q.gz?x=1&y", base) == f"{base}/a.invalid/p/q.gz?x=1&y"
    assert mapped("http://a.invalid:81", base) == f"{base}/a.invalid:81/"
    assert mapped("https://a.invalid/p", "") == "https://a.invalid/p"


def test_what_cannot_be_sent_is_escaped_once() -> None:
    assert whole("https://a.invalid/p q?$filter=x eq 'é'&y=%20") == (
        "https://a.invalid/p%20q?$filter=x%20eq%20'%C3%A9'&y=%20"
    )


def test_the_hosts_of_a_source_are_those_of_its_requests() -> None:
    assert hosts_of(get_source("ov-haltes").manifest) == {"gtfs.ovapi.nl", "v0.ovapi.nl"}
