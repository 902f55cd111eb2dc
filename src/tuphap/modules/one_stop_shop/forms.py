"""The forms of the desk's pages. What a procedure asks is its own module's; here is what every procedure shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.kernel.refusal import Refusal
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier, Finding, Overlay, Procedure, representation
from tuphap.shared.fees import api as fees
from tuphap.shared.files import holding
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import (
    AddressField,
    ChoiceField,
    DayField,
    FileField,
    FilesField,
    NameField,
    PersonalNumberField,
    PhoneField,
)

from . import queries
from .operations import Payment
from .payments.forms import NOT_EXEMPT, PAYING, dossier_tariffs, exemptions, proofs
from .rules import WrongDate

WORDS = forms.Textarea(attrs={"rows": 3})
WAYS = Dossier.ResultWay.choices
SCANS = (".pdf", ".jpg", ".jpeg", ".png")


class OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An office by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


# -- the portal


class TrackForm(Form):
    """Code and the last digits of the telephone: enough to see how far a dossier is, and nothing of what it says."""

    ma = forms.CharField(
        label="Mã hồ sơ", max_length=60, help_text="Ghi trên giấy tiếp nhận hoặc tin nhắn, ví dụ H31.15-261120-0001."
    )
    dien_thoai = forms.RegexField(
        r"^\d{4}$", label="4 số cuối điện thoại đã khai", error_messages={"invalid": "Nhập đúng 4 chữ số."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"}),
    )
    dien_thoai.width = "s"  # type: ignore[attr-defined]


class PlaceForm(Form):
    """Which office is to resolve the matter, and for whom it is asked."""

    nop_cho = ChoiceField(
        label="Ông/bà nộp hồ sơ cho ai?", required=False, initial="",
        choices=[("", "Cho tôi, việc của tôi hoặc tôi là người phải khai"), *representation.GROUND_TITLES.items()],
    )
    noi = OfficeChoice(
        label="Nơi giải quyết", queryset=OrgUnit.objects.none(), empty_label="— Chọn xã, phường, đặc khu —",
        help_text="Ủy ban nhân dân cấp xã có thẩm quyền, thường là nơi cư trú.",
    )

    def __init__(self, *args: Any, procedure: Procedure, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = queries.resolving_offices(procedure, on=localdate(at))
        self.fields["noi"].queryset = offices  # type: ignore[attr-defined]
        only = offices[:2]
        if len(only) == 1:  # the department: there is nothing to choose
            self.fields["noi"].empty_label = None  # type: ignore[attr-defined]
            self.fields["noi"].help_text = ""
            self.initial.setdefault("noi", only[0].pk)


class AttachForm(Form):
    """One file for one component; ``name`` is the component's."""

    tep = FileField(label="Chọn tệp")

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tep"].label = f"Tệp {name[:1].lower()}{name[1:]}" if name else "Tệp"
        self.fields["tep"].unmarked = True  # type: ignore[attr-defined]


