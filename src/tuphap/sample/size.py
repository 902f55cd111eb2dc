"""How large a sample is to be: by its births, as a newcomer sees it, or by so many dossiers in all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

BIRTHS = 300
REQUESTS = 9
EVENTS = 70  # of single people: one in five working days is enough of them, see ``events``
PAID_DAYS = 4  # the last working days on which a dense commune certifies something for a fee
MOST = 50_000  # beyond it the serial numbers of its people run out; `--bulk` makes more of them, of no content
# Of all dossiers, in hundredths; what is left are the acts of families, see ``lives``.
SHARES = {"births": 46, "requests": 13, "events": 6}


@dataclass(frozen=True, slots=True)
class Size:
    """How many births, requests about them, events of single people; on how many days fees are paid; family acts.

    ``events``: None for one in so many working days until the present.
    """

    births: int = BIRTHS
    dense: int = 6
    others: int = 18
    requests: int = REQUESTS
    events: int | None = None
    paid_days: int = PAID_DAYS
    lives: int = 0

    @property
    def is_living(self) -> bool:
        """Whether it has families over generations, and seasons; a sample of births alone has neither."""
        return self.lives > 0


def of_dossiers(number: int, *, dense: int, others: int) -> Size:
    """So many dossiers in all, about.

    :raises ValueError: more than the sample has people for.
    """
    if not 0 < number <= MOST:
        raise ValueError(f"1 – {MOST}")
    births, requests, events = (number * SHARES[what] // 100 for what in ("births", "requests", "events"))
    events = max(1, min(events, EVENTS))
    paid_days = max(1, min(PAID_DAYS, number // 20 // max(dense, 1)))
    return Size(
        births=births, dense=dense, others=others, requests=requests, events=events, paid_days=paid_days,
        lives=max(1, number - births - requests - events - paid_days * dense),
    )


def begun_with(place: Path, size: Size) -> Size:
    """What this sample was begun with; a later run goes on with it, whatever it is asked for."""
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        part.write_text(json.dumps(asdict(size)))
        part.replace(place)
    return Size(**json.loads(place.read_text()))
