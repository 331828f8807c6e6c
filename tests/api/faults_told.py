"""The faults of a refused request, by the name of their parameter."""

from __future__ import annotations

from tests.api.asgi import Answer


def codes(answer: Answer) -> dict[str, str]:
    """The code of each fault; fails when the request was not refused."""
    assert answer.status == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {fault["name"]: fault["code"] for fault in answer.json()["errors"]}
