"""A birth from the resident's first words to the bank's counter, through every role, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tuphap.runtime.simulators import ca
from tuphap.shared.documents.tests import outside, tampering
from tuphap.shared.documents.tests.outside import BROKEN, TRUSTED, VALID

from . import holders, overseers, resident, staff
from .holders import Bank, Lines
from .papers import printed, read_qr, signer_serial
from .town import OFFICE, OFFICE_SHORT, pages, scan
from .visitor import PHONE, expect

if TYPE_CHECKING:
    from tuphap.sample.families import Birth

    from .town import Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.xdist_group("platform")]
PASSED, FAILED = "TOTAL-PASSED", "TOTAL-FAILED"
GOOD = Lines("same", (PASSED, PASSED), "in_force")
WANTED = "Chụp lại giấy chứng sinh cho rõ cả bốn góc"
ANSWERED = "Đã đối chiếu bản chính giấy chứng nhận kết hôn."


@dataclass(slots=True)
class Story:
    """Who takes part, each at a browser of their own, and what they have in hand so far."""

    visit: Callable[..., Visitor]
    town: Town
    birth: Birth
    submission: str = ""
    code: str = ""
    number: str = ""
    slip: bytes = b""
    paper: bytes = b""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def father(self) -> str:
        return self.birth.father.name

    def come_in(self, who: str, title: str, *, look_for: str = "Hải An", **asked: object) -> Visitor:
        visitor = self.visit(who, **asked)
        staff.step_in(visitor, title, look_for=look_for)
        self.names[who] = staff.name_of(visitor)
        return visitor


def test_a_birth_from_declaration_to_the_bank(visit: Callable[..., Visitor], town: Town, tmp_path: Path) -> None:
    story = Story(visit, town, town.birth())
    director = story.come_in("giam-doc", "Giám đốc Sở Tư pháp", look_for="Sở Tư pháp")
    before = overseers.figures(director)

    home = declare(story)
    clerk = story.come_in("tiep-nhan", staff.POSTS["receiver"])
    phone = supplement(story, home, clerk)
    receive(story, clerk)
    administrator = story.come_in("quan-tri", "Quản trị hệ thống", look_for="Sở Tư pháp")
    officer = first_login(story, administrator)
    chairman = story.come_in("chu-tich", staff.POSTS["chairman"], window=PHONE)
    propose(story, officer, chairman)
    signed_after = datetime.now(UTC)
    sign(story, chairman)
    hand_out(story, clerk, phone)

    if not outside.MISSING:
        judge_by_other_tools(story, tmp_path)
    bank = check_everywhere(story, administrator, tmp_path)
    count(story, director, before)
    inspect(story)
    revoke_the_signer(story, bank, tmp_path, at=signed_after - timedelta(minutes=1))
    if outside.MISSING:
        pytest.skip(f"everything was seen but what other tools say of the paper: {', '.join(outside.MISSING)}")


@pytest.mark.full  # in every run: test_counter.py, where the leader signs five at once on a telephone
def test_several_births_signed_at_once(visit: Callable[..., Visitor], town: Town) -> None:
    """One taken in at the counter, two by a program; the deputy signs all three with one word and sees each done."""
    clerk, officer, deputy = visit("quay"), visit("can-bo"), visit("pho-chu-tich")
    staff.step_in(clerk, staff.POSTS["receiver"])
    officer_id = staff.step_in(officer, staff.POSTS["officer"])
    staff.step_in(deputy, staff.POSTS["deputy"])
    codes = [staff.take_in_at_counter(clerk, town.birth())]
    unit = staff.api(clerk)("GET", f"/dossiers/{codes[0]}")["receiving_unit"]
    codes += [staff.take_in(clerk, town.birth(), unit=unit, today=town.today) for _ in range(2)]
    for code in codes:
        staff.put_before_leader(code, clerk=clerk, officer=officer, officer_id=officer_id)

    deputy.go("/mot-cua/ky/", look="cho-ky")
    deputy.click("Phê duyệt và ký", within="main", look="chua-chon")
    deputy.reads("Chưa chọn hồ sơ nào")
    for code in codes:
        deputy.page.get_by_label(f"Chọn hồ sơ {code}").check()
    deputy.reads("Phê duyệt và ký (3)")
    deputy.click("Phê duyệt và ký (3)", within="main", look="dang-ky")
    expect(deputy.page.locator("#ket-qua-ky")).to_contain_text("3 trong 3 hồ sơ đã ký xong", timeout=180_000)
    deputy.look("ky-xong")
    name = staff.name_of(deputy)
    for code in codes:
        assert staff.api(officer)("GET", f"/dossiers/{code}")["result"]["signer"] == name
    deputy.go("/mot-cua/ky/", look="het-viec-ky")
    assert not any(deputy.page.get_by_label(f"Chọn hồ sơ {code}").count() for code in codes)


@pytest.mark.full  # the whole path walks the same pages at both widths
def test_a_birth_declared_on_a_telephone(visit: Callable[..., Visitor], town: Town) -> None:
    birth = town.birth()
    typed = pages(birth, marriage="31/2020")
    father = visit("dien-thoai", window=PHONE)
    resident.find_procedure(father)
    resident.log_in_to_file(father, birth.father)
    resident.begin(father)
    resident.declare(father, typed, with_a_mistake=True)
    resident.attach(father)
    resident.send(father, typed)


def declare(story: Story) -> Visitor:
    """The father finds the procedure and declares at home; a mistake is told where he made it."""
    typed = pages(story.birth)
    home = story.visit("cong-dan")
    resident.find_procedure(home)
    resident.log_in_to_file(home, story.birth.father)
    resident.begin(home)
    resident.declare(home, typed, with_a_mistake=True)
    resident.attach(home)
    story.submission = resident.send(home, typed)
    return home


def supplement(story: Story, home: Visitor, clerk: Visitor) -> Visitor:
    """The clerk wants a better picture; the father hears of it at once, and answers with his telephone."""
    clerk.go("/mot-cua/", look="viec-cua-toi")
    clerk.click(story.submission, role="link", within="main", look="ho-so-moi")
    clerk.reads(story.father, story.birth.child_name)
    assert clerk.fetch(clerk.page.get_by_role("link", name="giay-chung-sinh.pdf")) == scan("giay-chung-sinh.pdf")
    notices = home.hear()
    staff.do(clerk, "Yêu cầu bổ sung", says="Đã gửi yêu cầu bổ sung", look="yeu-cau-bo-sung", reasons=WANTED)
    home.hears_of(notices + 1)
    phone = story.visit("cong-dan-dt", window=PHONE)
    resident.follow(phone, resident.tracking_address(home), story.birth.father.phone, says="Chờ bổ sung")
    resident.open_own(phone, story.submission, story.birth.father)
    resident.answer_supplement(phone, asked=WANTED, file="giay-chung-sinh-ro.pdf")
    return phone


def receive(story: Story, clerk: Visitor) -> None:
    """The clerk receives it, has the slip to print, and hands the dossier to the officer."""
    staff.open_dossier(clerk, story.submission)
    clerk.reads("giay-chung-sinh-ro.pdf")
    staff.do(clerk, "Tiếp nhận", says="Đã tiếp nhận hồ sơ.", look="tiep-nhan")
    story.code = staff.code_on(clerk)
    story.slip = staff.slip(clerk, "01")
    clerk.reads(story.father, "Thành phần hồ sơ đã nhận")
    assert read_qr(clerk.page.locator(".qr").screenshot()) == f"{clerk.url}/tra-cuu/?ma={story.code}"
    staff.open_dossier(clerk, story.code)
    staff.do(clerk, "Phân công", says="Đã phân công.", look="phan-cong")


def first_login(story: Story, administrator: Visitor) -> Visitor:
    """The officer's first day: a password from the administrator, an authenticator, a password of their own."""
    username, password = staff.given_password(administrator, staff.POSTS["officer"], look_for=OFFICE)
    officer = story.visit("ho-tich")
    staff.log_in(officer, username, password, own="mua-xuan-nam-nay-ve-som-1")
    story.names["ho-tich"] = staff.name_of(officer)
    return officer


def propose(story: Story, officer: Visitor, chairman: Visitor) -> None:
    """The officer answers for the warning; the chairman's list, open on his telephone, says by itself what came."""
    officer.go("/mot-cua/", look="viec-cua-toi")
    officer.click(story.code, role="link", within="main", look="ho-so")
    officer.reads("Cha mẹ khai đã kết hôn nhưng chưa ghi số, nơi đăng ký kết hôn")
    assert officer.fetch(officer.page.get_by_role("link", name="Xem trước giấy khai sinh")).startswith(b"%PDF-")
    staff.do(officer, "Bắt đầu giải quyết", says="Đã bắt đầu giải quyết.", look="bat-dau")
    chairman.go("/mot-cua/ky/", look="cho-ky")
    chairman.hear()
    officer.click("Trình lãnh đạo", role="link", exact=True, look="trinh")
    officer.click("Trình lãnh đạo", within="#viec", look="trinh-thieu-ly-do")
    officer.reads("Nêu lý do vẫn trình lãnh đạo dù có cảnh báo này.")
    officer.fill({"canh_bao_0": ANSWERED})
    officer.click("Trình lãnh đạo", within="#viec", look="da-trinh")
    officer.reads("Đã trình lãnh đạo.")
    expect(chairman.page.locator("[data-fresh]")).to_be_visible()


