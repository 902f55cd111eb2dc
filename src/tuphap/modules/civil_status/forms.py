"""The pages of the birth declaration, one a person, and the small forms of the register's pages.

What a page may hold is judged by its block of :mod:`answers`, so that page, submission and API say the same.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from pydantic import ValidationError

from tuphap.kernel.clock import localdate, now
from tuphap.shared.dossiers.api import FormPage, Procedure
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import ETHNICITIES, NATIONALITIES
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import (
    AddressField,
    DayField,
    NameField,
    PartialDateField,
    PersonalNumberField,
    PhoneField,
)

from . import answers, queries, rules

BLANK = ("", "— Chọn —")
SEXES = [("male", "Nam"), ("female", "Nữ")]
YES_NO = [("yes", "Có"), ("no", "Không")]


def _titled(titles: dict[Any, str], *, blank: bool = False) -> list[tuple[str, str]]:
    return ([BLANK] if blank else []) + [(str(code), title) for code, title in titles.items()]


def _named(names: Any) -> list[tuple[str, str]]:
    return [BLANK, *((name, name) for name in names)]


def ethnicity_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label="Dân tộc", choices=_named(ETHNICITIES), initial="Kinh", **options)


def nationality_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label="Quốc tịch", choices=_named(NATIONALITIES), initial="Việt Nam", **options)


class BlockForm(Form):
    """A page whose rules are those of its block: each fault lies beside its field."""

    block: ClassVar[type[answers.Block]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        entered = {name: cleaned.get(name) for name in self.block.model_fields if name in self.fields}
        try:
            self.block.model_validate({name: value for name, value in entered.items() if value is not None})
        except ValidationError as faults:
            for fault in faults.errors():
                self._show(fault)
        return cleaned

    def _show(self, fault: Any) -> None:
        name = str(fault["loc"][0]) if fault["loc"] else None
        if name is not None and (name not in self.fields or self.has_error(name)):
            return
        known = str(fault["type"]).startswith(("civil_status.", "people.", "orgs."))
        self.add_error(name, fault["msg"] if known else "Thông tin chưa hợp lệ.")


class ChildForm(BlockForm):
    """The child."""

    block = answers.ChildBlock
    rows = (
        ("sex", "born_on"), ("ethnicity", "nationality"), ("birth_count", "birth_order"), ("posted_from", "posted_to"),
    )

    name = NameField(label="Họ, chữ đệm, tên của trẻ", help_text="Viết đầy đủ dấu, ví dụ: Nguyễn Trúc Anh.")
    sex = forms.ChoiceField(label="Giới tính", choices=SEXES, widget=forms.RadioSelect)
    born_on = PartialDateField(label="Ngày, tháng, năm sinh", help_text="Ví dụ: 05/03/2026.")
    ethnicity = ethnicity_field()
    nationality = nationality_field()
    place_kind = forms.ChoiceField(
        label="Sinh tại", choices=_titled(rules.BIRTH_PLACE_TITLES), widget=forms.RadioSelect,
        initial=rules.BirthPlaceKind.FACILITY,
    )
    facility = forms.CharField(
        label="Tên cơ sở y tế", max_length=150, required=False, help_text="Ghi như trên giấy chứng sinh."
    )
    place = AddressField(label="Địa chỉ nơi sinh", help_text="Chọn xã, phường, đặc khu.")
    native_place = AddressField(
        label="Quê quán", help_text="Theo quê quán của cha hoặc mẹ, do cha mẹ thỏa thuận."
    )
    birth_notice = forms.CharField(
        label="Số giấy chứng sinh", max_length=100, required=False,
        help_text="Nếu cơ sở y tế đã gửi giấy chứng sinh điện tử thì ghi số, không cần nộp bản giấy.",
    )
    birth_count = forms.IntegerField(label="Số con trong lần sinh này", min_value=1, max_value=9, initial=1)
    birth_order = forms.IntegerField(label="Trẻ là con thứ mấy trong lần sinh", min_value=1, max_value=9, initial=1)
    personal_number = PersonalNumberField(
        label="Số định danh cá nhân của trẻ", required=False, help_text="Để trống nếu chưa được cấp."
    )
    foundling = forms.BooleanField(label="Trẻ bị bỏ rơi, chưa xác định được cha, mẹ", required=False)
    posted_from = DayField(label="Niêm yết từ ngày", required=False)
    posted_to = DayField(label="Niêm yết đến ngày", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        born_on = cleaned.get("born_on")
        if born_on is not None and not self.has_error("born_on"):
            try:
                rules.check_born(born_on=born_on, today=localdate(now()))
            except rules.BornInTheFuture as refusal:
                self.add_error("born_on", refusal.message)
        return cleaned


class IdentityForm(BlockForm):
    """Who a grown person is, and where they live."""

    name = NameField(label="Họ, chữ đệm, tên", required=False)
    personal_number = PersonalNumberField(
        label="Số định danh cá nhân", required=False, help_text="12 số trên thẻ căn cước."
    )
    id_kind = forms.ChoiceField(
        label="Giấy tờ khác (nếu không có số định danh)", choices=_titled(rules.ID_TITLES, blank=True), required=False
    )
    id_number = forms.CharField(label="Số giấy tờ", max_length=30, required=False)
    residence = AddressField(
        label="Nơi cư trú", required=False, help_text="Nơi thường trú; nếu không có thì nơi tạm trú."
    )


class PersonForm(IdentityForm):
    """What the certificate says of a parent."""

    born_on = PartialDateField(
        label="Ngày sinh", required=False, help_text="Ví dụ: 12/08/1996; chỉ nhớ năm thì ghi 1996."
    )
    ethnicity = ethnicity_field(required=False)
    nationality = nationality_field(required=False)


class MotherForm(PersonForm):
    """The mother."""

    block = answers.MotherBlock
    rows = (("ethnicity", "nationality"), ("id_kind", "id_number"))
    field_order = (
        "name", "born_on", "personal_number", "ethnicity", "nationality", "residence", "id_kind", "id_number",
    )


class FatherForm(PersonForm):
    """The father, after the question by which he may be named."""

    block = answers.FatherBlock
    rows = MotherForm.rows
    field_order = ("parents_married", "marriage_record", "recognition", *MotherForm.field_order)

    parents_married = forms.TypedChoiceField(
        label="Cha mẹ của trẻ có đăng ký kết hôn không?", choices=YES_NO, widget=forms.RadioSelect,
        coerce=lambda value: value in ("yes", "True", True),
    )
    marriage_record = forms.CharField(
        label="Số, ngày, nơi đăng ký kết hôn", max_length=200, required=False,
        help_text="Ví dụ: số 45/2022, ngày 10/10/2022, UBND phường Lê Chân.",
    )
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.initial.get("parents_married")
        if isinstance(known, bool):  # as kept in the answers
            self.initial["parents_married"] = "yes" if known else "no"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "parents_married" in cleaned:
            try:
                rules.check_father(
                    parents_married=cleaned["parents_married"], recognition=bool(cleaned.get("recognition")),
                    father_given=bool(cleaned.get("name")),
                )
            except (rules.FatherMissing, rules.FatherNotAllowed) as refusal:
                if not self.has_error("name"):
                    self.add_error("name", refusal.message)
        return cleaned


class RecognisedFatherForm(FatherForm):
    """The father, who may stand there without a marriage because he recognises the child."""

    recognition = forms.BooleanField(
        label="Người cha nhận con", required=False,
        help_text="Chọn khi cha mẹ không đăng ký kết hôn với nhau và người cha nhận con.",
    )


class DeclarantForm(IdentityForm):
    """Who declares, and how to reach them."""

    block = answers.DeclarantBlock
    rows = (("phone", "email"), ("id_kind", "id_number"))
    field_order = ("relation", "name", "personal_number", "phone", "email", "residence", "id_kind", "id_number")

    relation = forms.ChoiceField(
        label="Quan hệ với trẻ", choices=_titled(rules.RELATION_TITLES, blank=True),
        help_text="Nếu là cha hoặc mẹ thì không cần khai lại họ tên, giấy tờ.",
    )
    phone = PhoneField(label="Điện thoại", help_text="Để nhận thông báo và tra cứu hồ sơ.")
    email = forms.EmailField(label="Thư điện tử", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parent = cleaned.get("relation") in (rules.Relation.MOTHER, rules.Relation.FATHER)
        if cleaned.get("relation") and not parent and not cleaned.get("name") and not self.has_error("name"):
            self.add_error("name", "Vui lòng nhập họ, chữ đệm, tên người đi khai sinh.")
        return cleaned


class CopiesForm(BlockForm):
    """What is asked for beside the original."""

    block = answers.CopiesBlock

    copies = forms.IntegerField(
        label="Số bản sao trích lục khai sinh", min_value=0, max_value=rules.MOST_COPIES, initial=0,
        help_text="Bản điện tử dùng được nhiều lần; bản giấy có thể xin thêm sau.",
    )
    note = forms.CharField(
        label="Đề nghị khác", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


PAGES: tuple[FormPage, ...] = (
    FormPage("child", "Trẻ được khai sinh", ChildForm, "Ghi đúng như giấy chứng sinh."),
    FormPage("mother", "Người mẹ", MotherForm, "Chỉ để trống khi trẻ bị bỏ rơi."),
    FormPage("father", "Người cha", FatherForm, (
        "Cha mẹ không đăng ký kết hôn thì để trống phần thông tin người cha. Người cha nhận con cùng lúc thì dùng thủ "
        "tục “Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con”.")),
    FormPage("declarant", "Người đi khai sinh", DeclarantForm, "Người đến nộp hoặc gửi hồ sơ này."),
    FormPage("copies", "Bản sao", CopiesForm, "Giấy khai sinh được cấp một bản chính."),
)


def birth_pages(procedure: Procedure) -> tuple[FormPage, ...]:
    """The pages of a declaration of birth: the same in every version so far."""
    return PAGES


# --- The register's own pages -----------------------------------------------------------------------------------------


class SearchForm(Form):
    """Whom one looks for, and why."""

    rows = (("text", "role"), ("kind", "born_on"), ("personal_number", "number"))

    text = forms.CharField(
        label="Họ tên", max_length=100, required=False, help_text="Có dấu hoặc không dấu; tên cũ hay tên hiện nay.")
    role = forms.ChoiceField(
        label="Là", required=False, choices=[("", "Bất kỳ ai có tên trong việc"), *_titled(rules.PARTY_TITLES)],
    )
    kind = forms.ChoiceField(
        label="Việc hộ tịch", required=False, choices=[("", "Mọi việc"), *_titled(rules.ACT_TITLES)])
    born_on = PartialDateField(
        label="Ngày, tháng hoặc năm xảy ra", required=False, help_text="Của khai sinh là ngày sinh.")
    personal_number = PersonalNumberField(label="Số định danh cá nhân", required=False)
    number = forms.RegexField(
        r"^\d{1,6}[A-Za-z]?(/\d{4})?$", label="Số đăng ký", required=False, help_text="Ví dụ: 15/2026.",
        error_messages={"invalid": "Số đăng ký ghi dạng 15/2026."},
    )
    purpose = forms.CharField(label="Mục đích tra cứu", max_length=300, help_text="Được lưu cùng lượt tra cứu.")

    def wanted(self) -> queries.Wanted:
        found = self.cleaned_data
        return queries.Wanted(
            text=found["text"], role=found["role"], born_on=found["born_on"] or None,
            personal_number=found["personal_number"], number=found["number"],
        )


class PersonLookForm(Form):
    """Whose acts are looked up, and why."""

    rows = (("personal_number", "purpose"),)

    personal_number = PersonalNumberField(label="Số định danh cá nhân")
    purpose = forms.CharField(
        label="Mục đích tra cứu", max_length=300, min_length=3,
        help_text="Được lưu; người được tra cứu biết cơ quan nào đã xem và vì sao.",
    )


class BookFilterForm(Form):
    """What narrows the lines of a book."""

    ten = forms.CharField(label="Họ tên con, mẹ, cha", max_length=100, required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), *_titled(rules.ACT_STATE_TITLES)]
    )
    han = forms.ChoiceField(
        label="Hạn đăng ký", required=False, choices=[("", "Tất cả"), *_titled(rules.TIMELINESS_TITLES)]
    )
    gioi_tinh = forms.ChoiceField(label="Giới tính", required=False, choices=[("", "Tất cả"), *SEXES])
    so_dinh_danh = forms.ChoiceField(
        label="Số định danh", required=False, choices=[("", "Tất cả"), *_titled(rules.PERSONAL_NUMBER_TITLES)]
    )

    def wanted(self) -> queries.EntryFilter:
        if not self.is_bound or not self.is_valid():
            return queries.EntryFilter()
        found = self.cleaned_data
        return queries.EntryFilter(
            state=found["tinh_trang"], timeliness=found["han"], sex=found["gioi_tinh"],
            personal_number=found["so_dinh_danh"], text=found["ten"],
        )


class LineFilterForm(Form):
    """What narrows the lines of a book of anything but births."""

    ten = forms.CharField(label="Họ tên", max_length=100, required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), *_titled(rules.ACT_STATE_TITLES)]
    )

    def wanted(self) -> queries.EntryFilter:
        if not self.is_bound or not self.is_valid():
            return queries.EntryFilter()
        return queries.EntryFilter(state=self.cleaned_data["tinh_trang"], text=self.cleaned_data["ten"])


class OfficeField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """An office by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class OpenBookForm(Form):
    """A book that is opened by hand, because the office starts in mid-year."""

    unit = OfficeField(label="Đơn vị", queryset=OrgUnit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label="Loại sổ", choices=[(str(kind), rules.BOOK_TITLES[kind]) for kind in rules.SERIES], initial="KS"
    )
    year = forms.IntegerField(label="Năm", min_value=2016, max_value=2100)
    first_number = forms.IntegerField(label="Số đầu tiên trong hệ thống", min_value=1, max_value=99_999, initial=1)

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, OfficeField)  # declared above
        field.queryset = units.order_by("sort_key")
        self.fields["year"].initial = year


class NumberForm(Form):
    """The personal number that has come from the police."""

    personal_number = PersonalNumberField(label="Số định danh cá nhân")
    source = forms.CharField(label="Nguồn", max_length=200, help_text="Ví dụ: trả lời của CSDL quốc gia về dân cư.")


class CancelForm(Form):
    """The decision by which a registration is cancelled."""

    decision_no = forms.CharField(label="Số quyết định", max_length=100)
    decided_on = DayField(label="Ngày quyết định")
    authority = forms.CharField(label="Cơ quan ra quyết định", max_length=200)
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DivorceForm(Form):
    """What a court sent: the marriage beside which it is noted has ended."""

    decision_no = forms.CharField(label="Số bản án, quyết định", max_length=100)
    decided_on = DayField(label="Ngày có hiệu lực")
    authority = forms.CharField(label="Tòa án", max_length=200)


class ReasonForm(Form):
    """Why a number is given up."""

    reason = forms.CharField(label="Lý do", max_length=500)
