"""What is typed at the doors."""

from __future__ import annotations

from typing import Any

from django import forms


class LoginForm(forms.Form):
    username = forms.CharField(
        label="Tên đăng nhập", max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Mật khẩu", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.RegexField(
        label="Mã xác thực", regex=r"^\s*\d{3}\s?\d{3}\s*$", help_text="Sáu chữ số trong ứng dụng xác thực.",
        error_messages={"invalid": "Mã xác thực gồm sáu chữ số."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "9"}),
    )

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"] if c.isdigit())


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Mã dự phòng", max_length=40,
        help_text="Mười sáu chữ và số, ví dụ K7QW-3MPX-90ZT-B2HE. Mỗi mã dùng một lần.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ConfirmForm(forms.Form):
    """One's password again, before something that a borrowed screen must not do."""

    current = forms.CharField(
        label="Mật khẩu hiện tại", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    current = forms.CharField(
        label="Mật khẩu hiện tại", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Mật khẩu mới", max_length=200, strip=False, help_text="Ít nhất 12 ký tự, khó đoán.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu mới", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "Hai lần nhập mật khẩu mới không giống nhau.")
        return given
