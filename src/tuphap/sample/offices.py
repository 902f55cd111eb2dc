"""The people who work in the sample's offices, and which of their offices they worked in before 1 July 2025."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.modules.administration import operations as administration
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.fees import api as fees
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from .families import Families

PROVINCE = "31"
# Phường Ngô Quyền, Lê Chân, Hải An, Thủy Nguyên (old Hải Phòng), Phường Hải Dương (old Hải Dương), Xã Vĩnh Bảo.
DENSE = ("11329", "11383", "11413", "11560", "10525", "11824")
# The deputy chairman here took office lately: the certificate has been ordered and has not come.
WITHOUT_CERTIFICATE = "11824"
OTHERS_STAFFED = 18  # further communes with people of their own

RECEIVER, OFFICER, CHAIRMAN, DEPUTY, ACCOUNTANT = "tiepnhan", "hotich", "chutich", "phochutich", "ketoan"
POSTS = (
    (RECEIVER, "receiver", "Công chức Trung tâm Phục vụ hành chính công", "nu"),
    (OFFICER, "civil_status_officer", "Công chức tư pháp – hộ tịch", "nu"),
    (CHAIRMAN, "chairman", "Chủ tịch", "nam"),
    (DEPUTY, "chairman", "Phó Chủ tịch", "nam"),
    (ACCOUNTANT, "accountant", "Kế toán, tài chính", "nu"),
)  # fmt: skip
LEADERS = (CHAIRMAN, DEPUTY)
REFORM_MORNING = datetime.combine(orgs.REFORM, time(7, 30), tzinfo=VIETNAM)
BASIS = "Quyết định phân công công tác (dữ liệu mẫu)"


@dataclass(frozen=True, slots=True)
class Desk:
    """One commune's office through the reform: ``before`` until 30 June 2025, ``now`` since, and who sits there.

    Communes of the former Hải Dương have no ``before``: they work with the platform since the provinces became one.
    """

    commune: str
    before: OrgUnit | None
    now: OrgUnit
    people: dict[str, User]

    def office(self, on: date) -> OrgUnit:
        """The office that stands on this day."""
        return self.before if self.before is not None and on < orgs.REFORM else self.now

    def since(self, opening: date) -> date:
        """The first day on which this office works with the platform."""
        return opening if self.before is not None else orgs.REFORM

    def actor(self, post: str) -> Actor:
        """The holder of a post, acting."""
        return actor_of(self.people[post])


def actor_of(user: User) -> Actor:
    """The account, acting from the office's own network."""
    return Actor(kind=ActorKind(user.kind), name=user.full_name, user_id=user.pk, ip="10.31.0.12")


def found(*, at: datetime) -> User:
    """The administrator of the sample, the first account of all; found again on a second run."""
    known = User.objects.filter(username="quantri").first()
    if known is not None:
        return known
    department = orgs.office("H31.09", on=at.date())
    return administration.found_administrator(
        username="quantri", full_name="Lương Văn Kiên", office_id=department.pk, password=None,
        actor=system_actor("sample"), at=at,
    )


# Who works at the department: account, name, title, roles.
DEPARTMENT_POSTS = (
    ("giamdoc", "Trịnh Thị Minh Hạnh", "Giám đốc Sở Tư pháp", ("director", "department_leader")),
    ("phogiamdoc", "Hoàng Đức Thịnh", "Phó Giám đốc Sở Tư pháp", ("department_leader",)),
    ("thanhtra", "Đào Quang Trung", "Chánh Thanh tra", ("inspector",)),
    ("truongphong.botro", "Vũ Thị Hải Yến", "Trưởng phòng Bổ trợ tư pháp", ("division_head",)),
    ("chuyenvien.botro", "Phạm Quốc Khánh", "Chuyên viên Phòng Bổ trợ tư pháp", ("specialist",)),
    ("chuyenvien.hanhchinh", "Bùi Thu Trang", "Chuyên viên Phòng Hành chính tư pháp",
     ("specialist", "report_checker")),
    ("chuyenvien.thongke", "Nguyễn Hải Đăng", "Chuyên viên tổng hợp, thống kê", ("report_planner",)),
    ("tiepnhan.so", "Ngô Thị Kim Liên", "Công chức Sở Tư pháp tại Trung tâm Phục vụ hành chính công",
     ("centre_receiver",)),
    ("ketoan.so", "Đặng Thị Mai Hương", "Kế toán, tài chính Sở Tư pháp", ("accountant",)),
    ("quanly.sohoa", "Lưu Quang Huy", "Chuyên viên quản lý số hóa sổ hộ tịch", ("digitisation_manager",)),
    ("nhaplieu.mot", "Ngô Thị Thanh Hà", "Nhân viên nhập liệu số hóa (tổ 1)", ("digitisation_keyer",)),
    ("nhaplieu.hai", "Hà Văn Tuấn", "Nhân viên nhập liệu số hóa (tổ 2)", ("digitisation_keyer",)),
    ("kiemtra.sohoa", "Lý Thị Minh Châu", "Chuyên viên kiểm tra số hóa sổ hộ tịch", ("digitisation_proofer",)),
)  # fmt: skip
SIGNERS = ("giamdoc", "phogiamdoc")


def department_people(administrator: User, *, at: datetime) -> None:
    """The Department's people, before the reform and since."""
    before, now = orgs.office("H31.09", on=at.date()), orgs.office("H31.09", on=orgs.REFORM)
    for username, name, title, roles in DEPARTMENT_POSTS:
        person = _person(username, name, title, before, administrator, at=at)
        for role in roles:
            _serve(person, role, before, now, administrator, at=at)
    _bank(administrator, now, at=at)


