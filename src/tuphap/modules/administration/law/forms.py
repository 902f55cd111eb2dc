"""What officials type of the law: a version with its rows, a document, a day, a parameter.

Rows may be added and taken out without script: the button posts everything back and the page shows it again with one
row more. What is typed is kept as it was typed until it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from tuphap.engines.vietnamese import fold
from tuphap.kernel.refusal import Refusal
from tuphap.shared.calendar.api import AfterPause, DayKind, LimitUnit
from tuphap.shared.dossiers.api import BEFORE_TITLES, FIELD_TITLES, LEVEL_TITLES, Level, Procedure, handlers, law
from tuphap.shared.fees.api import EXEMPTIONS
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import DayField

from ..models import Decree

_LINES = {"rows": 4}
_UNITS = [(unit.value, unit.label) for unit in LimitUnit]
_YES = forms.BooleanField


def _text(label: str, most: int, *, needed: bool = True, help_text: str = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=needed, help_text=help_text, widget=widget)


class DecreeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A document under which a change is made."""

    def __init__(self, **asked: Any) -> None:
        super().__init__(
            label="Theo văn bản", queryset=Decree.objects.order_by("-effective_on", "-pk"), required=False,
            empty_label="— Không, hoặc chưa nhập văn bản —", **asked,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} ({obj.issuer}), hiệu lực {obj.effective_on:%d/%m/%Y}"


class VersionForm(Form):
    """The single fields of a version."""

    rows = (("first", "decree"), ("sector", "group"), ("authority_level", "service_kind"),
            ("limit_value", "limit_unit"), ("extra_value", "extra_unit"))
    first = DayField(label="Hiệu lực từ ngày")
    decree = DecreeChoice()
    name = _text("Tên thủ tục", 400)
    sector = _text("Lĩnh vực", 60)
    group = _text("Nhóm", 60, needed=False)
    authority_level = forms.ChoiceField(label="Thẩm quyền", choices=Procedure.Authority.choices)
    service_kind = forms.ChoiceField(label="Mức độ dịch vụ", choices=Procedure.Service.choices)
    limit_value = forms.IntegerField(label="Thời hạn giải quyết", min_value=1, max_value=999)
    limit_unit = forms.ChoiceField(label="Đơn vị thời hạn", choices=_UNITS)
    extra_value = forms.IntegerField(label="Thêm khi phải xác minh", min_value=0, max_value=999, required=False)
    extra_unit = forms.ChoiceField(label="Đơn vị thời hạn thêm", choices=[("", "—"), *_UNITS], required=False)
    restart_rule = forms.ChoiceField(
        label="Sau khi tạm dừng", choices=[(AfterPause.RESTART.value, "Tính lại từ đầu"),
                                           (AfterPause.RESUME.value, "Tính tiếp phần còn lại")],
    )
    result_type = _text("Kết quả giải quyết", 200)
    handler = forms.ChoiceField(label="Cách xử lý trên hệ thống", required=False)
    eligibility = _text("Đối tượng thực hiện, nơi nộp", 4000, needed=False, rows=4, help_text="Mỗi dòng một ý.")
    keywords = _text("Từ khóa người dân hay dùng", 2000, needed=False, rows=4, help_text="Mỗi dòng một cụm từ.")
    decision_no = _text("Quyết định công bố", 200, needed=False)
    legal_basis = _text("Căn cứ pháp lý", 400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(handler.code, handler.title) for handler in handlers]
        self.fields["handler"].choices = [("", "Không xử lý trên hệ thống"), *known]  # type: ignore[attr-defined]


class NewProcedureForm(VersionForm):
    """The same for a procedure that the catalogue does not know."""

    field_order = ("code", "first")
    rows = (("code", "first"), *VersionForm.rows[1:])
    code = _text("Mã thủ tục", 40, help_text="Mã quốc gia, ví dụ 1.000123; chưa có thì đặt mã tạm: tam.ten-thu-tuc.")


class RowForm(Form):
    """One row of a list. Left wholly blank it counts as not there."""

    drop = forms.BooleanField(label="Bỏ dòng này", required=False)

    def typed(self) -> bool:
        """Whether somebody wrote into one of its boxes."""
        boxes = (n for n, f in self.fields.items() if not isinstance(f, forms.BooleanField | forms.ChoiceField))
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in boxes if name not in self.plain)

    plain: ClassVar[tuple[str, ...]] = ("code", "copies")  # filled in before anybody types
    named_by: ClassVar[str] = "name"

    @property
    def called(self) -> str:
        """What the row is about, for its line on the page while it is folded."""
        return str(self[self.named_by].value() or "")

    @property
    def opened(self) -> bool:
        """Whether it must be seen: something is wrong in it, or nothing is in it yet."""
        return bool(self.is_bound and self.kept and self.errors) or not self.called

    @property
    def kept(self) -> bool:
        return self.typed() and not self.data.get(self.add_prefix("drop"))


