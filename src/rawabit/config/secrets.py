"""The installation's secret key: made once, kept in the data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data: Path, *, testing: bool) -> str:
    """The key from SECRET_KEY, else from ``<data>/secret.key`` (made with mode 0600 when absent)."""
    if testing:
        return "only-for-tests-" + "x" * 40
    if key := os.environ.get("SECRET_KEY"):
        return key
    file = data / "secret.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        _create(file)
    return file.read_text().strip()


def _create(file: Path) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process of the same start was quicker
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(50))
