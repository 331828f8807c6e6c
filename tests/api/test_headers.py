"""What every answer carries: protection, and packing where it helps."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.store.protocol import Store

ADDRESSES = (
    "/",
    "/lijst",
    "/lijst/gebouwen",
    "/lijst/gebouwen.csv",
    "/onzin",
    "/api/v1",
    "/api/v1/docs",
    "/api/v1/onzin",
    "/tiles/scene.json",
    "/tiles/onzin",
    "/static/onzin",
    "/healthz",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_every_answer_is_protected(get: Get, address: str, method: str) -> None:
    headers = get(address, method=method).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "strict-transport-security" not in headers
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_only_pages_may_run_scripts(get: Get) -> None:
    assert "script-src 'self' 'wasm-unsafe-eval'" in get("/").headers["content-security-policy"]
    for address in ("/api/v1", "/tiles/scene.json", "/api/v1/onzin", "/lijst/water.csv"):
        assert "script-src" not in get(address).headers["content-security-policy"]


def test_over_https_the_browser_is_told_to_stay_there(get: Get) -> None:
    assert "max-age=" in get("/", scheme="https").headers["strict-transport-security"]


@pytest.mark.parametrize(
    "address",
    ["/", "/lijst/gebouwen", "/lijst/gebouwen.csv", "/api/v1/layers", "/api/v1/layers/gebouwen/features"],
)
def test_text_is_packed_for_who_asks(get: Get, address: str) -> None:
    plain = get(address)
    packed = get(address, headers={"Accept-Encoding": "gzip, deflate"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    if "etag" in plain.headers:
        assert packed.headers["etag"] == "W/" + plain.headers["etag"]
        known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
        assert get(address, headers=known).status == 304


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "br", "*;q=0"])
def test_text_is_plain_for_who_cannot_unpack(get: Get, accept: str) -> None:
    assert "content-encoding" not in get("/lijst/gebouwen", headers={"Accept-Encoding": accept}).headers


def test_what_is_packed_already_is_left_alone(get: Get) -> None:
    answer = get("/tiles/c/0123456789abcdef.glb", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_the_server_says_that_it_lives_and_is_ready(get: Get) -> None:
    for address in ("/healthz", "/readyz"):
        answer = get(address)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"


def test_no_header_says_the_same_thing_twice(get: Get) -> None:
    for address in ("/tiles/scene.json", "/api/v1/layers", "/lijst", "/lijst/water.csv"):
        for encoding in ("gzip", "identity"):
            named = get(address, headers={"Accept-Encoding": encoding}).headers["vary"].lower().split(", ")
            assert len(named) == len(set(named)), address


def test_only_the_named_websites_may_frame_the_map_and_nothing_else(config: Config, store: Store) -> None:
    origins = ("https://www.voorbeeld.nl", "https://wijk.voorbeeld.nl")
    app = create_app(replace(config, embed_origins=origins), store=store)
    embedded = call(app, "/inbedden")
    policy = embedded.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://www.voorbeeld.nl https://wijk.voorbeeld.nl")
    assert "x-frame-options" not in embedded.headers
    assert "tweestad-framed-by" not in embedded.headers
    assert 'data-embed="https://www.voorbeeld.nl https://wijk.voorbeeld.nl"' in embedded.text
    for address in ("/", "/lijst", "/bronnen"):
        headers = call(app, address).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


def test_without_websites_nobody_frames_the_map(get: Get) -> None:
    assert "frame-ancestors 'none'" in get("/inbedden").headers["content-security-policy"]
    assert 'data-embed=""' in get("/inbedden").text
