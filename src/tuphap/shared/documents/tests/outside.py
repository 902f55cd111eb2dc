"""Judges that are not ours: poppler's pdfsig under the sample's roots."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

NEEDED = {"pdfsig": "poppler-utils", "pdftoppm": "poppler-utils", "certutil": "libnss3-tools", "qpdf": "qpdf"}
MISSING = [package for tool, package in NEEDED.items() if shutil.which(tool) is None]
VALID, BROKEN = "Signature is Valid.", "Digest Mismatch."
TRUSTED = "Certificate is Trusted."
UNKNOWN = "Certificate issuer is unknown."

# Of one signature: what pdfsig says of it, of its certificate, and whether it covers the whole file.
Judged = tuple[str, str, bool]


def pdfsig(file: Path, roots: Path) -> tuple[Judged, ...]:
    """What poppler says of each signature."""
    told = subprocess.run(
        ["pdfsig", "-nssdir", str(roots), str(file)], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    judged = []
    for part in told.split("Signature #")[1:]:
        validity = re.search(r"- Signature Validation: (.*)", part)
        trust = re.search(r"- Certificate Validation: (.*)", part)
        total = "- Total document signed" in part
        judged.append((validity[1] if validity else "", trust[1] if trust else "", total))
    return tuple(judged)


def trust_sample(trust: Path, *, folder: Path) -> Path:
    """A store for tools built on NSS, in ``folder``, that trusts the roots of the platform's trust folder."""
    subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True, timeout=60)
    for root in ("public-duty-root", "public-root"):
        subprocess.run(
            ["certutil", "-A", "-d", f"sql:{folder}", "-n", root, "-t", "CT,CT,CT", "-i", str(trust / f"{root}.pem")],
            check=True, timeout=60,
        )
    return folder
