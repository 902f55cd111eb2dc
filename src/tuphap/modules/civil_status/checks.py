"""What the register knows against a declaration: read for the officer who prepares it, and again before it is approved.

Nothing here writes. An error stops the dossier; a warning must be answered for with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet
from pydantic import ValidationError

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Finding
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import Address, PersonName, check_personal_number

from . import rules
from .answers import BirthDeclaration, PersonBlock, declaration_of
from .models import Act, BirthAct, Party

LIVE = (rules.ActState.PENDING_SIGNATURE, rules.ActState.REGISTERED)

# How alike two folded names must be, from 0 to 1, to be taken for one name misspelt.
ALIKE = 0.86


@dataclass(frozen=True, slots=True)
class Case:
    """A declaration before the register: what every check reads."""

    declared: BirthDeclaration
    dossier: Dossier
    on: date


Check = Callable[[Case], Iterator[Finding]]


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """Everything the register has to say about this declaration on this day; errors first."""
    on = localdate(at)
    try:
        declared = declaration_of(dossier)
    except ValidationError as faults:
        return incomplete(faults)
    return findings(declared, dossier=dossier, on=on)


def findings(declared: BirthDeclaration, *, dossier: Dossier, on: date) -> list[Finding]:
    """As :func:`checks`, of a declaration already read."""
    case = Case(declared, dossier, on)
    found = [finding for check in ALL_CHECKS for finding in check(case)]
    found += declared.more_findings(on=on)
    return errors_first(found)


def incomplete(faults: ValidationError) -> list[Finding]:
    """A declaration that is not whole, as findings: each says what is missing or wrong."""
    return [
        Finding(f"civil_status.answers.{'.'.join(map(str, e['loc']))}", "error", e["msg"]) for e in faults.errors()
    ]


def errors_first(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: finding.severity != "error")


def error(code: str, message: str, evidence: str = "") -> Finding:
    return Finding(f"civil_status.{code}", "error", message, evidence)


def warning(code: str, message: str, evidence: str = "") -> Finding:
    return Finding(f"civil_status.{code}", "warning", message, evidence)


# --- The day, the office ----------------------------------------------------------------------------------------------


def check_days(case: Case) -> Iterator[Finding]:
    """What the declaration itself breaks on this day."""
    try:
        case.declared.check_against_day(today=case.on)
    except Refusal as refusal:
        yield Finding(refusal.code, "error", refusal.message)


def check_competence(case: Case) -> Iterator[Finding]:
    """Whether this office registers the birth: that where a parent lives does; of a foundling, where it was found."""
    law = rules.in_force(rules.BIRTH_COMPETENCE, on=case.on)
    declared = case.declared
    resolving = case.dossier.resolving_unit.admin_unit
    if declared.child.foundling:
        places = [declared.child.place]
    else:
        blocks = {rules.PartyRole.MOTHER: declared.mother, rules.PartyRole.FATHER: declared.father}
        named = [blocks[role] for role in law.value.by_residence_of if blocks[role].given]
        lived_in = [block.residence for block in named or [declared.declarant]]
        places = [place for place in lived_in if place is not None and not place.is_abroad]
    if not places:
        return
    communes = [communes_today(place, case.on) for place in places]
    if rules.competent_by_residence(resolving=resolving.code, residences=communes):
        return
    right = offices_of(frozenset().union(*communes), case.on)
    yield error(
        "not_competent",
        f"Cha, mẹ không cư trú tại địa bàn; cơ quan có thẩm quyền: {right or 'UBND cấp xã nơi cha hoặc mẹ cư trú'}.",
        f"Nơi cư trú đã khai: {'; '.join(place.text for place in places)}. Căn cứ: {law.legal_basis}",
    )


def communes_today(place: Address, on: date) -> frozenset[str]:
    """The codes of the communes in which an address of its own time may lie on this day."""
    unit = orgs.admin_unit(place.unit_code, on=place.as_of)
    later = orgs.successors(unit, on=on)
    return frozenset({s.unit.code for s in later} or {unit.code})


def offices_of(communes: frozenset[str], on: date) -> str:
    """The People's Committees of these communes, as people name them."""
    offices = orgs.offices(kind=orgs.OrgUnit.Kind.COMMUNE, on=on).filter(admin_unit__code__in=communes)
    return "; ".join(office.name for office in offices)


