"""A worker with a SQLite database of its own that carries out the run of one uploaded file; started and killed by
test_kill_pages.py.

python -m tests.connect.desk_process DATA FILE: the first call prepares the installation, later ones work.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path


def main(data: Path, file: Path) -> int:
    os.environ["RAWABIT_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rawabit.config.settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    if not (data / "rawabit.sqlite3").exists():
        migrate()
    if not (data / "ready").exists():
        prepare(file)
        (data / "ready").touch()
        return 0
    return work()


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def prepare(path: Path) -> None:
    """An installation with one person, who has mapped and checked a file and pressed the button."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from rawabit.connect.actions import background, files
    from rawabit.connect.models import ImportFile
    from tests import makers
    from tests.connect.test_documents import PLAN

    actor = makers.actor(makers.make_user("manager", "هند"))
    now = timezone.now()
    file = files.receive(SimpleUploadedFile("old.csv", path.read_bytes()), actor=actor, at=now)
    file = files.map_by_text(file, PLAN, actor=actor, at=now)
    background.claim(file, now)
    background.carry_out(file.pk)
    file = ImportFile.objects.get()
    assert file.state == "checked", file.error
    files.begin_run(file, actor=actor, at=now)


def work() -> int:
    """The product's own worker, until the file is done."""
    from rawabit.connect.models import ImportFile
    from rawabit.kit.jobs.loop import run

    stop = threading.Event()
    worker = threading.Thread(target=run, args=(stop,))
    worker.start()
    deadline = time.monotonic() + 100
    while ImportFile.objects.get().busy and time.monotonic() < deadline:
        time.sleep(0.1)
    stop.set()
    worker.join()
    print(ImportFile.objects.get().state, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