def sign(story: Story, chairman: Visitor) -> None:
    """He reads, approves and signs; the page goes on by itself when the signer has done its work."""
    chairman.click("Tải lại", role="link", within="main", look="cho-ky-moi")
    chairman.click(story.code, role="link", within="main", look="truoc-khi-ky")
    chairman.reads(ANSWERED, story.birth.child_name, "Chờ phê duyệt")
    staff.do(chairman, "Phê duyệt và ký", says="Đã phê duyệt, hệ thống đang ký số.", look="phe-duyet")
    expect(chairman.page.locator("main")).to_contain_text("Giấy tờ đã ký", timeout=60_000)
    chairman.look("da-ky")
    chairman.reads("Đã có kết quả")


def hand_out(story: Story, clerk: Visitor, phone: Visitor) -> None:
    """The clerk prints the paper and hands it out; the father has the same on his telephone, byte for byte."""
    staff.open_dossier(clerk, story.code, look="co-ket-qua")
    handed = clerk.fetch(clerk.page.get_by_role("link", name="Giấy khai sinh (bản chính)", exact=True))
    staff.do(clerk, "Trả kết quả", says="Đã trả kết quả.", look="tra-ket-qua", received_by=story.father)
    clerk.click("Phiếu kiểm soát (mẫu 06)", role="link", look="mau-06")
    clerk.reads(story.code, story.names["ho-tich"], story.names["chu-tich"])
    resident.follow(phone, f"/tra-cuu/?ma={story.code}", story.birth.father.phone, says="Đã trả kết quả")
    phone.go("/ho-so-cua-toi/", look="ho-so-cua-toi-xong")
    phone.click(story.code, role="link", within="main", look="ho-so-xong")
    phone.reads("Đã có kết quả", story.names["chu-tich"])
    story.paper = phone.fetch(phone.page.get_by_role("link", name="Giấy khai sinh (bản chính)"))
    assert story.paper == handed
    story.number = resident.result_line(phone, "Số")


def judge_by_other_tools(story: Story, folder: Path) -> None:
    """A camera reads the printed slip back to the tracking page; pdfsig trusts both signatures."""
    assert read_qr(printed(story.slip, folder=folder)) == f"{story.town.platform.url}/tra-cuu/?ma={story.code}"
    roots = outside.trust_sample(story.town.platform.home / "trust", folder=holders.empty(folder / "nss"))
    for name, content, said in (
        ("good", story.paper, ((VALID, TRUSTED, False), (VALID, TRUSTED, True))),
        ("altered", tampering.with_byte_changed(story.paper), ((BROKEN, "", False), (BROKEN, "", True))),
        ("enlarged", tampering.with_page_added(story.paper), ((VALID, TRUSTED, False), (VALID, TRUSTED, False))),
    ):
        assert outside.pdfsig(holders.kept(folder / f"{name}.pdf", content), roots) == said, name


