"""The floors of the house, held by the import contracts, and by reading the templates, which imports do not show."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tuphap"
CONTRACTS = ROOT / ".importlinter"
REFERENCE = re.compile(r"{%\s*(extends|include|url)\s+([\"'])([^\"']+)\2")


# Doors that only the sample has: their addresses are not even known to the test settings, nor to production.
SAMPLE_ONLY = {"accounts:step_in", "accounts:step_into"}


def _layers() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS)
    lines = parser["importlinter:contract:floors"]["layers"].split()
    return [line.strip("()").removeprefix("tuphap.") for line in lines]


def test_nothing_imports_upwards() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_mechanism_and_module_stands_on_a_floor() -> None:
    layers = _layers()
    for folder in sorted(SOURCE.iterdir()):
        if not (folder / "__init__.py").exists() or folder.name in ("settings", "shared"):
            continue
        assert folder.name in layers, f"{folder.name} has no floor in .importlinter"
    for folder in sorted((SOURCE / "shared").iterdir()):
        if (folder / "__init__.py").exists():
            assert f"shared.{folder.name}" in layers, f"shared/{folder.name} has no floor in .importlinter"


def _owner(template: Path) -> str:
    """``modules.civil_status`` for a template of that module."""
    parts = template.relative_to(SOURCE).parts
    return ".".join(parts[:2]) if parts[0] in ("modules", "shared") else parts[0]


def _templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file() and "tests" not in path.parts)


def _references() -> list[tuple[Path, str, str]]:
    return [
        (path, kind, name)
        for path in _templates()
        for kind, _, name in REFERENCE.findall(path.read_text(encoding="utf-8"))
    ]


def _floor_of_name(kind: str, name: str) -> str | None:
    """Who owns the template or address of this name: the folder that bears its first part."""
    first = name.split(":" if kind == "url" else "/", 1)[0]
    for owner in (f"modules.{first}", f"shared.{first}", first):
        if (SOURCE / owner.replace(".", "/")).is_dir():
            return owner
    return None


def _may_refer(owner: str, kind: str, to: str) -> bool:
    """Whether a template of ``owner`` may name what belongs to ``to``.

    Page frames (``ui``) dress every page, and every page leads home (``site``). Modules do not know each other's
    templates; a link from one module's page to another's is a link that a person follows, and is allowed.
    """
    if owner == to or to == "shared.ui" or (kind == "url" and to == "site"):
        return True
    if owner.startswith("shared."):
        layers = _layers()
        return to in layers and layers.index(to) >= layers.index(owner)
    if owner.startswith("modules."):
        return to.startswith("shared.") or kind == "url"
    return owner == "site"


def test_templates_name_nothing_above_them() -> None:
    wrong = []
    for path, kind, name in _references():
        to = _floor_of_name(kind, name)
        if to is None:  # an address without a namespace, or a template of Django's
            continue
        if not _may_refer(_owner(path), kind, to):
            wrong.append(f"{path.relative_to(SOURCE)}: {kind} {name}")
    assert not wrong, "\n".join(wrong)


def test_every_template_and_address_that_is_named_exists() -> None:
    from django.template.loader import get_template
    from django.urls import get_resolver

    namespaces = {
        f"{space}:{name}"
        for space, (_, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    wrong = []
    for path, kind, name in _references():
        where = f"{path.relative_to(SOURCE)}: {kind} {name}"
        if kind == "url":
            if ":" in name and name not in namespaces | SAMPLE_ONLY:
                wrong.append(where)
            continue
        try:
            get_template(name)
        except Exception as error:  # whatever the loader says, it is told with its place
            wrong.append(f"{where}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("owner", "kind", "to", "allowed"),
    [
        ("shared.notices", "extends", "shared.ui", True),
        ("shared.notices", "include", "shared.dossiers", False),
        ("shared.documents", "url", "modules.one_stop_shop", False),
        ("shared.dossiers", "include", "shared.people", True),
        ("modules.direction", "include", "modules.civil_status", False),
        ("modules.direction", "url", "modules.one_stop_shop", True),
    ],
)
def test_the_rule_itself(owner: str, kind: str, to: str, allowed: bool) -> None:
    assert _may_refer(owner, kind, to) is allowed
