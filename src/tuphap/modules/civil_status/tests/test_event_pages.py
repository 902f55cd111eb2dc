"""The pages of marriages, deaths and attestations, and of one person through all acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.models import Act
from tuphap.shared.audit.models import Entry
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers

from .test_events import (
    DEATH,
    GUARDIANSHIP,
    HE,
    MARRIAGE,
    SHE,
    STATUS,
    couple,
    dead,
    decide,
    grandmother,
    registered,
    request,
)
from .world import AT, TODAY, World, fail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(AT):
        yield


def body(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def died_today(world: World) -> dict[str, object]:
    return dead(world, death={"died_on": TODAY.isoformat()})


def test_a_marriages_page_and_its_divorce(world: World, browser: Callable[[str], Client]) -> None:
    act = registered(world, MARRIAGE, couple(world, together={"note": "Đăng ký lưu động"}))
    client = browser("officer")
    page = body(client.get(act.get_absolute_url()))
    for told in ("Đăng ký kết hôn, số 01/2026", "NGUYỄN VĂN CƯỜNG – LÊ THỊ HỒNG", "05/04/1999", "Đăng ký lưu động",
                 "Giấy chứng nhận kết hôn (bản chính)", "Chưa kết hôn lần nào; kết hôn lần thứ 1", "Ký số, vào sổ"):
        assert told in page, told
    refused = client.post(reverse("civil_status:note_divorce", args=[act.pk]), {
        "decision_no": "5/2026", "decided_on": "01/01/2020", "authority": "Tòa án"})
    assert refused.status_code == 422
    assert "Ngày có hiệu lực phải từ ngày đăng ký kết hôn" in body(refused) and "5/2026" in body(refused)
    done = client.post(reverse("civil_status:note_divorce", args=[act.pk]), {
        "decision_no": "5/2026", "decided_on": "09/03/2026", "authority": "Tòa án nhân dân khu vực 1"})
    assert done.status_code == 302
    page = body(client.get(act.get_absolute_url()))
    assert "Đã ly hôn theo bản án, quyết định số 5/2026" in page
    assert reverse("civil_status:note_divorce", args=[act.pk]) not in page, "it is noted once"
    assert browser("stranger").get(act.get_absolute_url()).status_code == 404


def test_books_of_every_kind_with_their_print(world: World, browser: Callable[[str], Client]) -> None:
    registered(world, MARRIAGE, couple(world))
    registered(world, DEATH, died_today(world))
    client = browser("officer")
    assert "Sổ đăng ký kết hôn 2026" in body(client.get(reverse("civil_status:books")))
    names = ("Nguyễn Văn Cường – Lê Thị Hồng", "Nguyễn Văn Cường")
    for act, name in zip(Act.objects.order_by("kind"), names, strict=True):
        page = client.get(reverse("civil_status:book", args=[act.book_id]))
        assert name in body(page)
        assert name not in body(client.get(reverse("civil_status:book", args=[act.book_id]), {"ten": "khong ai"}))
        printed = body(client.get(reverse("civil_status:print_book", args=[act.book_id])))
        assert "NGUYỄN VĂN CƯỜNG" in printed and act.signer_name in printed
    opened = client.post(reverse("civil_status:open_book"), {
        "unit": world.here.pk, "kind": "HN", "year": 2026, "first_number": 40})
    assert opened.status_code == 302
    assert registered(world, STATUS, request(world, request={"status": "widowed"})).display_number == "40/2026"


def test_what_a_dossier_shows_before_and_after(world: World, browser: Callable[[str], Client]) -> None:
    dossier = world.dossier(couple(world), procedure=MARRIAGE)
    panel = render_to_string("civil_status/panel_event.html", {"dossier": dossier})
    assert "NGUYỄN VĂN CƯỜNG" in panel and "Vợ" in panel
    address = reverse("civil_status:preview", args=[dossier.pk])
    preview = browser("officer").get(address)
    assert preview["Content-Type"] == "application/pdf" and preview.content.startswith(b"%PDF")
    assert browser("stranger").get(address).status_code == 404
    half = world.dossier({"husband": {"name": "Nguyễn"}}, procedure=MARRIAGE)
    assert "Tờ khai chưa đủ" in render_to_string("civil_status/panel_event.html", {"dossier": half})
    act = decide(world, DEATH, died_today(world))
    fail(act.papers.get().document, reason="Máy ký không trả lời")
    assert act.dossier is not None
    told = render_to_string("civil_status/panel_event.html", {"dossier": act.dossier})
    assert "Trích lục khai tử (bản chính): ký số không thành công." in told and "01/2026" in told


def test_a_leader_sees_who_before_deciding(world: World) -> None:
    dossier = world.dossier(couple(world), procedure=MARRIAGE)
    [told] = dossiers.essentials([dossier]).values()
    assert ("Đăng ký kết hôn", "Nguyễn Văn Cường – Lê Thị Hồng") in told


def test_a_person_by_number(world: World, browser: Callable[[str], Client]) -> None:
    registered(world, MARRIAGE, couple(world))
    registered(world, DEATH, died_today(world))
    client, address = browser("officer"), reverse("civil_status:person")
    assert "LÊ THỊ HỒNG" not in body(client.get(address))
    without = client.post(address, {"personal_number": SHE, "purpose": ""})
    assert without.status_code == 422 and "LÊ THỊ HỒNG" not in body(without) and SHE in body(without)
    page = body(client.post(address, {"personal_number": SHE, "purpose": "Xác minh"}))
    for told in ("LÊ THỊ HỒNG", "2 việc hộ tịch", "Bên nữ", "Người đi khai", "đăng ký khai tử số 01/2026",
                 "Vợ hoặc chồng đã chết"):
        assert told in page, told
    his = body(client.post(address, {"personal_number": HE, "purpose": "Xác minh"}))
    assert "Đã khai tử" in his and "Chết ngày" in his
    assert "chưa có việc nào" in body(client.post(address, {"personal_number": "031199000000", "purpose": "Xác minh"}))
    assert Entry.objects.filter(facts__what="civil_status.person").count() == 5
    assert browser("bank").post(address, {"personal_number": SHE, "purpose": "Xác minh"}).status_code == 403


def test_every_template_renders_what_it_is_made_for(world: World) -> None:
    for procedure, answers in (
        (DEATH, died_today(world)), (STATUS, request(world, request={"status": "widowed"})),
        (GUARDIANSHIP, grandmother(world)),
    ):
        act = registered(world, procedure, answers)
        document = act.papers.get().document
        assert documents.render(document.template, document.data, on=TODAY).startswith(b"%PDF")


def test_the_search_finds_acts_of_every_kind(world: World, browser: Callable[[str], Client]) -> None:
    registered(world, MARRIAGE, couple(world))
    registered(world, DEATH, dead(world, death={"died_on": "2026-03-09"}))
    client = browser("officer")
    for asked, wanted in (
        ({"text": "nguyen van cuong"}, 2), ({"text": "cuong", "kind": "KH"}, 1), ({"text": "hong", "role": "wife"}, 1),
        ({"born_on": "09/03/2026"}, 1), ({"born_on": "2026", "kind": "KT"}, 1), ({"number": "1/2026"}, 2),
        ({"text": "cuong", "kind": "KS"}, 0),
    ):
        page = client.get(reverse("civil_status:search"), {**asked, "purpose": "Cấp bản sao"}).content.decode()
        assert f"{wanted} việc hộ tịch" in page, asked