def check_everywhere(story: Story, administrator: Visitor, folder: Path) -> Bank:
    """The public page, the terminal and the bank's program say the same of the paper, and of what was made of it."""
    platform = story.town.platform
    altered, enlarged = tampering.with_byte_changed(story.paper), tampering.with_page_added(story.paper)
    counter = story.visit("ngan-hang")
    address = read_qr(printed(story.paper, folder=folder)) if not outside.MISSING else ""
    if address:
        code = holders.check_code(counter, address, number=story.number)
        holders.check_typed_code(counter, code, issued_on=f"{story.town.today:%d/%m/%Y}")
    assert holders.check_file(counter, "giay.pdf", story.paper, issued=True) == GOOD
    assert holders.check_file(counter, "sua.pdf", altered, issued=False) == Lines(
        "altered", (FAILED, FAILED), "in_force")
    assert holders.check_file(counter, "them.pdf", enlarged, issued=False) == Lines(
        "added", (PASSED, PASSED), "in_force")

    for content, good, words in (
        (story.paper, True, "Nội dung: Đúng nguyên văn"), (altered, False, "Nội dung: Nội dung đã bị thay đổi"),
        (enlarged, False, "Nội dung: Phần đã ký còn nguyên vẹn, nhưng tệp có nội dung được thêm vào"),
    ):
        told = platform.command("verify", str(holders.kept(folder / "held.pdf", content)), check=False)
        assert (told.returncode, words in told.stdout) == (0 if good else 1, True), told.stdout + told.stderr

    bank = Bank(counter.url, overseers.new_token(
        administrator, "Ngân hàng Bạch Đằng (mẫu)", "civil_status.act.check", today=story.town.today))
    asked = {"number": story.number, "born_on": story.birth.born_on.isoformat(), "purpose": "Mở tài khoản cho trẻ em"}
    assert bank.check(name=story.birth.child_name, **asked) == {"matches": True, "state": "registered"}
    assert bank.check(name=story.birth.mother.name, **asked) == {"matches": False, "state": ""}
    assert [line["signer"] for line in bank.verify(story.paper)["signatures"]] == [story.names["chu-tich"], OFFICE]
    assert {line["reason"] for line in bank.verify(altered)["signatures"]} == {"HASH_FAILURE"}
    assert bank.browse().status_code == 403
    return bank


def count(story: Story, director: Visitor, before: dict[str, int]) -> None:
    """One more received, one more resolved; the number opens a list, and the list this dossier."""
    after = overseers.figures(director)
    assert after == {name: number + 1 for name, number in before.items()}
    overseers.drill(director, "Đã giải quyết", office=OFFICE_SHORT, reference=story.code)
    director.reads(story.birth.child_name)


def inspect(story: Story) -> None:
    """The log tells who did what, and why the bank was refused."""
    inspector = story.come_in("thanh-tra", "Chánh Thanh tra", look_for="Sở Tư pháp")
    for who, event in (
        ("tiep-nhan", "dossiers.receive"), ("ho-tich", "dossiers.propose"), ("chu-tich", "dossiers.approve"),
        ("tiep-nhan", "dossiers.return"), ("quan-tri", "administration.token_issued"),
        ("ho-tich", "accounts.second_factor_enrolled"),
    ):
        assert event in overseers.read_log(inspector, who=story.names[who], event=event), (who, event)
    assert "Mở tài khoản cho trẻ em" in overseers.read_log(inspector, who="Ngân hàng", event="record.read")
    denied = overseers.read_log(inspector, who="Ngân hàng", denials=True, look="nhat-ky-tu-choi")
    assert "Bị từ chối" in denied


def revoke_the_signer(story: Story, bank: Bank, folder: Path, *, at: datetime) -> None:
    """The authority says that his key was stolen before he signed: the paper is as it was, the signature is not."""
    platform = story.town.platform
    revoked = ("revoke", str(signer_serial(story.paper)), "--at", at.isoformat())
    assert ca.main(["--address", platform.authority_url, *revoked]) == 0
    counter = story.visit("ngan-hang-sau")
    assert holders.check_file(counter, "giay.pdf", story.paper, issued=True) == Lines(
        "same", (FAILED, PASSED), "in_force")
    counter.reads("Đúng nguyên văn", "Không hợp lệ")
    assert [line["reason"] for line in bank.verify(story.paper)["signatures"]] == ["REVOKED", ""]
    told = platform.command("verify", str(holders.kept(folder / "held.pdf", story.paper)), check=False)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "Nội dung: Đúng nguyên văn" in told.stdout
