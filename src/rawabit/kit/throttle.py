"""How often somebody may do something: counted atomically in the cache, in windows of time."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from rawabit.kit.text import latn

HOUR = 3600


def too_many(name: str, who: str, most: int, seconds: int = HOUR) -> bool:
    """This is more than the so manieth time within the window. Every call counts."""
    key = _key(name, who)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False


def is_over(name: str, who: str, most: int) -> bool:
    """More than so many have been counted; asking counts nothing."""
    return int(cache.get(_key(name, who), 0)) > most


def _key(name: str, who: str) -> str:
    return f"{name}:{hashlib.sha256(who.encode('utf-8', 'replace')).hexdigest()[:24]}"


def place_of(request: HttpRequest) -> str:
    """The network address of whoever asks."""
    return latn(request.META.get("REMOTE_ADDR", ""))[:60]
