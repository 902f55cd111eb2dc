"""What templates of and about civil status need beside the common components."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from pydantic import ValidationError

from tuphap.kernel.clock import localdate, now
from tuphap.modules.civil_status import checks, papers, queries, rules
from tuphap.modules.civil_status.answers import BirthDeclaration, declaration_of
from tuphap.modules.civil_status.copies import queries as copies
from tuphap.modules.civil_status.copies.declaration import transcription_of
from tuphap.modules.civil_status.copies.papers import sections_of
from tuphap.modules.civil_status.events import queries as events
from tuphap.modules.civil_status.events.kinds import Section, kind_of_act
from tuphap.modules.civil_status.joined import queries as legs
from tuphap.modules.civil_status.models import Act
from tuphap.modules.civil_status.old_books.rules import Event as OldEvent
from tuphap.modules.civil_status.together import queries as together
from tuphap.shared.access import api as access
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.api import IN_HAND
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.people.api import PartialDate

register = template.Library()

STEP_TITLES = {
    rules.Step.APPROVED: "Phê duyệt, lấy số",
    rules.Step.REGISTERED: "Ký số, vào sổ",
    rules.Step.SIGNING_FAILED: "Ký số không thành công",
    rules.Step.SIGNING_RETRIED: "Gửi ký lại",
    rules.Step.VOIDED: "Hủy số",
}
EVENT_TITLES = {
    **{rules.event(kind, step): title for kind in rules.EVENT_NAMES for step, title in STEP_TITLES.items()},
    rules.Event.DIVORCE_NOTED: "Ghi chú ly hôn",
    rules.Event.COPY_APPROVED: "Duyệt cấp bản sao, xác nhận",
    rules.Event.PAPER_VOIDED: "Hủy bản sao chưa ký được",
    rules.Event.ACT_CANCELLED: "Ghi chú hủy bỏ việc đăng ký",
    rules.Event.PERSONAL_NUMBER_SET: "Bổ sung số định danh cá nhân",
    rules.Event.ACT_TRANSCRIBED: "Chép từ sổ giấy vào sổ điện tử",
    rules.Event.TRANSCRIPTION_MENDED: "Ghi chú sửa lỗi chép sổ",
    "population.act_matched": "Khớp với dữ liệu dân cư",
    OldEvent.STARTED: "Bắt đầu chép",
    OldEvent.WRITTEN: "Chép, sửa một phần",
    OldEvent.SCANNED: "Thay bản quét",
    OldEvent.PROPOSED: "Trình xác nhận",
    OldEvent.RETURNED: "Trả lại",
    OldEvent.WITHDRAWN: "Thôi chép",
    OldEvent.ENTERED: "Xác nhận, vào sổ điện tử",
}


@register.filter
def birth_day(value: str) -> str:
    """A stored partial date as people write it: ``05/03/2026``, ``03/2026`` or ``2026``."""
    return str(PartialDate.parse(value)) if value else "–"


@register.filter
def spaced(code: str) -> str:
    """The code of a paper in groups that can be read aloud."""
    return documents.spaced(code)


@register.filter
def event_title(value: str) -> str:
    """What happened, in words."""
    return EVENT_TITLES.get(value, value)


@register.filter
def headline(act: Act) -> str:
    """Whom an act is about."""
    return queries.about(act)


@register.filter
def sections(act: Act) -> tuple[Section, ...]:
    """An act in its parts."""
    return kind_of_act(act).sections(act)


@register.simple_tag(takes_context=True)
def event_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """The declaration of an event as the register will hold it, and the act it led to."""
    act, told = queries.event_of_dossier(dossier.pk), events.declared_sections(dossier)
    preview = reverse("civil_status:preview", args=[dossier.pk]) if told else ""
    return {**_standing_of(context, act), "sections": told, "preview": preview}


@register.simple_tag(takes_context=True)
def recognition_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """As :func:`event_panel`, of the recognition that is decided with a birth."""
    act, told = queries.event_of_dossier(dossier.pk), together.sections(dossier)
    preview = f"{reverse('civil_status:preview', args=[dossier.pk])}?viec={rules.BookKind.RECOGNITION}"
    return {**_standing_of(context, act), "sections": told, "preview": preview if told else ""}


@register.simple_tag
def acts_of(dossier: Dossier) -> list[Act]:
    """The acts that a dossier led to, for whoever may see the dossier."""
    return queries.acts_of_dossier(dossier.pk)


@register.simple_tag(takes_context=True)
def copy_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """The act of which copies or a confirmation are asked for, as it stands, and the paper that was made."""
    asked, paper = copies.declared(dossier), copies.paper_of(dossier.pk)
    act = asked[1] if asked is not None else None
    target = asked[0].target if asked is not None and act is None else None
    old = transcription_of(target) if target is not None else None
    request = context.get("request")
    transcribes = request is not None and access.may_anywhere(
        request.actor, rules.Permission.PREPARE, on=localdate(now())) and dossier.state in IN_HAND
    seen = access.units_where(request.actor, rules.Permission.VIEW, on=localdate(now())) if request else frozenset()
    return {
        "act": act, "paper": paper, "sections": sections_of(act) if act is not None else (),
        "address": act.get_absolute_url() if act is not None and act.unit_id in seen else "",
        "may_retry": _may_sign(context, dossier.resolving_unit_id),
        "preview": reverse("civil_status:preview", args=[dossier.pk]) if act is not None else "",
        "old": old, "seen": old is not None and old.unit_id in seen,
        "wanted": target if target is not None and target.on_paper else None,
        "transcribe": f"{reverse('civil_status:start_old_entry')}?ho-so={dossier.pk}"
        if target is not None and transcribes else "",
    }


@register.simple_tag(takes_context=True)
def birth_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """The declaration as the register will hold it, and the act it led to, for the dossier's page."""
    try:
        declared = declaration_of(dossier)
    except ValidationError:
        return {"act": queries.act_of_dossier(dossier.pk), "declared": None}
    act = queries.act_of_dossier(dossier.pk)
    declared_on = localdate(dossier.submitted_at or dossier.received_at or now())
    late = rules.timeliness(born_on=declared.child.born_on, declared_on=declared_on) == rules.Timeliness.LATE
    return {
        **_standing_of(context, act),
        "declared": declared,
        "beside": _beside(context, declared, dossier) if act is None or act.state == rules.ActState.VOID else [],
        "late": late,
        "lines": lines(declared),
        "preview": reverse("civil_status:preview", args=[dossier.pk]),
    }


