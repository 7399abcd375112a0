"""From a failure that a person can mend to one clear sentence and exit code 1. Anything else stays a traceback."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

FULL = "the disk is full; free some space and start again."
# Said by SQLite or PostgreSQL → what a person can do about it.
DATABASE_CAUSES = [
    (
        ("malformed", "not a database", "disk image"),
        "the database is damaged ({said}); put a backup back: rawabit restore.",
    ),
    (("disk is full", "No space left"), FULL),
    (
        ("readonly database", "unable to open database"),
        "the database cannot be written ({said}); see the data folder's owner.",
    ),
    (("is locked",), "the database is busy: another process has been writing to it for too long."),
    (("no such table", "does not exist"), "the database is not prepared ({said}); run: rawabit migrate."),
    (("password authentication", "no password"), "the database refuses the sign-in of DATABASE_URL."),
    (("onnection", "translate host", "timeout"), "the database does not answer ({said}); see DATABASE_URL."),
]


class Stop(Exception):
    """A sentence for the person at the command line; the command ends with code 1."""


def in_one_sentence(body: Callable[[], int]) -> int:
    """Run a command's body; a failure with a known cause is told in one sentence on standard error."""
    try:
        return body()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; writing the rest at exit would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        words = sentence(error)
        if words is None:
            raise
        print(f"rawabit: {words}", file=sys.stderr)
        return 1


def sentence(error: Exception) -> str | None:
    """The sentence for this failure, or None when its cause is not known."""
    if isinstance(error, Stop):
        return str(error)
    if isinstance(error, OSError):
        return _of_the_system(error)
    if _is_database_error(error):
        return _of_the_database(first_line(error))
    return None


def _of_the_system(error: OSError) -> str | None:
    if error.errno == errno.ENOSPC:
        return FULL
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
        return f"{error.filename or 'a file'} cannot be used ({error.strerror})."
    if error.errno == errno.ENOENT and error.filename:
        return f"{error.filename} is not there."
    return None


def _is_database_error(error: Exception) -> bool:
    from django.db import DatabaseError, InterfaceError

    return isinstance(error, (DatabaseError, InterfaceError))


def _of_the_database(said: str) -> str | None:
    return next((words.format(said=said) for signs, words in DATABASE_CAUSES if any(s in said for s in signs)), None)


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
