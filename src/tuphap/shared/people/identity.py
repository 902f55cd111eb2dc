"""The personal identification number (số định danh cá nhân): its form, and what in it does not fit the person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .dates import PartialDate
from .refusals import BadPersonalNumber


class Sex(StrEnum):
    """As civil-status papers state it."""

    MALE = "male"
    FEMALE = "female"

    @property
    def label(self) -> str:
        return "Nam" if self is Sex.MALE else "Nữ"


PROVINCES = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang", "010": "Lào Cai",
    "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái", "017": "Hòa Bình", "019": "Thái Nguyên",
    "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang", "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh",
    "030": "Hải Dương", "031": "Hải Phòng", "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định",
    "037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum", "064": "Gia Lai",
    "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước", "072": "Tây Ninh", "074": "Bình Dương",
    "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu", "079": "Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang",
    "083": "Bến Tre", "084": "Trà Vinh", "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang",
    "092": "Cần Thơ", "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}
"""First three digits: the province of birth registration, as the 63 were. The codes were not changed by the mergers of
2025, so that this table is never restated (Nghị định 137/2015/NĐ-CP art. 13)."""

_FORM = re.compile(r"[0-9]{12}")
_FIRST_CENTURY = 19  # the fourth digit counts centuries and sexes from 1900 on


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801  the builtin has the plain name
    """Something that does not fit and may yet be right: the officer looks and gives a reason.

    ``code`` is one of ``province``, ``birth_year``, ``sex``.
    """

    code: str
    message: str


def check_personal_number(number: str, *, birth: PartialDate | None, sex: Sex | str | None) -> list[Warning_]:
    """Hold a personal number against what else is known of the person; there is no check digit.

    A difference is a warning only, since sex and day of birth may have been corrected after the number was given.

    :param birth: None where unknown, then not compared; likewise ``sex``.
    :raises BadPersonalNumber: not exactly twelve digits, or all the same.
    """
    if not _FORM.fullmatch(number) or len(set(number)) == 1:
        raise BadPersonalNumber(field="personal_number")
    found = []
    if registration_province(number) is None:
        found.append(Warning_(
            "province", f"Ba chữ số đầu ({number[:3]}) không thuộc bảng mã tỉnh, thành phố nơi đăng ký khai sinh."
        ))
    if birth is not None and birth.year != birth_year(number):
        found.append(Warning_(
            "birth_year", f"Số định danh cho năm sinh {birth_year(number)}, khác năm sinh đã khai {birth.year}."
        ))
    if sex is not None and Sex(sex) is not sex_of(number):
        found.append(Warning_(
            "sex", f"Số định danh cho giới tính {sex_of(number).label}, khác giới tính đã khai {Sex(sex).label}."
        ))
    return found


def registration_province(number: str) -> str | None:
    """The name, at that time, of the province where the birth was registered; None for other codes (abroad)."""
    return PROVINCES.get(number[:3])


def birth_year(number: str) -> int:
    """The year of birth that the number tells of."""
    return (_FIRST_CENTURY + int(number[3]) // 2) * 100 + int(number[4:6])


def sex_of(number: str) -> Sex:
    """The sex that the number tells of."""
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE
