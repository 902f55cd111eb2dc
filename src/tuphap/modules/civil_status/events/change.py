"""Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc (Luật Hộ tịch 2014, Điều 26–29; BLDS 2015, Điều 26–29).

What is written is never touched: the registered change is noted beside its target, and from then on the target stands
as changed (``current.as_it_stands``): pages, extracts and certificates say what is so now, with the note of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers.api import Applicant, Finding, FormPage
from tuphap.shared.people.api import PartialDate

from .. import rules
from ..answers import Gather, PersonBlock, Text, missing, required
from ..checks import act_text, error, warning
from ..current import value_of
from ..fields import BY_BOOK, CHANGE_TITLES, FIELDS, ChangeKind, check_day, check_kind
from ..fields import Field as Entry
from ..fields import Kind as EntryKind
from ..models import Act, Party
from ..operations import annotate
from ..papers import day_text
from ..rules import ACT_TITLES, AnnotationKind, BookKind, PartyRole
from . import checks
from .asking import Ask
from .blocks import Copies, Declaration, Filer, applicant_from
from .kinds import Case, EventKind, Section
from .pages import filer_page, page_form
from .targets import Target, check_competence, check_target, taken_over

HANDLER = "civil_status.change"
MOST = 3  # entries that one declaration changes
_ENTRIES = {ACT_TITLES[book]: {entry.path: entry.title for entry in entries} for book, entries in BY_BOOK.items()}
_SLOTS = tuple((f"field_{n}", f"value_{n}") for n in range(1, MOST + 1))


class What(Copies):
    """What is to be otherwise, and why."""

    kind: Annotated[ChangeKind, Ask("Yêu cầu", titles=CHANGE_TITLES)] = Field(default=None, validate_default=True)
    field_1: Annotated[Text, Ask("Mục 1", titles=_ENTRIES)] = ""
    value_1: Annotated[Text, Ask("Mục 1 ghi là", "Ngày ghi dạng 05/03/2026; giới tính ghi Nam hoặc Nữ.")] = ""
    field_2: Annotated[Text, Ask("Mục 2", titles=_ENTRIES, optional=True)] = ""
    value_2: Annotated[Text, Ask("Mục 2 ghi là", optional=True)] = ""
    field_3: Annotated[Text, Ask("Mục 3", titles=_ENTRIES, optional=True)] = ""
    value_3: Annotated[Text, Ask("Mục 3 ghi là", optional=True)] = ""
    ground: Annotated[Text, Ask("Lý do, căn cứ", kind="text", most=500)] = Field(default="", validate_default=True)
    proof: Annotated[Text, Ask("Giấy tờ chứng minh", "Tên, số, ngày, nơi cấp.", optional=True)] = ""
    parents_agree: Annotated[bool, Ask("Cha, mẹ đồng ý (người dưới 18 tuổi)")] = False
    bearer_agrees: Annotated[bool, Ask(
        "Người có tên trong việc hộ tịch đồng ý (đổi tên: từ đủ 9 tuổi; xác định lại dân tộc: từ đủ 15 đến dưới 18)"
    )] = False

    _kind_given = field_validator("kind", mode="before")(required("yêu cầu"))

    @field_validator("ground")
    @classmethod
    def _told(cls, ground: str) -> str:
        if not ground:
            raise missing("lý do, căn cứ")
        return ground

    @model_validator(mode="after")
    def _entries(self) -> What:
        with Gather(self) as errors:
            given = [self._entry(errors, *slot) for slot in _SLOTS]
            paths = [path for path in given if path]
            if not paths and not errors:
                errors.add("field_1", missing("mục đề nghị thay đổi"))
            if len(set(paths)) < len(paths):
                errors.add("field_1", PydanticCustomError(
                    "civil_status.entry_twice", "Một mục chỉ ghi một lần trong một yêu cầu.", {}))
        return self

    def _entry(self, errors: Gather, field: str, value: str) -> str:
        """Read one pair, and tell what is wrong with it beside its own field; which entry it is."""
        path, text = getattr(self, field), getattr(self, value)
        if not path and not text:
            return ""
        if not path:
            errors.add(field, missing("mục đề nghị thay đổi"))
            return ""
        if path not in FIELDS:
            errors.add(field, PydanticCustomError("civil_status.entry_unknown", "Không có mục này.", {}))
            return ""
        try:
            self.__dict__[value] = FIELDS[path].read(text)
        except Refusal as refusal:
            errors.add(value, PydanticCustomError(refusal.code, "{what}", {"what": refusal.message}))
        return str(path)

    def items(self) -> list[tuple[Entry, str]]:
        """The entries, and what each is to say."""
        return [(FIELDS[getattr(self, field)], getattr(self, value)) for field, value in _SLOTS if getattr(self, field)]


class Relation(StrEnum):
    """Who asks, to whom the act is about."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    SPOUSE = "spouse"
    RELATIVE = "relative"


