"""The shape of a backup: a gzipped tar of ``data/…``, the database as one file, a manifest that vouches for both."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from rawabit.config.commands.refusals import Stop

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_MEMBER, POSTGRESQL_MEMBER = "database.sqlite3", "database.dump"
# Made again by every start, or belonging to a running process.
NOT_KEPT = {"static", "in-use.lock", "preparing.lock", "rawabit.sqlite3", "rawabit.sqlite3-wal", "rawabit.sqlite3-shm"}


@dataclass
class Manifest:
    """What a backup holds. ``files``: member name → [sha256, bytes]; ``migrations``: ``app.name`` as applied."""

    made_at: str
    version: str
    database: str
    migrations: list[str]
    format: int = FORMAT
    files: dict[str, list[Any]] = field(default_factory=dict)


class HashingReader:
    """Reads a file for the archive and hashes what was really written there."""

    def __init__(self, source: Any) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block: bytes = self.source.read(size)
        self.digest.update(block)
        return block


def is_archive(name: str) -> bool:
    return name.endswith((".tar.gz", ".tgz"))


def kept_files(data: Path) -> Iterator[tuple[str, Path]]:
    """(member name, path) of everything in the data folder that a backup keeps, except the database."""
    for path in sorted(data.rglob("*")):
        top = path.relative_to(data).parts[0]
        # A name with a dot in front belongs to a restore; an archive beside the data is an earlier backup.
        if top in NOT_KEPT or top.startswith(".") or is_archive(top):
            continue
        if path.is_file() and not path.is_symlink():
            yield f"data/{path.relative_to(data)}", path


def add(archive: tarfile.TarFile, manifest: Manifest, member: str, path: Path) -> None:
    """Put one file in; one that was deleted since the listing is left out."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    with source:
        info = archive.gettarinfo(arcname=member, fileobj=source)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        reader = HashingReader(source)
        archive.addfile(info, reader)
    manifest.files[member] = [reader.digest.hexdigest(), info.size]


def add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size = len(text)
    archive.addfile(info, io.BytesIO(text))


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder and verify every byte. Errors: Stop when the file is not a whole backup of ours."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            for info in archive:
                _extract(archive, info, folder)
    except FileNotFoundError:
        raise Stop(f"{file} is not there.") from None
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise Stop(f"{file} is not a whole backup ({error}).") from error
    manifest = _manifest(file, folder / MANIFEST)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for member in sorted(found | set(manifest.files)):
        if member not in manifest.files or not _is_whole(folder / member, manifest.files[member]):
            raise Stop(f"{file} is damaged: {member} is not what its manifest says.")
    return manifest


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo, folder: Path) -> None:
    """Write one member: a plain file inside the folder, nothing else. tarfile's own filter came with Python 3.11.4."""
    path = PurePosixPath(info.name)
    source = archive.extractfile(info) if info.isreg() else None
    if source is None or path.is_absolute() or ".." in path.parts:
        raise Stop(f"{info.name} has no place in a backup.")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("xb") as out:
        shutil.copyfileobj(source, out)
    target.chmod(0o600)


def _manifest(file: Path, path: Path) -> Manifest:
    try:
        facts = json.loads(path.read_bytes())
        if facts["format"] != FORMAT:
            raise Stop(f"{file} has the backup format {facts['format']}; this version reads {FORMAT}.")
        return Manifest(**facts)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Stop(f"{file} is not a backup of Rawabit: it has no readable manifest.") from error


def _is_whole(path: Path, expected: list[Any]) -> bool:
    if not path.is_file() or path.stat().st_size != expected[1]:
        return False
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == expected[0]
