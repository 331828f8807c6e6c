"""Fetching: from public addresses and named hosts only, politely, and never more than the limits."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.feeds.desk import QUICK
from tests.feeds.feed_server import BOMB, FeedServer
from tweestad.errors import SourceChanged, SourceUnavailable
from tweestad.feeds.fetch import Ask, Fetcher, Limits, Reply, Validators
from tweestad.feeds.reach import is_public
from tweestad.feeds.sources import get_source
from tweestad.feeds.unpacking import unpacked

URL = "http://fiets.openov.nl/locaties.json"
ASK = Ask(URL, frozenset({"fiets.openov.nl"}))


@pytest.fixture
def server() -> Iterator[FeedServer]:
    found = FeedServer()
    found.add(get_source("ov-fiets"))
    yield found
    found.close()


def fetched(folder: Path, ask: Ask, base: str = "", limits: Limits = QUICK) -> Reply:
    async def do() -> Reply:
        fetcher = Fetcher(folder, agent="Tweestad/test (gemeente Voorbeeldstad)", base=base, limits=limits)
        try:
            return await fetcher.get(ask)
        finally:
            await fetcher.close()

    return asyncio.run(do())


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_on_the_public_internet_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "145.100.1.1", "2a02:a450::1", "::ffff:1.1.1.1"])
def test_a_public_address_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
        "169.254.169.254", "10.1.2.3", "0", "127.1",
    ],
)  # fmt: skip
def test_a_name_that_leads_into_our_own_network_is_not_connected_to(
    host: str, server: FeedServer, tmp_path: Path
) -> None:
    port = server.base.rpartition(":")[2]
    netloc = f"{host}:{port}"
    with pytest.raises(SourceUnavailable, match=r"not on the public internet|name is not known"):
        fetched(tmp_path, Ask(f"http://{netloc}/x", frozenset({netloc})))
    assert server.asked == []


def test_only_the_one_server_that_replays_may_be_asked_on_this_machine(
    server: FeedServer, tmp_path: Path
) -> None:
    reply = fetched(tmp_path, ASK, server.base)
    assert reply.path is not None
    assert reply.path.stat().st_size == reply.size
    assert server.asked[0][:2] == ("GET", "/fiets.openov.nl/locaties.json")
    assert server.asked[0][2]["user-agent"] == "Tweestad/test (gemeente Voorbeeldstad)"


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.invalid/x",
        "file:///etc/passwd",
        "http://fiets.openov.nl@evil.invalid/",
        "http://fiets.openov.nl.evil.invalid/",
        "gopher://fiets.openov.nl/",
    ],
)
def test_a_redirect_leads_to_hosts_of_the_manifest_only(
    target: str, server: FeedServer, tmp_path: Path
) -> None:
    server.redirect = target
    with pytest.raises(SourceUnavailable, match="host that its manifest does not name"):
        fetched(tmp_path, ASK, server.base)
    assert len(server.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_in_a_circle_ends(server: FeedServer, tmp_path: Path) -> None:
    server.redirect = "/locaties.json"
    with pytest.raises(SourceUnavailable, match="without an end"):
        fetched(tmp_path, ASK, server.base)
    assert len(server.asked) == QUICK.redirects + 1


def test_what_is_not_changed_is_not_sent_again(server: FeedServer, tmp_path: Path) -> None:
    server.etag = '"one"'
    first = fetched(tmp_path, ASK, server.base)
    assert first.validators == Validators('"one"')
    second = fetched(tmp_path, replace(ASK, known=first.validators), server.base)
    assert second.path is None
    assert second.validators == first.validators


def test_a_key_is_not_given_to_a_server_that_replays(server: FeedServer, tmp_path: Path) -> None:
    fetched(tmp_path, replace(ASK, secret=("X-Key", "secret")), server.base)
    assert "x-key" not in server.asked[0][2]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("down", "broken off"),
        ("error", r"answers with an error \(500\)"),
        ("slow", "slowly"),
        ("endless", "larger than 1 MB"),
        ("truncated", "broken off"),
    ],
)
def test_what_a_server_does_wrong_is_said_and_leaves_no_file(
    mode: str, said: str, server: FeedServer, tmp_path: Path
) -> None:
    server.misbehaving = {"ov-fiets": mode}
    with pytest.raises(SourceUnavailable, match=said):
        fetched(tmp_path, ASK, server.base)
    assert list(tmp_path.iterdir()) == []


def test_headers_that_come_in_letter_by_letter_are_not_waited_for(server: FeedServer, tmp_path: Path) -> None:
    server.misbehaving = {"ov-fiets": "silent"}
    with pytest.raises(SourceUnavailable, match="in time"):
        fetched(tmp_path, ASK, server.base, replace(QUICK, answer_s=0.2))


def test_questions_to_one_host_have_a_rest_between(tmp_path: Path) -> None:
    """The rest is kept for real services only, so this one looks at when the questions begin."""
    started: list[float] = []

    class Told(Fetcher):
        async def _follow(self, ask: Ask) -> Reply:
            assert ask.pace_s
            started.append(asyncio.get_running_loop().time())
            raise SourceUnavailable("enough")

    async def do() -> None:
        fetcher = Told(tmp_path, agent="x", limits=QUICK)
        asks = [fetcher.get(replace(ASK, pace_s=0.05)) for _ in range(3)]
        await asyncio.gather(*asks, return_exceptions=True)
        await fetcher.close()

    asyncio.run(do())
    assert started[2] - started[0] >= 0.099


def test_a_connection_that_was_closed_while_it_was_kept_is_opened_again(tmp_path: Path) -> None:
    connections: list[int] = []
    talks: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.current_task())
        connections.append(0)
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                connections[-1] += 1
                if (len(connections), connections[-1]) == (1, 2):
                    break
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()
        await writer.wait_closed()

    async def do() -> list[int]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        fetcher = Fetcher(tmp_path, agent="x", base=base, limits=QUICK)
        sizes = [(await fetcher.get(ASK)).size for _ in range(2)]
        await fetcher.close()
        server.close()
        await asyncio.gather(*(each for each in talks if each is not None))
        return sizes

    assert asyncio.run(do()) == [2, 2]
    assert connections[:2] == [2, 1]


def test_a_reply_is_unpacked_by_its_first_bytes_whatever_it_is_called(tmp_path: Path) -> None:
    file = tmp_path / "reply"
    for data in (b"plain", gzip.compress(b"plain"), gzip.compress(gzip.compress(b"plain"))):
        file.write_bytes(data)
        with unpacked(file, most_bytes=100) as payload:
            assert payload.read() == b"plain"
    file.write_bytes(b"")
    with unpacked(file, most_bytes=100) as payload:
        assert payload.read() == b""


def test_a_bomb_is_not_unpacked_beyond_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "reply"
    file.write_bytes(BOMB)
    with (
        unpacked(file, most_bytes=1_000_000) as payload,
        pytest.raises(SourceChanged, match="larger than 1 MB"),
    ):
        payload.read(500_000_000)
    with unpacked(file, most_bytes=10**9) as payload, pytest.raises(SourceChanged, match="larger than"):
        payload.read()
    file.write_bytes(gzip.compress(BOMB))
    with unpacked(file, most_bytes=1_000_000) as payload, pytest.raises(SourceChanged, match="larger than"):
        payload.read()


def test_a_gzip_that_was_cut_off_or_is_none_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "reply"
    packed = gzip.compress(bytes(range(256)) * 100)
    file.write_bytes(packed[:-20])
    with unpacked(file, most_bytes=100_000) as payload, pytest.raises(SourceUnavailable, match="cut off"):
        payload.read()
    file.write_bytes(packed[:12] + b"\xff" * 50)
    with (
        pytest.raises(SourceChanged, match="sound gzip"),
        unpacked(file, most_bytes=100_000) as payload,
    ):
        payload.read()