class FeeRow(RowForm):
    rows = (("name", "amount"), ("condition", "basis"), ("unit", "cap"), ("then_from", "then_amount"),
            ("counted_by", "copies_by"), ("online_percent", "reduced_percent"), ("exempt", "reduced"))
    code = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    name = _text("Khoản thu", 200)
    amount = forms.IntegerField(label="Mức thu (đồng)", min_value=0, max_value=law.MOST_AMOUNT, required=False,
                                help_text="Để trống: theo mức của tỉnh, thành phố.")
    condition = _text("Điều kiện, cách tính", 300, needed=False)
    basis = _text("Căn cứ", 200)
    unit = _text("Đơn vị tính", 40, needed=False, help_text="Ví dụ: trang, bản. Để trống: thu một lần.")
    cap = forms.IntegerField(label="Tối đa một bản (đồng)", min_value=0, max_value=law.MOST_AMOUNT, required=False)
    then_from = forms.IntegerField(label="Từ đơn vị thứ", min_value=2, max_value=9999, required=False,
                                   help_text="Ví dụ 3: từ trang thứ ba theo mức bên cạnh.")
    then_amount = forms.IntegerField(label="thu (đồng)", min_value=0, max_value=law.MOST_AMOUNT, required=False)
    counted_by = _text("Mục tờ khai cho biết số lượng", 81, needed=False, help_text="Dạng trang.mục, ví dụ "
                       "request.pages.")
    copies_by = _text("Mục tờ khai cho biết số bản", 81, needed=False)
    online_percent = forms.IntegerField(label="Giảm khi nộp trực tuyến (%)", min_value=0, max_value=100, required=False)
    exempt = forms.MultipleChoiceField(
        label="Miễn cho", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, one.title) for code, one in EXEMPTIONS.items()],
    )
    reduced_percent = forms.IntegerField(label="Giảm theo đối tượng (%)", min_value=0, max_value=99, required=False)
    reduced = forms.MultipleChoiceField(
        label="Giảm cho", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, one.title) for code, one in EXEMPTIONS.items()],
    )
    asked = _YES(label="Chỉ thu khi cơ quan yêu cầu", required=False)



class PaperRow(RowForm):
    rows = (("form", "copies"),)
    code = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    name = _text("Tên giấy tờ", 300)
    form = forms.ChoiceField(label="Loại bản", choices=[("original", "Bản chính"), ("copy", "Bản sao")])
    copies = forms.IntegerField(label="Số bản", min_value=1, max_value=99, initial=1)
    mandatory = _YES(label="Bắt buộc", required=False, initial=True)
    replaced_by_database = _text("Cơ sở dữ liệu thay cho giấy này", 200, needed=False,
                                 help_text="Có ghi thì cơ quan tự tra cứu, chỉ yêu cầu nộp khi tra cứu không có.")
    note = _text("Ghi chú", 500, needed=False)


class OriginalRow(RowForm):
    rows = (("before", "basis"),)
    code = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    name = _text("Giấy tờ có chữ ký tay", 200)
    before = forms.ChoiceField(label="Phải có bản quét", choices=[(b.value, t) for b, t in BEFORE_TITLES.items()])
    basis = _text("Căn cứ", 200)


class StepRow(RowForm):
    named_by = "title"
    rows = (("role", "hours"),)
    role = forms.ChoiceField(label="Người thực hiện", choices=[
        (level.name, LEVEL_TITLES[level])
        for level in (Level.RECEIVER, Level.CASE_OFFICER, Level.HEAD, Level.LEADER, Level.HANDER)
    ])
    title = _text("Việc", 200)
    hours = forms.FloatField(label="Giờ làm việc", min_value=0.1, max_value=5000)


class PageRow(RowForm):
    plain = ()
    named_by = "title"
    rows = (("code", "title"),)
    code = _text("Mã trang", 40, help_text="person: người nộp; organisation: tổ chức nộp.")
    title = _text("Tên trang", 100)
    intro = _text("Lời dẫn", 500, needed=False)


