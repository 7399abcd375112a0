"""Uploads beyond the limit of their address are not read to their end."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from rawabit.connect.models import ImportFile
from rawabit.kit import uploads
from tests import makers
from tests.connect.desk import AtDesk

BOUNDARY = "b0undary"


class Counting(BytesIO):
    """A body that knows how much of it was taken."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def body_of(size: int, field: str = "kept") -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="word"\r\n\r\n{field}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + b"x" * size + f"\r\n--{BOUNDARY}--\r\n".encode()


def request_to(path: str, body: Counting) -> Any:
    kind, length = f"multipart/form-data; boundary={BOUNDARY}", str(len(body.getbuffer()))
    more: dict[str, Any] = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": length, "wsgi.input": body}
    return RequestFactory().generic("POST", path, **more)


@pytest.mark.parametrize("told", [True, False])
def test_the_body_is_left_unread_beyond_the_limit(told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once when the length of the body tells it, else at the limit."""
    monkeypatch.setitem(uploads._LIMITS, "imports", 1 << 20)
    monkeypatch.setattr(uploads, "OTHER_FIELDS", (1 if told else 100) << 20)
    body = Counting(body_of(12 << 20))
    request = request_to(reverse("imports"), body)
    assert uploads.was_cut_off(request)
    assert (request.POST["word"], len(request.FILES)) == ("kept", 0)
    assert body.taken < (200_000 if told else (1 << 20) + 200_000)


def test_what_fits_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uploads._LIMITS, "imports", 3 << 20)
    request = request_to(reverse("imports"), Counting(body_of(3 << 20)))
    assert not uploads.was_cut_off(request)
    assert request.FILES["file"].size == 3 << 20


def test_every_other_address_has_the_usual_limit() -> None:
    with override_settings(FILE_MAX_BYTES=100_000):
        raw = body_of(400_000)
        assert uploads.was_cut_off(request_to("/", Counting(raw)))
        assert not uploads.was_cut_off(request_to(reverse("imports"), Counting(raw)))


@pytest.mark.django_db
def test_the_page_says_how_much_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = AtDesk(makers.make_user("manager", "هند", language="en"))
    monkeypatch.setitem(uploads._LIMITS, "imports", 1 << 20)
    response = desk.upload(b"a,b\r\n" + b"x,y\r\n" * 500_000)
    assert (response.status_code, "too large: 64 MB at most" in response.content.decode()) == (422, True)
    assert not ImportFile.objects.exists()


@pytest.mark.django_db
def test_a_stranger_cannot_fill_the_disk() -> None:
    """Nobody is signed in: the body is not kept, whatever it holds."""
    upload = SimpleUploadedFile("a.csv", b"x" * 100)
    response = Client(enforce_csrf_checks=True).post(reverse("imports"), {"file": upload})
    assert response.status_code in (302, 403)
    assert not ImportFile.objects.exists()
