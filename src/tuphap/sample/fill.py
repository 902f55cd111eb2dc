"""Fill the sample province: every step through the real operations, under a clock that walks from May 2025 to now.

Interrupted, it goes on where it was: the stories are the same for the same seed and day of founding, and each step
carries an idempotency key, so that a step done before answers at once and changes nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import VIETNAM, localdate, now, standing_at
from tuphap.kernel.refusal import Conflict, Refusal
from tuphap.modules.one_stop_shop import operations as desk_operations
from tuphap.modules.one_stop_shop import tasks as timers
from tuphap.modules.one_stop_shop.looks import queries as looks
from tuphap.modules.one_stop_shop.post import operations as post
from tuphap.modules.one_stop_shop.post.rules import check_digit
from tuphap.shared.accounts import operations as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import chain
from tuphap.shared.calendar import api as calendar
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.api import Once
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit
from tuphap.site import progress

from . import (
    declarations,
    digitising,
    events,
    handing,
    lives,
    national,
    offices,
    old_books,
    paying,
    reports,
    requests,
)
from . import size as sizes
from .closing import close
from .families import Families, Person
from .offices import CHAIRMAN, DEPUTY, OFFICER, RECEIVER, Desk
from .size import BIRTHS, Size
from .stories import Act, Happening, Step, Story, stories
from .walk import come_to, patiently, rounds, walk

SEED = 31
FIRST_DAY = date(2025, 5, 5)
PROCEDURE, JOINED = "1.001193", "tam.lien-thong-khai-sinh"
FORGOTTEN = 15  # one in so many pages of the register is not scanned yet
DOUBTFUL_SHARE = 0.12  # of the newborn, whom the sample's police want looked into
EXTRACT_FEE = 8_000  # đồng for one copy of an extract, Circular 281/2016/TT-BTC; what the sample's desks ask
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Filling:
    """What the filler knows while it walks: the desks, the dossiers of the stories, who has an account."""

    desks: dict[str, Desk]
    total: int
    dossiers: dict[int, UUID] = field(default_factory=dict)
    moved: dict[int, str] = field(default_factory=dict)  # stories whose dossier went to another commune, and which
    citizens: dict[str, User] = field(default_factory=dict)

    def tell(self, done: int, at: datetime) -> None:
        what = f"Hồ sơ ngày {at.astimezone(VIETNAM):%d/%m/%Y}"
        progress.report(_home(), progress.Progress(done=done, total=self.total, what=what))


def fill(
    *, births: int = BIRTHS, dense: int = len(offices.DENSE), others: int = offices.OTHERS_STAFFED, dossiers: int = 0,
    workers: int = 1,
) -> None:
    """Bring the sample up to the moment at which it was first begun, of the size with which it was begun.

    :param births: how many births; none makes offices and people alone.
    :param dense, others: how many of the dense communes, and of the others, have people of their own.
    :param dossiers: about how many dossiers in all, of families over generations; 0: what the births bring with them.
    :param workers: how many processes walk side by side.
    :raises tuphap.kernel.signer.SignerDown: the signer process does not run beside us.
    :raises walk.WorkerLost: one of those processes was killed.
    :raises RuntimeError: what the rules refused, where no story foresaw it.
    """
    kept = progress.read(_home())
    if kept is not None and kept.finished:
        return
    until = _begun_at()
    wanted = (sizes.of_dossiers(dossiers, dense=dense, others=others) if dossiers
              else Size(births=births, dense=dense, others=others))
    size = sizes.begun_with(_home() / "sample" / "size.json", wanted)
    desks = found(dense=size.dense, others=size.others)
    mark = _home() / "sample" / "walked"
    told = _stories(desks, size, until)
    if size.births:
        _tell_police()
    _write_citizens(told, requests.people(desks, told, until=until, how_many=size.requests))
    every = rounds(_happenings(told, desks, size, until))
    filling = Filling(desks=desks, total=sum(map(len, every)), moved=_moved(told, come_to(mark)))
    with documents.signing_by_hand():
        walk(every, filling, workers=workers, mark=mark, tell=filling.tell)
    national.submit(filling.desks, told)
    chain.sequence()
    progress.report(_home(), progress.Progress(filling.total, filling.total, "Tỉnh mẫu đã đầy đủ", finished=True))


def _happenings(told: list[Story], desks: dict[str, Desk], size: Size, until: datetime) -> list[Happening]:
    """Everything that happens, in no order."""
    found = [*_of_stories(told), *requests.happenings(desks, told, until=until, how_many=size.requests)]
    if size.births:
        first = localdate(told[0].steps[0].at) if told else FIRST_DAY
        found += events.happenings(desks, first=first, until=until, how_many=size.events, alone=not size.is_living)
        found += events.joined_deaths(desks, until=until)
        found += lives.happenings(desks, until=until, how_many=size.lives)
        found += handing.happenings(desks, until=until)
        found += reports.happenings(desks, until=until)
        found += old_books.happenings(desks, until=until)
        found += digitising.happenings(desks, until=until)
        found += paying.happenings(desks, told, until=until, days=size.paid_days)
    return [*found, *_of_all(found)]


def found(*, dense: int, others: int) -> dict[str, Desk]:
    """The offices before the first birth: people, rights and keys; the province's people and the bank beside them."""
    opening = datetime.combine(FIRST_DAY - timedelta(days=5), time(8, 0), tzinfo=VIETNAM)
    with standing_at(opening):
        administrator = offices.found(at=opening)
        offices.department_people(administrator, at=opening)
        progress.report(_home(), progress.Progress(done=0, total=1, what="Mở tài khoản cán bộ các xã, phường"))
        desks = offices.desks(
            administrator,
            Families(SEED + 1),
            Random(SEED),  # noqa: S311 - a story, not a secret
            dense=dense,
            others=others,
            opening=opening,
        )
    for at in (opening, offices.REFORM_MORNING):
        with standing_at(at):
            offices.open_accounts(desks, at=at)
    for at in (opening, now()):
        with standing_at(at):
            offices.hand_out_department_keys(at=at)
            for desk in desks.values():
                offices.hand_out_keys(desk, at=at)
    return desks


