"""What ``tuphap digitisation`` does, once the platform is there: whole folders of scans, the manifest of a province."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.accounts.api import User, actor_for

from . import manifest_file, operations, rules
from .operations import ScanFile, TakenIn

BATCH = 40  # files of one transaction: some seconds of work that a break may cost
LARGEST = 25 * 1024 * 1024  # bytes of a file that is opened at all; what is larger than a scan may be is told as such
Tell = Callable[[int, int, TakenIn], None]


class UnknownPerson(RuntimeError):
    """No account of staff bears the name."""


def person(username: str) -> Actor:
    """The member of staff in whose name a command is run; what he may is what he may on every page.

    :raises UnknownPerson: there is none.
    """
    found = User.objects.filter(username=username, is_active=True, kind="staff").first()
    if found is None:
        raise UnknownPerson(f"Không có tài khoản cán bộ “{username}”.")
    return actor_for(found, purpose="Nạp dữ liệu số hóa bằng lệnh")


def scans_in(folder: Path) -> list[Path]:
    """Every file below a folder, in one order; hidden ones are left out.

    :raises rules.FolderMissing: there is no such folder.
    """
    if not folder.is_dir():
        raise rules.FolderMissing(folder=folder)
    return sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))


def take_in_folder(*, folder: Path, book_id: int | None, actor: Actor, tell: Tell) -> TakenIn:
    """Take in every scan below a folder, batch by batch. Broken off and run again, it goes on: what is there is known.

    :param book_id: the book whose they are; None: each file's book is found by its name and folders.
    :param tell: called after each batch with files done, files in all, and what became of them so far.
    :raises rules.FolderMissing: there is no such folder.
    :raises Refusal: the actor may not, or there is no such book.
    """
    found, told, done = scans_in(folder), TakenIn(), 0
    job = operations.begin_scans(total=len(found), book_id=book_id, actor=actor, at=now())
    for batch in _batches(found):
        files = [_file(one, folder) for one in batch]
        told.add(operations.take_in_batch(files_in=files, book_id=book_id, job_id=job.pk, actor=actor, at=now()))
        done += len(batch)
        tell(done, len(found), told)
    for touched in sorted(told.books):
        operations.look_for_gaps(book_id=touched, actor=actor, at=now())
    return told


def _batches(found: list[Path]) -> Iterator[list[Path]]:
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def _file(path: Path, folder: Path) -> ScanFile:
    within = path.parent.relative_to(folder).as_posix()
    content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    return ScanFile(path.name, content, "" if within == "." else within)


def enter_manifest(*, file: Path, actor: Actor) -> tuple[int, int]:
    """Enter the books of a file; answers how many were entered, and how many were there.

    :raises rules.BadManifest: a row cannot be; nothing is entered then.
    """
    at = now()
    lines = manifest_file.read(file.read_bytes(), file.name, today=localdate(at))
    return operations.enter_books(lines=lines, actor=actor, at=at)
