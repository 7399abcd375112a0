"""Uploads that are too large are cut off while they are read, not after they have filled the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.urls import Resolver404, resolve

OTHER_FIELDS = 1 << 20  # what a body may hold besides its files before its mere length gives it away
_LIMITS: dict[str, int] = {}


def allow(url_name: str, size: int) -> None:
    """Files of a request to this address may come to so many bytes; all others have :func:`usual_limit`."""
    _LIMITS[url_name] = size


def usual_limit() -> int:
    """Three of the largest files that are kept: a form may bring several, and each view says its own limit in words."""
    return 3 * int(settings.FILE_MAX_BYTES)


def was_cut_off(request: Any) -> bool:
    """Whether the request brought more than its address takes; then its files are missing."""
    return bool(request.FILES is not None and getattr(request, "upload_cut_off", False))


class CutOff(FileUploadHandler):
    """The first upload handler: counts, and stops reading at the limit. Fields that came before are kept."""

    left = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        limit = self._limit()
        self.left = -1 if content_length > limit + OTHER_FIELDS else limit

    def _limit(self) -> int:
        request: Any = self.request
        match = request.resolver_match
        if match is None:
            try:
                match = resolve(request.path_info)
            except Resolver404:
                return 0
        return _LIMITS.get(match.url_name or "", usual_limit())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.request.upload_cut_off = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""
