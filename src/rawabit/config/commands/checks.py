"""What doctor asks. A check answers ``(good, words)``; words never hold a secret."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

Check = Callable[[], tuple[bool, str]]
DISK_FREE_MB = 500
CLOCK_SKEW = timedelta(seconds=5)
OLDEST_POSTGRESQL = 15


@dataclass(frozen=True)
class Answer:
    name: str
    good: bool
    said: str


def python() -> Answer:
    version = ".".join(map(str, sys.version_info[:3]))
    return Answer("python", sys.version_info >= (3, 11), version)


def database() -> tuple[bool, str]:
    from django.db import connection

    connection.ensure_connection()
    return _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _ask(statement: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def _sqlite() -> tuple[bool, str]:
    """WAL, because readers must not wait for the writer; every page whole; every reference points somewhere."""
    from django.db import connection

    journal, whole = _ask("PRAGMA journal_mode"), _ask("PRAGMA quick_check(1)")
    with connection.cursor() as cursor:
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchall()
    good = journal == "wal" and whole == "ok" and not dangling
    return good, f"SQLite {_ask('SELECT sqlite_version()')}, journal {journal}, check {whole}, {len(dangling)} dangling"


def _postgresql() -> tuple[bool, str]:
    """UTF-8 and letters that know upper and lower case: in the C locale Arabic and Persian are only bytes."""
    from django.db import connection

    version = int(_ask("SHOW server_version_num")) // 10_000
    encoding = _ask("SHOW server_encoding")
    letters = _ask("SELECT datctype FROM pg_database WHERE datname = current_database()")
    good = version >= OLDEST_POSTGRESQL and encoding == "UTF8" and letters not in {"C", "POSIX"}
    return good, f"{connection.display_name} {version}, encoding {encoding}, letters {letters}"


def migrations() -> tuple[bool, str]:
    from rawabit.config.commands.environment import unapplied_migrations

    missing = unapplied_migrations()
    return not missing, f"{len(missing)} to apply: rawabit migrate" if missing else "all applied"


def clock() -> tuple[bool, str]:
    """The database's clock against ours; SQLite has none of its own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return True, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - datetime.now(UTC))
    return apart <= CLOCK_SKEW, f"{apart.total_seconds():.1f} s from the database's"


def redis() -> tuple[bool, str]:
    from django.conf import settings

    if not settings.REDIS_URL:
        return True, "not used"
    from redis import Redis

    Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3).ping()
    return True, "answers"


def disk() -> tuple[bool, str]:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA).free // 1024**2
    return free >= DISK_FREE_MB, f"{free} MB free in {settings.DATA}"


def key() -> tuple[bool, str]:
    """The secret key signs sessions and links: nobody but its owner may read it."""
    from django.conf import settings

    file = Path(settings.DATA) / "secret.key"
    if not file.exists():
        return True, "from the environment"
    mode = stat.S_IMODE(file.stat().st_mode)
    return not mode & 0o077, f"{file.name} has mode {mode:04o}" + ("" if not mode & 0o077 else "; it must be 0600")


def static() -> tuple[bool, str]:
    """The fonts and styles of the pages are in their place."""
    from django.contrib.staticfiles import finders

    fonts = [name for name in ("kit/fonts/vazirmatn-400-700.woff2",) if not finders.find(name)]
    return not fonts, f"missing: {', '.join(fonts)}" if fonts else "fonts and styles are there"


def mail() -> tuple[bool, str]:
    """Whether the mail server answers; without one, mail goes into a folder, which no customer reads."""
    from django.conf import settings
    from django.core.mail import get_connection

    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return True, "no server set (RAWABIT_SMTP_HOST): messages are kept in the data folder"
    server = get_connection(timeout=5)
    server.open()
    server.close()
    return True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers"


def background() -> tuple[bool, str]:
    """Advice only: doctor may be asked while nothing runs."""
    from django.utils import timezone

    from rawabit.config.health import jobs

    said = {"ok": "a worker is alive", "silent": "no worker runs now", "late": "work that is due still waits"}
    state = jobs(timezone.now())
    return state != "late", said[state]


def leaks() -> tuple[bool, str]:
    """What the leak guard found the last time. Advice while it has not looked yet."""
    from rawabit.portal.queries.guarding import last_run

    run = last_run()
    if run is None:
        return True, "the guard has not looked yet; it does so every night"
    said = {"ok": "nothing leaks", "leak": f"{len(run.leaks)} LEAKS", "blind": "nothing to try yet"}
    return run.state != "leak", f"{said[run.state]} ({run.tried} addresses tried, {run.at:%Y-%m-%d %H:%M} UTC)"


CHECKS: dict[str, Check] = {
    "database": database,
    "migrations": migrations,
    "clock": clock,
    "redis": redis,
    "disk": disk,
    "secret key": key,
    "static files": static,
    "mail": mail,
    "background work": background,
    "leak guard": leaks,
}
