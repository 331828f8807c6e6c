"""What is wrong with a file is said, with its place."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.formats.city_samples import (
    Json,
    document,
    feature,
    header,
    house,
    objects_of,
    outline,
    read,
    reasons_of,
    seq,
)
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson.reading import Limits, read_city

ONLY_RD = "a city model is read in Dutch RD only (EPSG:28992 or EPSG:7415)"


def refusal(data: Json | bytes, name: str = "stad.city.json", **options: object) -> str:
    """Read to the end and return the message of the refusal."""
    with pytest.raises(InputRejected) as caught:
        read(data, name, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"dit is geen JSON", "this is not JSON"),
        (b"PK\x03\x04" + bytes(40), "this is a zip: unpack it"),
        (b"<?xml version='1.0'?><CityModel/>", "this is XML: a CityGML must be converted"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is not JSON"),
        (bytes(range(255, -1, -1)) * 20, "this is not JSON"),
        ('{"type": "CityJSON"}'.encode("utf-16"), "this text is not UTF-8 but UTF-16: save it as UTF-8"),
        ('{"type": "CityJSON"}'.encode("utf-16-be"), "this text is not UTF-8 but UTF-16: save it as UTF-8"),
        (b'{"type": "CityJSON\xff"}', "the text is not UTF-8, at character 19 (in 'type')"),
        (b"[]", "it is not an object"),
        (b"3", "it is not an object"),
        (b'{"type": "FeatureCollection"}', "its type is 'FeatureCollection'"),
        (b"{}", "this is not CityJSON: it has no type"),
    ],
)
def test_a_file_that_is_something_else_is_refused(data: bytes, message: str) -> None:
    assert message in refusal(data)
    assert refusal(data).startswith("stad.city.json")


@pytest.mark.parametrize("name", ["stad.city.json", "stad.city.jsonl"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(name: str, kept: float) -> None:
    whole = seq(header(), feature()) if name.endswith("l") else json.dumps(document(), indent=1).encode()
    part = whole.rstrip()[: int(len(whole.rstrip()) * kept)]
    assert "truncated" in refusal(part, name)


def test_a_truncated_or_damaged_gzip_file_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(document()).encode(), mtime=0)
    damaged = packed[:40] + bytes([packed[40] ^ 0xFF]) + packed[41:]
    for data, message in ((packed[:-20], "truncated"), (packed[:5], "truncated"), (damaged, "damaged")):
        path = tmp_path / "stad.city.json.gz"
        path.write_bytes(data)
        with pytest.raises(InputRejected, match=f"stad.city.json.gz: the gzip file is {message}"):
            list(read_city(path))


def test_a_gzip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"[" + b" " * 30_000_000)
    assert len(bomb) < 100_000
    assert "unpacks to more than 100 times its size" in refusal(bomb)


def test_a_file_above_the_cap_is_refused() -> None:
    with pytest.raises(LimitExceeded, match=r"larger than 0\.0005 MB"):
        read(document(), limits=Limits(unpacked_bytes=500))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_not_finite_are_refused(number: str) -> None:
    for place in ('"bouwjaar": 1905', "0, 10000, 6000"):
        text = json.dumps(document())
        assert place in text
        broken = text.replace(place, place.rsplit(" ", 1)[0] + " " + number)
        found = refusal(broken.encode())
        assert found.startswith("stad.city.json: holds ")
        assert ("a number that is too large" if "999" in number else "NaN or Infinity") in found
        sign = len(number) - len(number.removeprefix("-")) if "Inf" in number else 0
        assert f"at character {broken.index(number) + 1 + sign} (in " in found


def test_the_place_of_a_fault_is_told_in_characters_and_names() -> None:
    text = json.dumps(document({"café \U0001f3e0": house()}), ensure_ascii=False).replace("1905", "NaN")
    assert refusal(text.encode()) == (
        "stad.city.json: holds NaN or Infinity, which JSON does not know, "
        f"at character {text.index('NaN') + 1} (in 'CityObjects' › 'café \U0001f3e0' › 'attributes')"
    )


def test_a_transform_that_overflows_rejects_its_objects() -> None:
    found = read(document(transform={"scale": [1000, 1000, 1000], "translate": [1.79e308] * 3}))
    assert "outside the Dutch RD grid" in reasons_of(found)["huis"]


@pytest.mark.parametrize("depth", [33, 1_000, 10_000])
def test_deep_nesting_is_refused_before_parsing(depth: int) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        deep = opening * depth + b"1" + closing * depth
        assert "nested deeper than 32 levels" in refusal(deep)
        body = json.dumps(document()).encode().replace(b"1905", deep)
        at = body.index(b'"bouwjaar": ') + len(b'"bouwjaar": ') + len(opening) * (32 - 4) + 1
        assert f"nested deeper than 32 levels, at character {at} (in 'CityObjects' › 'huis'" in refusal(body)


def test_brackets_inside_text_are_not_nesting() -> None:
    text = '[[[[[{{{{"' * 20 + "\\" + '\\"["'
    found = objects_of(read(document({"huis": house(attributes={"tekst": text, text: "]]"})})))
    assert found[0].attributes == {"tekst": text, text: "]]"}


def test_a_key_given_twice_is_refused() -> None:
    text = json.dumps(document({"a": house(), "b": house()}))
    twice = text.replace('"b": {', '"a": {')
    at = twice.rindex('"a": {') + 1
    assert f"the key 'a' is given twice in one object, at character {at} (in" in refusal(twice.encode())
    spelled = text.replace('"b": {', '"\\u0061": {')
    assert "the key 'a' is given twice" in refusal(spelled.encode())
    escaped = text.replace('"bouwjaar": 1905', '"x": 1, "x": 2, "y": "\\u003a"', 1)
    assert "the key 'x' is given twice" in refusal(escaped.encode())


def test_colons_in_text_are_not_keys() -> None:
    found = read(document({"huis": house(attributes={"a:b": "c: d", "e": '":"'})}))
    assert objects_of(found)[0].attributes == {"a:b": "c: d", "e": '":"'}
    escaped = json.dumps(document()).replace("1905", '"\\u003a"').encode()
    assert objects_of(read(escaped))[0].attributes == {"bouwjaar": ":"}


def test_the_nul_character_is_refused() -> None:
    assert "NUL" in refusal(document({"huis": house(attributes={"naam": "a\0b"})}))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"version": "3.0"}, "version '3.0'"),
        ({"version": None}, "version 'None'"),
        ({"version": 2.0}, "version '2.0'"),
        ({"metadata": {}}, "give it with --crs"),
        ({"metadata": None}, "give it with --crs"),
        ({"metadata": []}, "'metadata' is not an object"),
        ({"metadata": {"referenceSystem": 7415}}, "'referenceSystem' is not text"),
        ({"metadata": {"referenceSystem": "RD"}}, f"the coordinate system is 'RD', but {ONLY_RD}"),
        (
            {"metadata": {"referenceSystem": "EPSG:4326"}},
            f"is 'EPSG:4326', but {ONLY_RD}",
        ),
        ({"metadata": {"referenceSystem": "EPSG:25832"}}, f"is 'EPSG:25832', but {ONLY_RD}"),
        ({"metadata": {"referenceSystem": "urn:ogc:def:crs:EPSG::25831"}}, f"::25831', but {ONLY_RD}"),
        ({"metadata": {"crs": {"epsg": [7415]}}}, f"is '[7415]', but {ONLY_RD}"),
        ({"metadata": {"crs": {"epsg": None}}}, "give it with --crs"),
        ({"transform": None}, "'transform' is missing"),
        ({"transform": []}, "'transform' is not an object"),
        ({"transform": {"scale": [1, 1, 1]}}, "'translate' of 'transform'"),
        ({"transform": {"scale": [1, 1], "translate": [0, 0, 0]}}, "'scale' of 'transform'"),
        ({"transform": {"scale": [1, 1, "1"], "translate": [0, 0, 0]}}, "'scale' of 'transform'"),
        ({"transform": {"scale": [1, 1, True], "translate": [0, 0, 0]}}, "'scale' of 'transform'"),
        ({"transform": {"scale": [1, 1, 0], "translate": [0, 0, 0]}}, "zero"),
        (
            {"transform": {"scale": [1, 1, 1e308], "translate": [0, 0, 0]}},
            "the scale of 'transform' is 1e+308",
        ),
        ({"transform": {"scale": [-1e-308, 1, 1], "translate": [0, 0, 0]}}, "mostly 0.001"),
        ({"vertices": None}, "'vertices' is missing"),
        ({"vertices": {}}, "'vertices' is missing or not a list"),
        ({"vertices": [[0, 0, 0], 1]}, "a vertex is not a list of three numbers"),
        ({"vertices": [[0, 0, 0], [0, 0]]}, "a vertex is not a list of three numbers"),
        ({"vertices": [[0, 0, "0"]]}, "a vertex is not a list of three numbers"),
        ({"vertices": [[0, 0, True]]}, "a vertex is not a list of three numbers"),
        ({"vertices": [[0, 0, None]]}, "a vertex is not a list of three numbers"),
        ({"CityObjects": None}, "'CityObjects' is missing"),
        ({"CityObjects": []}, "'CityObjects' is missing or not an object"),
    ],
)
def test_a_faulty_header_refuses_the_file(members: Json, message: str) -> None:
    for absent_too in (False, True):
        body = document(**members)
        if absent_too and list(members.values()) == [None]:
            del body[next(iter(members))]
        assert message in refusal(body)
        assert refusal(body).startswith("stad.city.json: ")


def test_a_crs_given_by_hand_must_be_rd() -> None:
    assert refusal(document(), crs=4326) == f"stad.city.json: EPSG:4326 was given, but {ONLY_RD}"


@pytest.mark.parametrize("name", ["EPSG:25832", "urn:ogc:def:crs:EPSG::4326", "EPSG:3857"])
def test_a_crs_given_by_hand_may_not_contradict_the_file(name: str) -> None:
    body = document(metadata={"referenceSystem": name})
    assert refusal(body, crs=7415) == f"stad.city.json: the file says '{name}', but EPSG:7415 was given"


def test_too_many_vertices_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="more than 7 vertices"):
        read(document(), limits=Limits(vertices=7))
    crowd = document(vertices=[[0, 0, 0]] * 10_000)
    with pytest.raises(LimitExceeded, match="more than 400 lists"):
        read(crowd, limits=Limits(vertices=100))
    with pytest.raises(LimitExceeded, match=r"stad\.city\.jsonl, line 2: more than 7 vertices"):
        read(seq(header(), feature()), "stad.city.jsonl", limits=Limits(vertices=7))


def test_a_folder_or_an_absent_file_is_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "this is a folder"), (tmp_path / "weg.json", "there is no such file")):
        with pytest.raises(InputRejected, match=f"{path.name}: {message}"):
            list(read_city(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.json")
    with pytest.raises(InputRejected, match="there is no such file"):
        list(read_city(tmp_path / "pijp.json"))


def test_a_seq_without_header_is_refused() -> None:
    assert "must be the CityJSON header" in refusal(seq(feature(), feature("b")), "stad.city.jsonl")


BAD_LINES = [
    (b"kapot", "this is not JSON"),
    (b'{"type": "CityJSONFeature", "id": NaN}', "holds NaN or Infinity, which JSON does not know, at char"),
    (b'{"type": "CityJSONFeature", "id": 1e400}', "holds a number that is too large, at character 35 (in"),
    (b'{"type": "CityJSONFeature", "id": 1, "id": 2}', "the key 'id' is given twice in one object, at char"),
    (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "nested deeper than 32 levels, at character 38 (in 'a')"),
    (b'{"id": "\\u0000"}', "holds the NUL character, at character 9"),
    (b'{"id": "\xff"}', "the text is not UTF-8, at character 9"),
    (b'{"id": 1, }', "not valid JSON: trailing comma"),
    (b'{"type": "CityJSONFeature"', "truncated: the JSON stops halfway"),
]


@pytest.mark.parametrize(("line", "message"), BAD_LINES)
def test_a_bad_line_of_a_seq_is_rejected_and_the_rest_is_kept(line: bytes, message: str) -> None:
    lines = seq(header(), feature("a")) + b"\n" + line + b"\n" + seq(feature("b"))
    found = read(lines, "stad.city.jsonl")
    assert [item.key for item in objects_of(found)] == ["a", "b"]
    assert list(reasons_of(found)) == ["line 4"]
    assert reasons_of(found)["line 4"].startswith(message)


@pytest.mark.parametrize(("line", "message"), BAD_LINES[:-1])
def test_a_bad_last_line_is_rejected_when_it_is_whole(line: bytes, message: str) -> None:
    found = read(seq(header(), feature("a")) + line, "stad.city.jsonl")
    assert [item.key for item in objects_of(found)] == ["a"]
    assert reasons_of(found)["line 3"].startswith(message)


def test_a_seq_cut_anywhere_in_its_last_line_is_refused() -> None:
    last = feature("b", CityObjects={"b": house(attributes={"naam": "é", "waar": True, "hoogte": -1.5e3})})
    whole, line = seq(header(), feature("a")), json.dumps(last, ensure_ascii=False).encode()
    for length in range(1, len(line)):
        expected = "stad.city.jsonl, line 3: truncated: the JSON stops halfway"
        assert refusal(whole + line[:length], "stad.city.jsonl") == expected


def test_a_seq_line_that_is_not_a_feature_is_rejected() -> None:
    lines = seq(header(), header(), feature(vertices=None), feature(CityObjects=[]), feature("goed"))
    found = read(lines, "stad.city.jsonl")
    assert [item.key for item in objects_of(found)] == ["goed"]
    assert list(reasons_of(found)) == ["line 2", "line 3", "line 4"]


def test_the_same_id_twice_in_a_seq_keeps_the_first() -> None:
    again = feature("a", CityObjects={"a": house(outline())})
    found = read(seq(header(), feature("a"), again, feature("b")), "stad.city.jsonl")
    assert [(item.key, item.lods) for item in objects_of(found)] == [("a", ("2.2",)), ("b", ("2.2",))]
    assert reasons_of(found) == {"a": "this key was given before"}


def test_a_rejection_names_the_file() -> None:
    found = read(document({"leeg": house(geometry=[])}), "wijk.city.json")
    assert [(item.file, item.object_id) for item in found if not hasattr(item, "shape")] == [
        ("wijk.city.json", "leeg")
    ]
