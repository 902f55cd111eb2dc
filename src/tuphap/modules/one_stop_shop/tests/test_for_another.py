"""Filing for another, and results by post: operations on the real database, the pages, the API."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.clock import standing_at
from tuphap.kernel.refusal import Invalid
from tuphap.modules.one_stop_shop import operations, queries, rules, slips
from tuphap.modules.one_stop_shop.models import Parcel
from tuphap.modules.one_stop_shop.post import operations as post
from tuphap.modules.one_stop_shop.post import queries as list_of_post
from tuphap.modules.one_stop_shop.post import rules as post_rules
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, act, client_of, text_of
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import rules as engine
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier, State
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.notices.models import Notice

pytestmark = pytest.mark.django_db
HOA = "031192000456"  # who lives in the town and logs in
PAPER = {"writing": "certified", "number": "12/2026", "issued_on": "2026-02-20", "issuer": "UBND phường"}
FOR_HOA = {"ground": "authorised", "name": "Phạm Thị Hoa", "personal_number": HOA, "kinship": "other",
           "authorisation": PAPER}
NUMBER = "EB123456785VN"


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with standing_at(morning(MONDAY, 11)):
        yield


def to(work: Work, **changed: Any) -> dict[str, Any]:
    """Where a parcel goes."""
    address = {"unit_code": work.town.commune.admin_unit.code, "as_of": "2026-03-02", "detail": "Số 5 ngõ 2"}
    return {"name": "Nguyễn Thị Lan", "phone": "0912345678", "address": address, **changed}


def for_hoa(work: Work) -> Dossier:
    """Lan files for Hoa, who has authorised her."""
    draft = work.draft_online()
    at, lan = morning(MONDAY, 8), work.town.who("lan")
    operations.save_page(dossier_id=draft.pk, page="request", actor=lan, at=at,
                         answers={"name": "Nguyễn Thị Lan", "personal_number": "031192000123"})
    work.scan(draft, who="lan", at=at)
    operations.represent(dossier_id=draft.pk, representation=FOR_HOA, actor=lan, at=at)
    with pytest.raises(engine.MissingComponent, match="Văn bản ủy quyền"):
        operations.submit(dossier_id=draft.pk, actor=lan, at=at)
    from tuphap.modules.one_stop_shop.tests.steps import PICTURE

    operations.attach(dossier_id=draft.pk, component="uy_quyen", content=PICTURE, name="uy-quyen.png",
                      media_type="image/png", actor=lan, at=at)
    return operations.submit(dossier_id=draft.pk, actor=lan, at=at)


def by_post(work: Work, **more: Any) -> Dossier:
    """Ready, and to go by post."""
    dossier = work.file(result_way="buu_chinh", post_to=to(work), **more)
    for step in (work.assign, work.propose, work.approve, work.sign):
        dossier = step(dossier)
    return dossier


# -- for another


def test_the_represented_person_sees_it_is_told_and_cannot_change_it(work: Work) -> None:
    dossier = for_hoa(work)
    assert (dossier.applicant_name, dossier.applicant_key) == ("Nguyễn Thị Lan", HOA)
    hoa = work.town.who("hoa")
    assert queries.get_visible(dossier.pk, hoa, morning(MONDAY)).pk == dossier.pk
    assert queries.available_actions(dossier, hoa, morning(MONDAY)) == []
    assert Notice.objects.filter(to_user=work.town.people["hoa"], template="one_stop.submitted").exists()
    client = client_of(work, "hoa")
    page = text_of(client.get(reverse("one_stop_shop:own_dossier", args=[dossier.submission_code])))
    assert "Hồ sơ do Nguyễn Thị Lan nộp thay ông/bà." in page and "Rút hồ sơ này" not in page
    assert client.get(reverse("one_stop_shop:check", args=[dossier.pk])).status_code == 302
    assert client.post(reverse("one_stop_shop:way", args=[dossier.pk]), {"cach_nhan": "tai_quay"}).status_code in (
        403, 422)
    work.receive(dossier)
    assert client.post(reverse("one_stop_shop:withdraw", args=[dossier.pk])).status_code == 403
    dossier.refresh_from_db()
    assert (dossier.state, dossier.result_way) == (State.RECEIVED, "tai_quay")


def test_slip_01_and_the_checks_tell_of_it(work: Work) -> None:
    dossier = work.receive(for_hoa(work))
    data = slips.slip_data(dossier, queries.slips_of(dossier)[0])
    entries = dict(data["entries"])
    assert entries["Nộp thay cho"] == "Phạm Thị Hoa, số định danh ••••••••0456"
    assert "số 12/2026, ngày 20/02/2026" in entries["Căn cứ"]
    assert "Văn bản ủy quyền" in [row["name"] for row in data["rows"]]
    assert queries.slip(dossier, "01").startswith(b"%PDF")
    work.assign(dossier)
    findings = queries.findings(work.look(dossier), work.town.who("officer"), morning(MONDAY, 9, 15))
    assert [f.code for f in findings] == ["dossiers.authorisation_seen"]
    with pytest.raises(engine.UnresolvedErrors):
        work.propose(dossier)
    work.propose(dossier, acknowledged={"dossiers.authorisation_seen": "Đã xem bản chính"})
    page = text_of(client_of(work, "officer").get(reverse("one_stop_shop:dossier", args=[dossier.code])))
    assert "Nộp thay cho" in page and "Phạm Thị Hoa" in page


def test_the_pages_ask_for_whom_and_say_what_is_missing(work: Work) -> None:
    lan = client_of(work, "lan")
    begun = lan.post(reverse("one_stop_shop:start", args=[testing.RESTARTS]),
                     {"noi": work.town.commune.pk, "nop_cho": "authorised"})
    assert "nop-thay" in begun.url
    assert 'value="authorised"' in text_of(lan.get(begun.url))
    typed = {"ground": "authorised", "name": "Phạm Thị Hoa", "personal_number": HOA, "kinship": "other"}
    bare = lan.post(begun.url, typed)
    assert bare.status_code == 422 and "Nhập thông tin văn bản ủy quyền" in text_of(bare)
    plain = lan.post(begun.url, {**typed, "writing": "plain", "issued_on": "20/02/2026"})
    assert plain.status_code == 422 and "phải được công chứng hoặc chứng thực" in text_of(plain)
    kept = lan.post(begun.url, {**typed, "writing": "certified", "number": "12/2026", "issued_on": "20/02/2026",
                                "receives_result": "on"})
    assert kept.status_code == 302 and "/khai/request/" in kept.url
    dossier = Dossier.objects.get(applicant_user=work.town.people["lan"])
    assert dossier.represents is not None and dossier.represents.authorisation is not None
    assert "Văn bản ủy quyền" in text_of(lan.get(reverse("one_stop_shop:papers", args=[dossier.pk])))
    lan.post(begun.url, {"viec": "cho-toi"})
    dossier.refresh_from_db()
    assert (dossier.representation, dossier.represented_number) == (None, "")


def test_at_the_counter_too_with_its_papers(work: Work) -> None:
    desk = client_of(work, "desk")
    address = reverse("one_stop_shop:receive_at_counter", args=[testing.RESTARTS])
    assert "Nộp thay người khác" in text_of(desk.get(address))
    typed = {
        "request-name": "Nguyễn Thị Lan", "request-phone": "0912345678", "noi_nhan": work.town.commune.pk,
        "noi": work.town.commune.pk, "kenh": "truc_tiep", "cach_nhan": "tai_quay", "giay.don-nhan": "on",
        "giay.don-so_ban": "1", "nop-thay-ground": "authorised", "nop-thay-name": "Phạm Thị Hoa",
        "nop-thay-personal_number": HOA, "nop-thay-kinship": "other", "nop-thay-writing": "certified",
        "nop-thay-number": "12/2026", "nop-thay-issued_on": "20/02/2026", "giay.cccd-so_ban": "1",
        "giay.uy_quyen-so_ban": "1", "giay.quan_he_nhan_than-so_ban": "1", "giay.giay_to_giam_ho-so_ban": "1",
    }
    wanting = desk.post(address, typed)
    assert wanting.status_code == 422 and "Văn bản ủy quyền" in text_of(wanting)
    done = desk.post(address, {**typed, "giay.uy_quyen-nhan": "on"})
    assert done.status_code == 302, text_of(done)
    dossier = Dossier.objects.get(state=State.RECEIVED)
    assert dossier.represented_number == HOA and dossier.attachments.filter(component="uy_quyen").exists()


def test_two_clients_of_one_filer_are_no_duplicates(work: Work) -> None:
    work.receive(for_hoa(work))
    own = work.submit_online(at=morning(MONDAY, 9))
    assert dossiers.open_duplicates(own) == []


def test_who_files_at_a_desk_sees_it_at_home(work: Work) -> None:
    dossier = work.file(number=HOA)
    hoa = work.town.who("hoa")
    assert list(queries.own_dossiers(hoa, at=morning(MONDAY))) == [dossier]
    assert not queries.own_dossiers(work.town.who("lan"), at=morning(MONDAY)).exists()


# -- by post


@given(st.integers(0, 99_999_999))
def test_a_wrong_check_figure_is_always_seen(serial: int) -> None:
    figures = f"{serial:08}"
    right = post_rules.check_digit(figures)
    assert post_rules.tracking(f"eb {figures}{right} vn") == f"EB{figures}{right}VN"
    for wrong in set(range(10)) - {right}:
        with pytest.raises(post_rules.BadTracking):
            post_rules.tracking(f"EB{figures}{wrong}VN")


def test_the_check_figure_is_that_of_the_postal_union() -> None:
    assert post_rules.check_digit("47312482") == 9  # the example of the standard: RN 473124829 GB


def test_the_address_is_asked_for_whole_and_stands_on_slip_01(work: Work) -> None:
    with pytest.raises(engine.NoPostalAddress):
        work.file(result_way="buu_chinh")
    for wrong in ({"phone": "12"}, {"name": ""}, {"address": {"as_of": "2026-03-02", "text": "Paris"}}):
        with pytest.raises(Invalid):
            work.file(result_way="buu_chinh", post_to=to(work, **wrong))
    dossier = work.file(result_way="buu_chinh", post_to=to(work))
    entries = dict(slips.slip_data(dossier, queries.slips_of(dossier)[0])["entries"])
    assert entries["Địa chỉ nhận qua bưu chính"].startswith("Nguyễn Thị Lan, 0912345678, Số 5 ngõ 2, ")


def test_from_the_desk_to_the_door_with_one_detour(work: Work) -> None:
    dossier = by_post(work)
    desk, at = work.town.who("desk"), morning(MONDAY, 10)
    assert list(list_of_post.waiting(desk, at)) == [dossier]
    assert list_of_post.number_waiting(actor=desk, at=at) == 1
    assert not list_of_post.waiting(work.town.who("stranger"), at).exists()
    with pytest.raises(rules.GoesByPost):
        operations.return_result(dossier_id=dossier.pk, way="buu_chinh", actor=desk, at=at)
    told = {"dossier_id": dossier.pk, "actor": desk, "at": at}
    with pytest.raises(post_rules.BadTracking):
        post.hand_to_post(**told, tracking_no="EB123456789VN")
    post.hand_to_post(**told, tracking_no="eb 123456785 vn")
    assert not list_of_post.waiting(desk, at).exists() and list(list_of_post.on_the_way(desk, at)) == [dossier]
    with pytest.raises(rules.ResultLeft):
        operations.choose_way(**told, way="tai_quay")
    with pytest.raises(engine.StateConflict):
        post.hand_to_post(**told, tracking_no="EB123456771VN")
    post.mark_returned(**told, reason="Không có người nhận")
    operations.choose_way(**told, way="buu_chinh", post_to=to(work, name="Nguyễn Văn Nam"))
    post.hand_to_post(**told, tracking_no="RR123456785VN")
    post.mark_delivered(**told, received_by="Nguyễn Văn Nam")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.overlay, dossier.returned_at) == (State.RETURNED, "", at)
    assert [(p.state, p.to["name"]) for p in Parcel.objects.order_by("pk")] == [
        ("returned", "Nguyễn Thị Lan"), ("delivered", "Nguyễn Văn Nam")]
    assert [e.action for e in queries.history(dossier)][-4:] == ["hand_to_post", "post_returned", "hand_to_post",
                                                                 "return"]
    sent = set(Notice.objects.filter(dossier_code=dossier.code).values_list("template", flat=True))
    assert {"one_stop.posted", "one_stop.post_returned", "one_stop.returned"} <= sent
    with pytest.raises(post_rules.UnknownParcel):
        post.mark_delivered(**told)


def test_a_number_belongs_to_one_dossier(work: Work) -> None:
    first, second = by_post(work), by_post(work, number="031090000333", name="Trần Văn Bình")
    told = {"actor": work.town.who("desk"), "at": morning(MONDAY, 10), "tracking_no": NUMBER}
    post.hand_to_post(dossier_id=first.pk, **told)
    with pytest.raises(post_rules.TrackingUsed):
        post.hand_to_post(dossier_id=second.pk, **told)


def test_the_list_hands_over_several_and_prints_its_sheet(work: Work) -> None:
    first, second = by_post(work), by_post(work, number="031090000333", name="Trần Văn Bình")
    desk, address = client_of(work, "desk"), reverse("one_stop_shop:postal")
    assert first.code in text_of(desk.get(address))
    page = desk.get(reverse("one_stop_shop:dossier", args=[first.code]))
    large, others = (re.findall(r"viec=(\w+)", part) for part in page.content.decode().split('id="lam"'))
    assert "hand_to_post" in large and "return" not in large and "return" in others
    assert "Chưa nhập số vận đơn nào" in text_of(desk.post(address, {}))
    mixed = desk.post(address, {f"so-{first.pk}": NUMBER, f"so-{second.pk}": "EB123456789VN"})
    page = text_of(mixed)
    assert mixed.status_code == 422 and "không đúng" in page and "EB123456789VN" in page and first.code not in page
    waiting = text_of(desk.get(reverse("one_stop_shop:postal_sheet")))
    assert work.town.commune.name in waiting, "who hands over stands at its head"
    assert second.code in waiting and "Số 5 ngõ 2" in waiting and first.code not in waiting
    handed = text_of(desk.get(reverse("one_stop_shop:postal_sheet"), {"ngay": "02/03/2026"}))
    assert first.code in handed and NUMBER in handed
    under_way = text_of(desk.get(address, {"muc": "dang-chuyen"}))
    assert NUMBER in under_way
    back = act(desk, first, "post_returned", reason="Sai địa chỉ")
    assert back.status_code == 302
    assert "Sai địa chỉ" in text_of(desk.get(address))
    act(desk, first, "hand_to_post", tracking_no="RR123456785VN")
    done = desk.post(reverse("one_stop_shop:post_delivered", args=[first.pk]))
    assert done.status_code == 302 and "RR123456785VN" in text_of(desk.get(address, {"muc": "da-phat"}))
    seen = text_of(desk.get(reverse("one_stop_shop:dossier", args=[first.code])))
    assert "Trả kết quả qua bưu chính" in seen and "chuyển hoàn" in seen


def test_the_resident_chooses_the_post_and_changes_their_mind(work: Work) -> None:
    dossier = work.draft_online()
    lan, at = client_of(work, "lan"), morning(MONDAY, 8)
    operations.save_page(dossier_id=dossier.pk, page="request", actor=work.town.who("lan"), at=at,
                         answers={"name": "Nguyễn Thị Lan", "personal_number": "031192000123"})
    work.scan(dossier, who="lan", at=at)
    check = reverse("one_stop_shop:check", args=[dossier.pk])
    assert "Nguyễn Thị Lan" in text_of(lan.get(check))
    bare = lan.post(check, {"cach_nhan": "buu_chinh", "cam_doan": "on"})
    assert bare.status_code == 422 and "Nhập số nhà" in text_of(bare)
    code = work.town.commune.admin_unit.code
    whole = {"post_to_name": "Nguyễn Thị Lan", "post_to_phone": "0912 345 678", "post_to_address_detail": "Số 5 ngõ 2",
             "post_to_address_unit": code}
    assert lan.post(check, {"cach_nhan": "buu_chinh", "cam_doan": "on", **whole}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.post_to["address"]["unit_code"] == code and dossier.state == State.SUBMITTED
    page = reverse("one_stop_shop:way", args=[dossier.pk])
    assert "Số 5 ngõ 2" in text_of(lan.get(page))
    assert lan.post(page, {"cach_nhan": "tai_quay"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.result_way == "tai_quay"
