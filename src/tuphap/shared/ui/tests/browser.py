"""A real Chromium for tests that must see what a person sees."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def chromium() -> str | None:
    """The path of Chromium on this machine, or None. Without its own windows it does the same work for half the CPU."""
    there = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    return os.environ.get("CHROMIUM") or next(filter(None, there), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A headless browser; each test opens its own context in it."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    try:
        with sync_playwright() as play:
            opened = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            try:
                yield opened
            finally:
                opened.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
