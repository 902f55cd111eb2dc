"""Hồ sơ đo: dossiers by the hundred thousand to measure on. None of them happened, and nobody did anything to them.

They are written by COPY, as the engine would have left them: the edge table moves each, the calendar says when it is
due, stretches of custody open and close with it, and what was registered stands in the books under numbers without a
gap. The database's own constraints and triggers look at every row.

**How one tells them.** The day's number in their code has six digits and begins with 9 (``H31.101-260105-912345``;
no office takes in nine hundred thousand a day), their submission code begins with ``MAU-``, and the first entry of
their log says that they are no real ones. They exist in ``TUPHAP_MODE=sample`` alone.

**What they lack.** Files (one picture stands for all that was scanned), signed papers, receipts of fees, notices, and
the two dozen entries of the log that a real dossier leaves; instead each part of the filling is one entry.
"""

from .fill import Filled, fill_bulk

__all__ = ["Filled", "fill_bulk"]
