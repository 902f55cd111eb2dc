"""Invented families of Hải Phòng: plausible names, ages, homes and numbers, the same for the same seed.

Nobody here lives. Names follow the frequencies that one meets in the Red River delta; numbers follow the form of
Decree 137/2015 art. 13 but draw their last six digits from a block that the sample keeps to itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

SURNAMES = (
    ("Nguyễn", 36), ("Phạm", 13), ("Trần", 11), ("Vũ", 9), ("Đỗ", 6), ("Lê", 6), ("Bùi", 5), ("Hoàng", 4), ("Đào", 3),
    ("Lương", 2), ("Ngô", 2), ("Đặng", 2), ("Trịnh", 1), ("Đinh", 1), ("Mai", 1), ("Tô", 1), ("Cao", 1), ("Khúc", 1),
)  # fmt: skip
WOMEN = {
    "middle": ("Thị", "Thị Thu", "Thị Thanh", "Thị Ngọc", "Thùy", "Ngọc", "Thị Minh", "Khánh", "Thị Hồng", "Phương"),
    "given": ("Hương", "Lan", "Hà", "Trang", "Linh", "Huyền", "Ngân", "Thảo", "Yến", "Oanh", "Nhung", "Dung", "Quỳnh",
              "Hạnh", "Loan", "Vân", "Thủy", "Duyên", "Mai", "Hằng"),
}  # fmt: skip
MEN = {
    "middle": ("Văn", "Đức", "Quang", "Minh", "Hữu", "Tuấn", "Thế", "Xuân", "Mạnh", "Công", "Duy", "Trung"),
    "given": ("Hùng", "Dũng", "Tuấn", "Nam", "Hải", "Long", "Thắng", "Cường", "Việt", "Kiên", "Toàn", "Sơn", "Phúc",
              "Hiếu", "Huy", "Trường", "Đạt", "Thành", "Tùng", "Quân"),
}  # fmt: skip
GIRLS = ("Ngọc Diệp", "Bảo Anh", "Minh Châu", "Gia Hân", "An Nhiên", "Tuệ Lâm", "Khánh An", "Phương Linh", "Hà My",
         "Thảo Nguyên", "Bảo Ngọc", "Quỳnh Chi", "Nhã Uyên", "Tường Vy", "Diệu Anh", "Mộc Miên", "Thanh Trúc",
         "Kim Ngân", "Linh Đan", "Yến Nhi")  # fmt: skip
BOYS = ("Minh Khôi", "Gia Bảo", "Tuấn Kiệt", "Đức Anh", "Nhật Minh", "Hải Đăng", "Bảo Long", "Quang Vinh", "Phúc Lâm",
        "Anh Quân", "Khánh Duy", "Trường Giang", "Hoàng Bách", "Thiên Phúc", "Gia Huy", "Minh Triết", "Đăng Khoa",
        "Việt Hoàng", "Tùng Lâm", "Bảo Nam")  # fmt: skip
# Maternity wards, each with the code of the commune in which it stands since 1 July 2025.
HOSPITALS = (
    ("Bệnh viện Phụ sản Hải Phòng", "11311"), ("Bệnh viện Hữu nghị Việt Tiệp", "11383"),
    ("Bệnh viện Trẻ em Hải Phòng", "11443"), ("Bệnh viện Phụ sản Hải Dương", "10525"),
    ("Bệnh viện Đa khoa Vĩnh Bảo", "11824"), ("Bệnh viện Đa khoa Thủy Nguyên", "11560"),
)  # fmt: skip
STREETS = ("Lạch Tray", "Trần Phú", "Điện Biên Phủ", "Cát Dài", "Hai Bà Trưng", "Lê Lợi", "Nguyễn Trãi", "Bạch Đằng",
           "Tô Hiệu", "Ngô Gia Tự", "Trần Hưng Đạo", "Quang Trung")  # fmt: skip
MOBILE_PREFIXES = ("090", "091", "098", "097", "086", "035", "079", "083")


@dataclass(frozen=True, slots=True)
class Person:
    """A grown person of the sample. ``sex`` is ``"nam"`` or ``"nu"``."""

    name: str
    sex: str
    born_on: date
    personal_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Birth:
    """One child, its parents, its home and where it was born; ``married`` tells whether the parents are."""

    child_name: str
    child_sex: str
    born_on: date
    hospital: str
    hospital_commune: str
    notice_no: str
    mother: Person
    father: Person
    married: bool
    home: str
    declared_by_father: bool
    copies: int


class Families:
    """Makes families one after another from one seed; ``first`` sets their numbers apart from those of other seeds."""

    def __init__(self, seed: int, *, first: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311  (a sample, not a secret)
        self._count = first

    def birth(self, born_on: date) -> Birth:
        """A child born on this day, with its family."""
        mother = self._adult("nu", born_on, self._random.randint(20, 38))
        father = self._adult("nam", born_on, self._random.randint(22, 43))
        return self._born(born_on, mother, father)

    def _born(self, born_on: date, mother: Person, father: Person) -> Birth:
        r = self._random
        surname = father.name.split()[0]
        sex = "nam" if r.random() < 0.528 else "nu"
        hospital, hospital_commune = r.choice(HOSPITALS)
        child = f"{surname} {r.choice(BOYS if sex == 'nam' else GIRLS)}"
        return Birth(
            child_name=child,
            child_sex=sex,
            born_on=born_on,
            hospital=hospital,
            hospital_commune=hospital_commune,
            notice_no=f"{r.randint(100, 9899)}/{born_on.year}",
            mother=mother,
            father=father,
            married=r.random() < 0.95,
            home=f"Số {r.randint(1, 320)}, đường {r.choice(STREETS)}",
            declared_by_father=r.random() < 0.6,
            copies=r.choice((0, 1, 2, 2, 3, 5)),
        )

    def child(self, born_on: date, *, mother: Person, father: Person, married: bool, home: str) -> Birth:
        """A child of these two; without a marriage the mother declares it, and it bears her surname."""
        born = self._born(born_on, mother, father)
        surname = (father if married else mother).name.split()[0]
        return replace(born, married=married, home=home, declared_by_father=married,
                       child_name=f"{surname} {born.child_name.partition(' ')[2]}")

    def adult(self, sex: str, on: date, age: int, *, surname: str = "") -> Person:
        """A person of about this age on this day: an official, a grandparent; a son or a daughter by their surname."""
        return self._adult(sex, on, age, surname)

    def _adult(self, sex: str, on: date, age: int, surname: str = "") -> Person:
        r = self._random
        born = date(on.year - age, 1, 1) + timedelta(days=r.randint(0, 364))
        pool = MEN if sex == "nam" else WOMEN
        surname = surname or r.choices([s for s, _ in SURNAMES], [w for _, w in SURNAMES])[0]
        self._count += 1
        return Person(
            name=f"{surname} {r.choice(pool['middle'])} {r.choice(pool['given'])}",
            sex=sex,
            born_on=born,
            personal_number=personal_number(born, sex, serial=self._count, province=r.choice(("031", "030"))),
            phone=r.choice(MOBILE_PREFIXES) + f"{r.randint(1_000_000, 9_999_999)}",
        )


def personal_number(born_on: date, sex: str, *, serial: int, province: str) -> str:
    """Twelve digits after Decree 137/2015 art. 13: province of registration, century and sex, year, six digits."""
    century = (born_on.year // 100 - 19) * 2 + (0 if sex == "nam" else 1)
    return f"{province}{century}{born_on.year % 100:02d}{900_000 + serial:06d}"
