"""What a file really is, by its first bytes. Names and declared types are claims."""

from __future__ import annotations

import zipfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from rawabit.kit.marking import _
from rawabit.kit.states import Refused

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
PLAIN = {".txt": "text/plain", ".csv": "text/csv", ".md": "text/plain", ".eml": "message/rfc822", ".vcf": "text/vcard"}


def check_upload(upload: UploadedFile[Any]) -> str:
    """The MIME type of an allowed file; :class:`Refused` with words for anything else."""
    size = upload.size or 0
    if size == 0:
        raise Refused(_("The file is empty."))
    if size > settings.FILE_MAX_BYTES:
        raise Refused(_("The file is too large: %(limit)s MB at most.") % {"limit": settings.FILE_MAX_BYTES // 2**20})
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    kind = _kind(head, upload, (upload.name or "").lower())
    upload.seek(0)
    if kind is None:
        raise Refused(_("This kind of file is not accepted. Send a PDF, an image, an office document or text."))
    return kind


def _kind(head: bytes, file: Any, name: str) -> str | None:
    for start, mime in SIGNATURES:
        if head.startswith(start):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    return _plain(head, name)


def _office(file: Any) -> str | None:
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    for folder, mime in OFFICE.items():
        if any(name.startswith(folder) for name in names) and "[Content_Types].xml" in names:
            return mime
    return None


def _plain(head: bytes, name: str) -> str | None:
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return None
    return next((mime for ending, mime in PLAIN.items() if name.endswith(ending)), None)
