"""What officials change in the catalogue: a version's text as a value, how two of them differ, and the rows it makes.

Who may change it is asked in ``modules.administration``; the functions here only write, inside its operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Conflict, Invalid, NotFound, Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.calendar.api import AfterPause, LimitUnit

from . import rules
from .catalogue import in_force
from .declared import FIELD_TITLES, PageSpec, read_form, written_form
from .guards import problems_of
from .handlers import handlers
from .models import Dossier, Procedure, ProcedureParameter
from .rules import LEVEL_TITLES, Level

CODE = re.compile(r"^(?:\d\.\d{6}(?:\.H\d{2})?|tam\.[a-z0-9][a-z0-9.\-]{2,35})$")
MOST_AMOUNT = 10**9
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
_Answer = Annotated[str, Field(pattern=r"^([a-z0-9_]{1,40}\.[a-z0-9_]{1,40})?$")]  # page.field of the declaration


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _tidied(cls, value: Any) -> Any:
        return tidy(value) if isinstance(value, str) else value


class FeeText(_Text):
    """One fee in đồng; without an amount it is the province's to set. A fee names its basis.

    :ivar unit: what is counted ("trang", "bản"); empty: it is owed once. ``counted_by``, ``copies_by``: the questions
        of the declaration that say how many of them, and of how many copies each.
    :ivar then_from: from which one of a copy on ``then_amount`` is owed each; 0: all cost the same.
    :ivar cap: the most that is owed for one copy; 0: there is no such limit.
    :ivar online_percent: by how much it is less for who files online. ``exempt``: reasons for which nothing is owed;
        ``reduced``: for which it is less by ``reduced_percent``.
    :ivar asked: owed only when the office asks for it; the others are owed with the filing.
    """

    code: _Slug
    name: str = Field(min_length=1, max_length=200)
    amount: int | None = Field(None, ge=0, le=MOST_AMOUNT)
    condition: str = Field("", max_length=300)
    basis: str = Field(min_length=1, max_length=200)
    unit: str = Field("", max_length=40)
    then_from: int = Field(0, ge=0, le=9999)
    then_amount: int = Field(0, ge=0, le=MOST_AMOUNT)
    cap: int = Field(0, ge=0, le=MOST_AMOUNT)
    online_percent: int = Field(0, ge=0, le=100)
    exempt: tuple[_Slug, ...] = Field((), max_length=20)
    reduced: tuple[_Slug, ...] = Field((), max_length=20)
    reduced_percent: int = Field(0, ge=0, le=99)
    asked: bool = False
    counted_by: _Answer = ""
    copies_by: _Answer = ""

    @model_validator(mode="after")
    def _whole(self) -> FeeText:
        if self.then_from == 1 or bool(self.then_from) != bool(self.then_amount):
            raise ValueError("Mức thu từ đơn vị tiếp theo cần đủ số thứ tự (từ 2 trở lên) và mức thu.")
        if bool(self.reduced) != bool(self.reduced_percent):
            raise ValueError("Giảm theo đối tượng cần đủ tỷ lệ giảm và đối tượng được giảm.")
        if set(self.reduced) & set(self.exempt):
            raise ValueError("Một đối tượng chỉ được miễn hoặc được giảm.")
        return self

    def told(self) -> str:
        """The fee in words: how much, how counted, when less or nothing is owed."""
        return _joined(
            "theo mức của tỉnh, thành phố" if self.amount is None else _dong(self.amount),
            f"mỗi {self.unit}" if self.unit else "",
            f"từ {self.unit or 'đơn vị'} thứ {self.then_from} {_dong(self.then_amount)}" if self.then_from else "",
            f"tối đa {_dong(self.cap)} một bản" if self.cap else "",
            f"giảm {self.online_percent}% khi nộp trực tuyến" if self.online_percent else "",
            f"miễn: {', '.join(self.exempt)}" if self.exempt else "",
            f"giảm {self.reduced_percent}%: {', '.join(self.reduced)}" if self.reduced else "",
            "thu khi cơ quan yêu cầu" if self.asked else "", self.condition, self.basis,
        )


class PaperText(_Text):
    """One paper that is asked for, or that a database stands for."""

    code: _Slug
    name: str = Field(min_length=1, max_length=300)
    form: Literal["original", "copy"] = "original"
    copies: int = Field(1, ge=1, le=99)
    mandatory: bool = True
    replaced_by_database: str = Field("", max_length=200)
    note: str = Field("", max_length=500)


class OriginalText(_Text):
    """One paper that the law still wants signed by hand, until when its scan must be there, and which law says so."""

    code: _Slug
    name: str = Field(min_length=1, max_length=200)
    before: Literal["return", "close"] = "close"
    basis: str = Field(min_length=1, max_length=200)


class StepText(_Text):
    """One step of the internal process: who, what, in how many working hours."""

    role: Literal["RECEIVER", "CASE_OFFICER", "HEAD", "LEADER", "HANDER"]
    title: str = Field(min_length=1, max_length=200)
    hours: float = Field(gt=0, le=5000)


class ProcedureText(_Text):
    """One version of a procedure as officials write it. Its key and days stand beside it."""

    name: str = Field(min_length=1, max_length=400)
    sector: str = Field(min_length=1, max_length=60)
    group: str = Field("", max_length=60)
    authority_level: Literal[tuple(Procedure.Authority.values)]  # type: ignore[valid-type]
    service_kind: Literal[tuple(Procedure.Service.values)]  # type: ignore[valid-type]
    limit_value: int = Field(ge=1, le=999)
    limit_unit: LimitUnit
    extra_value: int = Field(0, ge=0, le=999)
    extra_unit: LimitUnit | Literal[""] = ""
    restart_rule: AfterPause
    fee_rules: tuple[FeeText, ...] = Field((), max_length=30)
    components: tuple[PaperText, ...] = Field((), max_length=60)
    internal_steps: tuple[StepText, ...] = Field((), max_length=20)
    originals: tuple[OriginalText, ...] = Field((), max_length=10)
    eligibility: tuple[str, ...] = Field((), max_length=20)
    keywords: tuple[str, ...] = Field((), max_length=60)
    result_type: str = Field(min_length=1, max_length=200)
    handler: str = Field("", max_length=60)
    form: tuple[PageSpec, ...] = ()
    decision_no: str = Field("", max_length=200)
    legal_basis: str = Field(min_length=1, max_length=400)

    @model_validator(mode="after")
    def _whole(self) -> ProcedureText:
        for rows, what in ((self.fee_rules, "khoản phí, lệ phí"), (self.components, "giấy tờ"),
                           (self.originals, "bản ký tay")):
            codes = [row.code for row in rows]
            if len(set(codes)) != len(codes):
                raise ValueError(f"Có hai {what} trùng mã.")
        if bool(self.extra_value) != bool(self.extra_unit):
            raise ValueError("Thời hạn thêm khi phải xác minh cần đủ số và đơn vị.")
        if self.handler and self.handler not in handlers:
            raise ValueError("Không có cách xử lý này.")
        if self.handler and not any(step.role == Level.LEADER.name for step in self.internal_steps):
            raise ValueError("Quy trình nội bộ phải có bước lãnh đạo ký.")
        return self

    def columns(self) -> dict[str, Any]:
        """The columns of :class:`~.models.Procedure` that it sets."""
        columns = self.model_dump(mode="json")
        return {**columns, "form": written_form(self.form)}


def read_text(told: Any) -> ProcedureText:
    """A version's text from what was typed or sent.

    :raises Invalid: faults, each beside its field.
    :raises BadForm: pages and fields that make no declaration.
    """
    try:
        text = ProcedureText.model_validate(told)
    except ValidationError as error:
        raise Invalid(problems_of(error)) from error
    if text.form:
        read_form(written_form(text.form))
    return text


def text_of(procedure: Procedure) -> ProcedureText:
    """The text of a version that is in the catalogue."""
    return ProcedureText.model_validate({name: getattr(procedure, name) for name in ProcedureText.model_fields})


# -- how two versions differ


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in people's words; empty ``old``: added, empty ``new``: taken out."""

    label: str
    old: str
    new: str


