"""serve, web and worker as processes: they answer, they work, and they stop within three seconds."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ops.conftest import Running

Start = Callable[..., Running]
STOP_SECONDS = 4.0  # three by design, one for a busy machine


def stop_in_time(program: Running, number: int = signal.SIGTERM) -> int:
    begun = time.monotonic()
    code = program.stop(number)
    assert time.monotonic() - begun < STOP_SECONDS
    return code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_works_and_stops(start: Start, data: Path, free_port: int, number: int):
    program = start("serve", "--data", data, "--port", free_port, port=free_port)
    assert program.json("/healthz") == (200, {"status": "ok"})
    assert until_ready(program) == (200, {"status": "ok", "checks": dict.fromkeys(CHECKS, "ok")})
    status, headers, _body = program.get("/desk/")
    assert status in {200, 302}
    assert "server" not in headers
    assert stop_in_time(program, number) == 0


CHECKS = ("database", "disk", "migrations", "jobs")


def until_ready(program: Running) -> tuple[int, object]:
    """The background loop gives its first sign of life soon after the first page can be served."""
    end = time.monotonic() + 20
    while (answer := program.json("/readyz"))[0] != 200 and time.monotonic() < end:
        pass
    return answer


def test_web_serves_pages_and_says_that_nobody_works(start: Start, data: Path, free_port: int):
    program = start("web", "--data", data, "--port", free_port, "--workers", 2, port=free_port)
    assert program.json("/healthz") == (200, {"status": "ok"})
    status, answer = program.json("/readyz")
    assert (status, answer["checks"]["jobs"]) == (503, "silent")
    assert stop_in_time(program) == 0


def test_worker_works_and_stops(start: Start, data: Path, free_port: int):
    worker = start("worker", "--data", data)
    web = start("web", "--data", data, "--port", free_port, "--workers", 1, port=free_port)
    assert until_ready(web)[0] == 200
    assert stop_in_time(worker) == 0


def test_static_files_come_compressed_and_for_good(start: Start, data: Path, free_port: int):
    program = start("serve", "--data", data, "--port", free_port, port=free_port)
    font = next((data / "static" / "kit" / "fonts").glob("vazirmatn-*.*.woff2"))
    status, headers, body = program.get(f"/static/kit/fonts/{font.name}")
    assert (status, body) == (200, font.read_bytes())
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize(("trusted", "scheme"), [("", "http"), ("127.0.0.1", "https")])
def test_a_proxy_is_believed_only_when_it_is_named(start: Start, data: Path, free_port: int, trusted: str, scheme: str):
    program = start(
        "serve", "--data", data, "--port", free_port, port=free_port, RAWABIT_HTTPS="1", FORWARDED_ALLOW_IPS=trusted
    )
    status, headers, _body = program.get("/healthz", **{"X-Forwarded-Proto": "https"})
    assert {"http": 301, "https": 200}[scheme] == status, headers
