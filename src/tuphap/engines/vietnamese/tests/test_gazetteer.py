"""Units found in written addresses, among units that are nowhere."""

from __future__ import annotations

import pytest

from tuphap.engines.vietnamese.gazetteer import Gazetteer, Unit

ABOVE = ("huyện Sơn Trà", "tỉnh Lam Giang")
UNITS = (
    Unit("1", "xã Hòa Bình", ABOVE, until=2025, successor="11"),
    Unit("2", "xã Tân Thịnh", ABOVE, until=2025, successor="11"),
    Unit("3", "thị trấn Mỹ Phước", ABOVE, until=2025, successor="12"),
    Unit("4", "phường 02", ("thành phố Lam", "tỉnh Lam Giang")),
    Unit("5", "xã Tân Thịnh", ("huyện Quan Hóa", "tỉnh Lam Giang"), until=1990, successor="6"),
    Unit("6", "xã Thịnh Lộc", ("huyện Quan Hóa", "tỉnh Lam Giang"), since=1991, until=2025, successor="12"),
    Unit("11", "xã Hòa Bình", ("tỉnh Giang Sơn",), since=2025),
    Unit("12", "xã Mỹ Lộc", ("tỉnh Giang Sơn",), since=2025),
)
TABLE = Gazetteer(UNITS)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("xã Hòa Bình, huyện Sơn Trà, tỉnh Lam Giang", "1"), ("XÃ HOÀ BÌNH, TỈNH GIANG SƠN", "11"),
        ("X. Hoa Binh, H. Son Tra", "1"), ("TT. Mỹ Phước", "3"), ("mỹ phước", "3"), ("P.2, TP. Lam", "4"),
        ("xa tan thinh huyen quan hoa tinh lam giang", "5"), ("Xã Tân Thịnh huyện Quan Hóa", "5"),
        ("thôn 3, xã Tân Thịnh, huyện Sơn Trà", "2"), ("xã Tân Thinhh, huyện Sơn Trà", "2"),
        ("xã Hòa B?nh, huy?n S?n Trà, t?nh Lam Giang", "1"), ("th? tr?n M? Ph??c, huyện Sơn Trà", "3"),
    ],
)
def test_the_likeliest_unit(address: str, code: str) -> None:
    found = TABLE.find(address)
    assert found[0].unit.code == code
    assert 0.5 < found[0].sureness < 1
    assert sum(one.sureness for one in found) < 1


def test_doubt_is_told() -> None:
    found = TABLE.find("Tân Thịnh")
    assert {one.unit.code for one in found} == {"2", "5"}
    assert found[0].sureness < 0.5
    assert TABLE.find("Tân Thịnh", year=2000)[0].unit.code == "2"  # the other was called so until 1990 only
    assert TABLE.find("xã Xa Lạ") == () == TABLE.find("")


def test_what_became_of_it() -> None:
    assert TABLE.find("xã Tân Thịnh, huyện Quan Hóa")[0].today.code == "12"
    assert TABLE.today("11").code == "11"
    with pytest.raises(KeyError):
        TABLE.today("99")


def test_circles_end_and_codes_are_unique() -> None:
    circle = Gazetteer([Unit("a", "xã A Bá", successor="b"), Unit("b", "xã B Tơ", successor="a")])
    assert circle.today("a").code == "b"
    with pytest.raises(ValueError, match="the code a"):
        Gazetteer([Unit("a", "xã A"), Unit("a", "xã B")])
