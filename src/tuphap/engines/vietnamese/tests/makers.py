"""Names made for tests, and syllables of the whole grammar."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from tuphap.engines.vietnamese.syllables import _spelled, is_syllable
from tuphap.engines.vietnamese.text import normalise

_SURNAMES = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Mai Cao Tô Lương Trịnh Đoàn Hà Châu La
Thạch Danh Nông Vi Lò Quàng Giàng Sùng Bế Chu
"""
SURNAMES = _SURNAMES.split()
_MIDDLES = """
Văn Thị Hữu Đức Ngọc Minh Thanh Xuân Thị_Thu Quốc Thị_Kim Công Bá Thị_Hồng Gia Đình Thị_Ngọc Quang
"""
MIDDLES = _MIDDLES.split()
_GIVEN = """
An Anh Ánh Bảo Bình Bích Chi Cúc Cường Dung Dũng Duyên Đạt Đào Điệp Giang Hà Hải Hạnh Hằng Hậu Hiếu Hoa Hòa Hồng
Hùng Hương Huyền Khánh Khoa Lan Linh Loan Lộc Mai Mạnh My Nam Nga Ngân Nhung Oanh Phúc Phượng Quân Quý Sáu Sơn Sương
Tài Tâm Thảo Thắng Thơm Thủy Tiến Trâm Trường Tuấn Tuyết Út Vân Vinh Xuyến Yến Ý
"""
GIVEN = _GIVEN.split()
ELSEWHERE = (
    "Mùa A Phá", "Y Bham Niê", "H'Hen Niê", "Sùng Thị Dợ", "Kpă Ô", "Mlô Niê Kdăm", "Rơ Châm H'Ôn", "Điểu K'Ré",
    "Bríu Liếc", "Néang Sóc Kha", "Cil Múp Ha Ôn", "Lơ Mu Ha Brôn", "Siu Phơ", "Y Ôt Êban", "A Viết Tròn",
    "Zơ Râm Thị Bá", "Thào Mí Lìa", "Vù Mí Pó", "Rô Ôi", "Lò Ò Xá", "Đinh Rưk", "Hờ Bia", "Ksor Mlô", "Ê Nuôl",
    "Blôi",
)
"""Names of several peoples: no Vietnamese syllables, or such that other readings might seem better."""


def names(count: int, *, seed: int = 5) -> list[str]:
    """Full names as they are written in books, a third of them in capitals, a tenth without a middle name."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        middle = [] if chance.random() < 0.1 else chance.choice(MIDDLES).split("_")
        name = " ".join([chance.choice(SURNAMES), *middle, chance.choice(GIVEN)])
        made.append(name.upper() if chance.random() < 1 / 3 else name)
    return made


def _toned(letters: str, mark: str) -> str:
    """The syllable with the tone; of those that bear two tones only, with sắc for others."""
    return next(word for tone in (mark, "\u0301") if is_syllable(word := normalise(letters + tone)))


SYLLABLES = st.builds(
    _toned, st.sampled_from(sorted(_spelled())),
    st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]),
)
CLEAN = st.lists(SYLLABLES | st.sampled_from(GIVEN), min_size=1, max_size=6).flatmap(
    lambda words: st.sampled_from([" ".join(words), " ".join(words).upper(), " ".join(words).title()]),
)
"""Text that nothing is wrong with: any syllables of the grammar."""
