"""The process that takes one message apart: ``python -m rawabit.mailroom.child <folder> [start]``.

It finds the message in ``<folder>/raw``, writes ``read.json`` and the files ``0``, ``1`` … beside it, and may use ten
seconds and a limited memory; the parent kills it when it takes longer. It knows no database and no secrets."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

SECONDS, MEMORY, LARGEST = 10, 256 * 2**20, 40 * 2**20


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(folder: Path, start: bool) -> None:
    limit()
    from rawabit.mailroom.logic.reading import read_message, read_start

    raw = (folder / "raw").read_bytes()
    files: list[tuple[str, str, bytes]] = []
    if start:
        read = read_start(raw)
    else:
        read, files = read_message(raw)
    read["files"] = []
    for number, (name, kind, content) in enumerate(files):
        (folder / str(number)).write_bytes(content)
        read["files"].append({"name": name, "kind": kind, "size": len(content)})
    (folder / "read.json").write_text(json.dumps(read), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "start" in sys.argv[2:])
