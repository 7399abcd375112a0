"""A prepared data folder, and programs started on copies of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.services import without

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ("DATABASE_URL", "REDIS_URL", "RAWABIT_DATA", "RAWABIT_URL", "RAWABIT_HOSTS", "SECRET_KEY")


def program_environment(**more: str) -> dict[str, str]:
    """The environment in which the program runs on its own SQLite database, whatever this test run uses."""
    return {**without(*ENVIRONMENT, "DJANGO_SETTINGS_MODULE"), "PYTHONPATH": str(ROOT / "src"), **more}


def rawabit(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "rawabit", *map(str, arguments)],
        cwd=ROOT,
        env=program_environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after ``migrate``; copy it, never write to it."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    done = rawabit("migrate", "--data", data)
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    """A prepared data folder of the test's own."""
    return shutil.copytree(prepared, tmp_path / "data")


def lowered(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Answers a redirection instead of following it."""

    def redirect_request(self, *args: Any) -> None:
        return None


NOT_LED_ON = urllib.request.build_opener(_Stay)


class Running:
    """A started program and its address."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; a connection that is not taken yet is asked again by the socket, not by sleep."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with NOT_LED_ON.open(request, timeout=30) as response:
                return response.status, lowered(response.headers), response.read()
        except urllib.error.HTTPError as error:
            return error.code, lowered(error.headers), error.read()

    def json(self, path: str) -> tuple[int, Any]:
        status, _headers, body = self.get(path)
        return status, json.loads(body)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Start commands of the program; whatever still runs at the end of the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, port: int = 0, **variables: str) -> Running:
        command = [sys.executable, "-P", "-m", "rawabit", *map(str, arguments)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = subprocess.Popen(command, cwd=ROOT, env=program_environment(**variables), **options)  # type: ignore[call-overload]
        running.append(process)
        wait_for_line(process, "Ctrl-C ends it")
        return Running(process, port)

    yield begin
    for process in running:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for_line(process: subprocess.Popen[str], words: str) -> str:
    """Read what the program says until these words; fail with everything it said when it ends before."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if words in line:
            return line
    pytest.fail(f"the program ended ({process.wait()}) and said: {said}", pytrace=False)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
