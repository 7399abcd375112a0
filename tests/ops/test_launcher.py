"""./rawabit: an old Python, a bare Python, a half-made .venv, two starts at once, an index that is out of reach."""

from __future__ import annotations

import ast
import fcntl
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.ops.conftest import ROOT
from tests.services import without

FAKE_PYTHON = '#!/bin/sh\necho became "$@"\n'


@pytest.fixture
def launch(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "bootstrap"))
    return importlib.import_module("launch")


@pytest.fixture
def install(launch: ModuleType) -> ModuleType:
    return importlib.import_module("install")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The launcher's files on their own, as after a clone; without .venv."""
    root = tmp_path / "clone"
    (root / "src").mkdir(parents=True)
    shutil.copytree(ROOT / "bootstrap", root / "bootstrap", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("rawabit", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, root / name)
    ignore = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(ROOT / "src" / "rawabit" / "config", root / "src" / "rawabit" / "config", ignore=ignore)
    for name in ("__init__.py", "__main__.py", "cli.py"):
        shutil.copy(ROOT / "src" / "rawabit" / name, root / "src" / "rawabit" / name)
    return root


def make_venv(root: Path, launch: ModuleType, *kinds: str) -> None:
    """What an installation leaves behind, with a program in place of Python that says how it was called."""
    binary = root / ".venv" / "bin"
    binary.mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text("version_info = 3.11.2\n")
    (binary / "python").write_text(FAKE_PYTHON)
    (binary / "python").chmod(0o755)
    (root / ".venv" / "rawabit.stamp").write_text("\n".join(launch.stamp(root, kind) for kind in kinds))


def started(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", str(root / "rawabit"), *arguments]
    environment = {**without("PYTHONPATH"), **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def as_python(version: str, root: Path, *arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher on this Python, which says that it is another version."""
    lines = [
        f"import runpy, sys; sys.version_info = {version}; sys.argv = {['rawabit', *arguments]!r}",
        f"runpy.run_path({str(root / 'rawabit')!r}, run_name='__main__')",
    ]
    command = [sys.executable, "-S", "-c", "\n".join(lines)]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=False)


# An old Python


def test_the_launcher_reads_as_python_3_6():
    ast.parse((ROOT / "rawabit").read_text(), feature_version=(3, 6))
    assert os.access(ROOT / "rawabit", os.X_OK)
    assert (ROOT / "rawabit").read_text().startswith("#!/usr/bin/env python3\n")


def test_an_old_python_gets_one_sentence(tmp_path: Path):
    done = as_python("(3, 6, 15, 'final', 0)", ROOT, "demo", path=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        "rawabit: Python 3.11 or newer is needed; this is Python 3.6.15 and no newer one is on PATH.\n"
    )


def test_an_old_python_hands_over_to_a_newer_one_on_path(tmp_path: Path):
    (tmp_path / "shims").mkdir()
    (tmp_path / "real").mkdir()
    for folder, text in (
        ("shims", "#!/bin/sh\nexit 127\n"),
        ("real", '#!/bin/sh\n[ "$1" = -c ] || echo became "$@"\n'),
    ):
        (tmp_path / folder / "python3.12").write_text(text)
        (tmp_path / folder / "python3.12").chmod(0o755)
    path = f"{tmp_path}/shims:{tmp_path}/real:/bin:/usr/bin"
    done = as_python("(3, 8, 1, 'final', 0)", ROOT, "demo", "--port", "9", path=path)
    assert done.stdout == f"became {ROOT / 'rawabit'} demo --port 9\n"


# Help and mistakes, before anything is fetched


def test_help_and_a_wrong_option_need_no_installation(tree: Path):
    assert started(tree, "--help").returncode == 0
    wrong = started(tree, "demo", "--prot", "1")
    assert (wrong.returncode, wrong.stderr.splitlines()[-1]) == (
        2,
        "rawabit: error: unrecognized arguments: --prot 1",
    )
    assert not (tree / ".venv").exists()
    assert not (tree / ".tools").exists()


# The stamp


def test_a_stamped_venv_is_used_at_once(tree: Path, launch: ModuleType):
    make_venv(tree, launch, "base")
    done = started(tree, "worker", "--data", "x", PIP_INDEX_URL="http://127.0.0.1:9/simple")
    assert done.stdout == "became -P -m rawabit worker --data x\n"


def test_a_base_installation_is_not_enough_for_the_tests(tree: Path, launch: ModuleType):
    make_venv(tree, launch, "base")
    assert launch.is_ready(tree, "base")
    assert not launch.is_ready(tree, "dev")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "requirements.lock").write_text("other"),
        lambda root: (root / ".venv" / "pyvenv.cfg").write_text("version_info = 3.12.0\n"),
        lambda root: (root / ".venv" / "bin" / "python").unlink(),
        lambda root: (root / ".venv" / "rawabit.stamp").unlink(),
        lambda root: (root / ".venv" / "rawabit.stamp").write_text(""),
    ],
    ids=["another lock", "another Python", "no Python", "no stamp", "an empty stamp"],
)
def test_a_venv_is_good_only_for_its_lock_and_its_python(tree: Path, launch: ModuleType, change):
    make_venv(tree, launch, "base")
    assert launch.is_ready(tree, "base")
    change(tree)
    assert not launch.is_ready(tree, "base")


# The installation


@pytest.fixture
def called(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that an installation starts, noted instead of run; ``uv venv`` leaves what it would leave."""
    calls: list[list[str]] = []

    def note(command: list[str], root: Path, environment: dict[str, str]) -> None:
        calls.append(command)
        if "venv" in command:
            (root / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
            (root / ".venv" / "pyvenv.cfg").write_text("made")

    monkeypatch.setattr(install, "run", note)
    return calls


def test_a_first_installation_makes_a_venv_and_stamps_it_last(
    tree: Path, install: ModuleType, launch: ModuleType, called: list[list[str]]
):
    (tree / ".tools").mkdir()
    install.fill_venv(tree, "dev", "uv", [], {})
    assert [command[1:3] for command in called] == [["venv", "--clear"], ["pip", "sync"]]
    assert called[1][-1] == "requirements-dev.lock"
    assert "--require-hashes" in called[1]
    stamps = (tree / ".venv" / "rawabit.stamp").read_text().split()
    assert stamps == [launch.stamp(tree, "base"), launch.stamp(tree, "dev")]
    assert not (tree / ".tools" / "unfinished").exists()


def test_an_installation_cut_off_in_the_middle_is_made_anew(
    tree: Path, install: ModuleType, launch: ModuleType, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    make_venv(tree, launch, "base")
    (tree / ".tools").mkdir()
    note = install.run

    def fail_at_sync(command: list[str], root: Path, environment: dict[str, str]) -> None:
        note(command, root, environment)
        if "sync" in command:
            raise install.Failure("the disk is full")

    monkeypatch.setattr(install, "run", fail_at_sync)
    with pytest.raises(install.Failure):
        install.fill_venv(tree, "dev", "uv", [], {})
    assert not launch.is_ready(tree, "base")
    called.clear()
    monkeypatch.setattr(install, "run", note)
    install.fill_venv(tree, "base", "uv", [], {})
    assert [command[1] for command in called] == ["venv", "pip"]
    assert launch.is_ready(tree, "base")


def test_a_sound_venv_with_an_older_lock_is_brought_up_in_place(
    tree: Path, install: ModuleType, launch: ModuleType, called: list[list[str]]
):
    make_venv(tree, launch, "base")
    (tree / ".tools").mkdir()
    (tree / "requirements.lock").write_text("newer")
    install.fill_venv(tree, "base", "uv", [], {})
    assert [command[1] for command in called] == ["pip"]


def test_a_second_start_waits_for_the_first_and_uses_its_work(tree: Path, launch: ModuleType):
    (tree / ".tools").mkdir()
    with (tree / ".tools" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-S", str(tree / "rawabit"), "worker"]
        second = subprocess.Popen(
            command, env=without("PYTHONPATH"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        assert second.stderr.readline() == "rawabit: another start is installing; waiting for it …\n"
        make_venv(tree, launch, "base")
    out, err = second.communicate(timeout=60)
    assert (out, err, second.returncode) == ("became -P -m rawabit worker\n", "", 0)


def test_an_index_out_of_reach_is_one_sentence(tree: Path):
    dead = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "0"}
    done = started(tree, "migrate", PIP_FIND_LINKS="", PIP_EXTRA_INDEX_URL="", **dead)
    assert (done.returncode, done.stdout) == (1, "")
    first, last = done.stderr.splitlines()
    assert first == "rawabit: fetching what it needs; the first start only …"
    assert last.startswith("rawabit: the package index cannot be reached")
    assert not (tree / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tree: Path):
    (tree / ".tools").write_text("a file where a folder must be; root may write into any folder")
    done = started(tree, "migrate")
    assert (done.returncode, done.stderr) == (1, f"rawabit: {tree}/.tools cannot be written (File exists).\n")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full"),
        ("cause: No space left on device (os error 28)", "the disk is full"),
        ("error: failed to write: Permission denied (os error 13)", "cannot be written"),
        ("WARNING: Retrying after connection broken by NewConnectionError\nERROR: No matching distribution", "reached"),
        ("ERROR: Could not find a version that satisfies uv (from versions: none)", "reached or is empty"),
        ("cause: error sending request for url\n cause: dns error", "cannot be reached"),
        ("× No solution found when resolving dependencies", "does not have what this system needs"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one we locked"),
        ("error: something else", "the installation stopped: error: something else"),
    ],
)
def test_what_pip_and_uv_say_becomes_a_sentence(install: ModuleType, said: str, expected: str):
    words = install.sentence(said, Path("/somewhere"))
    assert expected in words
    assert "\n" not in words


def test_uv_asks_the_index_that_pip_is_configured_for(install: ModuleType, monkeypatch: pytest.MonkeyPatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_INSECURE_HOST", "mine")
    settings = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "\nhttps://a.example\nhttps://b.example",
        "find-links": "/wheels /more",
        "cert": "/etc/own.pem",
        "trusted-host": "mirror.example",
    }
    words = install.index_for_uv(settings)
    assert words["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert words["UV_INDEX"] == "https://a.example https://b.example"
    assert words["UV_FIND_LINKS"] == "/wheels,/more"
    assert words["SSL_CERT_FILE"] == "/etc/own.pem"
    assert "UV_INSECURE_HOST" not in words
    assert "ALL_PROXY" not in words


def test_pip_runs_from_its_wheel_and_tells_its_settings(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://g.example\ncert = /c.pem\n[install]\nproxy = p:1\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.example")
    settings = install.pip_settings()
    assert settings["index-url"] == "https://environment.example"
    assert settings["proxy"] == "p:1"


# The locks


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ \n]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_developer_lock_holds_the_base_lock():
    base, developer = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(base) > 20
    assert {name: developer.get(name) for name in base} == base


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "bootstrap/uv.txt"])
def test_locks_carry_hashes_and_name_no_index(name: str):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
