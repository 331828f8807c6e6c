"""What docs/api.md tells to type works: every command is asked of the small twin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.conftest import Get

PAGE = Path(__file__).resolve().parents[2] / "docs/api.md"
COMMANDS = re.findall(r"^curl (-N )?'http://localhost:8000(/[^']+)'$", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("endless", "address"), COMMANDS, ids=[address for _, address in COMMANDS])
def test_a_command_of_the_documentation_is_answered(get: Get, endless: str, address: str) -> None:
    # A real station has another number than the one of the small twin.
    asked = address.replace("NL49012", "NL1")
    answer = get(asked, method="HEAD" if endless else "GET")
    assert answer.status == 200
    if "/readings" in asked:
        assert "2026-04-16T" in answer.text
    if asked.endswith("step=day"):
        assert answer.json()["buckets"]


def test_there_are_commands_for_every_route_of_measurements() -> None:
    told = {address.partition("?")[0].split("/")[3] for _, address in COMMANDS}
    assert {"live", "things", "datastreams", "feeds", "stream"} <= told