RELATION_TITLES = {
    Relation.SELF: "Bản thân", Relation.PARENT: "Cha, mẹ", Relation.GUARDIAN: "Người giám hộ",
    Relation.SPOUSE: "Vợ, chồng", Relation.RELATIVE: "Người thân thích, người được ủy quyền",
}


class Requester(Filer):
    """Who asks."""

    relation: Annotated[Relation, Ask("Quan hệ với người có tên trong việc hộ tịch", titles=RELATION_TITLES)] = Field(
        default=None, validate_default=True)

    _relation_given = field_validator("relation", mode="before")(required("quan hệ với người có tên trong việc đó"))


class ChangeDeclaration(Declaration):
    """A whole request."""

    target: Target
    what: What
    requester: Requester

    @model_validator(mode="after")
    def _of_this_act(self) -> ChangeDeclaration:
        with Gather(self) as errors:
            for (field, _), (entry, _) in zip(_SLOTS, self.what.items(), strict=False):
                if self.target.book not in entry.books:
                    errors.add(f"what.{field}", PydanticCustomError(
                        "civil_status.entry_of_another",
                        "Việc {kind} không có mục này.", {"kind": ACT_TITLES[self.target.book].lower()}))
        return self

    def find_target(self) -> Act | None:
        return self.target.find(self.target.book)

    def people(self) -> Iterator[tuple[PartyRole, PersonBlock, str]]:
        yield PartyRole.DECLARANT, self.requester, ""

    def people_from(self, target: Act) -> list[dict[str, Any]]:
        """Whose entry is changed, as they stand before it."""
        bearer = bearer_of(self, target)
        return [taken_over(bearer, PartyRole.SUBJECT)] if bearer is not None else []

    def applicant(self) -> Applicant:
        return applicant_from(self.requester, self.requester)

    def facts(self, *, declared_on: date) -> dict[str, Any]:
        what = self.what
        return {"change": what.kind, "ground": what.ground, "proof": what.proof, "relation": self.requester.relation,
                "parents_agree": what.parents_agree, "bearer_agrees": what.bearer_agrees}

    def facts_about(self, target: Act) -> dict[str, Any]:
        return {
            "items": [
                {"field": entry.path, "before": value_of(target, entry), "after": value}
                for entry, value in self.what.items()
            ],
            "of": {"title": target.title, "number": target.display_number, "office": target.unit_name,
                   "registered_on": target.registered_on.isoformat()},
        }

    def wanted_copies(self) -> int:
        return self.what.copies

    def remark(self) -> str:
        return self.what.note


def bearer_of(declared: ChangeDeclaration, target: Act) -> Party | None:
    """The person whose entry is changed: of a birth always the child, whose record it is."""
    if target.kind == BookKind.BIRTH:
        return target.party(PartyRole.CHILD)
    return target.party(PartyRole(declared.what.items()[0][0].path.partition(".")[0]))


# --- What the register says -------------------------------------------------------------------------------------------


def check_entries(case: Case) -> Iterator[Finding]:
    """Each entry against what stands there today."""
    if case.target is None:
        return
    what = case.declared.what
    for number, (entry, value) in enumerate(what.items(), start=1):
        try:
            check_kind(what.kind, entry, before=value_of(case.target, entry), after=value)
            check_day(entry, value, registered_on=case.target.registered_on)
        except Refusal as refusal:
            yield error(f"entry_{number}", refusal.message, act_text(case.target))


def check_consent(case: Case) -> Iterator[Finding]:
    """Who must agree: parents of a minor, a child of nine to a new name, one of fifteen to another ethnicity."""
    if case.target is None:
        return
    bearer, what = bearer_of(case.declared, case.target), case.declared.what
    if bearer is None or not bearer.born_on:
        return
    least, most = PartialDate.parse(bearer.born_on).years_until(case.on)
    of_age = rules.in_force(rules.FULL_AGE_YEARS, on=case.on).value
    if least < of_age and not what.parents_agree and what.kind is not ChangeKind.ADDITION:
        yield error("consent_missing", "Người chưa thành niên: cần cha, mẹ đồng ý.", bearer.name)
    renamed = any(entry.kind is EntryKind.NAME and entry.path.startswith("child.") for entry, _ in what.items())
    nine = rules.in_force(rules.NAME_CONSENT_YEARS, on=case.on)
    if what.kind is ChangeKind.CHANGE and renamed and most >= nine.value and not what.bearer_agrees:
        yield error("bearer_consent_missing", f"Đổi tên người từ đủ {nine.value} tuổi: cần người đó đồng ý.",
                    nine.legal_basis)
    years = rules.in_force(rules.ETHNICITY_CONSENT_YEARS, on=case.on)
    first, last = years.value
    if what.kind is ChangeKind.ETHNICITY and most >= first and least < last and not what.bearer_agrees:
        yield error("bearer_consent_missing",
                    f"Xác định lại dân tộc cho người từ đủ {first} đến dưới {last} tuổi: cần người đó đồng ý.",
                    years.legal_basis)


