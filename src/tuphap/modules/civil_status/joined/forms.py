"""The pages that the joined birth has beyond those of a birth, and the officer's small forms."""

from __future__ import annotations

from django import forms

from tuphap.shared.dossiers.api import FormPage, Procedure
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import AddressField, NameField, PersonalNumberField, PhoneField

from ..forms import PAGES, BlockForm
from . import answers, rules


class ResidenceForm(BlockForm):
    """The household."""

    block = answers.ResidenceBlock

    host = forms.ChoiceField(
        label="Đăng ký thường trú cho trẻ tại", choices=[(str(k), title) for k, title in rules.HOST_TITLES.items()],
        widget=forms.RadioSelect, initial=rules.Host.MOTHER,
        help_text="Theo mẹ hoặc cha thì lấy nơi cư trú và số định danh đã khai, không cần khai lại.",
    )
    address = AddressField(
        label="Địa chỉ (nếu đăng ký tại nơi khác)", required=False,
        help_text="Cần văn bản đồng ý của chủ hộ và chủ sở hữu chỗ ở hợp pháp.",
    )
    head_name = NameField(label="Họ, chữ đệm, tên chủ hộ (nếu đăng ký tại nơi khác)", required=False)
    head_number = PersonalNumberField(label="Số định danh cá nhân của chủ hộ", required=False)


class CardForm(BlockForm):
    """The health card."""

    block = answers.CardBlock
    rows = (("email", "phone"),)

    clinic_code = forms.CharField(
        label="Mã nơi đăng ký khám chữa bệnh ban đầu", max_length=5, required=False,
        help_text="5 chữ số, theo danh sách của cơ quan bảo hiểm xã hội. Để trống nếu chưa chọn.",
    )
    email = forms.EmailField(label="Thư điện tử nhận thẻ", required=False)
    phone = PhoneField(label="Điện thoại nhận thẻ", required=False)


PAGES_OF_LEGS = (
    FormPage("residence", "Nơi thường trú của trẻ", ResidenceForm, "Trẻ được đăng ký vào hộ nào."),
    FormPage("card", "Thẻ bảo hiểm y tế", CardForm, "Nơi khám chữa bệnh ban đầu và cách nhận thẻ."),
)


def joined_pages(procedure: Procedure) -> tuple[FormPage, ...]:
    """A birth's pages, then those of the other agencies: the same in every version so far."""
    return (*PAGES, *PAGES_OF_LEGS)


class EndForm(Form):
    """Why a leg is ended."""

    reason = forms.CharField(label="Lý do kết thúc nhánh", max_length=500)


class ResendForm(Form):
    """What was put right before it is sent again."""

    clinic_code = forms.RegexField(
        r"^\d{5}$", label="Mã nơi khám chữa bệnh ban đầu (nếu sửa)", required=False,
        error_messages={"invalid": "Mã cơ sở khám chữa bệnh gồm 5 chữ số."},
    )
    account = forms.RegexField(
        rules.ACCOUNT, label="Số tài khoản nhận tiền (nếu sửa)", required=False,
        error_messages={"invalid": rules.ACCOUNT_FORM},
    )


class VerifyForm(Form):
    """The number that the child has already, and where it was seen."""

    personal_number = PersonalNumberField(label="Số định danh trẻ đã có")
    source = forms.CharField(label="Nguồn", max_length=200, help_text="Ví dụ: dữ liệu cư trú do công an xã cung cấp.")