@register.simple_tag(takes_context=True)
def legs_panel(context: template.Context, dossier: Dossier) -> dict[str, Any]:
    """The parts of other agencies, for the page of a dossier that the viewer may see."""
    views = legs.legs_of(dossier.pk, at=now())
    request = context.get("request")
    seen = access.units_where(request.actor, rules.Permission.VIEW, on=localdate(now())) if request else frozenset()
    return {"views": views, "may_open": bool(views) and views[0].leg.unit_id in seen}


def _standing_of(context: template.Context, act: Act | None) -> dict[str, Any]:
    """The act that a dossier led to, and the papers of it that could not be signed."""
    return {
        "act": act,
        "failed": act.papers.filter(state=rules.PaperState.FAILED).order_by("pk") if act is not None else [],
        "may_retry": act is not None and _may_sign(context, act.unit_id),
    }


def _may_sign(context: template.Context, unit_id: int) -> bool:
    request = context.get("request")
    if request is None:
        return False
    return access.may(request.actor, rules.Permission.SIGN, unit_id=unit_id, on=localdate(now()))


def _beside(context: template.Context, declared: BirthDeclaration, dossier: Dossier) -> list[dict[str, Any]]:
    """Acts to compare with, each with its address where the viewer may open it."""
    request = context.get("request")
    seen = access.units_where(request.actor, rules.Permission.VIEW, on=localdate(now())) if request else frozenset()
    return [
        {"act": act, "href": act.get_absolute_url() if act.unit_id in seen else ""}
        for act in checks.acts_beside(declared, dossier=dossier, on=localdate(now()))
    ]


def lines(declared: BirthDeclaration) -> list[tuple[str, str]]:
    """The declaration in the order of the certificate."""
    child, mother, father, declarant = declared.child, declared.mother, declared.father, declared.who_declares()
    found = [
        ("Họ, chữ đệm, tên", child.name.upper()),
        ("Ngày sinh", f"{child.born_on} – {child.born_on.in_words()}"),
        ("Giới tính", papers.SEX_TITLES[str(child.sex)]),
        ("Dân tộc, quốc tịch", f"{child.ethnicity}, {child.nationality}"),
        ("Nơi sinh", declared.birth_place_text()),
        ("Quê quán", child.native_place.text),
        ("Số định danh cá nhân", child.personal_number or "Đề nghị cấp khi đăng ký"),
    ]
    if child.birth_count > 1:
        found.append(("Sinh cùng lần", f"con thứ {child.birth_order} trong {child.birth_count} con"))
    for title, block in (("Người mẹ", mother), ("Người cha", father)):
        text = f"{block.name.upper()}, sinh {block.born_on}" if block.given else "Để trống"
        found.append((title, text))
        if block.residence:
            found.append((f"Nơi cư trú của {title.lower()}", block.residence.text))
    if father.parents_married:
        found.append(("Đăng ký kết hôn", father.marriage_record))
    relation = rules.RELATION_TITLES[declared.declarant.relation].lower()
    found.append(("Người đi khai", f"{declarant.name.upper()} ({relation})"))
    found.append(("Bản sao trích lục", str(declared.copies.copies) if declared.copies.copies else "Không yêu cầu"))
    return found