def hand_out_department_keys(*, at: datetime) -> None:
    """Certificates of the Department's leaders and its seal, for the office that stands on this day."""
    office, actor = orgs.office("H31.09", on=localdate(at)), system_actor("sample")
    documents.keys.ensure_office_seal(office=office, actor=actor, at=at)
    for user in User.objects.filter(username__in=SIGNERS).order_by("username"):
        documents.keys.ensure_person_key(user=user, office=office, actor=actor, at=at)


# The sample's bank: a code of NAPAS, and a name that no bank has.
BANK, BANK_NAME = "970499", "Ngân hàng Bạch Đằng (mẫu)"


def open_accounts(desks: dict[str, Desk], *, at: datetime) -> None:
    """The account into which each office of this day is paid its fees, and the department's."""
    for desk in desks.values():
        if localdate(at) >= desk.since(date.min):
            _open_account(desk.office(localdate(at)), desk.actor(ACCOUNTANT), f"31{desk.commune}", at=at)
    _open_account(orgs.office("H31.09", on=localdate(at)), actor_of(User.objects.get(username="ketoan.so")), "3100009",
                  at=at)


def _open_account(office: OrgUnit, actor: Actor, number: str, *, at: datetime) -> None:
    if fees.account_of(office.pk, at=at) is None:
        fees.set_account(unit_id=office.pk, bank=BANK, bank_name=BANK_NAME, number=number, holder=office.name,
                         basis=BASIS, actor=actor, at=at)


def _bank(administrator: User, office: OrgUnit, *, at: datetime) -> None:
    """An organisation that checks papers over the API; its token is made in the administration's pages."""
    if User.objects.filter(username="nganhang").exists():
        return
    bank = administration.create_agency(
        username="nganhang", full_name="Ngân hàng Bạch Đằng (mẫu)", actor=actor_of(administrator), at=at
    )
    administration.give_role(
        person_id=bank.pk, role="document_checker", unit_id=office.pk, valid_from=orgs.REFORM, basis=BASIS,
        actor=actor_of(administrator), at=REFORM_MORNING,
    )


def desks(
    administrator: User, families: Families, random: Random, *, dense: int, others: int, opening: datetime
) -> dict[str, Desk]:
    """The staffed communes by code: so many of the dense ones, and so many others drawn by lot."""
    present = orgs.offices(kind=OrgUnit.Kind.COMMUNE, on=orgs.REFORM).filter(admin_unit__parent__code=PROVINCE)
    by_code = {office.admin_unit.code: office for office in present.select_related("admin_unit")}
    chosen = (*DENSE[:dense], *random.sample(sorted(set(by_code) - set(DENSE)), others))
    return {code: _desk(code, by_code[code], administrator, families, opening=opening) for code in chosen}


def _desk(code: str, now: OrgUnit, administrator: User, families: Families, *, opening: datetime) -> Desk:
    """The office with its people; accounts are opened when the office begins to work with the platform."""
    before = (
        OrgUnit.objects.filter(
            successor=now, kind=OrgUnit.Kind.COMMUNE, valid_to=orgs.REFORM,
            admin_unit__parent__parent__code=PROVINCE, code__startswith=f"H{PROVINCE}.",
        ).order_by("code").first()
    )
    at = opening if before is not None else REFORM_MORNING
    people: dict[str, User] = {}
    for post, role, title, sex in POSTS:
        adult = families.adult(sex, at.date(), 42)
        username = f"{post}.{fold(now.admin_unit.name.split(' ', 1)[1]).replace(' ', '')}.{code}"
        person = _person(username, adult.name, title, before or now, administrator, at=at)
        _serve(person, role, before, now, administrator, at=at)
        people[post] = person
    _serve(people[DEPUTY], "digitisation_approver", before, now, administrator, at=at)
    return Desk(commune=code, before=before, now=now, people=people)


def _person(username: str, name: str, title: str, office: OrgUnit, administrator: User, *, at: datetime) -> User:
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known
    return administration.create_staff(
        username=username, full_name=name, title=title, office_id=office.pk, actor=actor_of(administrator), at=at
    )


def _serve(person: User, role: str, before: OrgUnit | None, now: OrgUnit, administrator: User, *, at: datetime) -> None:
    """Give the role at the old office until the last day of June 2025, and at the new one since."""
    terms: list[tuple[OrgUnit, date, date | None]] = [(now, orgs.REFORM, None)]
    if before is not None:
        terms.append((before, at.date(), orgs.REFORM - timedelta(days=1)))
    for office, first, last in terms:
        if person.grants.filter(role=role, unit=office).exists() or person == administrator:
            continue
        given = max(at, REFORM_MORNING) if office == now else at
        administration.give_role(
            person_id=person.pk, role=role, unit_id=office.pk, valid_from=first, valid_to=last, basis=BASIS,
            actor=actor_of(administrator), at=given,
        )


def hand_out_keys(desk: Desk, *, at: datetime) -> None:
    """Certificates of the leaders (but one, see WITHOUT_CERTIFICATE) and the seal of the office of this day."""
    office, actor = desk.office(localdate(at)), system_actor("sample")
    if localdate(at) < desk.since(date.min):
        return
    documents.keys.ensure_office_seal(office=office, actor=actor, at=at)
    for post in LEADERS if desk.commune != WITHOUT_CERTIFICATE else LEADERS[:1]:
        documents.keys.ensure_person_key(user=desk.people[post], office=office, actor=actor, at=at)
