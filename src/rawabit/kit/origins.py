"""Web sites that may show a page of ours in a frame: how the owner's list is read. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST = 20
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


class NotAHost(ValueError):
    """A line is no address of a web site that can be allowed; the text is the line."""


def origin_of(line: str) -> str:
    """``https://shop.example`` of a typed line. Only https, only a host (and a port): no paths, no wildcards, nothing
    that would end the header it stands in. NotAHost otherwise."""
    text = line.strip().lower()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        port = parts.port
    except ValueError as error:
        raise NotAHost(line) from error
    host = parts.hostname or ""
    try:
        host = host.encode("idna").decode("ascii") if host else ""
    except UnicodeError as error:
        raise NotAHost(line) from error
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "https" or not plain or not _HOST.fullmatch(host):
        raise NotAHost(line)
    return f"https://{host}" + (f":{port}" if port and port != 443 else "")


def origins(text: str) -> list[str]:
    """The web sites of a list with one on each line, each once. NotAHost for a line that is none."""
    return list(dict.fromkeys(origin_of(line) for line in text.splitlines() if line.strip()))


def allowed_origins(text: str) -> list[str]:
    """The same for a list that was checked before; what is no web site is left out."""
    found = []
    for line in text.splitlines()[:MOST]:
        try:
            found.append(origin_of(line))
        except NotAHost:
            continue
    return list(dict.fromkeys(found))
