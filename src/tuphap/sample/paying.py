"""Certified signatures and copies of the last days, whose fees stand in every way: paid, unpaid, put off, exempt, back.

Each dossier is begun under an idempotency key of its own, and what was done of it before is not done again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from PIL import Image

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Conflict
from tuphap.modules.civil_status.models import BirthAct
from tuphap.modules.civil_status.rules import ActState
from tuphap.modules.one_stop_shop import operations as desk_operations
from tuphap.modules.one_stop_shop.operations import Payment
from tuphap.shared.accounts import operations as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.dossiers.rules import State
from tuphap.shared.exchange.api import contracts
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.api import Once
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit

from . import declarations, offices
from .families import Families, Person
from .offices import ACCOUNTANT, CHAIRMAN, RECEIVER, Desk
from .stories import Act, Happening, Story
from .walk import patiently

SIGNATURE, COPY, EXTRACT = "2.000884", "2.000815", "2.000635"
GATEWAY = Actor(kind=ActorKind.AGENCY, name="Nền tảng thanh toán trực tuyến")


def happenings(desks: dict[str, Desk], told: list[Story], *, until: datetime, days: int) -> Iterator[Happening]:
    """A few of each course in the dense communes, on so many working days before ``until``.

    Who pays online lives there.
    """
    dense = [desk for code, desk in sorted(desks.items()) if code in offices.DENSE]
    for place, desk in enumerate(dense):
        living_there = [s for s in told if s.steps[0].act is Act.START_ONLINE and s.commune == desk.commune]
        for back, day in enumerate(_working_days(until, days)):
            at = datetime.combine(day, time(9 + place, 10 * (back % 6)), tzinfo=VIETNAM)
            online = [s.birth for s in living_there if s.steps[0].at < at]
            citizen = declarations.declarant(online[-1 - back % len(online)]) if online else None
            yield Happening(at, _doing(place, back, desk, citizen), desk.commune)


def _working_days(until: datetime, days: int) -> Iterator[date]:
    """So many of them, the last first, none before the reform."""
    working, day = calendar.working_calendar(), localdate(until)
    while days:
        day -= timedelta(days=1)
        if day < orgs.REFORM:
            return
        if working.is_working_day(day):
            days -= 1
            yield day


def _doing(place: int, back: int, desk: Desk, citizen: Person | None) -> Callable[[Any, datetime], None]:
    def do(filling: Any, at: datetime) -> None:
        who = accounts.enter_citizen(
            identity=declarations.identity(citizen), actor=Actor(kind=ActorKind.CITIZEN, name=citizen.name), at=at,
        ) if citizen is not None else None
        with suppress(Conflict):  # an earlier run was there first
            patiently(_COURSES[(place + back) % len(_COURSES)], desk, who, at, f"mau-phi-{place}-{back}")

    return do


def pay_online(dossier: Dossier, *, actor: Actor, number: str, at: datetime) -> None:
    """The applicant opens an order, and the bank tells of the money a little later."""
    order = fees.open_order(dossier_id=dossier.pk, actor=actor, at=at)
    told = contracts.PaymentTold(transaction=number, reference=order.reference, account=order.account.number,
                                 amount=order.amount, paid_at=at + timedelta(seconds=40))
    fees.hear_transfer(told=told, by="call", actor=GATEWAY, at=at + timedelta(minutes=1))


def _cash(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    _at_counter(desk, at, key, COPY, Payment(counts={"ban_sao": fees.Count(4, 3)}, cash=True))


def _exempt(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    """Copies of a birth in this commune's own book, for a mother who is spared the fee; nothing before its first."""
    office = desk.office(localdate(at))
    births = BirthAct.objects.filter(unit=office, state=ActState.REGISTERED, signed_at__lt=at).order_by("signed_at")
    birth = next((one for one in births.prefetch_related("parties")[:5] if one.mother is not None), None)
    if birth is None or birth.mother is None:
        return
    home = declarations.address(office.admin_unit, "Số 12, tổ dân phố 3", localdate(at))
    desk_operations.file_at_counter(
        procedure_code=EXTRACT, receiving_unit_id=office.pk, resolving_unit_id=office.pk,
        answers={
            "target": {"book": "KS", "number": birth.display_number, "office": home, "name": birth.child.name},
            "request": {"copies": 2, "purpose": "làm thẻ bảo hiểm y tế"},
            "requester": {"relation": "self", "name": birth.mother.name, "phone": "0912345678", "residence": home,
                          "personal_number": birth.mother.personal_number},
        },
        papers=[{"component": code} for code in _PAPERS[EXTRACT]], duplicate_reason="Việc khác",
        payment=Payment(exempt={"ban_sao": ("poor", "Giấy chứng nhận hộ nghèo năm 2026")}),
        actor=desk.actor(RECEIVER), at=at, once=Once(key),
    )


