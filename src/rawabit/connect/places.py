"""Where the files of the import pages lie: in the data folder, under names of our own, for nobody but the program."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings

from rawabit.connect.models import ImportFile

LARGEST_FILE = 64 << 20


class Chunked(Protocol):
    def chunks(self) -> Iterable[bytes]: ...


def folder_of(file: ImportFile) -> Path:
    return Path(settings.DATA) / "imports" / file.uid.hex


def path_of(file: ImportFile) -> Path:
    """The table as it was uploaded."""
    return folder_of(file) / f"table{file.ending}"


def failed_rows_of(file: ImportFile) -> list[Path]:
    """The reports of rows that were not imported; one for each sheet that was read."""
    return sorted(folder_of(file).glob("*.reported.csv"))


def put_away(file: ImportFile, upload: Chunked) -> str:
    """Write an upload to its place, piece by piece; its sha256."""
    folder = folder_of(file)
    folder.mkdir(parents=True, mode=0o700)
    folder.parent.chmod(0o700)
    digest = hashlib.sha256()
    with path_of(file).open("xb") as out:
        for chunk in upload.chunks():
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def throw_away(file: ImportFile) -> None:
    shutil.rmtree(folder_of(file), ignore_errors=True)
