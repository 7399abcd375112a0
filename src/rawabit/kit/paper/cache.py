"""Finished papers, kept as files: what is on the paper is in its name, so a changed paper is another file."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import version

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from rawabit.kit.paper.sheet import Sheet
from rawabit.kit.paper.typesetting import TEMPLATE, inputs_of, typeset

FOLDER = "papers"
KEPT = timedelta(days=60)
_MARK = 64  # the first bytes of a kept file are the sum of the rest
log = structlog.get_logger()


@lru_cache(maxsize=1)
def _looks() -> bytes:
    """A new template or another typesetter makes other papers."""
    return hashlib.sha256(TEMPLATE.read_bytes() + version("typst").encode()).digest()


def pdf_of(sheet: Sheet, key: str) -> tuple[bytes, str]:
    """The PDF, from the cache or made now, and under which name it is kept. ``key`` names the document, its version and
    the languages, for people who look into the folder; the sum of all that stands on the paper decides."""
    inputs = inputs_of(sheet)
    digest = hashlib.sha256(_looks() + inputs.encode()).hexdigest()
    name = f"{FOLDER}/{digest[:2]}/{key}-{digest[:32]}.pdf"
    pdf = kept(name)
    if pdf is None:
        pdf = typeset(inputs, sheet)
        _keep(name, pdf)
    return pdf, name


def kept(name: str) -> bytes | None:
    """None when there is none, or when it is not what was kept (half written, damaged, changed)."""
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except OSError:
        return None
    mark, pdf = content[:_MARK], content[_MARK:]
    if hashlib.sha256(pdf).hexdigest().encode() == mark:
        return pdf
    log.warning("a kept paper was damaged; it is made anew", name=name)
    return None


def _keep(name: str, pdf: bytes) -> None:
    """A full disk keeps nobody from his paper."""
    try:
        if default_storage.exists(name):
            default_storage.delete(name)
        default_storage.save(name, ContentFile(hashlib.sha256(pdf).hexdigest().encode() + pdf))
    except OSError:
        log.exception("a paper could not be kept", name=name)


def forget_papers(at: datetime) -> int:
    """Delete what was made long ago; whoever asks again gets it anew."""
    gone = 0
    for folder in _folders():
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            path = f"{FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(path) < at - KEPT:
                default_storage.delete(path)
                gone += 1
    return gone


def _folders() -> list[str]:
    try:
        return default_storage.listdir(FOLDER)[0]
    except OSError:
        return []
