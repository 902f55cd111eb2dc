"""What a copy or a confirmation says: the act as it stands, with its notes."""

from __future__ import annotations

from datetime import date
from typing import Any

from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import PartialDate

from .. import papers as births
from .. import rules, written
from ..events import papers as events
from ..events.kinds import Section, kind_of_act, sections_as_written
from ..models import Act, BirthAct, Party
from .declaration import Asked, CopyDeclaration


def template_of(act: Act, *, confirms: bool) -> rules.Template:
    if isinstance(act, BirthAct) and not confirms:
        return rules.Template.BIRTH_EXTRACT
    return rules.Template.EXTRACT


def data_of(declared: CopyDeclaration, act: Act, *, number: str, unit: OrgUnit, on: date) -> dict[str, Any]:
    """The facts of the paper; ``unit`` gives it, which need not be where the act was registered."""
    place = births.place_and_day(unit, on)
    if isinstance(declared.request, Asked):
        return {**_confirmation(declared.request, act, number=number), "office": unit.name, "place_date": place}
    if isinstance(act, BirthAct):
        return {**births.extract_data(act, extract_number=number, on=on), "office": unit.name, "place_date": place}
    told = events.extract(kind_of_act(act), act, number=number, on=on)
    return {**told, "office": unit.name, "place_date": place}


def _confirmation(asked: Asked, act: Act, *, number: str) -> dict[str, Any]:
    lines = [["Đề nghị xác nhận", asked.about]]
    if asked.purpose:
        lines.append(["Mục đích sử dụng", asked.purpose])
    return {
        "above": "", "number": act.display_number, "title": "XÁC NHẬN THÔNG TIN HỘ TỊCH",
        "sections": [
            {"title": f"{act.title} – nội dung ghi trong sổ", "lines": []},
            *({"title": part.title, "lines": [list(line) for line in part.lines]} for part in sections_of(act)),
            {"title": "Yêu cầu", "lines": lines},
        ],
        "registered_at": births.registered_at(act), "registered_on": births.day_text(act.registered_on),
        "notes": [note.text for note in act.annotations.order_by("created_at", "pk")],
        "taken_from": written.taken_from(act), "extract_number": f"{number}/XN-HT", "copy": False, "numbered": True,
    }


def sections_of(act: Act) -> tuple[Section, ...]:
    """Any act in its parts, a birth as well; of :func:`current.as_it_stands` for today's."""
    if not isinstance(act, BirthAct):
        return kind_of_act(act).sections(act)
    if act.is_from_paper:
        return sections_as_written(act)
    child = act.child
    parents = tuple(
        Section(title, (("Họ, chữ đệm, tên", party.name.upper()), ("Năm sinh", party.born_on[:4]),
                        ("Dân tộc", party.ethnicity), ("Quốc tịch", party.nationality),
                        ("Nơi cư trú", party.residence)))
        for title, party in (("Người mẹ", act.mother), ("Người cha", act.father)) if isinstance(party, Party)
    )
    return (Section("Người được khai sinh", (
        ("Họ, chữ đệm, tên", child.name.upper()), ("Ngày, tháng, năm sinh", str(PartialDate.parse(act.born_on))),
        ("Giới tính", births.SEX_TITLES[act.sex]), ("Dân tộc", child.ethnicity), ("Quốc tịch", child.nationality),
        ("Nơi sinh", act.place), ("Quê quán", act.native_place), ("Số định danh cá nhân", child.personal_number),
    )), *parents)