# --- The same child twice ---------------------------------------------------------------------------------------------


def check_registered_before(case: Case) -> Iterator[Finding]:
    """The same child in another act."""
    same, similar = _same_and_similar(case)
    if same:
        yield error("possible_duplicate", "Trẻ đã được đăng ký khai sinh.", _acts_text(same))
    if similar:
        yield warning(
            "similar_birth", "Có việc khai sinh tương tự (cùng ngày sinh, mẹ hoặc tên giống nhau).", _acts_text(similar)
        )


def _same_and_similar(case: Case) -> tuple[list[BirthAct], list[BirthAct]]:
    """Acts that are surely of this child, and acts that look like it."""
    same: list[BirthAct] = []
    similar: list[BirthAct] = []
    for act in _births_of_that_day(case):
        verdict = _compare(case.declared, act.child.search_key, act.child.name, act.birth_count, act.birth_order,
                           _is_same(case.declared.mother, act.mother), _is_alike(case.declared.mother, act.mother))
        if verdict:
            (same if verdict == "error" else similar).append(act)
    return same, similar


def acts_beside(declared: BirthDeclaration, *, dossier: Dossier, on: date) -> list[BirthAct]:
    """The acts to be looked at beside this declaration: of the same child or one like it, or born too near."""
    case = Case(declared, dossier, on)
    same, similar = _same_and_similar(case)
    return [*same, *similar, *_births_too_near(case)]


def check_declared_before(case: Case) -> Iterator[Finding]:
    """The same child in another dossier that is still open."""
    declared = case.declared
    others = (
        Dossier.objects.filter(
            state__in=[str(s) for s in dossiers.OPEN], procedure__handler__in=rules.BIRTH_HANDLERS,
            answers__child__born_on=declared.child.born_on.isoformat(),
        )
        .exclude(pk=case.dossier.pk)
        .select_related("resolving_unit")
    )
    found = []
    for other in others[:200]:
        child, mother = other.answers.get("child") or {}, other.answers.get("mother") or {}
        same_mother = fold(str(mother.get("name", ""))) == fold(declared.mother.name) and declared.mother.given
        name = str(child.get("name", ""))
        if _compare(declared, fold(name), name, int(child.get("birth_count") or 1), int(child.get("birth_order") or 1),
                    same_mother, same_mother):
            found.append(other)
    if found:
        text = "; ".join(f"{d.reference} ({d.resolving_unit.short_name})" for d in found)
        yield warning("declared_twice", "Có hồ sơ khác đang mở khai sinh cho trẻ tương tự.", text)


def _births_of_that_day(case: Case) -> QuerySet[BirthAct]:
    """Live acts of children perhaps born on the declared day; of a date known in part, of this mother only."""
    born = case.declared.child.born_on
    acts = BirthAct.objects.filter(
        state__in=LIVE, born_earliest__lte=born.latest, born_latest__gte=born.earliest
    ).exclude(dossier_id=case.dossier.pk)
    if born.earliest != born.latest:
        acts = acts.filter(pk__in=_acts_as_mother(case.declared.mother))
    return acts.select_related("unit").prefetch_related("parties").order_by("created_at")[:500]


def _compare(
    declared: BirthDeclaration, key: str, name: str, count: int, order: int, same_mother: bool, alike_mother: bool,
) -> str:
    """``error`` for the same child, ``warning`` for one that looks like it, empty otherwise."""
    child = declared.child
    own_key = PersonName(child.name).search_key
    alike = _alike(own_key, key)
    if same_mother:
        born_together = child.birth_count > 1 and count > 1
        if born_together and child.birth_order != order and child.name.casefold() != name.casefold():
            return ""
        return "error" if alike else "warning"
    if own_key == key and alike_mother:
        return "error"
    return "warning" if alike and alike_mother else ""


# --- Mother and father ------------------------------------------------------------------------------------------------