class FieldRow(RowForm):
    plain = ()
    named_by = "label"
    rows = (("page", "code"), ("kind", "label"), ("least", "most"))
    page = _text("Trang (mã)", 40)
    code = _text("Mã mục", 40)
    label = _text("Câu hỏi", 200)
    kind = forms.ChoiceField(label="Kiểu trả lời", choices=[(kind.value, t) for kind, t in FIELD_TITLES.items()])
    required = _YES(label="Bắt buộc trả lời", required=False, initial=True)
    help = _text("Gợi ý", 300, needed=False)
    choices = _text("Các lựa chọn", 3000, needed=False, rows=2, help_text="Mỗi dòng một lựa chọn.")
    least = forms.IntegerField(label="Thấp nhất", required=False)
    most = forms.IntegerField(label="Cao nhất, dài nhất", required=False)


# Numbers of a fee that are nought where nothing is typed.
_NUMBERS = ("cap", "then_from", "then_amount", "online_percent", "reduced_percent")


@dataclass(frozen=True, slots=True)
class _List:
    """One list of rows on the page. ``key`` prefixes its boxes; ``one`` names a row."""

    key: str
    title: str
    one: str
    form: type[RowForm]
    help: str = ""


LISTS = (
    _List("phi", "Phí, lệ phí", "Thêm khoản thu", FeeRow),
    _List("giay", "Thành phần hồ sơ", "Thêm giấy tờ", PaperRow),
    _List("buoc", "Quy trình nội bộ", "Thêm bước", StepRow,
          "Có bước của lãnh đạo phòng thì lãnh đạo phòng phải đồng ý trước khi trình ký."),
    _List("ban-ky", "Bản ký tay phải lưu", "Thêm bản ký tay", OriginalRow,
          "Giấy tờ pháp luật còn yêu cầu ký trên giấy: quét lại, đính kèm vào hồ sơ và được người khác kiểm tra."),
    _List("trang", "Các trang của tờ khai", "Thêm trang", PageRow),
    _List("muc", "Các mục của tờ khai", "Thêm mục", FieldRow),
)
MOST_ROWS = 200


@dataclass(slots=True)
class VersionPage:
    """Every form of the page together: the single fields and the lists of rows."""

    main: VersionForm
    lists: list[tuple[_List, list[RowForm]]] = field(default_factory=list)

    @classmethod
    def bound(cls, data: QueryDict, form: type[VersionForm]) -> VersionPage:
        """What was typed, to be judged."""
        return cls(form(data), [
            (one, [one.form(data, prefix=f"{one.key}-{n}") for n in range(_count(data, one.key))]) for one in LISTS
        ])

    @classmethod
    def showing(
        cls, main: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, Any]]], form: type[VersionForm],
        more: str = "",
    ) -> VersionPage:
        """A page to be typed into; ``more``: the list that gets one empty row."""
        lists = []
        for one in LISTS:
            known = enumerate(rows.get(one.key, ()))
            filled = [one.form(initial=dict(row), prefix=f"{one.key}-{n}") for n, row in known]
            if more == one.key:
                filled.append(one.form(prefix=f"{one.key}-{len(filled)}"))
            lists.append((one, filled))
        return cls(form(initial=dict(main)), lists)

    @classmethod
    def again(cls, data: QueryDict, form: type[VersionForm], *, more: str = "") -> VersionPage:
        """The page as it was typed, unjudged, without the rows that were taken out."""
        blank = form()
        main = {name: data.get(name) for name in blank.fields}
        rows = {one.key: list(_raw_rows(data, one)) for one in LISTS}
        return cls.showing(main, rows, form, more)

    def is_valid(self) -> bool:
        """Whether every form is; each is asked, so that all errors are shown at once."""
        return all([self.main.is_valid(), *(row.is_valid() for _, rows in self.lists for row in rows if row.kept)])

    def told(self) -> dict[str, Any]:
        """The text of the version as :class:`law.ProcedureText` reads it."""
        main = dict(self.main.cleaned_data)
        kept = {one.key: [row.cleaned_data for row in rows if row.kept] for one, rows in self.lists}
        for row in kept["phi"] + kept["giay"] + kept["ban-ky"]:
            row["code"] = row["code"] or _slug(row["name"])
        return {
            **{name: main[name] for name in law.ProcedureText.model_fields if name in main},
            "extra_value": main["extra_value"] or 0, "extra_unit": main["extra_unit"] if main["extra_value"] else "",
            "eligibility": _lines(main["eligibility"]), "keywords": _lines(main["keywords"]),
            "fee_rules": [{**row, **{name: row[name] or 0 for name in _NUMBERS}} for row in
                          (_without(row, "drop") for row in kept["phi"])],
            "components": [_without(row, "drop") for row in kept["giay"]],
            "internal_steps": [_without(row, "drop") for row in kept["buoc"]],
            "originals": [_without(row, "drop") for row in kept["ban-ky"]],
            "form": [
                {**_without(page, "drop"), "fields": [
                    {**_without(row, "drop", "page"), "choices": _lines(row["choices"])}
                    for row in kept["muc"] if row["page"] == page["code"]
                ]}
                for page in kept["trang"]
            ],
        }

    def add_refusal(self, refusal: Refusal) -> None:
        """Show a refusal: beside the single field that it names, else on top."""
        self.main.add_refusal(refusal)


