"""What the certificates say: acts and declarations as the facts that the typst templates print.

Every fact is a string made here; templates decide only how it looks. Names are in capitals, as on paper.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import PartialDate, Sex

from . import rules, written
from .answers import BirthDeclaration, PersonBlock
from .current import as_it_stands
from .fields import Kind
from .models import Act, BirthAct, Party

FOLDER = Path(__file__).parent / "papers"
TAKEN_FROM = "Cơ sở dữ liệu hộ tịch điện tử"  # in the samples of templates
SEX_TITLES = {str(Sex.MALE): "Nam", str(Sex.FEMALE): "Nữ"}


def day_text(day: date) -> str:
    """A day as papers write it: ``05/03/2026``."""
    return f"{day:%d/%m/%Y}"


def place_and_day(unit: OrgUnit, day: date) -> str:
    """The line over a signature: ``Ngô Quyền, ngày 05 tháng 03 năm 2026``."""
    return f"{bare_name(unit)}, ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def bare_name(unit: OrgUnit) -> str:
    """The commune's name without its kind, as place names stand before a date."""
    name = unit.admin_unit.name
    kind = unit.admin_unit.get_kind_display()
    return name[len(kind) + 1:] if name.casefold().startswith(f"{kind} ".casefold()) else name


def office_with_province(unit: OrgUnit) -> str:
    """``Ủy ban nhân dân phường Ngô Quyền, thành phố Hải Phòng``, by the names of that time."""
    above = unit.admin_unit.parent
    return f"{unit.name}, {orgs.full_name(above)}" if above is not None else unit.name


def office_then_and_now(act: Act, *, on: date) -> str:
    """The office of the act by its name then, and what it is called now; of an old book, who keeps the book."""
    if act.office_then:
        return f"{act.unit_name} (sổ do {act.unit.name} giữ)"
    return orgs.name_then_and_now(act.unit, on=on)


def registered_at(act: Act) -> str:
    """Where the act was registered, by the names of that time; of an old book as the book says it."""
    return act.unit_name if act.is_from_paper else office_with_province(act.unit)


def birth_data(act: BirthAct) -> dict[str, Any]:
    """The facts of a registered or pending birth as it stands today; the father's part may be empty.

    What was changed since stands as it is now, and the notes of it are listed as they were made.
    """
    act = as_it_stands(act)
    declarant = act.declarant
    return {
        "above": "",
        "office": act.unit_name,
        "number": act.display_number,
        "child": {
            "name": written.words(act, "child.name", act.child.name, Kind.NAME),
            "born": written.words(act, "child.born_on", act.born_on, Kind.DAY),
            "born_in_words": PartialDate.parse(act.born_on).in_words(),
            "sex": written.words(act, "child.sex", act.sex, Kind.SEX),
            "ethnicity": written.words(act, "child.ethnicity", act.child.ethnicity),
            "nationality": written.words(act, "child.nationality", act.child.nationality),
            "place": written.words(act, "event.place", act.place),
            "native_place": written.words(act, "event.native_place", act.native_place),
            "personal_number": written.words(act, "child.personal_number", act.child.personal_number),
        },
        "mother": _parent(act, rules.PartyRole.MOTHER),
        "father": _parent(act, rules.PartyRole.FATHER),
        "declarant": {
            "name": declarant.name.upper() if declarant else "",
            "id": declarant.id_text if declarant else "",
        },
        "registered_at": registered_at(act),
        "registered_on": day_text(act.registered_on),
        "annotations": [
            {
                "number": str(place),
                "date": day_text(note.noted_on),
                "text": note.text,
                "authority": note.authority or act.unit_name,
            }
            for place, note in enumerate(act.annotations.order_by("created_at", "pk"), start=1)
        ],
    }


def extract_data(act: BirthAct, *, extract_number: str, on: date) -> dict[str, Any]:
    """The facts of a copy taken from the register on this day under its own number."""
    return {
        **birth_data(act),
        "extract_number": extract_number,
        "taken_from": written.taken_from(act),
        "place_date": place_and_day(act.unit, on),
    }


def preview_data(declared: BirthDeclaration, *, unit: OrgUnit, on: date) -> dict[str, Any]:
    """What the certificate would say if it were approved on this day; its number is not taken before that."""
    child = declared.child
    declarant = declared.who_declares()
    return {
        "above": "",
        "office": unit.name,
        "number": f"……/{on.year}",
        "child": {
            "name": child.name.upper(),
            **_birth_day(child.born_on),
            "sex": SEX_TITLES[str(child.sex)],
            "ethnicity": child.ethnicity,
            "nationality": child.nationality,
            "place": declared.birth_place_text(),
            "native_place": child.native_place.text,
            "personal_number": child.personal_number,
        },
        "mother": _declared_parent(declared.mother),
        "father": _declared_parent(declared.father),
        "declarant": {"name": declarant.name.upper(), "id": _declared_id(declarant)},
        "registered_at": office_with_province(unit),
        "registered_on": day_text(on),
        "annotations": [],
    }


def _birth_day(born_on: PartialDate) -> dict[str, str]:
    return {"born": str(born_on), "born_in_words": born_on.in_words()}


def _parent(act: BirthAct, role: rules.PartyRole) -> dict[str, str]:
    party = act.party(role) or Party()
    texts = {column: written.words(act, f"{role}.{column}", getattr(party, column))
             for column in ("ethnicity", "nationality", "residence")}
    return {
        "name": written.words(act, f"{role}.name", party.name, Kind.NAME),
        "year": party.born_on[:4] or written.words(act, f"{role}.born_on", ""),
        **texts,
    }


def _declared_parent(block: PersonBlock) -> dict[str, str]:
    if not block.given:
        return dict.fromkeys(("name", "year", "ethnicity", "nationality", "residence"), "")
    return {
        "name": block.name.upper(),
        "year": str(block.born_on.year) if block.born_on else "",
        "ethnicity": block.ethnicity,
        "nationality": block.nationality,
        "residence": block.residence.text if block.residence else "",
    }


def _declared_id(block: PersonBlock) -> str:
    return Party(
        id_kind=block.id_kind or "", id_number=block.id_number, personal_number=block.personal_number
    ).id_text


_SAMPLE: dict[str, Any] = {
    "above": "",
    "office": "Ủy ban nhân dân phường Hoa Phượng",
    "number": "15/2026",
    "child": {
        "name": "NGUYỄN HOÀNG TRÚC ANH",
        "born": "05/03/2026",
        "born_in_words": "Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu",
        "sex": "Nữ", "ethnicity": "Kinh", "nationality": "Việt Nam",
        "place": "Bệnh viện Phụ sản, phường Hoa Phượng, thành phố Hải Phòng",
        "native_place": "Xã Bến Cảng, thành phố Hải Phòng",
        "personal_number": "",
    },
    "mother": {
        "name": "TRẦN THỊ BÍCH NGỌC", "year": "1996", "ethnicity": "Kinh", "nationality": "Việt Nam",
        "residence": "Số 12, đường Cảng Cũ, phường Hoa Phượng, thành phố Hải Phòng",
    },
    "father": dict.fromkeys(("name", "year", "ethnicity", "nationality", "residence"), ""),
    "declarant": {"name": "TRẦN THỊ BÍCH NGỌC", "id": "Số định danh cá nhân 031196004217"},
    "registered_at": "Ủy ban nhân dân phường Hoa Phượng, thành phố Hải Phòng",
    "registered_on": "09/03/2026",
    "annotations": [],
}

TEMPLATES = (
    DocumentTemplate(
        code=rules.Template.BIRTH_CERTIFICATE, title="Giấy khai sinh", version="2025", valid_from=date(2020, 1, 1),
        source=FOLDER / "giay_khai_sinh.typ", sample=_SAMPLE,
    ),
    DocumentTemplate(
        code=rules.Template.BIRTH_EXTRACT, title="Trích lục khai sinh (bản sao)", version="2025",
        valid_from=date(2020, 1, 1), source=FOLDER / "trich_luc_khai_sinh.typ",
        sample={
            **_SAMPLE, "extract_number": "7/2026", "taken_from": TAKEN_FROM,
            "place_date": "Hoa Phượng, ngày 09 tháng 03 năm 2026",
        },
    ),
)