def check_ages(case: Case) -> Iterator[Finding]:
    """Parents surely too young or too old at the birth, or under the age of marriage though said to be married."""
    declared, born = case.declared, case.declared.child.born_on
    mother, father = declared.mother.born_on, declared.father.born_on
    if mother is not None and rules.mother_age_is_odd(mother_born_on=mother, child_born_on=born):
        youngest, oldest = rules.in_force(rules.MOTHER_AGE_YEARS, on=born.latest).value
        yield warning("mother_age", f"Tuổi của mẹ khi sinh con ngoài khoảng {youngest}–{oldest}.",
                      f"Mẹ sinh {mother}, con sinh {born}")
    if father is not None and rules.father_age_is_odd(father_born_on=father, child_born_on=born):
        yield warning("father_age", "Tuổi của cha khi sinh con quá nhỏ.", f"Cha sinh {father}, con sinh {born}")
    if declared.father.parents_married:
        male, female = rules.in_force(rules.MARRIAGE_AGE_YEARS, on=born.latest).value
        for who, born_on, least in (("Cha", father, male), ("Mẹ", mother, female)):
            if born_on is not None and rules.age_range(born_on=born_on, at=born)[1] < least:
                yield warning(
                    "underage_" + ("father" if who == "Cha" else "mother"),
                    f"{who} chưa đủ {least} tuổi khi con sinh nhưng khai đã đăng ký kết hôn.", f"{who} sinh {born_on}",
                )


def check_other_children(case: Case) -> Iterator[Finding]:
    """Another child of the same mother, born too near to this one to be another delivery."""
    acts = _births_too_near(case)
    if acts:
        yield warning("births_too_near", "Người mẹ có con khác sinh quá gần ngày này.", _acts_text(acts))


def _births_too_near(case: Case) -> list[BirthAct]:
    born = case.declared.child.born_on
    if not case.declared.mother.given:
        return []
    gap = timedelta(days=rules.in_force(rules.BETWEEN_BIRTHS_DAYS, on=born.latest).value)
    near = (
        BirthAct.objects.filter(
            state__in=LIVE, pk__in=_acts_as_mother(case.declared.mother),
            born_earliest__lt=born.latest + gap, born_latest__gt=born.earliest - gap,
        )
        .exclude(dossier_id=case.dossier.pk)
        .exclude(born_earliest__lte=born.latest, born_latest__gte=born.earliest)
        .select_related("unit").prefetch_related("parties")
    )
    return list(near[:20])


def check_deaths(case: Case) -> Iterator[Finding]:
    """A parent whom the register knows as dead."""
    born = case.declared.child.born_on
    grace = timedelta(days=rules.in_force(rules.FATHER_DEAD_DAYS, on=born.latest).value)
    for block, who, code, allowed in (
        (case.declared.mother, "Người mẹ", "mother_dead", timedelta(0)),
        (case.declared.father, "Người cha", "father_dead", grace),
    ):
        if not block.given:
            continue
        deaths = list(
            Act.objects.filter(
                kind=rules.BookKind.DEATH, state=rules.ActState.REGISTERED,
                parties__in=Party.objects.filter(same_person(block), role=rules.PartyRole.DECEASED),
            ).select_related("unit")[:5]
        )
        if not deaths:
            continue
        sure = all(death.registered_on < born.earliest - allowed for death in deaths)
        say = error if sure else warning
        yield say(code, f"{who} đã được đăng ký khai tử.", _acts_text(deaths))


def check_marriage(case: Case) -> Iterator[Finding]:
    """Parents said to be married, and nothing told by which to find the marriage."""
    father = case.declared.father
    if father.parents_married and not father.marriage_record:
        yield warning(
            "marriage_not_on_record",
            "Cha mẹ khai đã kết hôn nhưng chưa ghi số, nơi đăng ký kết hôn; đề nghị tra cứu hoặc đối chiếu bản chính.",
        )


# --- Numbers ----------------------------------------------------------------------------------------------------------


