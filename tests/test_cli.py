"""The command line: what it prints, and how it fails."""

from __future__ import annotations

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
    (city.config.tiles_dir).mkdir(parents=True)
    (city.config.tiles_dir / "scene.json").write_text("{}", encoding="utf-8")
    arguments = ["serve", "--data", str(city.config.data_dir), "--host", "192.0.2.1", "--port", "0"]
    assert main(arguments) == 1
    assert "cannot be listened on" in capsys.readouterr().err
