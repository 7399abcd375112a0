"""Fill .venv from the lock, on a Python that may have neither pip nor venv.

pip stands beside this file as a wheel and is run from it; it fetches uv, uv makes .venv and fills it. Both verify every
file against a hash. Which package index is asked is pip's configuration (PIP_INDEX_URL, pip.conf); ours names none.
"""

from __future__ import annotations

import ast
import errno
import fcntl
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import LOCKS, is_ready, stamp

HERE = Path(__file__).resolve().parent
UV_LOCK = HERE / "uv.txt"
# Said by pip or uv → what a person can do about it. The first that matches is shown.
CAUSES = [
    (("No space left on device", "os error 28"), "the disk is full; free some space and start again."),
    (
        ("Permission denied", "Read-only file system"),
        "the folder {root} cannot be written to; change its owner or mode.",
    ),
    (
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "Hash mismatch"),
        "a downloaded package is not the one we locked; stopped.",
    ),
    (
        ("Connection", "tcp connect", "dns error", "timed out", "CERTIFICATE_VERIFY", "invalid peer certificate"),
        "the package index cannot be reached; check the network, or name a mirror in PIP_INDEX_URL.",
    ),
    (
        ("(from versions: none)", "error sending request", "Failed to fetch"),
        "the package index cannot be reached or is empty; check the network, or name a mirror in PIP_INDEX_URL.",
    ),
    (
        ("No matching distribution", "No solution found", "not found in the", "no wheels with a matching"),
        "the package index does not have what this system needs ({detail}).",
    ),
]


class Failure(Exception):
    """One sentence for the person who started the program."""


def install_packages(root: Path, kind: str) -> None:
    """Make .venv match the lock of this kind. Two starts at once: the second waits, then finds the work done."""
    with failures_of_the_disk(root), only_one(root):
        if is_ready(root, kind):
            return
        say("fetching what it needs; the first start only …")
        uv = fetch_uv(root)
        settings = pip_settings()
        without_index = ["--no-index"] if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"} else []
        fill_venv(root, kind, str(uv), without_index, {**os.environ, **index_for_uv(settings)})


@contextmanager
def failures_of_the_disk(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Failure("the disk is full; free some space and start again.") from error
        raise Failure(f"{error.filename or root} cannot be written ({error.strerror}).") from error


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Hold the installation's lock; the system releases it even when the holder is killed."""
    tools = root / ".tools"
    tools.mkdir(exist_ok=True)
    with (tools / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fetch_uv(root: Path) -> Path:
    """The path of the locked uv, fetched when it is not there. It is moved into place whole, or not at all."""
    home = root / ".tools" / ("uv-" + hashlib.sha256(UV_LOCK.read_bytes()).hexdigest()[:12])
    if not (home / "bin" / "uv").exists():
        fresh = home.with_name(f"{home.name}-{os.getpid()}")
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"]
        try:
            run([*pip(), "install", "--target", str(fresh), *options, "-r", str(UV_LOCK)], root, dict(os.environ))
            shutil.rmtree(home, ignore_errors=True)
            fresh.rename(home)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return home / "bin" / "uv"


def pip() -> list[str]:
    """pip as a program: the wheel beside this file, run from within."""
    return [sys.executable, str(next(HERE.glob("pip-*.whl")) / "pip"), "--disable-pip-version-check"]


def pip_settings() -> dict[str, str]:
    """What pip is configured to do: ``name → value``; the environment wins over [install], that over [global]."""
    listed = subprocess.run([*pip(), "config", "list"], capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listed.splitlines():
            key, equals, value = line.partition("=")
            if equals and key.startswith(section):
                found[key.removeprefix(section)] = str(ast.literal_eval(value))
    return found


def index_for_uv(settings: dict[str, str]) -> dict[str, str]:
    """The same index, mirrors and certificates, in the words of uv. What is already set for uv stays."""
    words = {
        "UV_DEFAULT_INDEX": settings.get("index-url"),
        "UV_INDEX": joined(settings.get("extra-index-url"), " "),
        "UV_FIND_LINKS": joined(settings.get("find-links"), ","),
        "UV_INSECURE_HOST": joined(settings.get("trusted-host"), " "),
        "UV_HTTP_TIMEOUT": settings.get("timeout") or settings.get("default-timeout"),
        "SSL_CERT_FILE": settings.get("cert"),
        "ALL_PROXY": settings.get("proxy"),
        "UV_SYSTEM_CERTS": "1" if system_has_certificates() else None,
        # Safe with several indexes, because every file must match a hash of the lock.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    return {name: value for name, value in words.items() if value and name not in os.environ}


def joined(value: str | None, separator: str) -> str | None:
    return separator.join(value.split()) if value else None


def system_has_certificates() -> bool:
    """A slim image may have none; uv then uses those that it carries."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


def fill_venv(root: Path, kind: str, uv: str, options: list[str], environment: dict[str, str]) -> None:
    """Create .venv when it is absent, broken or half made, and bring it to exactly the lock; the stamp comes last."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    unfinished = root / ".tools" / "unfinished"
    if unfinished.exists() or not os.access(python, os.X_OK):
        run([uv, "venv", "--clear", "--no-project", "--python", sys.executable, str(venv)], root, environment)
    (venv / "rawabit.stamp").unlink(missing_ok=True)
    unfinished.touch()
    sync = [uv, "pip", "sync", "--python", str(python), "--require-hashes", "--no-build", *options]
    run([*sync, LOCKS[kind]], root, environment)
    kinds = ["base", "dev"] if kind == "dev" else ["base"]
    write_whole(venv / "rawabit.stamp", "\n".join(stamp(root, made) for made in kinds) + "\n")
    unfinished.unlink()


def write_whole(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


def run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    """Run to the end; a failure becomes one sentence, the whole story goes to .tools/install.log."""
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stdout + done.stderr
        try:
            (root / ".tools" / "install.log").write_text(" ".join(command) + "\n" + said)
        except OSError:
            pass  # a full disk: the sentence matters more than the log
        raise Failure(sentence(said, root))


def sentence(said: str, root: Path) -> str:
    """What went wrong, in one sentence, from what pip or uv printed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    detail = next((line for line in lines if "rror" in line or "×" in line), lines[-1] if lines else "no message")
    for signs, words in CAUSES:
        if any(sign in said for sign in signs):
            return words.format(root=root, detail=detail)
    return f"the installation stopped: {detail} (the whole story is in .tools/install.log)"


def say(words: str) -> None:
    print(f"rawabit: {words}", file=sys.stderr, flush=True)
