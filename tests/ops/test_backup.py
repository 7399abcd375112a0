"""backup and restore: whole while others write, refused when damaged, never over something by accident."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from rawabit.config.commands import archive as shape
from rawabit.config.commands.refusals import Stop
from tests.ops.conftest import rawabit

CONTRACT = "media/a/عقد.pdf"
JOB = "INSERT INTO kit_jobs_job (name, key, args, state, run_at, attempts, error) VALUES (?, ?, '{}', 'done', 0, 0, '')"


def database(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(data / "rawabit.sqlite3", timeout=30, isolation_level=None)


class Writer(threading.Thread):
    """Writes pairs of rows, each pair in one transaction, until it is stopped."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data, self.stop, self.pairs, self.begun = data, threading.Event(), 0, threading.Event()

    def run(self) -> None:
        with closing(database(self.data)) as connection:
            while not self.stop.is_set():
                connection.execute("BEGIN IMMEDIATE")
                for half in ("left", "right"):
                    connection.execute(JOB, (half, f"{half}-{self.pairs}"))
                connection.execute("COMMIT")
                self.pairs += 1
                self.begun.set()


def halves(data: Path) -> tuple[set[str], set[str]]:
    with closing(database(data)) as connection:
        rows = connection.execute("SELECT name, key FROM kit_jobs_job WHERE name IN ('left', 'right')").fetchall()
    return (
        {key.removeprefix("left-") for name, key in rows if name == "left"},
        {key.removeprefix("right-") for name, key in rows if name == "right"},
    )


