"""Files: only what lies in the folder, in parts, packed, and kept as long as they stay the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.api.conftest import Get

PMTILES = "/tiles/c/0123456789abcdef.pmtiles"
CONTENT = bytes(range(256)) * 8

ODD = [
    "/tiles",
    "/tiles/",
    "/tiles/.",
    "/tiles/..",
    "/tiles/../secret.json",
    "/tiles/c/../../secret.json",
    "/tiles/c/../scene.json",
    "/tiles/./scene.json",
    "/tiles//scene.json",
    "/tiles/c//0123456789abcdef.glb",
    "/tiles/scene.json/",
    "/tiles/scene.json/..",
    "/tiles/%2e%2e/secret.json",
    "/tiles/%2e%2e%2fsecret.json",
    "/tiles/..%2fsecret.json",
    "/tiles/..%5csecret.json",
    "/tiles/..\\secret.json",
    "/tiles/c\\..\\..\\secret.json",
    "/tiles/%252e%252e/secret.json",
    "/tiles/%252e%252e%252fsecret.json",
    "/tiles/%c0%ae%c0%ae/secret.json",
    "/tiles/%c0%ae%c0%ae%c0%afsecret.json",
    "/tiles/%e0%80%ae%e0%80%ae/secret.json",
    "/tiles/%uff0e%uff0e/secret.json",
    "/tiles/．．/secret.json",
    "/tiles/%00",
    "/tiles/scene.json%00",
    "/tiles/scene.json%00.glb",
    "/tiles/%0ascene.json",
    "/tiles/scene.json%0a",
    "/tiles/scene.json%20",
    "/tiles/scene.json.",
    "/tiles/scene.json::$DATA",
    "/tiles/SCENE.JSON",
    "/tiles/scene.jso%6e",
    "/tiles/~/secret.json",
    "/tiles/~root/.bashrc",
    "/tiles/.hidden.json",
    "/tiles/.git/config.json",
    "/tiles/c/.0123.glb.77.part",
    "/tiles/tweestad.sqlite",
    "/tiles/c",
    "/tiles/c/",
    "/tiles/gebouwen",
    "/tiles//etc/passwd",
    "/tiles/etc/passwd.json",
    "/tiles/file:///etc/passwd",
    "/tiles/C:/Windows/win.json",
    "/tiles/CON.json",
    "/tiles/link.json",
    "/tiles/folderlink/secret.json",
    "/tiles/circle.json",
    "/tiles/packed.json.gz",
    "/tiles/script.html",
    "/tiles/" + "a/" * 40 + "scene.json",
    "/tiles/" + "a" * 300 + ".json",
    "/tiles/;/scene.json",
    "/tiles/*.json",
    "/static/../app.py",
    "/static/%2e%2e/%2e%2e/app.py",
    "/static/.vite/manifest.json",
]


@pytest.fixture(scope="module", autouse=True)
def odd_files(tiles_dir: Path) -> None:
    (tiles_dir / "link.json").symlink_to(tiles_dir.parent / "secret.json")
    (tiles_dir / "folderlink").symlink_to(tiles_dir.parent)
    (tiles_dir / "circle.json").symlink_to(tiles_dir / "circle.json")
    (tiles_dir / ".hidden.json").write_text("{}", encoding="utf-8")
    (tiles_dir / "script.html").write_text("<script></script>", encoding="utf-8")
    (tiles_dir / "packed.json").write_bytes(b'{"a": 1}')
    (tiles_dir / "packed.json.gz").write_bytes(gzip.compress(b'{"a": 1}', mtime=0))


def test_the_corpus_is_large_enough() -> None:
    assert len(set(ODD)) >= 40


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_is_not_there(get: Get, address: str) -> None:
    answer = get(address)
    assert answer.status == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 2048),
        ("bytes=-7", 2041, 2048),
        ("bytes=-9999", 0, 2048),
        ("bytes=2047-", 2047, 2048),
        ("bytes=2000-9999", 2000, 2048),
    ],
)
def test_a_range_gives_that_part(get: Get, header: str, start: int, end: int) -> None:
    answer = get(PMTILES, headers={"Range": header})
    assert answer.status == 206
    assert answer.body == CONTENT[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/2048"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("header", ["bytes=2048-", "bytes=9999-10000", "bytes=-0", "bytes=99999999999-"])
def test_a_range_outside_the_file_is_a_416(get: Get, header: str) -> None:
    answer = get(PMTILES, headers={"Range": header})
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == "bytes */2048"


@pytest.mark.parametrize(
    "header", ["bytes=5-3", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=", "bytes=-", "x"]
)
def test_a_range_that_says_nothing_gives_the_whole(get: Get, header: str) -> None:
    answer = get(PMTILES, headers={"Range": header})
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["accept-ranges"] == "bytes"


def test_a_part_is_given_only_of_the_same_file(get: Get) -> None:
    whole = get(PMTILES)
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for condition, status in ((tag, 206), (date, 206), ('"other"', 200), (f"W/{tag}", 200)):
        answer = get(PMTILES, headers={"Range": "bytes=1-2", "If-Range": condition})
        assert answer.status == status


def test_a_file_that_is_known_is_not_sent_again(get: Get) -> None:
    tag = get(PMTILES).headers["etag"]
    assert tag.startswith('"')
    for asked in (tag, f"W/{tag}", f'"a", {tag}', "*"):
        answer = get(PMTILES, headers={"If-None-Match": asked})
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
    assert get(PMTILES, headers={"If-None-Match": '"a"'}).status == 200


def test_a_packed_sibling_is_sent_to_who_can_unpack(get: Get, tiles_dir: Path) -> None:
    packed = get("/tiles/packed.json", headers={"Accept-Encoding": "br, gzip"})
    plain = get("/tiles/packed.json", headers={"Accept-Encoding": "gzip;q=0, identity"})
    part = get("/tiles/packed.json", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-1"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"] == "application/json"
    assert gzip.decompress(packed.body) == plain.body == b'{"a": 1}'
    assert (part.status, part.body) == (206, b'{"')
    assert packed.headers["etag"] != plain.headers["etag"]
    for answer in (packed, plain, part):
        assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("address", "kind", "forever"),
    [
        (PMTILES, "application/vnd.pmtiles", True),
        ("/tiles/c/0123456789abcdef.glb", "model/gltf-binary", True),
        ("/tiles/gebouwen/3/tileset.json", "application/json", True),
        ("/tiles/gebouwen/tileset.json", "application/json", False),
        ("/tiles/scene.json", "application/json", False),
    ],
)
def test_a_file_may_be_kept_as_long_as_it_cannot_change(
    get: Get, address: str, kind: str, forever: bool
) -> None:
    answer = get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == kind
    assert ("immutable" in answer.headers["cache-control"]) == forever
    assert (answer.headers["cache-control"] == "no-cache") == (not forever)


def test_tiles_are_for_every_site(get: Get) -> None:
    answer = get(PMTILES)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_changed_file_has_a_new_tag(get: Get, tiles_dir: Path) -> None:
    (tiles_dir / "fresh.json").write_text("{}", encoding="utf-8")
    first = get("/tiles/fresh.json").headers["etag"]
    (tiles_dir / "fresh.json").write_text("[]", encoding="utf-8")
    assert get("/tiles/fresh.json").headers["etag"] != first


def test_nothing_is_sent_for_head_but_its_length(get: Get) -> None:
    answer = get(PMTILES, method="HEAD", headers={"Range": "bytes=0-1"})
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "2048")
