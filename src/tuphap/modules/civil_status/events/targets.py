"""The registered act that a declaration is about: told by its kind, number and office, and by a name in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, cast

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from tuphap.shared.dossiers.api import Finding
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import Address, PersonName

from .. import rules
from ..answers import Block, Text, checked, missing, required
from ..checks import act_text, communes_today, error
from ..current import as_it_stands
from ..models import Act, BirthAct, Party
from ..rules import ActState, BookKind, PartyRole
from . import checks
from .asking import Ask
from .kinds import Case

NUMBER = "civil_status.act_number"
_NUMBER = re.compile(r"([0-9]{1,6})([A-Z]?)/([0-9]{4})")  # of some old books with a letter
ABOUT = (BookKind.BIRTH, BookKind.MARRIAGE, BookKind.DEATH, BookKind.GUARDIANSHIP, BookKind.RECOGNITION)


class Target(Block):
    """Which act."""

    book: Annotated[BookKind, Ask("Việc hộ tịch đã đăng ký", titles={kind: rules.ACT_TITLES[kind] for kind in ABOUT})]
    number: Annotated[Text, Ask("Số, năm đăng ký", "Như trên giấy tờ hộ tịch, ví dụ: 15/2026.", most=12)] = Field(
        default="", validate_default=True)
    office: Annotated[Address, Ask("Nơi đăng ký", "Chọn xã, phường, đặc khu hiện nay của nơi đã đăng ký.")] = Field(
        default=None, validate_default=True)
    name: Annotated[Text, Ask("Họ, chữ đệm, tên người có tên trong việc đó", "Để đối chiếu với sổ.", kind="name")] = (
        Field(default="", validate_default=True))

    _office_given = field_validator("office", mode="before")(required("nơi đăng ký"))

    @field_validator("number")
    @classmethod
    def _read(cls, number: str) -> str:
        found = _NUMBER.fullmatch(number.replace(" ", "").upper())
        if found is None or int(found[1]) == 0:
            raise PydanticCustomError(NUMBER, "Số đăng ký ghi dạng 15/2026.", {})
        return f"{int(found[1]):02d}{found[2]}/{found[3]}"

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise missing("họ, chữ đệm, tên")
        return str(checked(lambda: PersonName(name)))

    def find(self, book: BookKind) -> Act | None:
        """The act as it stands today; of several under this number in what is one commune now, that of this name."""
        found = _NUMBER.fullmatch(self.number)
        assert found is not None  # read above
        unit = self.office.unit()
        units = {unit.pk, *(old.pk for old in orgs.predecessors(unit))}
        acts = Act.objects.filter(
            kind=book, number=int(found[1]), number_suffix=found[2], year=int(found[3]), unit__admin_unit__in=units
        ).exclude(state=ActState.VOID).order_by("created_at")
        key = PersonName(self.name).search_key
        for act in acts.prefetch_related("parties"):
            standing = in_full(act)
            if key in {p.search_key for p in (*act.parties.all(), *standing.parties.all())}:
                return standing
        return None


class GuardianshipTarget(Target):
    """Which guardianship."""

    book: BookKind = BookKind.GUARDIANSHIP


def in_full(act: Act) -> Act:
    """The act with its people and notes, as it stands; a birth as :class:`BirthAct`."""
    acts: Any = BirthAct.objects if act.kind == BookKind.BIRTH else Act.objects
    whole = acts.select_related("unit__admin_unit__parent", "book").prefetch_related(
        "parties", "annotations__source").get(pk=act.pk)
    return as_it_stands(cast(Act, whole))


_TAKEN_OVER = (
    "name", "sort_key", "search_key", "sex", "born_on", "born_earliest", "born_latest", "ethnicity", "nationality",
    "residence", "residence_code", "residence_as_of", "id_kind", "id_number", "personal_number",
)


def taken_over(party: Party, role: PartyRole) -> dict[str, Any]:
    """The columns of a person whom an act takes over from its target, as they stand today."""
    return {"role": role, **{column: getattr(party, column) for column in _TAKEN_OVER}}


# --- What the register says of it -------------------------------------------------------------------------------------


def check_target(case: Case) -> Iterator[Finding]:
    """It is there, it stands, and nothing else about it waits for its signature."""
    asked = case.declared.target
    if case.target is None:
        yield error("target_unknown", "Không tìm thấy việc hộ tịch này trong sổ điện tử.",
                    f"{rules.ACT_TITLES[asked.book]} số {asked.number}, {asked.office.text}, {asked.name}. Kiểm tra "
                    "lại số, năm, nơi đăng ký, họ tên; nếu chỉ có trong sổ giấy thì chuyển vào sổ điện tử trước.")
        return
    if case.target.state != ActState.REGISTERED:
        yield error("target_state", f"Việc hộ tịch này đang ở trạng thái “{case.target.state_title}”.",
                    act_text(case.target))
    waiting = Act.objects.filter(
        target_id=case.target.pk, state=ActState.PENDING_SIGNATURE).exclude(dossier_id=case.dossier.pk).first()
    if waiting is not None:
        yield error("target_busy", "Đang có một việc khác về việc hộ tịch này chờ ký số.", act_text(waiting))


def check_competence(case: Case) -> Iterator[Finding]:
    """The office that registered it (or stands for it today) decides, and that where the person asks from."""
    if case.target is None:
        return
    area = case.target.unit.admin_unit  # of an old book it may be younger than the act, or than any list
    where = Address(unit_code=area.code, as_of=max(case.target.registered_on, area.valid_from))
    if case.dossier.resolving_unit.admin_unit.code in communes_today(where, case.on):
        return
    yield from checks.competence(case, [case.declared.requester.residence, where], "Người yêu cầu")
