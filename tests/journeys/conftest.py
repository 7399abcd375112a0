"""A real browser against a real server. Every page that a journey opens is also checked for accessibility and fit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SEVERE = {"serious", "critical", "moderate"}


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(str(item.fspath)).parent.name == "journeys":
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is required in CI and is absent")
        pytest.skip("Chromium is absent: the journeys are not walked")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's library runs an event loop in this thread
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Walker:
    """One person with one window."""

    def __init__(self, context, base: str) -> None:
        self.context, self.base = context, base
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._said)

    def _said(self, message) -> None:
        if message.type == "error" and "status of" not in message.text:
            self.faults.append(f"console: {message.text}")

    def open(self, path: str) -> Walker:
        self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        return self.check()

    def sign_in(self, email: str, password: str) -> Walker:
        self.page.goto(f"{self.base}/account/sign-in/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.locator(
                "form:has(input[name=password]) button[type=submit], form:has(input[name=password]) button:not([type])"
            ).first.click()
        return self

    def check(self) -> Walker:
        """No script error, no sideways scroll, nothing that axe finds wrong."""
        from axe_playwright_python.sync_playwright import Axe

        overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{self.page.url}: {overflow}px wider than the window"
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        severe = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found if v["impact"] in SEVERE]
        assert severe == [], self.page.url
        assert self.faults == [], self.page.url
        return self

    def click(self, selector: str) -> Walker:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self.check()


@pytest.fixture
def walk(browser, live_server) -> Iterator:
    contexts = []

    def start(language: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> Walker:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language,
            color_scheme="dark" if dark else "light", base_url=live_server.url,
        )  # fmt: skip
        context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        contexts.append(context)
        return Walker(context, live_server.url)

    yield start
    for context in contexts:
        context.close()
