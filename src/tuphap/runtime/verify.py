"""The two verifiers as a person at a terminal sees them."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tuphap.kernel.clock import now


def verify_file(file: Path, *, console: Console) -> bool:
    """Print the three lines about a PDF: content, signatures, register; whether all three are good."""
    from tuphap.shared.documents import api as documents

    found = documents.verify_pdf(file.read_bytes(), at=now())
    for line in found.lines():
        # Names of people and offices are text, not markup; a program that reads us wants a line to be a line.
        console.print(line, markup=False, soft_wrap=not console.is_terminal)
    return found.is_good


def verify_audit(*, checkpoint: Path | None, console: Console) -> bool:
    """Walk the whole chain with a progress bar and print what was found; whether it is whole.

    :param checkpoint: one that was kept elsewhere, to prove that nothing before it was rewritten.
    """
    from tuphap.shared.audit import chain

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Đọc nhật ký", total=None)
        report = chain.verify(
            checkpoint_file=checkpoint, progress=lambda read, total: bar.update(task, completed=read, total=total)
        )
    for line in report.lines_vi():
        console.print(line)
    return report.ok
