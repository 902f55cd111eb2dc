"""Papers as those see them who hold them: QR codes read by a camera, signatures read by a stranger."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader


def read_qr(picture: bytes) -> str:
    """What the QR code in a picture says. Other kinds of code are seen in the dots of one now and then."""
    with Image.open(io.BytesIO(picture)) as seen:
        found = zxingcpp.read_barcodes(seen.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == 1, f"{len(found)} codes were read"
    return str(found[0].text)


def signer_serial(paper: bytes) -> int:
    """The serial number of the certificate behind the first signature, the person's."""
    first = PdfFileReader(io.BytesIO(paper)).embedded_signatures[0]
    return int(first.signer_cert.serial_number)


def printed(paper: bytes, *, folder: Path) -> bytes:
    """The first page as it comes out of a printer, as a picture."""
    source = folder / "printed.pdf"
    source.write_bytes(paper)
    subprocess.run(
        ["pdftoppm", "-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile", str(source), str(folder / "printed")],
        check=True, timeout=60,
    )
    return (folder / "printed.png").read_bytes()
