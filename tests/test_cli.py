"""The command line: what it prints, and how it fails."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.build.tiny_city import TWIN, TinyCity
from tweestad.cli import main


def test_a_build_prints_what_went_in_and_came_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = TinyCity(tmp_path, houses=3)
    city.write()
    assert main(["build", str(city.folder), "--data", str(city.config.data_dir)]) == 0
    told = capsys.readouterr().out
    assert "gebouwen 3 of 3" in told
    assert "gebouwen: 3 in, 3 out, 0 rejected (+3 ~0 -0" in told
    assert re.search(r"gebouwen: 3 objects, \d+ triangles, \d+ bytes", told)
    assert main(["build", str(city.folder), "--data", str(city.config.data_dir)]) == 0
    assert "klein: nothing changed" in capsys.readouterr().out


def test_a_wrong_twin_is_told_by_line_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, twin=TWIN.replace("municipality", "gemeente"))
    city.write()
    assert main(["build", str(city.folder), "--data", str(tmp_path / "data")]) == 2
    told = capsys.readouterr().err
    assert "twin.toml:5: unknown key ‘gemeente’ in twin" in told
    assert "Traceback" not in told


def test_tiles_are_made_from_any_city_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = TinyCity(tmp_path, houses=2)
    city.write()
    out = tmp_path / "tiles"
    assert main(["tiles", str(city.folder / "gebouwen.city.jsonl"), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "2 objects in, 2 out, 0 rejected" in told
    assert re.search(r"\d+ triangles, \d+ bytes", told)
    assert list(out.rglob("tileset.json"))


def test_every_rejected_object_is_told_and_so_are_the_gzipped_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=16)
    city.write()
    path = city.folder / "gebouwen.city.jsonl"
    head, good, *bad = path.read_text(encoding="utf-8").splitlines()
    bad = [line.replace("[3, 2, 1, 0]", "[3, 2, 1, 99]") for line in bad]
    path.write_text("\n".join([head, good, *bad]), encoding="utf-8")
    assert main(["tiles", str(path), "--out", str(tmp_path / "tiles")]) == 0
    told = capsys.readouterr().out
    assert "16 objects in, 1 out, 15 rejected" in told
    for number in range(2, 17):
        assert f"  gebouwen.city.jsonl, {number}: " in told
    assert re.search(r"\d+ triangles, \d+ bytes, \d+ gzipped", told)


def test_without_the_packages_for_3d_tiles_are_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "meshoptimizer", None)
    assert main(["tiles", str(tmp_path / "none.json"), "--out", str(tmp_path / "o")]) == 1
    told = capsys.readouterr().err
    assert told == "tweestad: drawing tiles needs meshoptimizer: install Tweestad with the extra `tiles`\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tiles", "{tmp}/none.json", "--out", "{tmp}/o"], "none.json"),
        (["tiles", "{tmp}/bad.json", "--out", "{tmp}/o"], "bad.json"),
        (["tiles", "{tmp}/bad.json", "--out", "{tmp}/o", "--crs", "EPSG:12"], "is not supported"),
        (["serve", "--data", "{tmp}"], "there is no built twin"),
        (["serve", "--data", "{tmp}"], "build it first: tweestad build"),
        (["tiles", "{tmp}/bad.json", "--out", "{tmp}/bad.json"], "bad.json is not a folder"),
        (["tiles", "{tmp}/none.json", "--out", "{tmp}/bad.json/o"], "bad.json is not a folder"),
        (["tiles", "{tmp}/bad.json", "--out", "{tmp}/o", "--crs", "EPSG:4326"], "supported are"),
        (["build", "{tmp}", "--data", "{tmp}/bad.json"], "bad.json is not a folder"),
        (["demo", "--city", "atlantis", "--data", "{tmp}"], "there is no demo city ‘atlantis’"),
        (["build", "{tmp}"], "there is no such file"),
    ],
)
def test_a_wrong_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "bad.json").write_text('{"type": "CityJSON", "versi', encoding="utf-8")
    assert main([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("tweestad: ")
    assert said in told
    assert told.count("\n") == 1


def test_a_port_that_is_no_number_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "tachtig")
    assert main(["serve", "--data", str(tmp_path)]) == 2
    assert "a setting must be a number" in capsys.readouterr().err


def test_versions_names_everything_a_bug_report_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions"]) == 0
    told = capsys.readouterr().out
    for name in ("tweestad", "Python", "PROJ", "GEOS", "GDAL", "SQLite", "grids"):
        assert re.search(rf"^{name} +\S", told, re.MULTILINE)


def test_doctor_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "ok     height grids: RDNAPTRANS2018" in told
    assert "WRONG  twin: none in" in told


def test_a_server_says_when_it_is_ready_and_a_second_one_says_that_the_port_is_taken(
    tmp_path: Path,
) -> None:
    city = TinyCity(tmp_path, houses=1)
    city.write()
    data = str(city.config.data_dir)
    assert main(["build", str(city.folder), "--data", data]) == 0
    command = [sys.executable, "-m", "tweestad.cli", "serve", "--data", data, "--port"]
    with subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline().strip()
            found = re.fullmatch(r"Tweestad is ready: http://localhost:(\d+)", line)
            assert found, line
            with urllib.request.urlopen(f"http://127.0.0.1:{found[1]}/tiles/scene.json") as answer:
                assert answer.status == 200
            second = subprocess.run([*command, found[1]], capture_output=True, text=True, check=False)
            assert second.returncode == 1
            assert second.stderr == (
                f"tweestad: port {found[1]} is in use: stop what is there, or choose another with --port or"
                " PORT\n"
            )
        finally:
            server.terminate()
    # Asked to stop, it finishes what it is doing and then ends by that signal.
    assert server.returncode in (0, -signal.SIGTERM)


def test_an_address_that_is_not_of_this_machine_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=1)
    city.write()
    assert main(["build", str(city.folder), "--data", str(city.config.data_dir)]) == 0
    arguments = ["serve", "--data", str(city.config.data_dir), "--host", "192.0.2.1", "--port", "0"]
    assert main(arguments) == 1
    assert "cannot be listened on" in capsys.readouterr().err


def test_a_folder_that_may_not_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere, so the answer of the system is given here.
    monkeypatch.setattr("os.access", lambda *_: False)
    assert main(["tiles", str(tmp_path / "none.json"), "--out", str(tmp_path / "o")]) == 2
    assert "is read-only for you" in capsys.readouterr().err


def test_tiles_of_which_nothing_comes_out_are_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=2)
    city.write()
    path = city.folder / "gebouwen.city.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("[3, 2, 1, 0]", "[3, 2, 1, 99]"), "utf-8")
    out = tmp_path / "tiles"
    assert main(["tiles", str(path), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert "nothing came out of 2 objects, 2 rejected (first: gebouwen.city.jsonl, 1: " in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_build_tells_ten_rejected_objects_and_where_the_others_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=14)
    city.write()
    path = city.folder / "gebouwen.city.jsonl"
    head, good, *bad = path.read_text(encoding="utf-8").splitlines()
    bad = [line.replace("[3, 2, 1, 0]", "[3, 2, 1, 99]") for line in bad]
    path.write_text("\n".join([head, good, *bad]), encoding="utf-8")
    data = city.config.data_dir
    assert main(["build", str(city.folder), "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert told.count("    gebouwen.city.jsonl, ") == 10
    assert f"and 3 more: all of them are in {data}/build/state.json" in told
    kept = json.loads((data / "build" / "state.json").read_text(encoding="utf-8"))
    assert len(kept["report"]["layers"][0]["rejectedRows"]) == 13


def test_an_id_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = TinyCity(tmp_path, houses=2)
    city.write()
    path = city.folder / "gebouwen.city.jsonl"
    head, good, bad = path.read_text(encoding="utf-8").splitlines()
    bad = bad.replace("[3, 2, 1, 0]", "[3, 2, 1, 99]").replace('"2"', json.dumps("\x1b[2J\u202e" + "x" * 300))
    path.write_text("\n".join([head, good, bad]), encoding="utf-8")
    assert main(["tiles", str(path), "--out", str(tmp_path / "tiles")]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\\x1b[2J\\u202exxx" in told
    assert "x" * 100 not in told


def test_a_layer_without_objects_is_told_and_does_not_empty_what_was_there_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=2)
    city.write()
    build = ["build", str(city.folder), "--data", str(city.config.data_dir)]
    assert main(build) == 0
    TinyCity(tmp_path, houses=0).write_houses()
    assert main(build) == 2
    assert "layer ‘gebouwen’: the file has no objects, but the twin has 2" in capsys.readouterr().err
    assert main([*build, "--allow-empty"]) == 0
    assert "gebouwen: the file has no objects\n" in capsys.readouterr().out


def test_fresh_builds_again_what_has_not_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city = TinyCity(tmp_path, houses=1)
    city.write()
    build = ["build", str(city.folder), "--data", str(city.config.data_dir)]
    assert main(build) == 0
    capsys.readouterr()
    assert main([*build, "--fresh"]) == 0
    assert "klein: built as version" in capsys.readouterr().out


def test_doctor_tells_what_is_damaged_and_makes_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=1)
    city.write()
    data = city.config.data_dir
    assert main(["build", str(city.folder), "--data", str(data)]) == 0
    assert main(["doctor", "--data", str(data)]) in (0, 1)
    assert "ok     store: 4 layers" in capsys.readouterr().out
    database = data / "tweestad.sqlite"
    database.write_text("hello", encoding="utf-8")
    (data / "tiles" / "scene.json").write_text('{"vers', encoding="utf-8")
    assert main(["doctor", "--data", str(data)]) == 1
    told = capsys.readouterr().out
    assert re.search("WRONG  store: .* cannot be opened as a database", told)
    assert "WRONG  tiles: scene.json is damaged" in told
    database.unlink()
    assert main(["doctor", "--data", str(data)]) == 1
    assert "tweestad.sqlite is not there: run `tweestad build`" in capsys.readouterr().out
    assert not database.exists()


def test_a_building_without_a_height_is_told_as_a_footprint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = TinyCity(tmp_path, houses=2)
    city.write()
    path = city.folder / "gebouwen.city.jsonl"
    head, first, second = path.read_text(encoding="utf-8").splitlines()
    flat = json.loads(second)
    del flat["CityObjects"]["2"]["geometry"][1]
    path.write_text("\n".join([head, first, json.dumps(flat)]), encoding="utf-8")
    assert main(["build", str(city.folder), "--data", str(city.config.data_dir)]) == 0
    assert "  1 without a height: drawn as their footprint on the street" in capsys.readouterr().out
