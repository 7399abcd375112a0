"""The stream of one page, as a small ASGI application: server-sent events that say only "look again"."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.utils import timezone

from rawabit.kit.live.hub import Hub, Stream
from rawabit.kit.live.watching import Watch, read

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PULSE = 20.0  # seconds; proxies close what is silent for longer
OPENING = b"retry: 3000\nevent: open\ndata:\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Streams:
    """Answers ``/events/?w=<signed watch>``; 403 for what we did not sign, and for pages of other sites."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        watch = watch_of(scope)
        if watch is None:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            return
        stream = Stream(watch, asyncio.get_running_loop())
        self.hub.join(stream)
        try:
            await asyncio.to_thread(self.hub.ready.wait, 5)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": OPENING, "more_body": True})
            await self.follow(stream, receive, send)
        finally:
            self.hub.leave(stream)

    async def follow(self, stream: Stream, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(departure(receive))
        try:
            while not gone.done():
                word = asyncio.ensure_future(stream.waiting.get())
                await asyncio.wait({gone, word}, timeout=PULSE, return_when=asyncio.FIRST_COMPLETED)
                if word.done():
                    body = f"event: {word.result()}\ndata:\n\n".encode()
                else:
                    word.cancel()
                    body = b": still here\n\n"
                if not gone.done():
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        finally:
            gone.cancel()


async def departure(receive: Receive) -> None:
    """Returns when the browser has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def watch_of(scope: Message) -> Watch | None:
    """What the address asks to watch, if this is a page of ours that asks."""
    headers = {name.lower(): value for name, value in scope.get("headers", [])}
    if scope.get("method") != "GET" or headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return None
    origin = headers.get(b"origin")
    if origin is not None and origin.split(b"://")[-1] != headers.get(b"host"):
        return None
    asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("w", [""])
    return read(asked[0], timezone.now())
