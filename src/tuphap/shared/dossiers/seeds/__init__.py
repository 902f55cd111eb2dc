"""The catalogue as the platform brings it: every procedure of justice work, and the one-stop parameters.

Codes, limits, papers and fees are from general knowledge of the national catalogue and are to be reloaded from it; a
procedure whose national code is not at hand bears a provisional key beginning with ``tam.``. Fees without an amount are
set by each province's People's Council. A sector a file; how a line of its table becomes rows stands in ``writing``.
"""

from __future__ import annotations

from typing import Any

from .certification import CERTIFICATION
from .civil_status import CIVIL_STATUS
from .commune import OTHER_WORK
from .department import DEPARTMENT
from .judicial_records import JUDICIAL_RECORDS
from .notaries import NOTARIES
from .parameters import PARAMETERS
from .practitioners import PRACTITIONERS

PROCEDURES: tuple[dict[str, Any], ...] = (
    *CIVIL_STATUS, *CERTIFICATION, *OTHER_WORK, *NOTARIES, *PRACTITIONERS, *DEPARTMENT, *JUDICIAL_RECORDS,
)

__all__ = ["PARAMETERS", "PROCEDURES"]
