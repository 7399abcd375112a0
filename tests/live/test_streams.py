"""Pages open in real browsers and servers change without a reload, with one process and with several."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from tests.ops.conftest import ROOT, Running, data, free_port, prepared, program_environment, start  # noqa: F401
from tests.services import require_postgres

SECONDS = 15  # a busy machine; usually it takes a fifth of one


def scene(*arguments: str, **variables: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.scene", *arguments], cwd=ROOT, env=program_environment(**variables),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def signed_in(program: Running, email: str, password: str) -> httpx.Client:
    session = httpx.Client(base_url=f"http://127.0.0.1:{program.port}", timeout=30, follow_redirects=True)
    page = session.get("/account/sign-in/")
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = {"login": email, "password": password, "csrfmiddlewaretoken": token}
    answer = session.post("/account/sign-in/", data=sent, headers={"Referer": str(page.url)})
    assert answer.status_code == 200 and "sign-in" not in str(answer.url), answer.url
    return session


def watch_of(page: str) -> str:
    return page.split('data-live="')[1].split('"')[0]


class Listening:
    """An open stream, read line by line."""

    def __init__(self, session: httpx.Client, watch: str) -> None:
        self.context = session.stream("GET", "/events/", params={"w": watch}, timeout=SECONDS)
        self.answer = self.context.__enter__()
        assert self.answer.status_code == 200
        self.lines = self.answer.iter_lines()
        assert self.until("event: ") == "event: open"

    def until(self, opening: str) -> str:
        return next(line for line in self.lines if line.startswith(opening))

    def close(self) -> None:
        self.context.__exit__(None, None, None)


def told(program: Running, facts: dict, **variables: str) -> float:
    """Open the order's page, change it from another process; how long the word took."""
    mine = signed_in(program, facts["email"], facts["password"])
    page = mine.get(f"/portal/orders/{facts['uid']}/").text
    listening = Listening(mine, watch_of(page))
    begun = time.monotonic()
    scene("hold", str(facts["order"]), **variables)
    assert listening.until("event: ") == "event: changed"
    listening.close()
    assert "Stock count" in mine.get(f"/portal/orders/{facts['uid']}/").text
    return time.monotonic() - begun


def test_one_process_on_sqlite(start, data: Path, free_port: int):  # noqa: F811
    facts = scene("set-up", RAWABIT_DATA=str(data))
    program = start("serve", "--data", data, "--port", free_port, port=free_port)
    told(program, facts, RAWABIT_DATA=str(data))


def test_a_stream_of_somebody_else_stays_silent(start, data: Path, free_port: int):  # noqa: F811
    facts = scene("set-up", RAWABIT_DATA=str(data))
    program = start("serve", "--data", data, "--port", free_port, port=free_port)
    other = signed_in(program, facts["other"], facts["password"])
    heard: list[str] = []
    listening = threading.Thread(target=listen_for, args=(other, watch_of(other.get("/portal/").text), heard))
    listening.start()
    wait_until(lambda: bool(heard))  # the stream is open
    told(program, facts, RAWABIT_DATA=str(data))  # the other customer's page was told meanwhile
    listening.join()
    assert heard == ["event: open"]


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def listen_for(session: httpx.Client, watch: str, heard: list[str]) -> None:
    """Everything that one stream says until it is silent for some seconds."""
    try:
        with session.stream("GET", "/events/", params={"w": watch}, timeout=6) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    heard.append(line)
    except httpx.ReadTimeout:
        return


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_pages_of_other_sites_hear_nothing(start, data: Path, free_port: int, headers: dict[str, str]):  # noqa: F811
    facts = scene("set-up", RAWABIT_DATA=str(data))
    program = start("serve", "--data", data, "--port", free_port, port=free_port)
    mine = signed_in(program, facts["email"], facts["password"])
    watch = watch_of(mine.get("/portal/").text)
    assert mine.get("/events/", params={"w": watch}, headers=headers).status_code == 403
    assert mine.get("/events/", params={"w": watch + "x"}).status_code == 403
    assert mine.get("/events/").status_code == 403


def test_several_processes_on_postgresql(start, data: Path, free_port: int, database: str):  # noqa: F811
    """Two page processes share the port; the change comes from a third process."""
    facts = scene("set-up", RAWABIT_DATA=str(data), DATABASE_URL=database)
    program = start("web", "--data", data, "--port", free_port, "--workers", 2, port=free_port, DATABASE_URL=database)
    try:
        told(program, facts, RAWABIT_DATA=str(data), DATABASE_URL=database)
    finally:
        program.stop()  # killing the parent alone would leave its page processes behind


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL database of the test's own."""
    import psycopg

    server = require_postgres()
    name = f"rawabit_live_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