def _tell_police() -> None:
    """Let the simulated police doubt some newborn, so that officers find something to look into."""
    with suppress(httpx.HTTPError):  # where no agencies run beside us, nothing is sent either
        if settings.EXCHANGE_DEFAULT_URL:
            httpx.post(f"{settings.EXCHANGE_DEFAULT_URL}/_control/police", json={"verify_share": DOUBTFUL_SHARE},
                       trust_env=False)


def _home() -> Path:
    return Path(settings.ENVIRONMENT.home)


def _begun_at() -> datetime:
    """When this sample was first begun; a later run goes on towards the same moment."""
    kept = _home() / "sample" / "begun-at"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(now().isoformat())
    return datetime.fromisoformat(kept.read_text().strip())


def _moved(told: list[Story], come: datetime | None) -> dict[int, str]:
    """Whose dossier had gone to another commune when the walk was broken off, and to which."""
    return {
        story.number: story.home for story in told for step in story.steps
        if step.act is Act.TRANSFER and come is not None and step.at <= come
    }


def _stories(desks: dict[str, Desk], size: Size, until: datetime) -> list[Story]:
    since = {code: desk.since(FIRST_DAY) for code, desk in desks.items()}
    return list(
        stories(
            count=size.births,
            first=FIRST_DAY,
            until=until,
            dense={c: d for c, d in since.items() if c in offices.DENSE},
            others={c: d for c, d in since.items() if c not in offices.DENSE},
            days=calendar.working_calendar(),
            seed=SEED,
            without_certificate=offices.WITHOUT_CERTIFICATE,
            seasons=lives.BIRTHS_IN if size.is_living else None,
        )
    )


def _do(verb: Callable[..., Any], once: Once, **given: Any) -> Any:
    """The operation ``verb``, done once for this key."""
    return verb(once=once, **given)


def _of_stories(told: list[Story]) -> Iterator[Happening]:
    """Every step of every story, where its dossier ends up."""
    for story in told:
        for step in story.steps:
            yield Happening(step.at, _doing(story, step), story.home or story.commune)


