"""Who applies: invented people of Hải Phòng, each with a number that nobody else of the filling has."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from tuphap.engines.vietnamese import fold, sort_key

from ..families import BOYS, GIRLS, MEN, MOBILE_PREFIXES, SURNAMES, WOMEN

# Provinces of registration. The six last digits run below 900,000: above lie those of the sample's other people.
PROVINCES = ("031", "030", "034", "033", "022", "036", "037", "035", "027", "038", "001", "040")
BELOW = 900_000
_NAMES, _WEIGHTS = [name for name, _ in SURNAMES], list(accumulate(weight for _, weight in SURNAMES))


class Person:
    """Somebody: a name, ``male`` or ``female``, a birthday, a personal number, a telephone."""

    __slots__ = ("born_on", "name", "number", "phone", "sex")

    def __init__(self, name: str, sex: str, born_on: date, number: str, phone: str) -> None:
        self.name, self.sex, self.born_on, self.number, self.phone = name, sex, born_on, number, phone


def number_of(born_on: date, sex: str, serial: int) -> str:
    """Twelve digits after Decree 137/2015 art. 13; no two serials below eleven million share one."""
    rounds, last = divmod(serial, BELOW)
    century = (born_on.year // 100 - 19) * 2 + (sex == "female")
    return f"{PROVINCES[rounds % len(PROVINCES)]}{century}{born_on.year % 100:02d}{last:06d}"


class People:
    """Makes people one after another; ``first`` is the serial of the first of them."""

    def __init__(self, random: Random, first: int) -> None:
        self.random, self.serial = random, first

    def adult(self, sex: str, on: date, youngest: int, oldest: int) -> Person:
        """Somebody of about this age on this day."""
        r = self.random
        pool = MEN if sex == "male" else WOMEN
        middles, givens = pool["middle"], pool["given"]
        surname = r.choices(_NAMES, cum_weights=_WEIGHTS)[0]
        name = f"{surname} {middles[int(r.random() * len(middles))]} {givens[int(r.random() * len(givens))]}"
        age = youngest + int(r.random() * (oldest - youngest + 1))
        born = date(on.year - age - 1, 1, 1) + timedelta(days=int(r.random() * 365))
        return self._with_number(name, sex, born)

    def child(self, father: Person, born_on: date) -> Person:
        r = self.random
        sex = "male" if r.random() < 0.528 else "female"
        names = BOYS if sex == "male" else GIRLS
        return self._with_number(f"{father.name.split(' ', 1)[0]} {names[int(r.random() * len(names))]}", sex, born_on)

    def _with_number(self, name: str, sex: str, born_on: date) -> Person:
        r, serial = self.random, self.serial
        self.serial += 1
        phone = f"{MOBILE_PREFIXES[int(r.random() * len(MOBILE_PREFIXES))]}{1_000_000 + int(r.random() * 8_999_999)}"
        return Person(name, sex, born_on, number_of(born_on, sex, serial), phone)


@lru_cache(maxsize=50_000)
def keys_of(name: str) -> tuple[str, str]:
    """By what a name is sorted and searched for: some ten thousand names come again and again."""
    return sort_key(name), fold(name)


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    return fold(text)
