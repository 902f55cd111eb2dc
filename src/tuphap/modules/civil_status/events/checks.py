"""What is looked at for every event: the day, the office, whether people live, their numbers. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Finding
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.people.api import Address, PersonName, check_personal_number

from .. import rules
from ..answers import PersonBlock
from ..checks import LIVE, act_text, communes_today, error, offices_of, same_person, warning
from ..models import Party
from .kinds import Case, handlers_of, kind_of
from .standing import forebears, key_of, standing_of
from .standing import perhaps_married as perhaps_married_in


def check_days(case: Case) -> Iterator[Finding]:
    """What the declaration itself breaks on this day."""
    try:
        case.declared.check_against_day(today=case.on)
    except Refusal as refusal:
        yield Finding(refusal.code, "error", refusal.message)


def competence(case: Case, places: list[Address | None], whose: str) -> Iterator[Finding]:
    """Whether this office registers: that where one of these people lives; abroad counts for nothing."""
    law = rules.in_force(rules.EVENT_COMPETENCE, on=case.on)
    lived_in = [place for place in places if place is not None and not place.is_abroad]
    communes = [communes_today(place, case.on) for place in lived_in]
    resolving = case.dossier.resolving_unit.admin_unit
    if not communes or rules.competent_by_residence(resolving=resolving.code, residences=communes):
        return
    right = offices_of(frozenset().union(*communes), case.on)
    yield error(
        "not_competent",
        f"{whose} không cư trú tại địa bàn; cơ quan có thẩm quyền: {right or 'UBND cấp xã nơi cư trú'}.",
        f"Nơi cư trú đã khai: {'; '.join(place.text for place in lived_in)}. Căn cứ: {law.legal_basis}",
    )


def alive(block: PersonBlock, code: str, who: str) -> Iterator[Finding]:
    """A registered death of somebody who is to act."""
    death = standing_of(same_person(block)).death
    if death is not None:
        yield error(f"{code}_dead", f"{who} đã được đăng ký khai tử.", act_text(death))


def foreign_procedure(dossier: Dossier, *, is_foreign: bool, told: str) -> Iterator[Finding]:
    """What has a foreign element takes the procedure made for it, which says so in its name."""
    if is_foreign and "nước ngoài" not in dossier.procedure.name:
        yield error("foreign_procedure", told)


def kinship(one: PersonBlock, other: PersonBlock, *, on: date) -> Iterator[tuple[str, str]]:
    """By what the two are too near in blood to marry, as births tell: in words, with the acts; at most one."""
    up = rules.in_force(rules.KIN_GENERATIONS, on=on).value - 1
    lines = [list(forebears(same_person(block), generations=up)) for block in (one, other)]
    for line, block in zip(lines, (other, one), strict=True):
        direct = [f for f in line if Party.objects.filter(same_person(block), pk=f.who.pk).exists()]
        if direct:
            yield "có quan hệ trực hệ theo sổ khai sinh.", act_text(direct[0].act)
            return
    known = {key_of(f.who): f for f in lines[0]}
    common = [f for f in lines[1] if key_of(f.who) in known]
    if common:
        first, second = known[key_of(common[0].who)], common[0]
        yield ("có họ trong phạm vi ba đời theo sổ khai sinh.",
               f"Cùng {first.who.name}: {act_text(first.act)}; {act_text(second.act)}")


def perhaps_married(block: PersonBlock, code: str, who: str) -> Iterator[Finding]:
    """A marriage in an old book that may be this person's: books of those days tell but the year of birth."""
    for act in perhaps_married_in(block):
        yield warning(f"{code}_perhaps_married", f"{who}: sổ giấy có người cùng tên, ngày sinh ghi không đủ, đã kết "
                      "hôn và chưa ghi chấm dứt. Xác minh có phải cùng một người không.", act_text(act))


def check_numbers(case: Case) -> Iterator[Finding]:
    """Personal numbers that do not fit the person, or that the register knows for somebody else."""
    for role, block, sex in case.declared.people():
        if not block.personal_number:
            continue
        title = rules.PARTY_TITLES[role]
        for odd in check_personal_number(block.personal_number, birth=block.born_on, sex=sex or None):
            yield warning(f"{role}_number_{odd.code}", f"{title}: {odd.message}", block.personal_number)
        others = (
            Party.objects.filter(personal_number=block.personal_number, act__state__in=LIVE)
            .exclude(act__dossier_id=case.dossier.pk).exclude(search_key=PersonName(block.name).search_key)
            .select_related("act__unit")[:5]
        )
        if others:
            text = "; ".join(f"{p.name} – {act_text(p.act)}" for p in others)
            yield warning(f"{role}_number_mismatch", f"{title}: số định danh đang ghi cho tên khác trong sổ.", text)


def open_beside(case: Case, block_code: str, block: PersonBlock) -> list[Dossier]:
    """Other open dossiers about the same event, by whichever procedure, that name the same person in the same block."""
    if not block.personal_number:
        return []
    found = Dossier.objects.filter(
        state__in=[str(s) for s in dossiers.OPEN], procedure__handler__in=handlers_of(kind_of(case.dossier).event),
        **{f"answers__{block_code}__personal_number": block.personal_number},
    )
    return list(found.exclude(pk=case.dossier.pk).select_related("resolving_unit")[:5])


