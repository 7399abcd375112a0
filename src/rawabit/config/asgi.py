"""One ASGI application for one server: event streams stay in the event loop, pages go to Django's WSGI side.

A page costs half as much CPU under WSGI (no hop between event loop and thread inside Django), and an open stream costs
no thread in the event loop; so each takes its own way.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cached_property
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from rawabit.config.wsgi import application as pages

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
STREAMS = "/events/"
# Pages at once in one process. Python runs one at a time; more threads only wait for locks and make others wait.
THREADS = int(os.environ.get("RAWABIT_THREADS", "4"))


class Application:
    """Sends each connection to the side that serves it."""

    def __init__(self) -> None:
        self.pages: Any = WSGIMiddleware(cast(Any, pages), workers=THREADS)

    @cached_property
    def streams(self) -> Any:
        """Live pages, started with the first stream."""
        from rawabit.config.streams import hub
        from rawabit.kit.live.streaming import Streams

        return Streams(hub())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith(STREAMS):
            await self.streams(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Answer the server's start and stop; there is nothing to prepare that a request would not prepare."""
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = Application()
