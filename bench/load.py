"""Requests in a bounded number, and what they took."""

from __future__ import annotations

import http.client
import math
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.servers import Failed, Server

ACCEPT = {"Accept": "text/html", "Accept-Encoding": "br, gzip", "Accept-Language": "ar,en;q=0.5"}


@dataclass(frozen=True, slots=True)
class Target:
    """One page of one server, as one person sees it."""

    server: Server
    path: str
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {**ACCEPT, **({"Cookie": self.cookie} if self.cookie else {})}


@dataclass(frozen=True, slots=True)
class Sample:
    """A burst of requests: CPU of the server per request, and how long each was waited for, in milliseconds."""

    cpu_ms: float
    waits_ms: tuple[float, ...]


def burst(target: Target, requests: int, connections: int = 1) -> Sample:
    """``requests`` over each of ``connections`` kept-alive connections, as fast as answers come."""
    waits: list[list[float]] = [[] for _ in range(connections)]
    failures: list[str] = []
    threads = [
        threading.Thread(target=_ask, args=(target, requests, waits[number], failures)) for number in range(connections)
    ]
    before = target.server.cpu_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = target.server.cpu_seconds() - before
    if failures:
        raise Failed(failures[0])
    return Sample(1000 * spent / (requests * connections), tuple(wait for each in waits for wait in each))


def _ask(target: Target, requests: int, waits: list[float], failures: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=60)
    try:
        for _ in range(requests):
            begun = time.perf_counter()
            connection.request("GET", target.path, headers=target.headers)
            answer = connection.getresponse()
            answer.read()
            waits.append(1000 * (time.perf_counter() - begun))
            if answer.status != 200:
                failures.append(f"{target.path} answered {answer.status}.")
                return
    except OSError as error:
        failures.append(f"{target.path} did not answer ({error}).")
    finally:
        connection.close()


def wire_bytes(target: Target) -> int:
    """Bytes of the whole answer on the wire, headers included, compressed as the server chooses."""
    lines = [f"GET {target.path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in target.headers.items()]
    with socket.create_connection(("127.0.0.1", target.server.port), timeout=60) as wire:
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        return sum(len(part) for part in iter(lambda: wire.recv(65536), b""))


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
