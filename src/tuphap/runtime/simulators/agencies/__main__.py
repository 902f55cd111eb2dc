"""Serve until told to stop."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import uvicorn

from .server import Agencies, application


def main() -> None:
    """Read the command line, serve."""
    parser = argparse.ArgumentParser(prog="tuphap.runtime.simulators.agencies", description="Simulated agencies")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TUPHAP_HOME", "var")))
    parser.add_argument("--platform", default="", help="where the platform's pages are")
    parser.add_argument("--client", default="", help="the platform's identifier")
    parser.add_argument("--seed", type=int, default=None)
    told = parser.parse_args()
    province = os.environ.get("TUPHAP_PROVINCE", "31")
    agencies = Agencies(
        told.home.absolute(), platform=told.platform or f"http://localhost:{told.port - 4}",
        client=told.client or os.environ.get("TUPHAP_EXCHANGE_CLIENT", f"VN/GOV/H{province}/TUPHAP"), seed=told.seed,
    )
    # A dropped connection is what was asked for, not an error to tell of.
    uvicorn.run(application(agencies), host=told.host, port=told.port, log_level="critical", access_log=False)


if __name__ == "__main__":
    main()