def changes(old: ProcedureText | None, new: ProcedureText | None) -> list[Change]:
    """What differs between two texts, in the order in which a text is read."""
    before, after = dict(_told(old) if old else ()), dict(_told(new) if new else ())
    labels = [*before, *(label for label in after if label not in before)]
    return [
        Change(label, before.get(label, ""), after.get(label, ""))
        for label in labels if before.get(label, "") != after.get(label, "")
    ]


def _told(text: ProcedureText) -> Iterator[tuple[str, str]]:
    """A text line by line: label and what it says."""
    row = Procedure(**text.columns())
    yield "Tên thủ tục", text.name
    yield "Lĩnh vực", text.sector
    yield "Nhóm", text.group
    yield "Thẩm quyền", row.get_authority_level_display()
    yield "Mức độ dịch vụ", row.get_service_kind_display()
    yield "Thời hạn giải quyết", row.limit_text
    yield "Thời hạn thêm", row.extra_text
    yield "Sau khi tạm dừng", row.get_restart_rule_display()
    for fee in text.fee_rules:
        yield f"Phí, lệ phí: {fee.name} ({fee.code})", fee.told()
    for paper in text.components:
        kept = f"tra cứu trong {paper.replaced_by_database}" if paper.replaced_by_database else (
            "bắt buộc" if paper.mandatory else "nếu có")
        form = "bản chính" if paper.form == "original" else "bản sao"
        yield f"Giấy tờ: {paper.name} ({paper.code})", _joined(f"{form}, {paper.copies} bản", kept, paper.note)
    for number, step in enumerate(text.internal_steps, start=1):
        yield f"Bước {number}", f"{LEVEL_TITLES[Level[step.role]]}: {step.title}, {step.hours:g} giờ làm việc"
    for original in text.originals:
        yield f"Bản ký tay phải lưu: {original.name} ({original.code})", _joined(
            f"quét lại {rules.BEFORE_TITLES[rules.Before(original.before)]}", original.basis
        )
    yield "Đối tượng thực hiện", "\n".join(text.eligibility)
    yield "Từ khóa", "; ".join(text.keywords)
    yield "Kết quả", text.result_type
    handler = handlers.get(text.handler) if text.handler else None
    yield "Cách xử lý", handler.title if handler else "Không xử lý trên hệ thống"
    for page in text.form:
        yield f"Trang tờ khai {page.code}", _joined(page.title, page.intro)
        for field in page.fields:
            asked = "bắt buộc" if field.required else "không bắt buộc"
            bounds = "–".join(str(bound) for bound in (field.least, field.most) if bound is not None)
            yield f"Mục tờ khai {page.code}.{field.code}", _joined(
                field.label, FIELD_TITLES[field.kind], asked, ", ".join(field.choices), bounds, field.help
            )
    yield "Quyết định công bố", text.decision_no
    yield "Căn cứ pháp lý", text.legal_basis


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a new version concerns: ``kept`` open dossiers keep their law, ``moved`` not yet received follow the new."""

    kept: int
    moved: int


def reach(code: str) -> Reach:
    """How many dossiers of a procedure are in hand, and how many are not received yet."""
    of_it = Dossier.objects.filter(procedure__code=code)
    unreceived = (rules.State.DRAFT, rules.State.SUBMITTED, rules.State.NEEDS_SUPPLEMENT)
    return Reach(
        kept=of_it.filter(state__in=rules.IN_HAND).count(), moved=of_it.filter(state__in=unreceived).count()
    )


# -- refusals


class BadProcedureCode(Refusal):
    code = "dossiers.bad_procedure_code"
    message_vi = "Mã thủ tục có dạng 1.000123 (mã quốc gia) hoặc tam.ten-thu-tuc (mã tạm)."
    field = "code"


class ProcedureExists(Conflict):
    code = "dossiers.procedure_exists"
    message_vi = "Đã có thủ tục mang mã {known}. Hãy lập phiên bản mới của thủ tục đó."
    field = "code"


class VersionOverlaps(Conflict):
    """Another version begins on this day, or later ones stand in the way."""

    code = "dossiers.version_overlaps"
    message_vi = "Đã có phiên bản hiệu lực từ ngày {day}; không thể lập phiên bản chồng lên."
    field = "first"


class LawInThePast(Refusal):
    """Dossiers were received under the version that would end."""

    code = "dossiers.law_in_the_past"
    message_vi = "Từ ngày {day} đến nay đã tiếp nhận {count} hồ sơ theo quy định cũ. Vui lòng chọn ngày muộn hơn."
    field = "first"


class FirstDayPast(Refusal):
    code = "dossiers.first_day_past"
    message_vi = "Ngày bắt đầu hiệu lực không được trước hôm nay."
    field = "first"


class NothingChanged(Conflict):
    code = "dossiers.nothing_changed"
    message_vi = "Nội dung không khác phiên bản đang có hiệu lực."


class UnknownParameter(NotFound):
    code = "dossiers.unknown_parameter"
    message_vi = "Không tìm thấy tham số “{code}”."


# -- rows


@dataclass(frozen=True, slots=True)
class Enacted:
    """What was written: the version that ends (None: there was none) and the new one."""

    old: Procedure | None
    new: Procedure


def enact(*, code: str, text: ProcedureText, first: date, source: str, at: datetime) -> Enacted:
    """Let a new version of a known procedure hold from a day on; the one in force ends on that day.

    :raises UnknownProcedure: no procedure has this code.
    :raises VersionOverlaps: a version begins on this day already.
    :raises LawInThePast: the day is past, and dossiers were received since.
    :raises NothingChanged: the text is the one that holds on this day.
    """
    versions = _locked(code)
    same_day = next((version for version in versions if version.valid_from == first), None)
    if same_day is not None:
        raise VersionOverlaps(day=f"{first:%d/%m/%Y}")
    _require_unused(code, first, at=at)
    old = next((version for version in versions if version.holds_on(first)), None)
    if old is not None and text_of(old) == text:
        raise NothingChanged()
    later = [version.valid_from for version in versions if version.valid_from > first]
    end = min(later, default=None)
    if old is not None:
        _end(old, first)
    new = Procedure.objects.create(code=code, valid_from=first, valid_to=end, source=source, **text.columns())
    return Enacted(old, new)


def introduce(*, code: str, text: ProcedureText, first: date, source: str) -> Procedure:
    """Enter a procedure that the catalogue does not know.

    :raises BadProcedureCode: neither a national nor a provisional code.
    :raises ProcedureExists: it does know it.
    """
    if not CODE.match(code):
        raise BadProcedureCode()
    if Procedure.objects.filter(code=code).exists():
        raise ProcedureExists(known=code)
    return Procedure.objects.create(code=code, valid_from=first, source=source, **text.columns())


def withdraw(*, code: str, first: date, at: datetime) -> Procedure:
    """Let a procedure hold no more from a day on.

    :raises UnknownProcedure: no procedure has this code.
    :raises ProcedureNotInForce: none of its versions holds on that day.
    :raises VersionOverlaps: a version begins on that day or later.
    :raises LawInThePast: the day is past, and dossiers were received since.
    """
    versions = _locked(code)
    ahead = next((version for version in versions if version.valid_from >= first), None)
    if ahead is not None:
        raise VersionOverlaps(day=f"{ahead.valid_from:%d/%m/%Y}")
    _require_unused(code, first, at=at)
    last = next((version for version in versions if version.holds_on(first)), None)
    if last is None:
        raise rules.ProcedureNotInForce(name=versions[-1].name, day=f"{first:%d/%m/%Y}")
    _end(last, first)
    return last


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """What was written: the row that ends, and the new one."""

    old: ProcedureParameter
    new: ProcedureParameter


def set_parameter(*, code: str, value: int, first: date, basis: str, at: datetime) -> ParameterSet:
    """Give a number of the one-stop rules another value from a day on.

    :raises UnknownParameter: there is none, or none on that day.
    :raises FirstDayPast: the day is past.
    :raises VersionOverlaps: a row begins on this day already.
    :raises NothingChanged: it has this value on that day.
    """
    rows = list(ProcedureParameter.objects.select_for_update().filter(code=code).order_by("valid_from"))
    holding = [row for row in rows if row.valid_from <= first and (row.valid_to is None or first < row.valid_to)]
    old = holding[0] if holding else None
    if old is None:
        raise UnknownParameter(code=code)
    if first < localdate(at):
        raise FirstDayPast()
    if old.valid_from == first:
        raise VersionOverlaps(day=f"{first:%d/%m/%Y}")
    if old.value == value:
        raise NothingChanged()
    end = old.valid_to
    old.valid_to = first
    old.save(update_fields=["valid_to"])
    new = ProcedureParameter.objects.create(
        code=code, value=value, unit=old.unit, title=old.title, legal_basis=basis, valid_from=first, valid_to=end
    )
    return ParameterSet(old, new)


def versions_of(code: str) -> list[Procedure]:
    """Every version of a procedure, the first one first.

    :raises UnknownProcedure: no procedure has this code.
    """
    versions = list(Procedure.objects.filter(code=code).order_by("valid_from"))
    if not versions:
        raise rules.UnknownProcedure(code=code)
    return versions


def parameters(*, on: date) -> list[ProcedureParameter]:
    """Every number of the one-stop rules with its value on this day."""
    return list(in_force(ProcedureParameter.objects.all(), on=on).order_by("code"))


def _locked(code: str) -> list[Procedure]:
    versions = list(Procedure.objects.select_for_update().filter(code=code).order_by("valid_from"))
    if not versions:
        raise rules.UnknownProcedure(code=code)
    return versions


def _end(version: Procedure, first: date) -> None:
    version.valid_to = first
    version.save(update_fields=["valid_to"])


def _require_unused(code: str, first: date, *, at: datetime) -> None:
    """:raises LawInThePast: the day is not ahead, and dossiers were received since it began."""
    if first > localdate(at):
        return
    count = Dossier.objects.filter(_received_since(first), procedure__code=code).count()
    if count:
        raise LawInThePast(day=f"{first:%d/%m/%Y}", count=count)


def _received_since(day: date) -> Q:
    return Q(received_at__gte=datetime(day.year, day.month, day.day, tzinfo=VIETNAM))
