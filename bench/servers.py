"""The processes that are measured: started, asked for their CPU and memory, ended."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
# What the caller's shell may hold and what must not reach a measured server.
FOREIGN = (
    "RAWABIT_DATA",
    "RAWABIT_DEBUG",
    "RAWABIT_URL",
    "RAWABIT_HOSTS",
    "RAWABIT_HTTPS",
    "REDIS_URL",
    "PYTEST_CURRENT_TEST",
)


class Failed(Exception):
    """A process of the measurement did not do what it should; the words say which and why."""


def environment(data: Path) -> dict[str, str]:
    """Production settings on the measurement's own data folder."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    settings = {"RAWABIT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "rawabit.config.settings", "PYTHONPATH": paths}
    return {**kept, **settings, "RAWABIT_LOG": "ERROR"}


def run(arguments: Sequence[str], data: Path) -> str:
    """Run a Python module to its end; what it printed. What it says on the way goes to our standard error."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, env=environment(data), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed(f"{arguments[0]} ended with code {done.returncode}.")
    return done.stdout


class Server:
    """A server process on a port of this machine."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        # Linux: the clock of another process' CPU time, in nanoseconds; see clock_getcpuclockid(3).
        self._clock = (~process.pid << 3) | 2

    def cpu_seconds(self) -> float:
        """CPU time of all threads of the process so far, user and system."""
        return time.clock_gettime(self._clock)

    def rss_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise Failed(f"process {self.process.pid} is gone.")

    def answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(arguments: Sequence[str], port: int, env: Mapping[str, str], ready: str) -> Iterator[Server]:
    """The module as a server, from its first answer at ``ready`` until the block ends."""
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, env=dict(env), cwd=ROOT, stdout=subprocess.DEVNULL)
    server = Server(process, port)
    try:
        await_answer(server, ready, arguments[0])
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(server: Server, path: str, name: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not server.answers(path):
        if server.process.poll() is not None:
            raise Failed(f"{name} ended with code {server.process.returncode} before it answered.")
        if time.monotonic() > until:
            raise Failed(f"{name} did not answer within {START_SECONDS} seconds.")
        time.sleep(0.05)


@contextmanager
def product(data: Path) -> Iterator[Server]:
    """``rawabit web`` in one process: what is measured is one process' CPU."""
    port = free_port()
    arguments = ["rawabit", "web", "--port", str(port), "--workers", "1"]
    with started(arguments, port, environment(data), "/healthz") as server:
        yield server


@contextmanager
def calibrator(data: Path) -> Iterator[Server]:
    """The bare page, on the same server software, with a file of its own."""
    port = free_port()
    file = data / "calibrator.sqlite3"
    file.unlink(missing_ok=True)
    with started(["bench.calibrator.server", str(file), str(port)], port, environment(data), "/") as server:
        yield server
