"""A person at the pages of the import, in tests: uploads, chooses columns, and lets the background work run at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rawabit.connect.actions import background
from rawabit.connect.models import ImportFile
from tests.laws.world import client_of

SELECTED = re.compile(r'<select class="in" id="col-(\d+)".*?</select>', re.DOTALL)


def csv_of(rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(str(cell) for cell in row) + "\r\n" for row in rows).encode(encoding)


class AtDesk:
    """One person with one browser."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.http = client_of(user)

    def upload(self, content: bytes, name: str = "table.csv") -> Any:
        return self.http.post(reverse("imports"), {"file": SimpleUploadedFile(name, content)})

    def bring(self, content: bytes, name: str = "table.csv") -> ImportFile:
        response = self.upload(content, name)
        assert response.status_code == 302, response.content.decode()
        uid = urlsplit(response.headers["Location"]).path.split("/")[3]
        return ImportFile.objects.get(uid=uid)

    def page(self, name: str, file: ImportFile, *more: object, **query: str) -> Any:
        return self.http.get(reverse(name, args=[file.uid, *more]), query)

    def send(self, name: str, file: ImportFile, **data: Any) -> Any:
        return self.http.post(reverse(name, args=[file.uid]), data)

    def proposed(self, file: ImportFile, kind: str = "") -> dict[str, str]:
        """What the page of columns proposes, as its form would send it."""
        response = self.page("import-map", file, **({"kind": kind} if kind else {}))
        assert response.status_code == 200, response.content.decode()
        return form_of(response.content.decode())

    def check(self, file: ImportFile, kind: str = "", **changes: str) -> ImportFile:
        """Send the page as it stands, with some changes, and let the check run."""
        form = {**self.proposed(file, kind), **changes, "go": "check"}
        response = self.send("import-map", file, **form)
        assert response.status_code == 302, re.sub(r"\s+", " ", response.content.decode())[-6000:]
        return work(file)

    def check_by(self, file: ImportFile, text: str) -> ImportFile:
        response = self.send("import-own-map", file, map=SimpleUploadedFile("m.toml", text.encode()))
        assert response.status_code == 302
        return work(file)

    def run(self, file: ImportFile) -> ImportFile:
        assert self.send("import-run", file).status_code == 302
        return work(file)

    def undo(self, file: ImportFile) -> ImportFile:
        assert self.send("import-undo", file).status_code == 302
        return work(file)

    def failed_rows(self, file: ImportFile, number: int = 0) -> bytes:
        response = self.page("import-failed-rows", file, number)
        assert response.status_code == 200
        return b"".join(response.streaming_content)


def work(file: ImportFile) -> ImportFile:
    """What the worker would do, to its end."""
    held = ImportFile.objects.get(pk=file.pk)
    if held.busy:
        background.claim(held, held.began_at)
        background.carry_out(file.pk)
    return ImportFile.objects.get(pk=file.pk)


def form_of(html: str) -> dict[str, str]:
    """The fields of the big form as a browser would send them."""
    start = html.index("<form", html.index('name="kind" value=') - 400)
    body = html[start : html.index("</form>", start)]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', body))
    found.pop("csrfmiddlewaretoken", None)
    found.update(dict(re.findall(r'<input[^>]*id="[^"]*" name="([^"]+)" value="([^"]*)"', body)))
    if 'name="negate"' in body and " checked" not in body[body.index('name="negate"') :][:40]:
        found.pop("negate", None)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found
