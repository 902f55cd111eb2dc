"""Why a pair was weighed as it was, field by field, in words a clerk understands."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..answers import Finding
from . import compare as cmp
from .arrays import Sides
from .model import SMALLEST, Model

TITLES = {
    "name": "Họ tên", "father": "Họ tên cha", "mother": "Họ tên mẹ", "born_on": "Ngày sinh", "place": "Nơi sinh, nơi ở",
    "sex": "Giới tính", "number": "Số giấy tờ",
}

_PART = {
    cmp.SAME: "", cmp.MARKS: "khác dấu", cmp.SOUND: "viết khác, đọc gần giống", cmp.SHORT: "viết tắt",
    cmp.SLIP: "khác một, hai chữ cái", cmp.OTHER: "khác",
}
_BETWEEN = {
    cmp.MARKS: "chữ đệm khác dấu", cmp.NEAR: "chữ đệm gần giống", cmp.FEWER: "sổ hộ tịch thiếu chữ đệm",
    cmp.MORE: "sổ hộ tịch thừa chữ đệm", cmp.DIFFERENT: "chữ đệm khác",
}
_CODES = {
    cmp.SAME: "same", cmp.MARKS: "marks", cmp.SOUND: "sound", cmp.SHORT: "short", cmp.SLIP: "slip", cmp.OTHER: "other",
}

_YEARS = (("year", "cùng năm"), ("near", "lệch một năm"), ("near", "lệch hai, ba năm"), ("other", "khác hẳn"))
_BORN = {
    0: ("missing", "một bên không ghi"),
    cmp.BAD_YEAR_DAY: ("bad_year", "năm trong sổ không thể có, ngày và tháng khớp"),
    cmp.BAD_YEAR: ("other", "năm trong sổ không thể có, ngày và tháng khác"),
    **{cmp.ONLY_YEAR + i: (code, f"sổ chỉ ghi năm: {told}") for i, (code, told) in enumerate(_YEARS)},
    **{cmp.ONLY_YEAR_HERE + i: (code, f"dữ liệu dân cư chỉ có năm: {told}") for i, (code, told) in enumerate(_YEARS)},
    cmp.MONTH_YEAR + cmp.M_SAME: ("month", "sổ chỉ ghi tháng và năm: khớp"),
    cmp.MONTH_YEAR + cmp.M_YEAR: ("year", "sổ chỉ ghi tháng và năm: cùng năm, khác tháng"),
    cmp.MONTH_YEAR + cmp.M_MONTH: ("near", "sổ chỉ ghi tháng và năm: cùng tháng, lệch năm"),
    cmp.MONTH_YEAR + cmp.M_FAR: ("other", "khác"),
    cmp.WHOLE + cmp.D_SAME: ("same", "giống nhau"),
    cmp.WHOLE + cmp.D_SWAPPED: ("swapped", "ngày và tháng đổi chỗ"),
    cmp.WHOLE + cmp.D_LUNAR: ("lunar", "sổ ghi ngày âm lịch của cùng một ngày"),
    cmp.WHOLE + cmp.D_MONTH: ("day", "cùng tháng và năm, khác ngày"),
    cmp.WHOLE + cmp.D_DAY: ("month", "cùng ngày và năm, khác tháng"),
    cmp.WHOLE + cmp.D_YEAR: ("year", "chỉ cùng năm"),
    cmp.WHOLE + cmp.D_NEAR_YEAR: ("near", "cùng ngày và tháng, lệch một đến ba năm"),
    cmp.WHOLE + cmp.D_YEAR_SLIP: ("digit", "cùng ngày và tháng, năm khác một chữ số"),
    cmp.WHOLE + cmp.D_ANNIVERSARY: ("anniversary", "cùng ngày và tháng, khác năm"),
    cmp.WHOLE + cmp.D_NEXT: ("next", "lệch một năm, khác ngày tháng"),
    cmp.WHOLE + cmp.D_CLOSE: ("close", "lệch hai, ba năm, khác ngày tháng"),
    cmp.WHOLE + cmp.D_FAR: ("other", "khác"),
}
_BIRTHPLACE = (
    "", "cùng nơi sinh", "cùng nơi sinh (xã nay đã sáp nhập)", "khác nơi sinh", "sinh tại nơi đăng ký",
    "không sinh tại nơi đăng ký",
)
_HOME = ("", "cùng nơi cư trú", "cư trú tại nơi đăng ký", "khác nơi cư trú")
_SEX = {0: ("missing", "một bên không ghi"), 1: ("same", "giống nhau"), 2: ("other", "khác")}
_NUMBER = {
    cmp.N_NONE: ("missing", "sổ không ghi số"), cmp.N_PERSONAL: ("same", "trùng số định danh"),
    cmp.N_OLD: ("old", "trùng số chứng minh nhân dân"),
    cmp.N_PERSONAL_SLIP: ("slip", "lệch một chữ số so với số định danh"),
    cmp.N_PERSONAL_OTHER: ("other", "khác số định danh"),
    cmp.N_NO_OLD: ("missing", "dữ liệu dân cư không có số chứng minh nhân dân"),
    cmp.N_OLD_SLIP: ("slip", "lệch một chữ số so với số chứng minh nhân dân"),
    cmp.N_OLD_OTHER: ("other", "khác số chứng minh nhân dân"),
}


def findings(
    entry: int, person: int, sides: Sides, model: Model, *, civil: Mapping[str, str], population: Mapping[str, str],
) -> tuple[Finding, ...]:
    """What each field of a pair says; ``civil`` and ``population``: what is written there, by field."""
    levels, chances = np.zeros(7, np.int16), np.zeros(7)
    cmp.compare(sides.civil[entry], sides.population[person], sides.syllables, sides.size, levels, chances)
    kind = int(sides.civil[entry]["kind"])
    found = []
    for which, field in enumerate(cmp.FIELDS):
        level = int(levels[which])
        code, words = _told(which, level)
        likely = np.log2(max(model.likely[kind][which][level], SMALLEST))
        weight = 0.0 if code == "missing" else float(likely - chances[which])
        found.append(Finding(
            field, TITLES[field], civil.get(field, ""), population.get(field, ""), code, words, round(weight, 2),
        ))
    return tuple(found)


def _told(which: int, level: int) -> tuple[str, str]:
    """The code and the words of a level of a field."""
    if which in (cmp.NAME, cmp.FATHER, cmp.MOTHER):
        return _name(level)
    if which == cmp.BORN:
        return _BORN[level]
    if which == cmp.PLACE:
        return _place(level)
    return _SEX[level] if which == cmp.SEX else _NUMBER[level]


def _name(level: int) -> tuple[str, str]:
    if level == 0:
        return "missing", "một bên không ghi"
    surname, given, between = (level - 1) // 49, (level - 1) // 7 % 7, (level - 1) % 7
    if surname == cmp.MOVED:
        return "moved", "cùng các chữ, khác thứ tự"
    said = []
    if _PART[surname]:
        said.append(f"họ {_PART[surname]}")
    if between in _BETWEEN:
        said.append(_BETWEEN[between])
    if _PART[given]:
        said.append(f"tên {_PART[given]}")
    if not said:
        return "same", "giống nhau"
    worst = max(surname, given)
    code = _CODES[worst] if worst else ("marks" if between == cmp.MARKS else "between")
    return code, ", ".join(said)


def _place(level: int) -> tuple[str, str]:
    birth, home = divmod(level, 4)
    said = [told for told in (_BIRTHPLACE[birth], _HOME[home]) if told]
    if not said:
        return "missing", "một bên không ghi"
    agree = birth in (cmp.B_SAME, cmp.B_SUCCESSOR, cmp.B_OFFICE), home in (cmp.H_SAME, cmp.H_OFFICE)
    code = "same" if all(agree) else ("part" if any(agree) else "other")
    return code, ", ".join(said)