class PostForm(Form):
    """How the result is to reach the applicant; by post, to whom and where."""

    cach_nhan = ChoiceField(label="Cách nhận kết quả", choices=WAYS, initial=Dossier.ResultWay.ONLINE)
    rows: tuple[tuple[str, ...], ...] = (("post_to_name", "post_to_phone"),)
    post_to_name = NameField(
        label="Người nhận", required=False, help_text="Chỉ điền ba mục này khi nhận kết quả qua bưu chính."
    )
    post_to_phone = PhoneField(label="Điện thoại người nhận", required=False)
    post_to_address = AddressField(label="Địa chỉ nhận", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("cach_nhan") == Dossier.ResultWay.POST:
            for name, wanted in (("post_to_name", "Nhập họ tên người nhận."),
                                 ("post_to_phone", "Nhập số điện thoại để bưu tá liên hệ.")):
                if not given.get(name) and not self.has_error(name):
                    self.add_error(name, wanted)
            address = given.get("post_to_address")
            if (address is None or not address.detail) and not self.has_error("post_to_address"):
                self.add_error("post_to_address", "Nhập số nhà, đường, thôn và chọn xã, phường, đặc khu.")
        return given

    @property
    def post_to(self) -> dict[str, Any] | None:
        """Where it goes by post, as the operations take it."""
        given = self.cleaned_data
        if given["cach_nhan"] != Dossier.ResultWay.POST:
            return None
        return {"name": given["post_to_name"], "phone": given["post_to_phone"],
                "address": given["post_to_address"].model_dump(mode="json")}

    @staticmethod
    def shown(dossier: Dossier) -> dict[str, Any]:
        """The initial values for a dossier: what was chosen before, else the applicant's own name and telephone."""
        kept = dossier.post_to or {"name": dossier.applicant_name, "phone": dossier.applicant_phone}
        return {f"post_to_{name}": value for name, value in kept.items()}


class WayForm(PostForm):
    """Another way for the result, before it has left."""


class SubmitForm(PostForm):
    """The applicant's word, and how the result is to reach them."""

    cam_doan = forms.BooleanField(
        label="Tôi cam đoan những thông tin đã khai là đúng sự thật và chịu trách nhiệm trước pháp luật.",
        error_messages={"required": "Đánh dấu để xác nhận lời cam đoan."},
    )
    mien = ChoiceField(label="Tôi thuộc diện được miễn, giảm phí, lệ phí", required=False)
    mien_giay_to = forms.CharField(label="Giấy tờ chứng minh được miễn, giảm", max_length=300, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owed = [tariff for tariff, _, charged in fees.expected(dossier) if charged.amount]
        self.fields["mien"].choices = [NOT_EXEMPT, *exemptions(owed)]  # type: ignore[attr-defined]
        self.fields["mien_giay_to"].help_text = proofs(owed)
        if not exemptions(owed):
            del self.fields["mien"], self.fields["mien_giay_to"]
        else:
            self.order_fields([name for name in self.fields if name != "cam_doan"] + ["cam_doan"])


class RepresentationForm(Form):
    """For whom the dossier is filed. At the desk the ground may stay empty: who stands there files for themselves."""

    ground = ChoiceField(label="Nộp hồ sơ", choices=list(representation.GROUND_TITLES.items()))
    name = NameField(label="Họ, chữ đệm, tên của người được nộp thay", required=False)
    personal_number = PersonalNumberField(label="Số định danh cá nhân của người đó", required=False)
    born_on = DayField(label="Ngày sinh của người đó", required=False, not_after_today=True)
    kinship = forms.ChoiceField(
        label="Người nộp là gì của người đó", required=False,
        choices=[("", "— Chọn —"), *representation.KINSHIP_TITLES.items()],
    )
    guardianship = forms.CharField(
        label="Giấy tờ về việc giám hộ", required=False, max_length=200,
        help_text="Chỉ điền khi là người giám hộ: số, ngày, nơi cấp.",
    )
    writing = forms.ChoiceField(
        label="Hình thức ủy quyền", required=False,
        choices=[("", "— Không phải ủy quyền —"), *representation.WRITING_TITLES.items()],
        help_text="Cha, mẹ nộp cho con chưa thành niên không cần ủy quyền. Việc hộ tịch: ông, bà, cha, mẹ, con, vợ, "
        "chồng, anh, chị, em ruột không phải công chứng, chứng thực.",
    )
    number = forms.CharField(label="Số công chứng, chứng thực", required=False, max_length=60)
    issued_on = DayField(label="Ngày ủy quyền", required=False, not_after_today=True)
    issuer = forms.CharField(label="Nơi công chứng, chứng thực", required=False, max_length=200)
    valid_to = DayField(label="Ủy quyền đến hết ngày (nếu có ghi)", required=False)
    e_copy = forms.CharField(
        label="Mã bản sao chứng thực điện tử (nếu có)", required=False, max_length=200,
        help_text="Có mã này thì không phải gửi bản chụp văn bản ủy quyền.",
    )
    receives_result = forms.BooleanField(
        label="Được ủy quyền nhận cả kết quả", required=False, initial=True
    )
    rows = (("personal_number", "born_on"), ("number", "issued_on"))

    def __init__(self, *args: Any, may_be_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_be_own:
            ground = self.fields["ground"]
            ground.required = False
            ground.choices = [("", "Cho chính người nộp"), *representation.GROUND_TITLES.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ground"):
            for name, wanted in (("name", "Nhập họ, chữ đệm, tên."), ("kinship", "Chọn quan hệ.")):
                if not given.get(name) and not self.has_error(name):
                    self.add_error(name, wanted)
            if given.get("writing") and not given.get("issued_on") and not self.has_error("issued_on"):
                self.add_error("issued_on", "Nhập ngày ủy quyền.")
        return given

    def told(self) -> dict[str, Any] | None:
        """As the operations take it; None: for the filer."""
        given = self.cleaned_data
        if not given["ground"]:
            return None
        told = {name: given[name] for name in ("ground", "name", "personal_number", "kinship", "guardianship")}
        told["born_on"] = given["born_on"] and given["born_on"].isoformat()
        if given["ground"] != representation.Ground.AUTHORISED or not given["writing"]:
            return told
        paper = {name: given[name] for name in ("writing", "number", "issuer", "e_copy", "receives_result")}
        days = {name: given[name] and given[name].isoformat() for name in ("issued_on", "valid_to")}
        return {**told, "authorisation": {**paper, **days}}

    @staticmethod
    def shown(dossier: Dossier) -> dict[str, Any]:
        """The initial values of what was said before."""
        kept = dict(dossier.representation or {})
        return {**kept, **(kept.pop("authorisation", None) or {})}


class NoteForm(Form):
    """A word to go with something."""

    loi_nhan = forms.CharField(label="Lời nhắn", widget=WORDS, required=False, max_length=1000)


class RatingForm(Form):
    """How the applicant was served."""

    stars = forms.TypedChoiceField(
        label="Ông/bà có hài lòng với việc giải quyết hồ sơ này không?", coerce=int, widget=forms.RadioSelect,
        choices=[(n, f"{n} – {title}") for n, title in dossiers.STAR_TITLES.items()],
        error_messages={"required": "Vui lòng chọn mức độ hài lòng.", "invalid_choice": "Vui lòng chọn từ 1 đến 5."},
    )
    words = forms.CharField(label="Nhận xét, góp ý", widget=WORDS, required=False, max_length=1000)


# -- the counter


class CounterForm(PostForm):
    """What the desk notes beside the declaration."""

    noi_nhan = OfficeChoice(label="Nơi tiếp nhận", queryset=OrgUnit.objects.none(), empty_label=None)
    noi = OfficeChoice(label="Nơi giải quyết", queryset=OrgUnit.objects.none(), empty_label=None)
    kenh = ChoiceField(
        label="Hình thức nộp", inline=True, initial=Dossier.Channel.DIRECT,
        choices=[(Dossier.Channel.DIRECT, "Trực tiếp"), (Dossier.Channel.POST, "Bưu chính")],
    )
    thu = ChoiceField(label="Thu phí, lệ phí", choices=PAYING, required=False)
    ly_do_trung = forms.CharField(
        label="Lý do vẫn tiếp nhận khi có hồ sơ trùng", required=False, widget=WORDS, max_length=1000,
        help_text="Chỉ ghi khi người nộp đang có hồ sơ cùng thủ tục chưa giải quyết xong.",
    )
    rows = (("noi_nhan", "noi"), ("post_to_name", "post_to_phone"))
    field_order = ("noi_nhan", "noi", "kenh", "cach_nhan", "post_to_name", "post_to_phone", "post_to_address")

    def __init__(self, *args: Any, procedure: Procedure, receiving: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("cach_nhan", Dossier.ResultWay.DESK)
        self.fields["noi_nhan"].queryset = receiving  # type: ignore[attr-defined]
        resolving = queries.resolving_offices(procedure, on=localdate(at))
        self.fields["noi"].queryset = resolving  # type: ignore[attr-defined]
        if not any(one.is_owed_with_filing for one in fees.tariffs(procedure)):
            del self.fields["thu"]
        first = receiving.first()
        if first is not None:
            self.initial.setdefault("noi_nhan", first.pk)
            self.initial.setdefault("noi", first.pk)


class PaperForm(Form):
    """One component at the desk: handed in or not, how many, the original or a copy, and its scans.

    ``held``: the scans, those just chosen and those that this form brought when it came back with errors.
    """

    nhan = forms.BooleanField(label="Đã nhận", required=False)
    so_ban = forms.IntegerField(label="Số bản", min_value=1, max_value=99, initial=1)
    ban_chinh = forms.BooleanField(label="Bản chính", required=False, initial=True)
    tep = FilesField(label="Bản chụp", required=False, kinds=SCANS, help_text="PDF, JPG, PNG; chọn được nhiều tệp.")

    def __init__(self, *args: Any, actor: Actor, at: datetime, counted: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["so_ban"].required = counted
        self.actor, self.at = actor, at
        self.held: list[holding.HeldFile] = []

    @property
    def held_name(self) -> str:
        """The name under which the page sends the tokens of what was kept aside."""
        return self.add_prefix("giu")

    @property
    def is_handed_in(self) -> bool:
        """Whether anything of this component was laid on the desk: a scan is made of a paper that was."""
        return bool(self.cleaned_data["nhan"] or self.held)

    def clean(self) -> dict[str, Any]:
        """Keep the scans aside, each checked by what it holds: a form that comes back need not ask for them again."""
        given = super().clean() or {}
        kept = self.data.getlist(self.held_name)  # type: ignore[attr-defined]
        for token in dict.fromkeys(kept):
            with self._told_beside():
                self.held.append(holding.held(token, actor=self.actor, at=self.at))
        for file in given.get("tep") or ():
            with self._told_beside(file.name):
                self.held.append(holding.hold(
                    file.read(), name=file.name, media_type=file.content_type or "", actor=self.actor, at=self.at
                ))
        chosen = self.files.getlist(self.add_prefix("tep"))
        if len(chosen) > 1 and "tep" not in given:
            self.add_error("tep", "Các tệp vừa chọn ở mục này chưa được giữ. Vui lòng chọn lại.")
        return given

    @contextmanager
    def _told_beside(self, name: str = "") -> Iterator[None]:
        """Tell a refusal beside the files, with the name of the file that it is about."""
        try:
            yield
        except Refusal as refusal:
            self.add_error("tep", f"{name}: {refusal.message}" if name else refusal.message)


class BookForm(Form):
    """Which office's tracking book, and which days of it."""

    don_vi = OfficeChoice(label="Đơn vị", queryset=OrgUnit.objects.none(), empty_label=None)
    tu = DayField(label="Từ ngày", help_text="")
    den = DayField(label="Đến ngày", help_text="")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].queryset = units  # type: ignore[attr-defined]


# -- actions on a dossier


class ActionForm(Form):
    """What an action needs to be told. ``told()`` are the operation's own keywords."""

    def __init__(
        self, *args: Any, dossier: Dossier, actor: Actor, at: datetime, findings: Sequence[Finding] = (), **kwargs: Any
    ) -> None:
        self.dossier, self.actor, self.at, self.findings = dossier, actor, at, findings
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choice lists from the dossier."""

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ReceiveForm(ActionForm):
    """With the fee box, where something is owed: exempt, taken in cash or put off in the same form."""

    duplicate_reason = forms.CharField(
        label="Lý do vẫn tiếp nhận khi có hồ sơ trùng", widget=WORDS, required=False, max_length=1000,
        help_text="Chỉ ghi khi hệ thống báo người nộp đang có hồ sơ cùng thủ tục.",
    )
    exemption = ChoiceField(label="Miễn, giảm phí, lệ phí", required=False)
    proof = forms.CharField(label="Giấy tờ chứng minh được miễn, giảm", max_length=300, required=False)
    pay = ChoiceField(label="Phí, lệ phí", required=False, choices=PAYING)

    def prepare(self) -> None:
        lines = [line for line in fees.lines(self.dossier) if line.is_owed]
        tariffs = dossier_tariffs(self.dossier)
        self.reasons = {one.code: set(one.reasons) for one in tariffs}
        claimed = next((line for line in lines if line.claim), None)
        if not lines:
            del self.fields["pay"]
        else:
            owed = f"{sum(line.amount for line in lines):,}".replace(",", ".")
            self.fields["pay"].help_text = f"Phải nộp {owed} đồng. Người nộp có thể thanh toán trực tuyến bằng mã QR."
        if not exemptions(tariffs):
            del self.fields["exemption"], self.fields["proof"]
            return
        self.fields["exemption"].choices = [NOT_EXEMPT, *exemptions(tariffs)]  # type: ignore[attr-defined]
        self.fields["proof"].help_text = proofs(tariffs)
        if claimed is not None:
            self.fields["exemption"].help_text = (
                f"Người nộp đề nghị miễn, giảm: {claimed.claim_title}; giấy tờ: {claimed.claim_proof}."
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("exemption") and not given.get("proof"):
            self.add_error("proof", "Vui lòng ghi giấy tờ chứng minh được miễn, giảm phí, lệ phí.")
        return given

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        reason, pay = given.get("exemption", ""), given.get("pay", "")
        spared = {code: (reason, given["proof"]) for code, known in self.reasons.items() if reason in known}
        return {
            "duplicate_reason": given["duplicate_reason"],
            "payment": Payment(exempt=spared, cash=pay == "cash", deferred=True if pay == "later" else None),
        }


class SupplementForm(ActionForm):
    """Everything that is wanted, in one request."""

    components = forms.MultipleChoiceField(
        label="Giấy tờ phải bổ sung", required=False, widget=forms.CheckboxSelectMultiple
    )
    reasons = forms.CharField(
        label="Nội dung phải sửa, bổ sung khác", widget=forms.Textarea(attrs={"rows": 4}), required=False,
        max_length=4000, help_text="Mỗi dòng một nội dung. Yêu cầu đầy đủ trong một lần.",
    )
    note = forms.CharField(label="Lời nhắn cho người nộp", required=False, max_length=500)

    def prepare(self) -> None:
        names = {c["code"]: c["name"] for c in self.dossier.components}
        self.fields["components"].choices = list(names.items())  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        names = {c["code"]: c["name"] for c in self.dossier.components}
        papers = [f"Bổ sung: {names[code]}" for code in self.cleaned_data["components"]]
        return {"reasons": [*papers, *self.cleaned_data["reasons"].splitlines()], "note": self.cleaned_data["note"]}


class RefuseForm(ActionForm):
    reason_code = ChoiceField(label="Lý do", choices=list(dossiers.REFUSAL_REASONS.items()))
    reason = forms.CharField(
        label="Nêu cụ thể, kèm căn cứ pháp luật", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )

    def told(self) -> dict[str, Any]:
        return {"reason_code": self.cleaned_data["reason_code"], "text": self.cleaned_data["reason"]}


class AssignForm(ActionForm):
    to_user_id = ChoiceField(label="Công chức thụ lý")
    note = forms.CharField(label="Ý kiến", widget=WORDS, required=False, max_length=1000)

    def prepare(self) -> None:
        people: list[User] = queries.assignees(self.dossier, at=self.at)
        self.fields["to_user_id"].choices = [  # type: ignore[attr-defined]
            (str(user.pk), f"{user.full_name} – {user.title}" if user.title else user.full_name) for user in people
        ]
        if len(people) == 1:
            self.initial.setdefault("to_user_id", str(people[0].pk))

    def told(self) -> dict[str, Any]:
        return {"to_user_id": UUID(self.cleaned_data["to_user_id"]), "note": self.cleaned_data["note"]}


class ProposeForm(ActionForm):
    """The officer answers for every warning that the checks raised."""

    note = forms.CharField(label="Ý kiến trình lãnh đạo", widget=WORDS, required=False, max_length=2000)

    def prepare(self) -> None:
        for number, finding in enumerate(f for f in self.findings if f.severity == "warning"):
            field = forms.CharField(
                label=f"Giải trình cảnh báo: {finding.message}", widget=WORDS, max_length=1000,
                error_messages={"required": "Nêu lý do vẫn trình lãnh đạo dù có cảnh báo này."},
            )
            field.finding = finding.code  # type: ignore[attr-defined]
            self.fields[f"canh_bao_{number}"] = field
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def told(self) -> dict[str, Any]:
        acknowledged = {
            field.finding: self.cleaned_data[name]  # type: ignore[attr-defined]
            for name, field in self.fields.items() if name.startswith("canh_bao_")
        }
        return {"acknowledged": acknowledged, "note": self.cleaned_data["note"]}


class OptionalNoteForm(ActionForm):
    note = forms.CharField(label="Ý kiến", widget=WORDS, required=False, max_length=2000)


class NeededNoteForm(ActionForm):
    note = forms.CharField(label="Lý do, nội dung cần làm rõ", widget=WORDS, max_length=2000)

    def told(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class ReasonForm(ActionForm):
    reason = forms.CharField(label="Lý do", widget=WORDS, max_length=2000)


def code_field() -> forms.Field:
    """The authenticator's code, asked for once more by whoever signs."""
    return forms.CharField(
        label="Mã xác thực", max_length=9, help_text="Sáu chữ số trong ứng dụng xác thực.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "9"}),
    )


class ApproveForm(ActionForm):
    """The leader's yes; with the code of the authenticator where there is one."""

    def prepare(self) -> None:
        if accounts.asks_for_code(self.actor):
            self.fields["code"] = code_field()


class SignForm(Form):
    """One code for all that is approved together."""

    code = code_field()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not accounts.asks_for_code(actor):
            del self.fields["code"]


class ReturnForm(ActionForm):
    """What goes by post is handed over there, see ``post``."""

    way = ChoiceField(label="Cách trả", choices=[pair for pair in WAYS if pair[0] != Dossier.ResultWay.POST])
    received_by = forms.CharField(label="Người nhận kết quả", max_length=100, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("way", self.dossier.result_way)
        self.initial.setdefault("received_by", self.dossier.applicant_name)


class HandToPostForm(ActionForm):
    tracking_no = forms.CharField(
        label="Số vận đơn", max_length=40, help_text="Ghi trên phiếu gửi của bưu chính, ví dụ EB123456785VN."
    )


class DeliveredForm(ActionForm):
    received_by = forms.CharField(label="Người nhận kết quả", max_length=100, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("received_by", (self.dossier.post_to or {}).get("name", ""))


class FeeForm(ActionForm):
    """Ask for a fee of the procedure, or for another by its amount."""

    fee = ChoiceField(label="Khoản thu", required=False)
    quantity = forms.IntegerField(
        label="Số lượng", min_value=1, max_value=9999, required=False, help_text="Để trống: theo tờ khai.",
    )
    amount = forms.IntegerField(
        label="Số tiền (đồng)", min_value=1, max_value=1_000_000_000, required=False,
        help_text="Chỉ nhập cho khoản khác, hoặc khoản theo mức của tỉnh, thành phố.",
    )
    note = forms.CharField(label="Nội dung thu, căn cứ", widget=WORDS, max_length=1000)
    rows = (("quantity", "amount"),)

    def prepare(self) -> None:
        self.fields["fee"].choices = [  # type: ignore[attr-defined]
            ("", "Khoản khác, nhập số tiền"),
            *((one.code, f"{one.name} – {one.words}") for one in fees.tariffs(self.dossier.procedure)
              if one.amount != 0),
        ]

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        count = fees.Count(given["quantity"]) if given["quantity"] else None
        return {"fee": given["fee"], "amount": given["amount"], "count": count, "note": given["note"]}


class AgencyForm(ActionForm):
    agency = forms.CharField(label="Cơ quan được hỏi", max_length=200)
    note = forms.CharField(label="Nội dung đề nghị", widget=WORDS, max_length=2000)


class ResumeForm(ActionForm):
    receipt_no = forms.CharField(
        label="Số biên lai lập ngoài hệ thống", max_length=40, required=False,
        help_text="Thu tiền mặt hoặc thanh toán trực tuyến thì hồ sơ tự tiếp tục, không cần làm bước này.",
    )
    note = forms.CharField(label="Ý kiến", widget=WORDS, required=False, max_length=2000)

    def prepare(self) -> None:
        if self.dossier.overlay != Overlay.PAUSED_FEE:
            del self.fields["receipt_no"]
        else:
            self.fields["receipt_no"].required = True


class ExtendForm(ActionForm):
    """One later day, at whose closing hour the result is due."""

    new_due = DayField(label="Hẹn trả mới", help_text="Ngày làm việc, ví dụ 05/03/2026.")
    reason = forms.CharField(label="Lý do chậm trả, lời xin lỗi", widget=WORDS, max_length=2000)

    def prepare(self) -> None:
        due = self.dossier.due_at
        if due is not None:
            self.fields["new_due"].help_text = f"Sau hẹn cũ {localtime(due):%d/%m/%Y}; phải là ngày làm việc."

    def told(self) -> dict[str, Any]:
        working = calendar.working_calendar(office_id=self.dossier.resolving_unit_id)
        day = self.cleaned_data["new_due"]
        if not working.is_working_day(day):
            raise WrongDate()
        return {"new_due": working.closing(day), "reason": self.cleaned_data["reason"]}


class TransferForm(ActionForm):
    to_unit_id = OfficeChoice(label="Chuyển đến", queryset=OrgUnit.objects.none())
    reason = forms.CharField(label="Lý do, căn cứ", widget=WORDS, max_length=2000)

    def prepare(self) -> None:
        offices = queries.resolving_offices(self.dossier.procedure, on=localdate(self.at))
        self.fields["to_unit_id"].queryset = offices.exclude(  # type: ignore[attr-defined]
            pk=self.dossier.resolving_unit_id
        )

    def told(self) -> dict[str, Any]:
        return {"to_unit_id": self.cleaned_data["to_unit_id"].pk, "reason": self.cleaned_data["reason"]}


class PlainForm(ActionForm):
    """Nothing needs to be told."""

    empty: ClassVar[bool] = True
