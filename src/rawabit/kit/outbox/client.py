"""The one way out to addresses that a person or another program gave us: web push, webhooks, anything fetched.

The name is resolved once, every address it has must be a public one, and the connection goes to that very address, so
a name that changes its mind between the check and the connection leads nowhere. No redirects, no proxies of the
environment, no compressed bodies, limits on size and time. Everything in doubt is refused.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore
import httpx
from django.conf import settings

Resolve = Callable[[str, int], Sequence[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SECONDS, MOST_BYTES, LONGEST_URL = 10.0, 1024 * 1024, 2000
PORTS = frozenset({80, 443, 8080, 8443})
_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.IGNORECASE)
# What an IPv4 address can hide in: read as one by some resolvers, so never taken for a name.
_NUMBERISH = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_EMBEDDED = [(ipaddress.ip_network(net), shift) for net, shift in (("64:ff9b::/96", 0), ("2002::/16", 80))]
_LOCAL_V6 = [ipaddress.ip_network(net) for net in ("64:ff9b:1::/48", "fec0::/10", "::/96", "2001::/23")]


class Unreachable(Exception):
    """Nothing was fetched. ``code``: address (malformed) | forbidden (not a public place) | unknown (no such name) |
    network | timeout | large. ``sent`` is False when certainly nothing left."""

    def __init__(self, code: str, detail: str = "", *, sent: bool = False) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.sent = code, sent


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def resolve_name(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system knows it. ``OSError`` for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    resolve: Resolve = resolve_name,
) -> Answer:
    """Ask, and answer with status, headers and at most ``most_bytes`` of body. A redirect is an answer like others."""
    parts = _parts(url)
    host = (parts.hostname or "").lower()
    way = _Way(str(_pinned(host, parts.port or _usual_port(parts.scheme), resolve)), time.monotonic() + seconds)
    fields = {**(headers or {}), "Host": parts.netloc, "Accept-Encoding": "identity", "User-Agent": "Rawabit"}
    target = parts._replace(fragment="").geturl()
    try:
        with (
            httpcore.ConnectionPool(httpx.create_ssl_context(trust_env=False), network_backend=way) as pool,
            pool.stream(method, target, headers=list(fields.items()), content=body) as answer,
        ):
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answer(answer.status, _limited(answer, most_bytes), found)
    except httpcore.TimeoutException as error:
        raise Unreachable("timeout", str(error), sent=way.wrote)
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError, ValueError) as error:
        raise Unreachable("network", str(error), sent=way.wrote)


def _limited(answer: httpcore.Response, most_bytes: int) -> bytes:
    """The body as it came, never unpacked: a small bomb stays small."""
    chunks, size = [], 0
    for chunk in answer.iter_stream():
        size += len(chunk)
        if size > most_bytes:
            raise Unreachable("large", sent=True)
        chunks.append(chunk)
    return b"".join(chunks)


class _Way(httpcore.NetworkBackend):
    """The way to one address, whatever the name says now, that ends at one moment: neither a slow head nor a slow body
    holds a worker up. ``wrote``: something has left."""

    def __init__(self, address: str, deadline: float) -> None:
        self.address, self.deadline, self.wrote = address, deadline, False
        self._real = httpcore.SyncBackend()

    def left(self) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("too slow")
        return remaining

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        del host, args, options
        return _Stream(self._real.connect_tcp(self.address, port, timeout=self.left()), self)


class _Stream(httpcore.NetworkStream):
    def __init__(self, real: httpcore.NetworkStream, way: _Way) -> None:
        self._real, self._way = real, way

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, self._way.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._way.wrote = True
        self._real.write(buffer, self._way.left())

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._real.start_tls(ssl_context, server_hostname, self._way.left()), self._way)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


def private_allowed() -> bool:
    """For tests alone: servers on this very machine."""
    return bool(getattr(settings, "OUTBOUND_PRIVATE_ALLOWED", False))


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise Unreachable("address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("address")
    if parts.scheme != "https" and not (parts.scheme == "http" and private_allowed()):
        raise Unreachable("address", "https only")
    if "@" in parts.netloc or not parts.hostname:
        raise Unreachable("address")
    if port is not None and port not in PORTS and not private_allowed():
        raise Unreachable("forbidden", f"port {port}")
    return parts


def _pinned(host: str, port: int, resolve: Resolve) -> Address:
    """The one address to connect to. Refused when any address of the name is not public: half a trap is a trap."""
    found = [_literal(host)] if _is_literal(host) else _resolved(host, port, resolve)
    for address in found:
        if not is_public(address) and not private_allowed():
            raise Unreachable("forbidden", str(address))
    return found[0]


def public_address(host: str, port: int, resolve: Resolve = resolve_name) -> str:
    """The one address to connect to for what speaks another protocol than HTTP. :class:`Unreachable` as elsewhere."""
    return str(_pinned(host.strip().lower(), port, resolve))


def _is_literal(host: str) -> bool:
    return ":" in host or bool(_NUMBERISH.fullmatch(host))


def _literal(host: str) -> Address:
    """An address written out, in its one usual spelling."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise Unreachable("address", host)
    if getattr(address, "scope_id", None):
        raise Unreachable("forbidden", host)
    return address


def _resolved(host: str, port: int, resolve: Resolve) -> list[Address]:
    if not _HOST.fullmatch(host) and not (private_allowed() and host == "localhost"):
        raise Unreachable("address", host)  # single words and trailing dots name things of the local network
    try:
        found = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    except (OSError, ValueError, UnicodeError):
        raise Unreachable("unknown", host)
    if not found:
        raise Unreachable("unknown", host)
    return found


def is_public(address: Address) -> bool:
    """Whether the address is one of the open Internet, also where an IPv4 address hides in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return False  # nobody publishes these; they only serve to get past checks
        for network, shift in _EMBEDDED:
            if address in network:
                return is_public(ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF))
        if any(address in network for network in _LOCAL_V6):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
