"""Which machines a feed may be fetched from: the address is checked when it is connected to.

A name can lead to an address of the municipal network, and to another one a second later. So the name is
resolved here, every address is looked at, and the connection is made to an address that was looked at.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore

from tweestad.errors import SourceUnavailable

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it wraps an older one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = _wrapped(found)
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _wrapped(found: _Address) -> _Address | None:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(found, ipaddress.IPv4Address):
        return None
    if found.teredo is not None:
        return found.teredo[1]
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, and to the few (host, port) that are `allowed` on this machine.

    Raises SourceUnavailable for a name that leads anywhere else, before a packet is sent.
    """

    def __init__(self, allowed: frozenset[tuple[str, int]] = frozenset()) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await _resolve(host, port)
        if (host, port) not in self._allowed and not all(is_public(each) for each in addresses):
            raise SourceUnavailable("its address is not on the public internet")
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        raise SourceUnavailable("a socket file is no source")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise SourceUnavailable("its name is not known") from exc
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses:
        raise SourceUnavailable("its name is not known")
    return addresses
