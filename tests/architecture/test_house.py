"""Habits of the house that a reader relies on: where writes stand, what files are called, of what the papers speak."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tuphap"
MODULES = sorted(path for path in (SOURCE / "modules").iterdir() if (path / "manifest.py").exists())

WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "aupdate",
}
QUERYSET = re.compile(r"\.objects\b|\.(filter|exclude|all|select_for_update)\(|_set\b")
# Doors and readers: they parse, call an operation or read; none of them saves.
NEVER_WRITE = {"views", "urls", "forms", "queries", "rules", "templatetags", "admin", "menu", "context", "public"}


def _parts(path: Path) -> set[str]:
    relative = path.relative_to(SOURCE)
    return {*relative.parts[:-1], relative.stem}


def _writes(code: str) -> list[tuple[int, str]]:
    """Calls that change rows: line and text. A dictionary's ``update`` or a path's ``delete`` is none."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        receiver = ast.unparse(node.func.value)
        if receiver.endswith("request.session"):
            continue  # Django's own table, and no record of ours
        if node.func.attr == "save" and node.args and not node.keywords:
            continue  # a spreadsheet or a letter into a stream; a row's save is never given anything but keywords
        if node.func.attr == "save" or QUERYSET.search(receiver + "."):
            found.append((node.lineno, ast.unparse(node)[:80]))
    return found


def test_the_search_for_writes_finds_them() -> None:
    assert _writes("Act.objects.create(x=1)")
    assert _writes("Act.objects.filter(x=1).update(y=2)")
    assert _writes("act.save()")
    assert _writes("act.save(update_fields=['x'])")
    assert not _writes("facts.update(a=1)")
    assert not _writes("book.save(stream)")
    assert not _writes("hashed.update(b'')")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_writes_in_its_operations_alone(module: Path) -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(module.rglob("*.py"))
        if not _parts(path) & {"tests", "migrations", "operations"}
        for line, text in _writes(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_door_of_a_mechanism_writes() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for top in ("shared", "site")
        for path in sorted((SOURCE / top).rglob("*.py"))
        if _parts(path) & NEVER_WRITE and not _parts(path) & {"tests", "migrations"}
        for line, text in _writes(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_modules_have_the_same_files(module: Path) -> None:
    for name in ("README.md", "apps.py", "manifest.py", "urls.py", "queries.py", "rules.py", "tests"):
        assert (module / name).exists(), f"{module.name} has no {name}"


def test_rules_know_no_database_and_no_clock() -> None:
    for path in SOURCE.rglob("rules.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
            for name in names:
                assert not name.startswith("django"), f"{path.relative_to(SOURCE)} imports {name}"
                assert not name.endswith("clock.now"), f"{path.relative_to(SOURCE)} looks at the clock"


def test_no_heaps() -> None:
    heaps = {"utils", "util", "helpers", "helper", "misc", "signals"}
    found = [path for path in SOURCE.rglob("*.py") if path.stem in heaps or heaps & set(path.relative_to(SOURCE).parts)]
    assert not found


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:  # an archive without its history
        return [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".tools", "var", ".git"} & set(p.parts)]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_repository_speaks_of_the_project_alone() -> None:
    """No path of somebody's machine, no host of a package registry, no word about how it came to be."""
    # Put together here, so that this file does not find itself.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "crates" + ".io", "/simple" + "/"]
    places = ["/wo" + "rk/", "/home/" + "user", "C:" + "\\Users"]
    words = [r"\banthro" + "pic", r"\bcla" + r"ude\b", r"\bchat" + "gpt", r"\bsub" + "agent", r"language " + "model"]
    pattern = re.compile("|".join([*map(re.escape, hosts + places), *words]), re.IGNORECASE)
    wrong = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{path.relative_to(ROOT)}: {found}" for found in pattern.findall(text)]
    assert not wrong, "\n".join(wrong)


def test_packages_are_pinned_with_hashes() -> None:
    for name in ("run.txt", "dev.txt", "uv.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "--index" not in text
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
        assert blocks
        for block in blocks:
            assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]+\])?==", block), block[:60]
            assert "--hash=sha256:" in block, block[:60]


def test_production_cannot_have_the_sample() -> None:
    """In a process of its own: no environment brings the sample's doors into a production setting."""
    code = (
        "import os, django; django.setup()\n"
        "from django.conf import settings\n"
        "assert settings.SAMPLE_MODE is False and settings.DEBUG is False\n"
        "assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_SSL_REDIRECT\n"
    )
    for mode in ("sample", "production"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tuphap.settings.prod", "TUPHAP_MODE": mode,
                 "TUPHAP_SECRET_KEY": "x" * 50, "TUPHAP_OIDC_CLIENT_SECRET": "y" * 50,
                 "TUPHAP_PUBLIC_URL": "https://example.gov.vn", "PYTHONWARNINGS": "", "PYTHONPATH": str(SOURCE.parent)},
        )
        assert done.returncode == 0, f"{mode}: {done.stderr[-800:]}"


def test_a_start_reads_no_more_than_it_needs() -> None:
    """In a process of its own: what some pages, papers and commands alone need is read and built when first used."""
    code = (
        "import json, sys, django; django.setup()\n"
        "import tuphap.runtime.migrate, tuphap.runtime.prepare, tuphap.runtime.seed, tuphap.runtime.worker\n"
        "from tuphap.modules.civil_status.answers import Block\n"
        "from tuphap.shared.exchange import contracts\n"
        "models = [Block, contracts._Told, contracts._Sent]\n"
        "for model in models: models += model.__subclasses__()\n"
        "built = [model.__name__ for model in models if model.__pydantic_complete__]\n"
        "print(json.dumps([len(models), built, list(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONWARNINGS": "", "PYTHONPATH": str(SOURCE.parent)},
    )
    models, built, read = json.loads(done.stdout)
    assert models > 100
    assert not built
    heavy = {
        "PIL", "aiohttp", "authlib", "docx", "joserfc", "lxml", "openpyxl", "pyhanko", "starlette", "typer", "uvicorn",
    }
    assert not heavy & {name.split(".")[0] for name in read}
    doors = re.compile(r"tuphap\.(sample\b|site\.api\b|modules\.\w+\.api\b|.*\.(endpoints|urls|views)$)")
    assert not [name for name in read if doors.match(name)]


def test_every_variable_is_told_to_operators() -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    read = {
        name
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(r"\"(TUPHAP_[A-Z0-9_]+)\"", path.read_text(encoding="utf-8"))
    }
    assert len(read) > 15
    assert not {name for name in read if name not in told}


def test_every_model_has_its_migration() -> None:
    """What a model says is what the migrations make: choices and titles too."""
    loader = MigrationLoader(None)
    with translation.override(None):  # Django's own titles are read as migrations wrote them
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        detected = detector.changes(graph=loader.graph)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("tuphap.")}
    assert {app: [str(m) for m in found] for app, found in detected.items() if app in ours} == {}