def backup(data: Path, file: Path) -> None:
    done = rawabit("backup", file, "--data", data)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def original(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder with a contract in it, and its backup; both are only read."""
    folder = tmp_path_factory.mktemp("original")
    data = shutil.copytree(prepared, folder / "data")
    (data / "media" / "a").mkdir(parents=True)
    (data / CONTRACT).write_bytes(b"%PDF-1.7 contract")
    backup(data, folder / "kept.tar.gz")
    return data, folder / "kept.tar.gz"


@pytest.fixture
def kept(original: tuple[Path, Path]) -> Path:
    return original[1]


def test_a_backup_made_while_others_write_holds_whole_transactions(data: Path, tmp_path: Path):
    file, target = tmp_path / "kept.tar.gz", tmp_path / "restored"
    writer = Writer(data)
    writer.start()
    writer.begun.wait(30)
    before = writer.pairs
    backup(data, file)
    writer.stop.set()
    writer.join()
    assert writer.pairs > before, "nobody wrote meanwhile: the test proves nothing"
    done = rawabit("restore", file, "--data", target)
    assert done.returncode == 0, done.stderr
    left, right = halves(target)
    assert left == right
    assert before <= len(left) <= writer.pairs
    assert left == {str(number) for number in range(len(left))}


def test_files_and_key_come_back(original: tuple[Path, Path], tmp_path: Path):
    data, kept = original
    target = tmp_path / "restored"
    assert rawabit("restore", kept, "--data", target).returncode == 0
    assert (target / CONTRACT).read_bytes() == b"%PDF-1.7 contract"
    assert (target / "secret.key").read_text() == (data / "secret.key").read_text()
    assert stat.S_IMODE((target / "secret.key").stat().st_mode) == 0o600
    assert not (target / ".replaced").exists()
    assert rawabit("doctor", "--data", target).returncode == 0


def test_only_the_owner_may_read_a_backup(kept: Path):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_manifest_vouches_for_every_file(kept: Path):
    with tarfile.open(kept) as archive:
        names = set(archive.getnames())
        source = archive.extractfile("manifest.json")
        assert source is not None
        manifest = json.load(source)
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert {"database.sqlite3", "data/secret.key", f"data/{CONTRACT}"} <= names
    assert (manifest["format"], manifest["database"]) == (1, "sqlite")
    assert "kit_jobs.0001_initial" in manifest["migrations"]


def test_a_folder_that_holds_something_is_not_overwritten(data: Path, kept: Path):
    before = (data / "rawabit.sqlite3").read_bytes()
    done = rawabit("restore", kept, "--data", data)
    assert (done.returncode, "--force" in done.stderr) == (1, True)
    assert (data / "rawabit.sqlite3").read_bytes() == before


def test_force_keeps_what_was_there(data: Path, kept: Path):
    (data / CONTRACT).parent.mkdir(parents=True)
    (data / CONTRACT).write_bytes(b"changed since")
    with closing(database(data)) as connection:
        connection.execute(JOB, ("left", "since"))
    done = rawabit("restore", kept, "--data", data, "--force")
    assert done.returncode == 0, done.stderr
    assert (data / CONTRACT).read_bytes() == b"%PDF-1.7 contract"
    assert halves(data)[0] == set()
    assert (data / ".replaced" / CONTRACT).read_bytes() == b"changed since"


def test_a_running_program_keeps_its_folder(data: Path, kept: Path, start):
    start("worker", "--data", data)
    done = rawabit("restore", kept, "--data", data, "--force")
    assert (done.returncode, "in use by a running rawabit" in done.stderr) == (1, True)


def changed(kept: Path, file: Path, member: str, content: bytes | None) -> Path:
    """A copy of the backup in which one member is another (or, without content, absent)."""
    with tarfile.open(kept) as old, tarfile.open(file, "w:gz") as new:
        for info in old:
            if info.name != member:
                new.addfile(info, old.extractfile(info))
            elif content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    return file


@pytest.mark.parametrize(
    ("member", "content", "said"),
    [
        ("data/secret.key", b"another", "data/secret.key is not what its manifest says"),
        ("data/secret.key", None, "data/secret.key is not what its manifest says"),
        ("database.sqlite3", b"nothing", "database.sqlite3 is not what its manifest says"),
        ("manifest.json", None, "it has no readable manifest"),
        ("manifest.json", b"[]", "it has no readable manifest"),
        ("manifest.json", b'{"format": 9}', "backup format 9"),
    ],
)
def test_a_changed_backup_is_refused(kept: Path, tmp_path: Path, member: str, content: bytes | None, said: str):
    (tmp_path / "stage").mkdir()
    with pytest.raises(Stop, match=said):
        shape.unpack(changed(kept, tmp_path / "changed.tar.gz", member, content), tmp_path / "stage")


def test_a_backup_cut_short_is_refused(kept: Path, tmp_path: Path):
    short = tmp_path / "short.tar.gz"
    short.write_bytes(kept.read_bytes()[:-2000])
    done = rawabit("restore", short, "--data", tmp_path / "restored")
    assert (done.returncode, "is not a whole backup" in done.stderr) == (1, True)
    assert not (tmp_path / "restored" / "rawabit.sqlite3").exists()


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside"])
def test_a_member_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str):
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"evil"))
    (tmp_path / "stage").mkdir()
    with pytest.raises(Stop):
        shape.unpack(file, tmp_path / "stage")
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path):
    file = tmp_path / "letter.tar.gz"
    file.write_bytes(gzip.compress(b"dear sir"))
    (tmp_path / "stage").mkdir()
    with pytest.raises(Stop, match="is not a whole backup"):
        shape.unpack(file, tmp_path / "stage")


def test_a_backup_of_a_newer_version_is_refused(kept: Path, tmp_path: Path):
    with tarfile.open(kept) as archive:
        source = archive.extractfile("manifest.json")
        assert source is not None
        manifest = json.load(source)
    manifest["migrations"].append("crm.9999_from_tomorrow")
    newer = changed(kept, tmp_path / "newer.tar.gz", "manifest.json", json.dumps(manifest).encode())
    done = rawabit("restore", newer, "--data", tmp_path / "restored")
    assert (done.returncode, "made by a newer version" in done.stderr) == (1, True)


def test_a_backup_needs_its_name(data: Path, tmp_path: Path):
    done = rawabit("backup", tmp_path / "kept.zip", "--data", data)
    assert (done.returncode, done.stderr) == (1, "rawabit: a backup is a .tar.gz file; name it so: kept.zip.tar.gz.\n")


def test_a_database_with_dangling_references_is_not_put_in_place(data: Path, tmp_path: Path):
    shutil.copy(data / "rawabit.sqlite3", tmp_path / "bad.sqlite3")
    with closing(sqlite3.connect(tmp_path / "bad.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("CREATE TABLE child (a INTEGER REFERENCES kit_jobs_job (id))")
        connection.execute("INSERT INTO child VALUES (999)")
        connection.commit()
    from rawabit.config.commands.restore import require_whole

    with pytest.raises(Stop, match="1 dangling"):
        require_whole(tmp_path / "bad.sqlite3")
