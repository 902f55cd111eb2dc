"""The processes of the platform: how each is called, what it is told, and which belong to the sample alone."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from .database import Addresses
from .home import Home

WEB_THREADS = 8


@dataclass(frozen=True, slots=True)
class Service:
    """One process. ``secret`` goes to its standard input as one line; ``once``: it ends by itself when it succeeds."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    once: bool = False


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of ours with this interpreter."""
    return (sys.executable, "-m", module, *arguments)


def settings_for(mode: str) -> str:
    """The settings module of a mode (``sample``, ``production``, ``test``)."""
    return {"sample": "tuphap.settings.sample", "production": "tuphap.settings.prod"}.get(mode, "tuphap.settings.test")


def common_environment(home: Home, *, mode: str, port: int) -> dict[str, str]:
    """What every process is told beside its database."""
    return {
        "TUPHAP_HOME": str(home.path),
        "TUPHAP_MODE": mode,
        "DJANGO_SETTINGS_MODULE": settings_for(mode),
        "PORT": str(port),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
    }


def platform_services(home: Home, addresses: Addresses, *, port: int, bind: str, in_sample: bool) -> list[Service]:
    """The processes in the order in which they are started; the simulators only where the sample is shown."""
    application = addresses.environment(owner=False)
    services = []
    if not os.environ.get("TUPHAP_SIGNER_SOCKET"):
        services.append(signer(home))
    if in_sample:
        services += simulators(home, port)
    services += [
        Service("web", web_command(port=port, bind=bind), application),
        Service("stream", stream_command(port=port + 3, bind=bind), application),
        Service("worker", python("tuphap.runtime.worker"), application),
    ]
    return services


def signer(home: Home) -> Service:
    """The process that alone holds private keys; its secret reaches it over a pipe and stands in no environment."""
    command = python(
        "tuphap.runtime.signer", "--socket", str(home.path / "run" / "signer.sock"),
        "--keys", str(home.path / "keys" / "signer"),
    )
    module = os.environ.get("TUPHAP_PKCS11_MODULE", "")
    if not module:
        return Service("signer", command, secret=home.secret("signer-unlock"))
    token = os.environ.get("TUPHAP_PKCS11_TOKEN", "tuphap")
    pin = Path(os.environ["TUPHAP_PKCS11_PIN_FILE"]).read_text().strip()
    return Service("signer", (*command, "--pkcs11-module", module, "--pkcs11-token", token), secret=pin)


def simulators(home: Home, port: int) -> list[Service]:
    """What stands in for others in the sample: identity provider, certificates and time stamps, agencies, gateways."""
    authorities = ("--folder", str(home.path / "sample" / "authorities"), "--trust", str(home.path / "trust"))
    return [
        Service("vneid", python("tuphap.runtime.simulators.vneid", "--port", str(port + 1))),
        Service("tsa", python("tuphap.runtime.simulators.tsa", "--port", str(port + 2), *authorities)),
        Service("agencies", python("tuphap.runtime.simulators.agencies", "--port", str(port + 4))),
        Service("gateways", python("tuphap.runtime.simulators.gateways", "--port", str(port + 5))),
    ]


def sample_filler(addresses: Addresses) -> Service:
    """Fills the sample behind the open page; ends when everything is there, goes on where it was when killed."""
    return Service("sample", python("tuphap.cli", "sample"), addresses.environment(owner=True), once=True)


def web_command(*, port: int, bind: str) -> tuple[str, ...]:
    """Pages and API: processes for the cores, threads for those who wait."""
    workers = os.environ.get("TUPHAP_WEB_WORKERS", "") or str(min(4, os.cpu_count() or 2))
    return python(
        "gunicorn", "tuphap.site.wsgi:application", "--bind", f"{bind}:{port}", "--worker-class", "gthread",
        "--workers", workers, "--threads", str(WEB_THREADS), "--timeout", "60", "--graceful-timeout", "8",
        "--keep-alive", "5", "--max-requests", "20000", "--max-requests-jitter", "2000", "--no-control-socket",
        "--log-level", "warning",
        "--preload",  # the program is read once, not once for each process, and a killed process is back at once
        "--forwarded-allow-ips", "",  # whom to believe is decided in one place, site/proxies.py
    )


def stream_command(*, port: int, bind: str) -> tuple[str, ...]:
    """Live notices: one process for all listeners."""
    return python(
        "uvicorn", "tuphap.runtime.stream:application", "--host", bind, "--port", str(port), "--no-access-log",
        "--log-level", "warning", "--timeout-graceful-shutdown", "2", "--lifespan", "on",
    )


def is_there(module: str) -> bool:
    """Whether this installation has the module; the sample and its simulators may be left out of a production one."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