def page_of(text: law.ProcedureText, form: type[VersionForm] = VersionForm, **more: Any) -> VersionPage:
    """The page that shows a version's text, to be changed."""
    main = {
        **text.columns(), "eligibility": "\n".join(text.eligibility), "keywords": "\n".join(text.keywords),
        "extra_value": text.extra_value or None, **more,
    }
    rows = {
        "phi": [
            {**fee.model_dump(mode="json"), **{name: getattr(fee, name) or None for name in _NUMBERS}}
            for fee in text.fee_rules
        ],
        "giay": [paper.model_dump(mode="json") for paper in text.components],
        "buoc": [step.model_dump(mode="json") for step in text.internal_steps],
        "ban-ky": [original.model_dump(mode="json") for original in text.originals],
        "trang": [{"code": page.code, "title": page.title, "intro": page.intro} for page in text.form],
        "muc": [
            {**item.model_dump(mode="json"), "choices": "\n".join(item.choices), "page": page.code}
            for page in text.form for item in page.fields
        ],
    }
    return VersionPage.showing(main, rows, form)


def _count(data: QueryDict, key: str) -> int:
    number = data.get(f"{key}-n", "0")
    return min(int(number), MOST_ROWS) if number.isascii() and number.isdigit() else 0


def _raw_rows(data: QueryDict, one: _List) -> Iterator[dict[str, Any]]:
    for n in range(_count(data, one.key)):
        row = one.form(data, prefix=f"{one.key}-{n}")
        if not data.get(row.add_prefix("drop")):
            yield {name: _raw(data, row.add_prefix(name), box) for name, box in row.fields.items()}


def _raw(data: QueryDict, name: str, box: forms.Field) -> Any:
    if isinstance(box, forms.MultipleChoiceField):
        return data.getlist(name)
    return data.get(name, False if isinstance(box, forms.BooleanField) else None)


def _slug(name: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in fold(name)).split())[:60] or "muc"


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


class DecreeForm(Form):
    """A document."""

    rows = (("number", "issuer"), ("issued_on", "effective_on"))
    number = _text("Số, ký hiệu", 60, help_text="Ví dụ: 88/2026/NĐ-CP.")
    issuer = _text("Cơ quan ban hành", 150)
    title = _text("Trích yếu", 500, rows=2)
    issued_on = DayField(label="Ngày ban hành")
    effective_on = DayField(label="Ngày có hiệu lực")


class DayForm(Form):
    """One day of the calendar, under a document."""

    rows = (("day", "kind"),)
    day = DayField(label="Ngày")
    kind = forms.ChoiceField(label="Là ngày", choices=[(kind.value, kind.label) for kind in DayKind])
    note = _text("Nội dung", 300, needed=False)
    switched_on = _YES(label="Áp dụng", required=False, initial=True,
                       help_text="Bỏ chọn để ngày này trở lại như ngày thường.")


class WithdrawForm(Form):
    """From when a procedure holds no more."""

    rows = (("first", "decree"),)
    first = DayField(label="Hết hiệu lực từ ngày")
    decree = DecreeChoice()
    reason = _text("Lý do", 300, needed=False, help_text="Bắt buộc khi không chọn văn bản.")


class ParameterForm(Form):
    """Another value of a number of the one-stop rules."""

    rows = (("value", "first"), ("basis", "decree"))
    value = forms.IntegerField(label="Giá trị mới", min_value=0, max_value=100_000)
    first = DayField(label="Áp dụng từ ngày")
    basis = _text("Căn cứ", 300, needed=False, help_text="Để trống nếu đã chọn văn bản.")
    decree = DecreeChoice()
