"""A joined birth with a slow police system and a failing insurance leg, brought to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.harness.homes import wait_until

from . import staff
from .town import COMPONENT, answers
from .visitor import PHONE

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]
JOINED = "tam.lien-thong-khai-sinh"
UNKNOWN_CLINIC, CLINIC = "99999", "31001"


def tell(town: Town, agency: str, **how: Any) -> None:
    """Let a simulated agency behave so; what is not named goes well."""
    url = f"http://localhost:{town.platform.port + 4}/_control/{agency}"
    httpx.post(url, json=how, trust_env=False).raise_for_status()


def test_slow_police_and_a_failing_card(visit: Callable[..., Visitor], town: Town) -> None:
    tell(town, "police", later_share=1.0, later_ms=15_000)
    birth = town.birth()
    clerk, officer, deputy = visit("lt-tiep-nhan"), visit("lt-can-bo"), visit("lt-pho-chu-tich")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    code = take_in(clerk, town, birth)
    staff.put_before_leader(code, clerk=clerk, officer=officer, officer_id=officer_id)
    staff.api(deputy)("POST", f"/dossiers/{code}/approve")

    def legs() -> dict[str, str]:
        found = staff.api(officer)("GET", f"/civil-status/dossiers/{code}/legs")
        return {leg["kind"]: leg["state"] for leg in found}

    # The paper is signed and the police are slow: the birth stands, the other parts wait their turn.
    wait_until(lambda: legs().get("number") == "sent", seconds=120, why=lambda: str(legs()))
    staff.open_dossier(officer, code, look="cham")
    officer.reads("Phần việc của cơ quan khác", "Đã gửi, chờ trả lời", "Chờ bước trước")
    tell(town, "police")

    # The insurance does not know the clinic. What was done before it stays done.
    wait_until(lambda: legs().get("insurance") == "failed", seconds=120, why=lambda: str(legs()))
    assert legs() == {"number": "done", "residence": "done", "insurance": "failed"}
    officer.go("/ho-tich/lien-thong/", look="danh-sach")
    officer.reads(birth.child_name.upper(), UNKNOWN_CLINIC)
    row = officer.page.locator("main tbody tr", has_text=code)
    officer.leave_by(row.get_by_role("link", name="Cấp thẻ bảo hiểm y tế"))
    officer.look("nhanh-hong")
    officer.fill({"clinic_code": "12"})
    officer.click("Gửi lại", within="main", look="sai-ma")
    officer.reads("Mã cơ sở khám chữa bệnh gồm 5 chữ số.")
    officer.fill({"clinic_code": CLINIC})
    officer.click("Gửi lại", within="main", look="da-gui-lai")
    officer.reads("Đã gửi lại.")
    wait_until(lambda: legs().get("insurance") == "done", seconds=120, why=lambda: str(legs()))
    staff.open_dossier(officer, code, look="xong")
    card = next(leg for leg in staff.api(officer)("GET", f"/civil-status/dossiers/{code}/legs") if
                leg["kind"] == "insurance")["reference"]
    officer.reads(card, "Nguồn: Bảo hiểm xã hội Việt Nam")

    # Whoever has the code sees that it is done, and not with which number.
    passer = visit("lt-tra-cuu", window=PHONE)
    passer.go(f"/tra-cuu/?ma={code}")
    passer.fill({"dien_thoai": birth.father.phone[-4:]})
    passer.click("Tra cứu", within="main", look="tra-cuu")
    passer.reads("Phần việc của cơ quan khác", "Cấp thẻ bảo hiểm y tế", "Đã hoàn thành")
    assert card not in passer.page.content() and birth.child_name not in passer.page.content()


def take_in(clerk: Visitor, town: Town, birth: Any) -> str:
    """The declaration on one paper for all, taken in over the API."""
    unit = staff.own_unit(clerk)
    made = staff.api(clerk)(
        "POST", "/counter/dossiers", procedure_code=JOINED, receiving_unit=unit, resolving_unit=unit,
        answers={
            **answers(birth, today=town.today), "residence": {"host": "mother"},
            "card": {"clinic_code": UNKNOWN_CLINIC, "phone": birth.father.phone},
        },
        papers=[{"component": COMPONENT}],
    )
    return str(made["code"])
