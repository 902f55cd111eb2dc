"""What follows at the ward: a birth corrected and copied, a father recognised, a ward, a couple from abroad."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from . import staff
from .test_events import choose, partner, settle, take_in
from .test_for_another import registered, wait_for_result
from .town import WARD_LABEL
from .visitor import PHONE

if TYPE_CHECKING:
    from .town import Page, Town
    from .visitor import Visitor

pytestmark = [
    pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(1200), pytest.mark.xdist_group("platform"),
]


class Ward:
    """Who works there, each at a browser of their own."""

    def __init__(self, visit: Callable[..., Visitor]) -> None:
        self.clerk, self.officer = visit("quay"), visit("can-bo")
        self.deputy = visit("pho-chu-tich", window=PHONE)
        staff.step_in(self.clerk, staff.POSTS["receiver"])
        self.officer_id = staff.step_in(self.officer, staff.POSTS["officer"])
        staff.step_in(self.deputy, staff.POSTS["deputy"])

    def file(self, words: str, procedure: str, typed: dict[str, Page]) -> str:
        choose(self.clerk, words, procedure)
        return take_in(self.clerk, typed)

    def decide(self, code: str, *, says: str) -> str:
        """To the signed paper; the number that it was given."""
        settle(code, clerk=self.clerk, officer=self.officer, officer_id=self.officer_id, leader=self.deputy, says=says)
        return str(wait_for_result(self.clerk, code)["result"]["number"])

    def look_at(self, code: str, *words: str) -> None:
        """The officer opens what waits and reads what stands in its way."""
        staff.api(self.clerk)("POST", f"/dossiers/{code}/assign", to_user_id=self.officer_id)
        staff.api(self.officer)("POST", f"/dossiers/{code}/begin")
        staff.open_dossier(self.officer, code, look="bi-vuong")
        self.officer.reads(*words)


def target(number: str, name: str, book: str = "") -> Page:
    return {**({"book": book} if book else {}), "number": number, "office_unit": WARD_LABEL, "name": name}


def requester(person: Any, home: str, **more: Any) -> Page:
    return {"name": person.name, "personal_number": person.personal_number, "phone": person.phone,
            "residence_detail": home, "residence_unit": WARD_LABEL, **more}


def test_a_birth_is_corrected_and_its_copy_says_so(visit: Callable[..., Visitor], town: Town) -> None:
    birth, ward = town.birth(), Ward(visit)
    number = registered(visit, town, birth)
    change = {
        "target": target(number, birth.child_name, "KS"),
        "what": {"kind": "correction", "field_1": "child.native_place", "value_1": "Thôn Đông, xã Bến Cảng",
                 "ground": "Ghi thiếu khi đăng ký", "proof": "Giấy khai sinh của cha", "parents_agree": True},
        "requester": requester(birth.mother, birth.home, relation="parent"),
    }
    choose(ward.clerk, "cải chính", "1.004859")
    ward.clerk.fill({**change["what"], "value_1": "31/02/2026", "field_1": "child.born_on"}, prefix="what-")
    ward.clerk.click("Tiếp nhận, cấp mã hồ sơ", look="cai-chinh-sai")
    ward.clerk.reads("Ngày không hợp lệ")
    corrected = ward.decide(take_in(ward.clerk, change), says="Trích lục thay đổi, cải chính")
    choose(ward.clerk, "trích lục", "2.000635")
    ward.clerk.page.get_by_label("Thu tiền mặt ngay, lập biên lai").check()
    copy = take_in(ward.clerk, {
        "target": target(number, birth.child_name, "KS"), "request": {"copies": "2"},
        "requester": requester(birth.mother, birth.home, relation="self"),
    })
    staff.api(ward.clerk)("POST", f"/dossiers/{copy}/assign", to_user_id=ward.officer_id)
    staff.open_dossier(ward.officer, copy, look="ban-sao")
    ward.officer.reads("Thôn Đông, xã Bến Cảng", f"Trích lục số {corrected}")
    staff.api(ward.officer)("POST", f"/dossiers/{copy}/begin")
    found = staff.api(ward.officer)("GET", f"/dossiers/{copy}/findings")
    staff.api(ward.officer)("POST", f"/dossiers/{copy}/propose", acknowledged={one["code"]: "Đúng." for one in found})
    staff.api(ward.deputy)("POST", f"/dossiers/{copy}/approve")
    wait_for_result(ward.clerk, copy)
    staff.open_dossier(ward.clerk, copy, look="ban-sao-xong")
    ward.clerk.reads("Trích lục khai sinh (bản sao)")
    ward.officer.go("/ho-tich/so/")
    ward.officer.leave_by(ward.officer.page.locator("main a.row-link", has_text="Sổ đăng ký khai sinh").first)
    ward.officer.leave_by(ward.officer.page.locator("main a.row-link", has_text=birth.child_name.upper()).first)
    ward.officer.look("khai-sinh-da-cai-chinh")
    ward.officer.reads("Nội dung dưới đây là nội dung hiện nay", "Thôn Đông, xã Bến Cảng", "Việc hộ tịch liên quan")


def test_a_father_is_recognised_once(visit: Callable[..., Visitor], town: Town) -> None:
    birth, ward = town.birth(), Ward(visit)
    unit = staff.own_unit(ward.clerk)
    code = staff.api(ward.clerk)(
        "POST", "/counter/dossiers", procedure_code="1.001193", receiving_unit=unit, resolving_unit=unit,
        answers=_of_mother_alone(birth, town),
        papers=[{"component": "giay_chung_sinh"}])["code"]
    staff.put_before_leader(code, clerk=ward.clerk, officer=ward.officer, officer_id=ward.officer_id)
    staff.api(ward.deputy)("POST", f"/dossiers/{code}/approve")
    wait_for_result(ward.clerk, code)
    child: dict[str, Any] = {
        "name": birth.child_name, "sex": "male" if birth.child_sex == "nam" else "female",
        "born_on": f"{birth.born_on:%d/%m/%Y}", "id_kind": "other", "id_number": "Giấy khai sinh",
        "residence_detail": birth.home, "residence_unit": WARD_LABEL,
    }

    def claim(man: Any) -> dict[str, Page]:
        return {
            "parent": partner(man, birth.home, sex="male"), "child": child,
            "proof": {"files": "parent", "evidence": "examination", "evidence_number": "ADN 12/2026, Viện Pháp y",
                      "both_present": True, "undisputed": True, "other_parent_agrees": True, "phone": "0912345678"},
        }

    ward.decide(ward.file("nhận con", "1.001022", claim(birth.father)), says="Trích lục đăng ký nhận cha, mẹ, con")
    other = town.birth().father
    ward.look_at(ward.file("nhận con", "1.001022", claim(other)), "đã có người cha", birth.father.name)


def test_an_orphan_is_guarded_and_the_guardian_watched(visit: Callable[..., Visitor], town: Town) -> None:
    family, ward = town.birth(), Ward(visit)
    orphan, guardian = family.father, family.mother
    code = ward.file("giám hộ", "1.004837", {
        "ward": partner(orphan, family.home, sex="male", why="incapable", decision="Số 5/2026/QĐST-DS, TAND"),
        "guardian": partner(guardian, family.home, sex="female", relation="vợ"),
        "terms": {"form": "natural", "able": True, "phone": "0912345678"},
    })
    number = ward.decide(code, says="Trích lục đăng ký giám hộ")
    uncle = town.birth().father
    watched = ward.decide(ward.file("giám sát người giám hộ", "3.000322", {
        "target": target(number, orphan.name),
        "supervisor": partner(uncle, family.home, sex="male", relation="chú ruột"),
        "agreement": {"chosen_by": "Văn bản cử người giám sát của gia đình", "able": True, "phone": "0912345678"},
    }), says="Trích lục đăng ký giám sát việc giám hộ")
    left = ward.decide(ward.file("thôi giám sát giám hộ", "3.000323", {
        "target": target(watched, orphan.name),
        "end": {"reason": "Người giám sát chuyển đi nơi khác", "ended_on": f"{town.today:%d/%m/%Y}"},
        "requester": requester(uncle, family.home),
    }), says="Trích lục đăng ký chấm dứt giám sát việc giám hộ")
    ended = ward.decide(ward.file("chấm dứt giám hộ", "1.004845", {
        "target": target(number, orphan.name),
        "end": {"why": "of_age", "ended_on": f"{town.today:%d/%m/%Y}", "proof": "Quyết định số 9/2026"},
        "requester": requester(guardian, family.home),
    }), says="Trích lục đăng ký chấm dứt giám hộ")
    again = ward.file("chấm dứt giám hộ", "1.004845", {
        "target": target(number, orphan.name),
        "end": {"why": "of_age", "ended_on": f"{town.today:%d/%m/%Y}"}, "requester": requester(guardian, family.home),
    })
    ward.look_at(again, "Việc giám hộ này đã chấm dứt.")
    assert len({number, watched, left, ended}) == 4


def test_a_marriage_abroad_is_noted_and_its_divorce(visit: Callable[..., Visitor], town: Town) -> None:
    family, ward = town.birth(), Ward(visit)
    abroad = {"authority": "Ủy ban quận Shinjuku", "country": "Nhật Bản", "number": "77", "given_on": "06/05/2024",
              "legalised": True}
    ward.decide(ward.file("kết hôn ở nước ngoài", "2.002189", {
        "husband": partner(family.father, family.home), "wife": partner(family.mother, family.home), "abroad": abroad,
        "together": {"files": "wife", "phone": "0912345678"},
    }), says="Trích lục ghi chú kết hôn")
    married = ward.file("kết hôn", "1.000894", {
        "husband": partner(town.birth().father, family.home, before="single", times="1"),
        "wife": partner(family.mother, family.home, before="single", times="1"),
        "together": {"free_will": True, "files": "wife", "phone": "0912345678", "copies": "0"},
    })
    ward.look_at(married, "Bên nữ đang có vợ hoặc chồng theo sổ hộ tịch.", "GC ")
    ward.decide(ward.file("ly hôn ở nước ngoài", "2.000554", {
        "subject": partner(family.mother, family.home, sex="female"),
        "former": {"name": family.father.name, "phone": "0912345678"},
        "abroad": {**abroad, "authority": "Tòa án Tokyo", "given_on": f"{town.today:%d/%m/%Y}"},
    }), says="Trích lục ghi chú ly hôn")
    staff.open_dossier(ward.officer, married)
    assert "đang có vợ hoặc chồng" not in ward.officer.page.locator("main").inner_text()


def _of_mother_alone(birth: Any, town: Town) -> dict[str, Any]:
    from .town import answers

    whole = answers(birth, today=town.today)
    whole["father"] = {"parents_married": False}
    whole["declarant"] = {"relation": "mother", "phone": birth.mother.phone}
    return whole