def check_numbers(case: Case) -> Iterator[Finding]:
    """Personal numbers that do not fit the person, or that the register knows for somebody else."""
    declared = case.declared
    sexes = {"child": declared.child.sex, "mother": "female", "father": "male", "declarant": None}
    for role, sex in sexes.items():
        block = getattr(declared, role)
        if not block.personal_number:
            continue
        title = rules.PARTY_TITLES[rules.PartyRole(role)]
        for odd in check_personal_number(block.personal_number, birth=getattr(block, "born_on", None), sex=sex):
            yield warning(f"{role}_number_{odd.code}", f"{title}: {odd.message}", block.personal_number)
        yield from _number_of_another(role, block, case)


def _number_of_another(role: str, block: object, case: Case) -> Iterator[Finding]:
    number, name = block.personal_number, block.name  # type: ignore[attr-defined]
    key = PersonName(name).search_key
    others = (
        Party.objects.filter(personal_number=number, act__state__in=LIVE)
        .exclude(act__dossier_id=case.dossier.pk)
        .exclude(search_key=key)
        .select_related("act__unit")[:5]
    )
    taken = list(others)
    title = rules.PARTY_TITLES[rules.PartyRole(role)]
    if taken:
        text = "; ".join(f"{p.name} – {act_text(p.act)}" for p in taken)
        yield warning(f"{role}_number_mismatch", f"{title}: số định danh đang ghi cho tên khác trong sổ.", text)
    if role == "child":
        own = Party.objects.filter(
            personal_number=number, role=rules.PartyRole.CHILD, act__state__in=LIVE
        ).exclude(act__dossier_id=case.dossier.pk).select_related("act__unit")[:5]
        if own:
            yield error("personal_number_taken", "Số định danh của trẻ đã có trong một việc khai sinh khác.",
                        "; ".join(act_text(p.act) for p in own))


# --- Who is who -------------------------------------------------------------------------------------------------------


def same_person(block: PersonBlock) -> Q:
    """Rows of :class:`Party` that are this person: by number; where none is known, by accent-blind name and birth."""
    key = PersonName(block.name).search_key
    by_name = Q(search_key=key, born_on=block.born_on.isoformat()) if block.born_on else Q(pk__in=[])
    if block.personal_number:
        return Q(personal_number=block.personal_number) | (by_name & Q(personal_number=""))
    return by_name


def _acts_as_mother(mother: PersonBlock) -> QuerySet[Act]:
    """The acts in which she stands as the mother."""
    if not mother.given:
        return Act.objects.none()
    return Act.objects.filter(parties__in=Party.objects.filter(same_person(mother), role=rules.PartyRole.MOTHER))


def _is_same(block: PersonBlock, party: Party | None) -> bool:
    """Whether the declared person is surely the one in the act."""
    if party is None or not block.given:
        return False
    if block.personal_number and party.personal_number:
        return block.personal_number == party.personal_number
    same_name = PersonName(block.name).search_key == party.search_key
    return same_name and (block.born_on is None or not party.born_on or _days_meet(block, party))


def _is_alike(block: PersonBlock, party: Party | None) -> bool:
    """Whether they may be one: the same, or the name nearly so; nobody on both sides counts as alike."""
    if party is None or not block.given:
        return party is None and not block.given
    return _is_same(block, party) or _alike(PersonName(block.name).search_key, party.search_key)


def _days_meet(block: PersonBlock, party: Party) -> bool:
    assert block.born_on is not None  # asked by the caller
    return block.born_on.earliest <= party.born_latest and party.born_earliest <= block.born_on.latest  # type: ignore[operator]


def _alike(one: str, other: str) -> bool:
    return one == other or SequenceMatcher(None, one, other).ratio() >= ALIKE


def act_text(act: Act) -> str:
    return f"{act.kind} {act.display_number}, {act.unit_name}"


def _acts_text(acts: list[BirthAct] | list[Act]) -> str:
    parts = []
    for act in acts:
        child = next((p.name for p in act.parties.all() if p.role == rules.PartyRole.CHILD), "")
        parts.append(f"{act_text(act)}{f' ({child})' if child else ''}")
    return "\n".join(parts)


ALL_CHECKS: tuple[Check, ...] = (
    check_days, check_competence, check_registered_before, check_declared_before, check_ages, check_other_children,
    check_deaths, check_marriage, check_numbers,
)
