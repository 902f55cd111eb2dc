"""The sample's births as declarations: the pages of the form, the papers, and what was scanned."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import typst
from django.conf import settings

from tuphap.shared.accounts.identity import Identity
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit

from .families import Birth, Person

SEX = {"nam": "male", "nu": "female"}


def declarant(birth: Birth) -> Person:
    """Who goes to the desk, or sits at the telephone."""
    return birth.father if birth.declared_by_father and birth.married else birth.mother


def identity(person: Person) -> Identity:
    """As the identity provider tells of them at a login."""
    return Identity(
        issuer=settings.OIDC["issuer"], subject=f"vn-{person.personal_number}", full_name=person.name,
        personal_number=person.personal_number, birth_date=person.born_on.isoformat(), sex=SEX[person.sex],
        phone=person.phone, assurance_level=2,
    )


def answers(birth: Birth, *, commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
    """The pages of the birth declaration, as the form of this day would keep them."""
    home = address(commune, birth.home, on)
    pages: dict[str, dict[str, Any]] = {
        "child": {
            "name": birth.child_name, "sex": SEX[birth.child_sex], "born_on": birth.born_on.isoformat(),
            "ethnicity": "Kinh", "nationality": "Việt Nam", "place_kind": "facility", "facility": birth.hospital,
            "place": address(_unit_then(birth.hospital_commune, on), "", on),
            "native_place": address(commune, "", on),
            "birth_notice": birth.notice_no,
        },
        "mother": _parent(birth.mother, home),
        "father": {**_parent(birth.father, home), "parents_married": True, "marriage_record": _marriage(birth)}
        if birth.married else {"parents_married": False},
        "declarant": {
            "relation": "father" if declarant(birth) is birth.father else "mother", "phone": declarant(birth).phone,
        },
        "copies": {"copies": birth.copies},
    }  # fmt: skip
    return pages


def joined(birth: Birth, *, number: int) -> dict[str, dict[str, Any]]:
    """The pages that the joined procedure has beyond these; every ninth family writes a clinic that there is not."""
    clinic = "99999" if number % 9 == 0 else f"31{number % 30 + 1:03}"
    return {"residence": {"host": "mother"}, "card": {"clinic_code": clinic, "phone": declarant(birth).phone}}


def papers(birth: Birth) -> list[dict[str, Any]]:
    """What is laid on the desk: the birth notice, taken in as an original."""
    return [{"component": "giay_chung_sinh", "is_original": True, "note": f"Giấy chứng sinh số {birth.notice_no}"}]


def scans(birth: Birth, *, on: date) -> list[tuple[str, str, bytes]]:
    """What is sent with an online declaration: component, file name, content."""
    return [("giay_chung_sinh", "giay-chung-sinh.pdf", _notice(birth))]


@lru_cache(maxsize=64)
def _unit_then(commune: str, on: date) -> AdminUnit:
    """The commune of this code, or before the reform the first of those that became it."""
    today = orgs.admin_unit(commune, on=max(on, orgs.REFORM), level=AdminUnit.Level.COMMUNE)
    if on >= orgs.REFORM:
        return today
    return AdminUnit.objects.filter(became__new=today, became__is_main=True).order_by("code")[0]


def _parent(person: Person, home: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": person.name, "born_on": person.born_on.isoformat(), "ethnicity": "Kinh", "nationality": "Việt Nam",
        "residence": home, "personal_number": person.personal_number, "id_kind": "cccd",
        "id_number": person.personal_number,
    }


def _marriage(birth: Birth) -> str:
    return f"{sum(map(ord, birth.notice_no)) % 180 + 1}/{birth.born_on.year - 1}"


def address(commune: AdminUnit, detail: str, on: date) -> dict[str, Any]:
    """A place as answers keep it."""
    text = ", ".join(part for part in (detail, orgs.full_name(commune)) if part)
    return {"unit_code": commune.code, "as_of": on.isoformat(), "detail": detail, "text": text}


_PAGE = """
#set page("a4", fill: luma(248))
#set text(font: "Liberation Serif", size: 14pt, lang: "vi")
#align(center)[*#upper(sys.inputs.title)*]
#v(18cm)
#grid(columns: (1fr, 1fr), align: center)[Người ký sổ \\ _(đã ký)_][Công chức tư pháp – hộ tịch \\ _(đã ký)_]
"""

_NOTICE = """#set page(width: 148mm, height: 210mm, margin: 18mm)
#set text(lang: "vi", size: 11pt)
#align(center)[#text(size: 9pt, upper(sys.inputs.hospital)) \\ #v(4mm)
#text(size: 15pt, weight: "bold")[GIẤY CHỨNG SINH]
#v(1mm) Số: #sys.inputs.number]
#v(6mm)
Họ tên mẹ: *#sys.inputs.mother* \\
Đã sinh con ngày: *#sys.inputs.born* \\
Giới tính của con: *#sys.inputs.sex* \\
Dự kiến đặt tên con: *#sys.inputs.child*
#v(18mm)
#align(right)[Người đỡ đẻ \\ _(đã ký)_]
"""


@lru_cache(maxsize=32)
def paper(title: str) -> bytes:
    """Some other paper, as a telephone would have taken it."""
    source = '#set page(width: 148mm, height: 210mm)\n#set text(lang: "vi")\n= #sys.inputs.title\n(bản chụp)'
    return typst.compile(source.encode(), sys_inputs={"title": title})


@lru_cache(maxsize=4)
def register_page(title: str) -> bytes:
    """The scanned page of a register; what stands on it is in the book."""
    return typst.compile(_PAGE.encode(), sys_inputs={"title": title}, timestamp=0)


@lru_cache(maxsize=4)
def _notice(birth: Birth) -> bytes:
    """The hospital's birth notice, as a telephone would have taken it."""
    return typst.compile(
        _NOTICE.encode(),
        sys_inputs={
            "hospital": birth.hospital, "number": birth.notice_no, "mother": birth.mother.name,
            "born": f"{birth.born_on:%d/%m/%Y}", "sex": "Nam" if birth.child_sex == "nam" else "Nữ",
            "child": birth.child_name,
        },
    )  # fmt: skip
