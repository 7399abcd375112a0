"""The way from ``./rawabit`` to ``python -m rawabit``: with a good .venv a hash and an exec, otherwise an installation.

Standard library only, and little of it: this runs before every command.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import NoReturn

LOCKS = {"base": "requirements.lock", "dev": "requirements-dev.lock"}
DEVELOPER_COMMANDS = {"test", "messages"}


def main(root_folder: str, argv: list[str]) -> NoReturn:
    """Install when needed, then become the command. Ends the process in every case."""
    root = Path(root_folder)
    kind = "dev" if argv[:1] and argv[0] in DEVELOPER_COMMANDS else "base"
    if not is_ready(root, kind):
        answer_without_installing(root, argv)
        install(root, kind)
    python = str(root / ".venv" / "bin" / "python")
    os.execve(python, [python, "-P", "-m", "rawabit", *argv], environment(root))


def environment(root: Path) -> dict[str, str]:
    """The environment of the command: our sources stand first on the path, nothing else changes."""
    paths = [str(root / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def is_ready(root: Path, kind: str) -> bool:
    """Whether .venv was completed for this lock. The stamp is written last, so a broken installation has none."""
    venv = root / ".venv"
    try:
        stamps = (venv / "rawabit.stamp").read_text().split()
        return stamp(root, kind) in stamps and os.access(venv / "bin" / "python", os.X_OK)
    except OSError:
        return False


def stamp(root: Path, kind: str) -> str:
    """What .venv must have been made from: the lock's contents and the Python that stands in it."""
    made_of = (root / LOCKS[kind]).read_bytes() + b"\0" + (root / ".venv" / "pyvenv.cfg").read_bytes()
    return kind + ":" + hashlib.sha256(made_of).hexdigest()


def answer_without_installing(root: Path, argv: list[str]) -> None:
    """Help, or a wrong option: said at once (SystemExit), not after the packages were fetched."""
    sys.path.insert(0, str(root / "src"))
    from rawabit.cli import parse

    parse(argv)


def install(root: Path, kind: str) -> None:
    from install import Failure, install_packages

    try:
        install_packages(root, kind)
    except Failure as failure:
        sys.exit(f"rawabit: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