def _of_all(happenings: list[Happening]) -> Iterator[Happening]:
    """What comes for everybody between the first and the last of these: the reform, and the timers of every evening."""
    if not happenings:
        return
    first, last = min(h.at for h in happenings), max(h.at for h in happenings)
    reform = datetime.combine(orgs.REFORM, time(0, 10), tzinfo=VIETNAM)
    if first < reform < last:
        yield Happening(reform, _reform)
    evening = datetime.combine(localdate(first), time(23, 30), tzinfo=VIETNAM)
    while evening < last:
        yield Happening(evening, _evening)
        evening += timedelta(days=1)


def _doing(story: Story, step: Step) -> Callable[[Filling, datetime], None]:
    def do(filling: Filling, at: datetime) -> None:
        try:
            patiently(_STEPS[step.act], filling, story, at, _once(story, step))
        except Conflict as gone_on:  # a timer, or an earlier run, was there first
            log.info("story %s, %s: %s", story.number, step.act, gone_on.code)
        except Refusal as refusal:
            raise RuntimeError(f"story {story.number}, {step.act} at {at}: {refusal.code} {refusal}") from refusal

    return do


def _once(story: Story, step: Step) -> Once:
    return Once(f"sample-{story.number}-{step.act}-{step.at:%y%m%d%H%M}")


def _reform(filling: Filling, at: datetime) -> None:
    """1 July 2025: leaders get certificates of their new offices, open dossiers follow their offices."""
    for desk in filling.desks.values():
        offices.hand_out_keys(desk, at=at)
    timers.follow_successors()


def _evening(filling: Filling, at: datetime) -> None:
    timers.stop_unanswered()
    timers.close_returned()
    chain.sequence()


# --- what each act is ---------------------------------------------------------------------------------------------


