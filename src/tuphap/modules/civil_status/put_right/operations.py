"""Putting right what a comparison has shown. Nothing written is touched: each is a note beside the act.

What the *book* says wrongly is no matter of these: that is changed by the citizen's request (``events/change.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .. import operations as register
from .. import rules
from ..current import as_it_stands, value_of
from ..fields import BY_BOOK, FIELDS, BadValue, check_day
from ..models import Act, BirthAct
from ..rules import AnnotationKind, BookKind, Permission


@operation
def mend_transcription(
    *, act_id: UUID, right: Mapping[str, str], source: str, reason: str, actor: Actor, at: datetime
) -> Act:
    """Note beside an act from an old book what its page says where it was transcribed otherwise.

    The act stands so from then on; what was transcribed stays written. This is no cải chính: the book was right.
    Basis: Luật Hộ tịch 2014, Điều 63; Nghị định 87/2020/NĐ-CP (dữ liệu điện tử phải đúng với sổ).

    :param right: field (``fields.FIELDS``) → what the page says.
    :param source: by what it was found (the ticket's code).
    :raises rules.UnknownAct: there is none.
    :raises access.Forbidden: the actor may not sign in the office that has or keeps the book.
    :raises rules.WrongActState: the act is not registered.
    :raises rules.OnlyOldBooks: it was registered on the platform, and is changed by request alone.
    :raises rules.ReasonRequired: no reason.
    :raises BadValue: a field that this act has not, a value that it cannot have, or nothing that differs.
    """
    if not tidy(reason):
        raise rules.ReasonRequired()
    act = register.lock_act(act_id)
    access.require(actor, Permission.SIGN, unit_id=act.unit_id, on=localdate(at))
    if act.state != rules.ActState.REGISTERED:
        raise rules.WrongActState(state=act.state_title)
    if not act.is_from_paper:
        raise rules.OnlyOldBooks()
    changes = _changes(act, right)
    told = "; ".join(
        f"{FIELDS[one['field']].title[0].lower()}{FIELDS[one['field']].title[1:]} là "
        f"“{FIELDS[one['field']].show(one['after'])}”, không phải “{FIELDS[one['field']].show(one['before'])}”"
        for one in changes
    )
    register.annotate(
        act, AnnotationKind.TRANSCRIPTION, actor=actor, at=at, changes=changes,
        text=f"Sửa lỗi chép sổ theo trang sổ đã quét ({source}): {told}. Lý do: {tidy(reason)}",
    )
    audit.record(
        rules.Event.TRANSCRIPTION_MENDED, subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, fields=[one["field"] for one in changes], source=source[:100],
    )
    return act


def _changes(act: Act, right: Mapping[str, str]) -> list[dict[str, str]]:
    today, known = as_it_stands(act), {field.path for field in BY_BOOK.get(BookKind(act.kind), ())}
    changes = []
    for path, text in right.items():
        if path not in known:
            raise BadValue(what="Việc hộ tịch này không có mục cần sửa.")
        field = FIELDS[path]
        value = field.read(text)
        check_day(field, value, registered_on=act.registered_on)
        before = value_of(today, field)
        if value != before:
            changes.append({"field": path, "before": before, "after": value})
    if not changes:
        raise BadValue(what="Không có nội dung nào khác với dữ liệu đang có.")
    return changes


@operation
def note_number_heard(*, act_id: UUID, number: str, source: str, actor: Actor, at: datetime) -> BirthAct | None:
    """Note a child's number that the police have told; None where the act is no birth or has one already.

    :raises people.BadPersonalNumber, rules.PersonalNumberTaken, rules.WrongActState: as ``set_personal_number``.
    """
    act = register.lock_act(act_id)
    if not isinstance(act, BirthAct) or act.child.personal_number:
        return None
    return register.note_personal_number(act, number=number, source=source, actor=actor, at=at)
