"""A worker or the door in a process of its own, with the tests' kinds and short waits: something that can be killed.

``python -m tuphap.shared.exchange.tests.process worker`` or ``… web PORT``; the environment says the rest.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from datetime import timedelta


def hurry() -> None:
    """The same rules with waits that a test can sit out."""
    from tuphap.shared.exchange import outbox, rules

    rules.FIRST_WAIT, rules.LONGEST_WAIT = timedelta(milliseconds=50), timedelta(seconds=1)
    rules.FIRST_PAUSE, rules.LONGEST_PAUSE = timedelta(milliseconds=300), timedelta(seconds=1)
    rules.LEASE = outbox.LEASE = timedelta(seconds=3)


def look_often() -> None:
    from django.db import connections

    from tuphap.shared.exchange import tasks

    while True:
        time.sleep(0.5)
        try:
            tasks.look()
        except Exception as fault:  # a database under load; the next look comes soon
            sys.stderr.write(f"look: {fault}\n")
        finally:
            connections.close_all()


def work() -> None:
    from procrastinate.contrib.django import app

    from tuphap.runtime import worker

    threading.Thread(target=look_often, daemon=True).start()
    with app.replace_connector(worker.connector()):
        asyncio.run(worker.work(concurrency=3))


def serve(port: int) -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Thousands of lines tell nobody anything."""

    server = ThreadedWSGIServer(("127.0.0.1", port), Silent)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    server.serve_forever(0.05)


def main() -> None:
    import django

    django.setup()
    from tuphap.shared.exchange.tests import kinds

    for registry, kept in kinds.registries().items():
        registry._items = kept
    kinds.declare()
    hurry()
    if sys.argv[1] == "web":
        serve(int(sys.argv[2]))
    else:
        work()


if __name__ == "__main__":
    main()
