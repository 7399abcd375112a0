"""Taking a stored message apart at arm's length: in a child process that may be killed at any time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

WALL_SECONDS = 30
PROGRAM = "rawabit.mailroom.child"
SOURCE = Path(__file__).resolve().parents[2]


@dataclass
class Parsed:
    """What was read. ``readable`` is False when only the head, or nothing, could be."""

    facts: dict[str, Any]
    files: list[tuple[str, str, Path]] = field(default_factory=list)
    readable: bool = True


EMPTY: dict[str, Any] = {
    "name": "", "sender": "", "subject": "", "message_id": "", "references": [], "sent_at": "", "to": [], "reached": 0,
    "headers": {}, "head": "", "fresh": "", "quoted": "", "html": "", "bounce": None, "left_out": [], "files": [],
}  # fmt: skip


@contextmanager
def parsed(raw: IO[bytes]) -> Iterator[Parsed]:
    """The message taken apart; its files are there as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="rawabit-mail-"))
    try:
        with (folder / "raw").open("wb") as copy:
            shutil.copyfileobj(raw, copy)
        read = _run(folder)
        if read is not None:
            files = [(one["name"], one["kind"], folder / str(n)) for n, one in enumerate(read["files"])]
            yield Parsed(read, files)
        else:
            yield Parsed(EMPTY | (_run(folder, "start") or {}), readable=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *more: str) -> dict[str, Any] | None:
    """What the child wrote, or None when it failed, died or was killed."""
    environment = {
        "PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "-m", PROGRAM, str(folder), *more], env=environment, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        code = child.wait(timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return None
    try:
        return json.loads((folder / "read.json").read_text("ascii")) if code == 0 else None
    except (OSError, ValueError):
        return None