def _start_online(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    citizen = _citizen(filling, story, at)
    office = filling.desks[story.commune].office(localdate(at))
    actor = offices.actor_of(citizen)
    dossier = _do(
        desk_operations.start_draft, once, procedure_code=_procedure(story), resolving_unit_id=office.pk, actor=actor,
        at=at,
    )
    filling.dossiers[story.number] = dossier.pk
    if dossier.state != dossiers.State.DRAFT:
        return
    home = filling.desks[story.home or story.commune].office(localdate(at)).admin_unit
    for page, answers in _answers(story, home, at).items():
        desk_operations.save_page(dossier_id=dossier.pk, page=page, answers=answers, actor=actor, at=at)
    if dossier.attachments.exists():
        return
    for component, name, content in declarations.scans(story.birth, on=localdate(at)):
        desk_operations.attach(
            dossier_id=dossier.pk,
            component=component,
            content=content,
            name=name,
            media_type="application/pdf",
            actor=actor,
            at=at,
        )


def _file_at_counter(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    desk = filling.desks[story.commune]
    office = desk.office(localdate(at))
    dossier = _do(
        desk_operations.file_at_counter,
        once,
        procedure_code=_procedure(story),
        receiving_unit_id=office.pk,
        resolving_unit_id=office.pk,
        answers=_answers(story, office.admin_unit, at),
        papers=declarations.papers(story.birth),
        **_way(filling, story, at, Dossier.ResultWay.DESK),
        actor=desk.actor(RECEIVER),
        at=at,
    )
    filling.dossiers[story.number] = dossier.pk


def _way(filling: Filling, story: Story, at: datetime, usual: str) -> dict[str, Any]:
    """How the paper comes: as most have it, or by post to the family's door."""
    if not story.by_post:
        return {"result_way": usual}
    who = declarations.declarant(story.birth)
    home = filling.desks[story.home or story.commune].office(localdate(at)).admin_unit
    address = declarations.address(home, story.birth.home, localdate(at))
    return {"result_way": Dossier.ResultWay.POST,
            "post_to": {"name": who.name, "phone": who.phone, "address": address}}


def _hand_to_post(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    serial = f"{31_000_000 + story.number:08d}"
    _do(
        post.hand_to_post, once, dossier_id=_dossier(filling, story),
        tracking_no=f"EB{serial}{check_digit(serial)}VN", actor=_desk(filling, story, RECEIVER), at=at,
    )


def _post_delivered(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        post.mark_delivered, once, dossier_id=_dossier(filling, story),
        received_by=declarations.declarant(story.birth).name, actor=_desk(filling, story, RECEIVER), at=at,
    )


def _procedure(story: Story) -> str:
    return JOINED if story.joined else PROCEDURE


def _answers(story: Story, commune: AdminUnit, at: datetime) -> dict[str, dict[str, Any]]:
    pages = declarations.answers(story.birth, commune=commune, on=localdate(at))
    return {**pages, **declarations.joined(story.birth, number=story.number)} if story.joined else pages


def _submit(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.submit,
        once,
        dossier_id=_dossier(filling, story),
        **_way(filling, story, at, Dossier.ResultWay.ONLINE),
        actor=_applicant(filling, story, at),
        at=at,
    )


def _ask_supplement(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.ask_supplement,
        once,
        dossier_id=_dossier(filling, story),
        reasons=["Bản chụp giấy chứng sinh bị mờ, đề nghị chụp lại rõ bốn góc."],
        actor=_desk(filling, story, RECEIVER),
        at=at,
    )


def _answer_supplement(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.answer_supplement,
        once,
        dossier_id=_dossier(filling, story),
        actor=_applicant(filling, story, at),
        at=at,
    )


def _look(filling: Filling, story: Story, who: str, at: datetime) -> None:
    """Whoever acts on a dossier has opened it: that is kept for the family, as the pages keep it."""
    dossier = Dossier.objects.select_related("procedure").get(pk=_dossier(filling, story))
    looks.note(dossier, _desk(filling, story, who), at)


def _receive(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _look(filling, story, RECEIVER, at)
    _do(
        desk_operations.receive, once, dossier_id=_dossier(filling, story), actor=_desk(filling, story, RECEIVER), at=at
    )


def _assign(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    officer = _office(filling, story).people[OFFICER]
    _do(
        desk_operations.assign,
        once,
        dossier_id=_dossier(filling, story),
        to_user_id=officer.pk,
        actor=_desk(filling, story, RECEIVER),
        at=at,
    )


def _begin(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _look(filling, story, OFFICER, at)
    _do(
        desk_operations.begin, once, dossier_id=_dossier(filling, story), actor=_desk(filling, story, OFFICER), at=at
    )


def _ask_after_receipt(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.ask_supplement, once, dossier_id=_dossier(filling, story),
        reasons=["Đề nghị cung cấp giấy tờ chứng minh nơi cư trú của cha hoặc mẹ."],
        actor=_desk(filling, story, OFFICER), at=at,
    )


def _pause_fee(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.pause_fee, once, dossier_id=_dossier(filling, story),
        amount=EXTRACT_FEE * max(1, story.birth.copies), note="Lệ phí cấp bản sao trích lục hộ tịch.",
        actor=_desk(filling, story, OFFICER), at=at,
    )


def _resume(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    """Paid at the desk or, by who filed online, through the bank; the dossier goes on by itself."""
    dossier = Dossier.objects.get(pk=_dossier(filling, story))
    if dossier.applicant_user_id is not None:
        paying.pay_online(dossier, actor=_applicant(filling, story, at), number=f"FTMAU{story.number:05}", at=at)
    else:
        _do(fees.take_cash, once, dossier_id=dossier.pk, actor=_desk(filling, story, RECEIVER), at=at)


def _ask_agency(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    name = _office(filling, story).office(localdate(at)).admin_unit.name
    _do(
        desk_operations.ask_agency, once, dossier_id=_dossier(filling, story),
        agency=f"Công an {name[:1].lower()}{name[1:]}",
        note="Đề nghị xác minh nơi cư trú của cha, mẹ trẻ.", actor=_desk(filling, story, OFFICER), at=at,
    )


def _agency_answers(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.resume, once, dossier_id=_dossier(filling, story),
        note="Cơ quan công an xác nhận cha, mẹ trẻ cư trú tại địa bàn.", actor=_desk(filling, story, OFFICER), at=at,
    )


def _transfer(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    to = filling.desks[story.home].office(localdate(at))
    _do(
        desk_operations.transfer, once, dossier_id=_dossier(filling, story), to_unit_id=to.pk,
        reason=f"Cha, mẹ trẻ cư trú tại địa bàn {to.admin_unit.name}; chuyển đến cơ quan có thẩm quyền.",
        actor=_desk(filling, story, RECEIVER), at=at,
    )
    filling.moved[story.number] = story.home


def _propose(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    dossier_id, actor = _dossier(filling, story), _desk(filling, story, OFFICER)
    dossier = Dossier.objects.get(pk=dossier_id)
    findings = dossier.handler.find(dossier, actor=actor, at=at)
    acknowledged = {f.code: "Đã đối chiếu giấy tờ bản chính, thông tin đúng." for f in findings}
    _do(desk_operations.propose, once, dossier_id=dossier_id, acknowledged=acknowledged, actor=actor, at=at)


def _send_back(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.send_back,
        once,
        dossier_id=_dossier(filling, story),
        note="Đề nghị kiểm tra lại quê quán của trẻ.",
        actor=_desk(filling, story, _leader(story)),
        at=at,
    )


def _extend(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    days = calendar.working_calendar()
    new_due = datetime.combine(days.add_working_days(localdate(at), 3), time(17, 0), tzinfo=VIETNAM)
    _do(
        desk_operations.extend,
        once,
        dossier_id=_dossier(filling, story),
        new_due=new_due,
        actor=_desk(filling, story, OFFICER),
        at=at,
        reason="Cần xác minh nơi cư trú của cha, mẹ; cơ quan xin lỗi ông/bà vì sự chậm trễ này.",
    )


def _approve(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    """The leader approves, and the signing job does its work; without a certificate it gives up after its tries."""
    dossier_id = _dossier(filling, story)
    _look(filling, story, _leader(story), at)
    _do(desk_operations.approve, once, dossier_id=dossier_id, actor=_desk(filling, story, _leader(story)), at=at)
    waiting = Document.objects.filter(
        state=Document.State.PENDING, signer=_office(filling, story).people[_leader(story)]
    ).order_by("requested_at")
    for document in waiting:
        try:
            documents.sign_now(document.pk, at=at + timedelta(seconds=40))
        except documents.NoCertificate as missing:
            documents.give_up(
                document_id=document.pk, reason=missing.message, actor=system_actor("signing"),
                at=at + timedelta(minutes=9),
            )


def _return(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    dossier_id = _dossier(filling, story)
    way = Dossier.objects.values_list("result_way", flat=True).get(pk=dossier_id)
    _do(
        desk_operations.return_result,
        once,
        dossier_id=dossier_id,
        way=way,
        actor=_desk(filling, story, RECEIVER),
        at=at,
    )


def _close(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    """The page of the register was signed when the result was handed out: scanned, looked at, then the dossier ends.

    Of every fifteenth the scan was forgotten; it waits.
    """
    if story.number % FORGOTTEN == 0:
        return
    close(_dossier(filling, story), _office(filling, story), at=at, once=once)


def _refuse(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.refuse,
        once,
        dossier_id=_dossier(filling, story),
        reason_code="khong_thuoc_tham_quyen",
        text="Cha, mẹ trẻ không cư trú tại địa bàn; đề nghị nộp tại nơi cư trú của cha hoặc mẹ.",
        actor=_desk(filling, story, RECEIVER),
        at=at,
    )


def _withdraw(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    _do(
        desk_operations.withdraw,
        once,
        dossier_id=_dossier(filling, story),
        actor=_applicant(filling, story, at),
        at=at,
        note="Gia đình chọn đăng ký tại nơi cư trú của mẹ.",
    )


def _rate(filling: Filling, story: Story, at: datetime, once: Once) -> None:
    """Who was served in time is content, who had to wait is less so."""
    late = any(step.act in (Act.EXTEND, Act.SEND_BACK, Act.ASK_AFTER_RECEIPT) for step in story.steps)
    stars, words = _OPINIONS[late][story.number % len(_OPINIONS[late])]
    _do(
        desk_operations.rate, once, dossier_id=_dossier(filling, story), stars=stars, words=words,
        actor=_applicant(filling, story, at), at=at,
    )


_OPINIONS: dict[bool, tuple[tuple[int, str], ...]] = {
    False: (
        (5, "Làm việc nhanh, không phải đi lại."), (5, ""), (4, ""), (5, "Cán bộ hướng dẫn tận tình."), (4, ""),
        (3, "Tờ khai còn nhiều mục phải nhập."),
    ),
    True: ((3, "Chậm hơn ngày hẹn, nhưng có xin lỗi."), (2, "Phải chờ thêm mấy ngày."), (3, ""), (4, "")),
}
_STEPS: dict[Act, Callable[[Filling, Story, datetime, Once], Any]] = {
    Act.START_ONLINE: _start_online, Act.SUBMIT: _submit, Act.ASK_SUPPLEMENT: _ask_supplement,
    Act.ANSWER_SUPPLEMENT: _answer_supplement, Act.RECEIVE: _receive, Act.FILE_AT_COUNTER: _file_at_counter,
    Act.ASSIGN: _assign,
    Act.BEGIN: _begin,
    Act.ASK_AFTER_RECEIPT: _ask_after_receipt,
    Act.PAUSE_FEE: _pause_fee,
    Act.RESUME: _resume, Act.ASK_AGENCY: _ask_agency, Act.AGENCY_ANSWERS: _agency_answers, Act.TRANSFER: _transfer,
    Act.PROPOSE: _propose, Act.SEND_BACK: _send_back, Act.EXTEND: _extend, Act.APPROVE: _approve,
    Act.RETURN: _return, Act.CLOSE: _close, Act.REFUSE: _refuse, Act.WITHDRAW: _withdraw,
    Act.RATE: _rate, Act.HAND_TO_POST: _hand_to_post, Act.POST_DELIVERED: _post_delivered,
}  # fmt: skip


# --- who --------------------------------------------------------------------------------------------------------


def _dossier(filling: Filling, story: Story) -> UUID:
    if story.number not in filling.dossiers:  # begun before the filler was killed: by its key it is found again
        first = story.steps[0]
        with standing_at(first.at):
            _STEPS[first.act](filling, story, first.at, _once(story, first))
    return filling.dossiers[story.number]


def _desk(filling: Filling, story: Story, post: str) -> Actor:
    return _office(filling, story).actor(post)


def _office(filling: Filling, story: Story) -> Desk:
    """Where the dossier of the story lies now."""
    return filling.desks[filling.moved.get(story.number, story.commune)]


def _leader(story: Story) -> str:
    """The deputy signs every third paper; where the deputy has no certificate, those alone that then wait for it."""
    if offices.WITHOUT_CERTIFICATE in (story.commune, story.home):
        return DEPUTY if story.unsigned else CHAIRMAN
    return DEPUTY if story.number % 3 == 0 else CHAIRMAN


def _applicant(filling: Filling, story: Story, at: datetime) -> Actor:
    return offices.actor_of(_citizen(filling, story, at))


def _citizen(filling: Filling, story: Story, at: datetime) -> User:
    declarant = declarations.declarant(story.birth)
    known = filling.citizens.get(declarant.personal_number)
    if known is None:
        known = accounts.enter_citizen(
            identity=declarations.identity(declarant),
            actor=Actor(kind=ActorKind.CITIZEN, name=declarant.name),
            at=at,
        )
        filling.citizens[declarant.personal_number] = known
    return known


def _write_citizens(told: list[Story], others: list[Person]) -> None:
    """Tell the identity provider's simulator who lives here, so that they can log in by themselves."""
    place = _home() / "sample" / "citizens.json"
    online = [s.birth for s in told if s.steps[0].act is Act.START_ONLINE]
    people = list({p.personal_number: p for p in (*(declarations.declarant(b) for b in online), *others)}.values())
    place.write_text(
        json.dumps(
            [
                {"sub": f"vn-{p.personal_number}", "name": p.name, "personal_number": p.personal_number,
                 "birthdate": p.born_on.isoformat(), "gender": "male" if p.sex == "nam" else "female",
                 "phone_number": p.phone, "assurance_level": 2}
                for p in people
            ],
            ensure_ascii=False, indent=1,
        )
    )  # fmt: skip