def _put_off(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    _at_counter(desk, at, key, COPY, Payment(deferred=True))


def _unpaid(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    dossier = _online(desk, citizen, at, key)
    if dossier is not None and citizen is not None:
        fees.open_order(dossier_id=dossier.pk, actor=offices.actor_of(citizen), at=at)


def _paid_online(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    dossier = _online(desk, citizen, at, key)
    if dossier is None or citizen is None:
        return
    pay_online(dossier, actor=offices.actor_of(citizen), number=f"FT{key}", at=at)
    desk_operations.receive(dossier_id=dossier.pk, duplicate_reason="Việc khác", actor=desk.actor(RECEIVER),
                                   at=at + timedelta(minutes=20))


def _given_back(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    """Refused by a mistake of the office: the desk asks, the head of the office pays cash back, or it still waits."""
    dossier = _at_counter(desk, at, key, SIGNATURE, Payment(cash=True))
    later = at + timedelta(minutes=30)
    desk_operations.refuse(dossier_id=dossier.pk, reason_code="ly_do_khac", actor=desk.actor(RECEIVER), at=later,
                           text="Người yêu cầu đã được hướng dẫn sai nơi chứng thực; cơ quan xin lỗi và hoàn trả phí.",
                           once=Once(f"{key}-refuse"))
    (receipt,) = fees.receipts_of(dossier)
    refund = fees.ask_refund(receipt_id=receipt.pk, reason="Từ chối do cơ quan hướng dẫn sai",
                             actor=desk.actor(RECEIVER), at=later, once=Once(f"{key}-refund"))
    if int(key.rpartition("-")[2]) % 2 == 0:
        fees.pay_refund(refund_id=refund.pk, actor=desk.actor(CHAIRMAN), at=later + timedelta(minutes=20))


def _strange(desk: Desk, citizen: User | None, at: datetime, key: str) -> None:
    """Money that fits no order; and a cash receipt made by mistake, voided."""
    account = fees.account_of(desk.office(localdate(at)).pk, at=at)
    if account is not None:
        told = contracts.PaymentTold(transaction=f"FT{key}", reference="NOP TIEN CHUNG THUC", account=account.number,
                                     amount=10_000, paid_at=at)
        fees.hear_transfer(told=told, by="call", actor=GATEWAY, at=at)
    dossier = _at_counter(desk, at, key, SIGNATURE, Payment(cash=True))
    (receipt,) = fees.receipts_of(dossier)
    fees.void_receipt(receipt_id=receipt.pk, reason="Lập nhầm, người nộp chuyển khoản", actor=desk.actor(ACCOUNTANT),
                      at=at + timedelta(minutes=5))


_COURSES = (_cash, _paid_online, _exempt, _unpaid, _given_back, _put_off, _strange)
_PAPERS = {
    SIGNATURE: ("giay_to_tuy_than", "giay_to_ky"), COPY: ("ban_chinh",), EXTRACT: ("to_khai", "giay_to_tuy_than"),
}


def _at_counter(desk: Desk, at: datetime, key: str, procedure: str, payment: Payment) -> Dossier:
    office = desk.office(localdate(at))
    person = Families(sum(map(ord, key + desk.commune))).adult("nu", at.date(), 40)
    return desk_operations.file_at_counter(
        procedure_code=procedure, receiving_unit_id=office.pk, resolving_unit_id=office.pk,
        answers={"person": _person(person.name, person.personal_number, person.phone, office.admin_unit, at),
                 "request": _REQUESTS[procedure]},
        papers=[{"component": code} for code in _PAPERS[procedure]], payment=payment, duplicate_reason="Việc khác",
        actor=desk.actor(RECEIVER), at=at, once=Once(key),
    )


def _online(desk: Desk, citizen: User | None, at: datetime, key: str) -> Dossier | None:
    """A request to certify a signature, sent in by a citizen whom the sample knows."""
    if citizen is None:
        return None
    actor, office = offices.actor_of(citizen), desk.office(localdate(at))
    draft = desk_operations.start_draft(procedure_code=SIGNATURE, resolving_unit_id=office.pk, actor=actor, at=at,
                                        once=Once(key))
    if draft.state != State.DRAFT:
        return draft
    attached = set(draft.attachments.values_list("component", flat=True))
    answers = {"person": _person(citizen.full_name, citizen.personal_number, citizen.phone, office.admin_unit, at),
               "request": _REQUESTS[SIGNATURE]}
    for page, given in answers.items():
        desk_operations.save_page(dossier_id=draft.pk, page=page, answers=given, actor=actor, at=at)
    for component in _PAPERS[SIGNATURE]:
        if component in attached:
            continue
        desk_operations.attach(dossier_id=draft.pk, component=component, content=_scan(), name="ban-chup.png",
                               media_type="image/png", actor=actor, at=at)
    return desk_operations.submit(dossier_id=draft.pk, actor=actor, at=at)


_REQUESTS: dict[str, dict[str, Any]] = {
    SIGNATURE: {"papers": "Sơ yếu lý lịch tự thuật", "copies": 1, "way": "Ký"},
    COPY: {"papers": "Bằng tốt nghiệp đại học, bảng điểm", "originals": 1, "pages": 4, "copies": 3},
}


def _person(name: str, number: str, phone: str, commune: AdminUnit, at: datetime) -> dict[str, Any]:
    return {"name": name, "personal_number": number, "phone": phone or "0912000111",
            "address": declarations.address(commune, "Số 12, tổ dân phố 3", localdate(at))}


def _scan() -> bytes:
    made = io.BytesIO()
    Image.new("L", (8, 8), 255).save(made, "PNG")
    return made.getvalue()