def check_proof(case: Case) -> Iterator[Finding]:
    if not case.declared.what.proof:
        yield warning("change_proof", "Chưa ghi giấy tờ chứng minh cho nội dung thay đổi.")


# --- What a registered change does ------------------------------------------------------------------------------------


def note_beside(act: Act, *, actor: Actor, at: datetime) -> None:
    """Note the change beside its target, which stands as changed from then on."""
    assert act.target is not None  # written with the act, in one operation
    told = "; ".join(_told(item) for item in act.facts["items"])
    annotate(
        act.target, AnnotationKind.CORRECTION, actor=actor, at=at, by=act.signer_name, source=act,
        changes=act.facts["items"], decided_on=act.registered_on, decision_no=act.display_number,
        authority=act.unit_name,
        text=f"{CHANGE_TITLES[ChangeKind(act.facts['change'])]}: {told}; theo Trích lục số {act.display_number} "
        f"ngày {day_text(act.registered_on)} của {act.unit_name}.",
    )


def _told(item: dict[str, str]) -> str:
    entry = FIELDS[item["field"]]
    title = entry.title[0].lower() + entry.title[1:]
    return f"{title} từ “{entry.show(item['before'])}” thành “{entry.show(item['after'])}”"


# --- The act as it is told --------------------------------------------------------------------------------------------


def sections(act: Act) -> tuple[Section, ...]:
    facts, of = act.facts, act.facts.get("of")
    told = []
    if of is not None:
        subject = act.party(PartyRole.SUBJECT)
        told.append(Section("Việc hộ tịch đã đăng ký", (
            ("Loại việc", of["title"]), ("Số", of["number"]), ("Nơi đăng ký", of["office"]),
            ("Ngày đăng ký", day_text(date.fromisoformat(of["registered_on"]))),
            ("Của", subject.name.upper() if subject is not None else ""),
        )))
        lines = []
        for item in facts["items"]:
            entry = FIELDS[item["field"]]
            lines += [(f"{entry.title} – từ", entry.show(item["before"])), ("thành", entry.show(item["after"]))]
        told.append(Section(CHANGE_TITLES[ChangeKind(facts["change"])], tuple(lines)))
    told.append(Section("Căn cứ", (("Lý do", facts["ground"]), ("Giấy tờ chứng minh", facts["proof"]))))
    if act.declarant is not None:
        told.append(Section("Người yêu cầu", (
            ("Họ, chữ đệm, tên", act.declarant.name.upper()), ("Giấy tờ tùy thân", act.declarant.id_text),
            ("Quan hệ", RELATION_TITLES[Relation(facts["relation"])]),
        )))
    return tuple(told)


def headline(act: Act) -> str:
    subject = act.party(PartyRole.SUBJECT)
    title = CHANGE_TITLES[ChangeKind(act.facts["change"])]
    return f"{title}: {subject.name}" if subject is not None else title


def titled(act: Act) -> dict[str, Any]:
    """The extract is headed by what was done."""
    return {"title": f"TRÍCH LỤC {CHANGE_TITLES[ChangeKind(act.facts['change'])].upper()}"}


CHANGE = EventKind(
    code=HANDLER, title="Thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc", book=BookKind.CHANGE,
    series=rules.Series.CHANGE, declaration=ChangeDeclaration,
    pages=(
        FormPage("target", "Việc hộ tịch", page_form(Target, order=("book", "number", "office", "name")),
                 "Ghi theo giấy tờ hộ tịch đang giữ."),
        FormPage("what", "Nội dung yêu cầu", page_form(What, order=(
            "kind", *(name for slot in _SLOTS for name in slot), "ground", "proof", "parents_agree", "bearer_agrees",
            "copies", "note"), rows=_SLOTS)),
        filer_page("requester", "Người yêu cầu", Requester, "relation"),
    ),
    checks=(check_target, check_competence, check_entries, check_consent, check_proof, checks.check_numbers),
    sections=sections, headline=headline, template=rules.Template.EXTRACT, facts_of_paper=titled,
    extract_title="TRÍCH LỤC THAY ĐỔI, CẢI CHÍNH, BỔ SUNG HỘ TỊCH, XÁC ĐỊNH LẠI DÂN TỘC", extract_mark="TLTĐ-BS",
    effects=(note_beside,),
)
