"""What a holder of a paper gives: its code and day, or the file."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tuphap.kernel.ids import normalise_public_code
from tuphap.shared.files.api import LARGEST

CODE_LENGTH = 26


class CodeForm(forms.Form):
    """Code and day of issue, as they stand on the paper."""

    code = forms.CharField(
        label="Mã xác minh", max_length=60, help_text="26 chữ và số ở chân trang hoặc dưới mã QR; gõ liền hoặc cách.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Nhập mã xác minh in trên văn bản."},
    )
    issued_on = forms.CharField(
        label="Ngày cấp", max_length=10, help_text="Ví dụ: 05/03/2026",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-day": "1"}),
        error_messages={"required": "Nhập ngày cấp in trên văn bản, ví dụ 05/03/2026."},
    )

    def clean_code(self) -> str:
        code = normalise_public_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError("Mã xác minh gồm 26 chữ và số. Vui lòng kiểm tra lại.", code="code")
        return code

    def clean_issued_on(self) -> date:
        text = self.cleaned_data["issued_on"]
        found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text)
        try:
            day, month, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
            return date(year, month, day)
        except ValueError as wrong:
            message = f"“{text}” không phải là một ngày. Nhập ngày/tháng/năm, ví dụ 05/03/2026."
            raise ValidationError(message, code="day") from wrong


class FileForm(forms.Form):
    """The file itself, sent only with its holder's agreement."""

    file = forms.FileField(
        label="Tệp PDF", widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Chọn tệp PDF cần kiểm tra.", "empty": "Tệp rỗng, không có nội dung."},
    )
    agreed = forms.BooleanField(
        label="Tôi đồng ý gửi tệp này lên hệ thống để kiểm tra. Hệ thống không lưu lại tệp.",
        error_messages={"required": "Hệ thống chỉ nhận tệp khi ông/bà đồng ý gửi."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"Tệp quá lớn: tối đa {LARGEST // (1024 * 1024)} MB.", code="too_large")
        if file.read(5) != b"%PDF-":
            raise ValidationError("Đây không phải là tệp PDF.", code="type")
        file.seek(0)
        return file
