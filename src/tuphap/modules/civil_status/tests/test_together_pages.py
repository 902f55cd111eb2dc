"""What a birth with a recognition shows: its form, its dossier, its two acts, and what could not be signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.models import Paper
from tuphap.modules.civil_status.together.forms import PAGES_OF_BOTH
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier

from .test_event_pages import body
from .test_together import TOGETHER, both, decide, papers_of, signed
from .world import AT, World, fail, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with standing_at(AT):
        yield


def test_the_form_asks_for_a_birth_and_a_recognition() -> None:
    assert [page.code for page in PAGES_OF_BOTH] == ["child", "mother", "father", "proof", "declarant", "copies"]
    forms = {page.code: page.form() for page in PAGES_OF_BOTH}
    assert "foundling" not in forms["child"].fields and "recognition" in forms["father"].fields
    assert [code for code, _ in forms["declarant"].fields["relation"].choices] == ["", "father", "mother", "self"]
    for form in forms.values():
        assert form.as_div()


def test_what_the_dossier_shows_before_and_after(world: World, browser: Callable[[str], Client]) -> None:
    dossier = world.dossier(both(world), procedure=TOGETHER)
    shown = "".join(render_to_string(name, {"dossier": dossier}) for name in dossier.handler.panels)
    for told in ("Nội dung khai sinh", "Nội dung nhận cha, mẹ, con", "ADN 12/2026", "Người con", "quan hệ cha – con",
                 "Cha mẹ không đăng ký kết hôn"):
        assert told in shown, told
    [told] = dossiers.essentials([dossier]).values()
    assert ("Cha", "Nguyễn Văn Mạnh") in told
    assert told[-1] == ("Việc nhận con", "Cha nhận con · Văn bản của cơ quan y tế, giám định (ADN): "
                        "ADN 12/2026, Viện Pháp y quốc gia")
    for which in ({}, {"viec": "CMC"}):
        paper = browser("officer").get(reverse("civil_status:preview", args=[dossier.pk]), which)
        assert paper.content.startswith(b"%PDF")
    half = world.dossier({"child": {"name": "Nguyễn"}}, procedure=TOGETHER)
    assert "Tờ khai chưa đủ" in render_to_string("civil_status/panel_recognition.html", {"dossier": half})
    birth, act = decide(world, dossier=dossier)
    fail(papers_of(act)["CMC", "original"].document, reason="Máy ký không trả lời")
    assert "Trích lục đăng ký nhận cha, mẹ, con (bản chính): ký số không thành công." in render_to_string(
        "civil_status/panel_recognition.html", {"dossier": birth.dossier})
    own = render_to_string("civil_status/panel_own_acts.html", {"dossier": birth.dossier})
    assert "Khai sinh, số 01/2026" in own and "Nhận cha, mẹ, con, số 01/2026" in own and "href" not in own


def test_both_acts_lead_to_one_another(world: World, browser: Callable[[str], Client]) -> None:
    birth, act = signed(world)
    client = browser("officer")
    chosen = body(client.get(reverse("civil_status:act_of_dossier", args=[Dossier.objects.get().code])))
    page = body(client.get(birth.get_absolute_url()))
    for told in (chosen, page):
        assert act.get_absolute_url() in told
    assert birth.get_absolute_url() in chosen and "Nguyễn Văn Mạnh nhận Nguyễn Trúc Anh" in chosen
    assert "NGUYỄN VĂN MẠNH" in page and "Việc hộ tịch liên quan" in page
    other = body(client.get(act.get_absolute_url()))
    assert birth.get_absolute_url() in other and "quan hệ cha – con" in other


def test_a_number_that_cannot_be_given_up_is_not_offered(world: World, browser: Callable[[str], Client]) -> None:
    birth, act = decide(world)
    made, client = papers_of(birth, act), browser("chairman")
    address, give_up = reverse("civil_status:failed_signings"), reverse("civil_status:void_act", args=[act.pk])
    fail(made["CMC", "original"].document)
    page = body(client.get(address))
    assert give_up in page and "hủy cả số của việc kia trong cùng hồ sơ" in page
    sign(made["KS", "original"].document)
    page = body(client.get(address))
    assert give_up not in page and "chỉ ký lại số này" in page
    refused = client.post(give_up, {"reason": "Máy ký hỏng"}, follow=True)
    assert "Khai sinh số 01/2026 của cùng hồ sơ đã vào sổ" in body(refused)


def test_the_chairman_reads_which_numbers_were_given_up(world: World, browser: Callable[[str], Client]) -> None:
    birth, act = decide(world)
    for paper in Paper.objects.filter(act__in=[birth.pk, act.pk]).select_related("document"):
        fail(paper.document)
    done = browser("chairman").post(
        reverse("civil_status:void_act", args=[birth.pk]), {"reason": "Máy ký hỏng"}, follow=True)
    assert "Đã hủy số 01/2026 (khai sinh), 01/2026 (nhận cha, mẹ, con)" in body(done)
