"""Files: only what lies in the folder, in parts, packed, and kept as long as they stay the same."""

from __future__ import annotations

import asyncio
import gzip
import os
from pathlib import Path

import pytest

from tests.api.asgi import call_async
from tests.api.conftest import Get
from tweestad.api.files import TILE_TYPES, FolderFiles, tile_caching

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


@pytest.mark.parametrize("size", [2_000, 3_000_000])
@pytest.mark.parametrize("change", ["replaced", "swept"])
def test_a_file_that_goes_while_it_is_served_arrives_whole(tiles_dir: Path, size: int, change: str) -> None:
    files = FolderFiles(tiles_dir, TILE_TYPES, tile_caching)
    path, other = tiles_dir / "going.json", tiles_dir / "going.part"
    old = b"o" * size
    path.write_bytes(old)
    other.write_bytes(b"n" * 7)

    def go() -> None:
        if change == "replaced":
            other.replace(path)
        else:
            path.unlink()

    answer = asyncio.run(call_async(files, "/going.json", on_start=go))
    assert answer.status == 200
    assert answer.headers["content-length"] == str(size)
    assert answer.body == old
    path.unlink(missing_ok=True)


def test_the_tag_belongs_to_the_bytes_whatever_happens_in_between(tiles_dir: Path) -> None:
    """A file that changes once the head has gone out: no answer mixes the old and the new."""
    files = FolderFiles(tiles_dir, TILE_TYPES, tile_caching)
    path = tiles_dir / "mixed.json"
    tags: dict[str, bytes] = {}

    def change() -> None:
        path.write_bytes(b"x")

    for n in range(20):
        path.write_bytes(str(n % 2).encode() * (100 + n % 2))
        answer = asyncio.run(call_async(files, "/mixed.json", on_start=change))
        assert len(answer.body) == int(answer.headers["content-length"])
        assert tags.setdefault(answer.headers["etag"], answer.body) == answer.body
    assert len(tags) == 2


def test_a_file_that_is_named_by_its_content_has_its_name_for_a_tag(get: Get, tiles_dir: Path) -> None:
    assert get(PMTILES).headers["etag"] == '"0123456789abcdef.pmtiles"'
    (tiles_dir / "c" / "00000000000000aa.glb").write_bytes(b"glTF")
    (tiles_dir / "c" / "00000000000000aa.glb.gz").write_bytes(gzip.compress(b"glTF", mtime=0))
    address = "/tiles/c/00000000000000aa.glb"
    plain, packed = get(address), get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]


def test_a_folder_called_like_a_file_is_not_there(get: Get, tiles_dir: Path) -> None:
    (tiles_dir / "folder.json").mkdir()
    os.mkfifo(tiles_dir / "pipe.json")
    assert get("/tiles/folder.json").status == 404
    assert get("/tiles/pipe.json").status == 404


def test_nothing_is_sent_for_head_but_its_length(get: Get) -> None:
    answer = get(PMTILES, method="HEAD", headers={"Range": "bytes=0-1"})
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "2048")
