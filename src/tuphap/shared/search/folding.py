"""The form in which words are kept and looked for: lower case, without accents."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """``"Nguyễn Thị Đào"`` as ``"nguyen thi dao"``."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return bare.replace("đ", "d")
