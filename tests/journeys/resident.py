"""What a resident does on the portal: log in, find, declare page by page, attach, send, follow, answer."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journeys.papers import read_qr
from tests.journeys.town import OFFICE, PROCEDURE, WARD, Page, scan
from tests.journeys.visitor import Visitor, expect

from tuphap.sample.families import Person


def find_procedure(visitor: Visitor) -> None:
    """From the front page, in a resident's own words, to whether they may."""
    visitor.go("/", look="trang-chu")
    visitor.page.get_by_role("searchbox").fill("làm giấy khai sinh cho con")
    visitor.click("Tìm", within="form[role=search]", look="tim")
    visitor.click("Đăng ký khai sinh", role="link", within="main", look="thu-tuc")
    visitor.reads(PROCEDURE, "Giấy tờ cần có", "Phí, lệ phí")
    visitor.click("Nộp trực tuyến", role="link", look="nop")
    visitor.reads("Ông/bà có nộp được không?", "Đăng nhập bằng tài khoản định danh điện tử VNeID")


def log_in_to_file(visitor: Visitor, person: Person) -> None:
    """From the procedure to whether one may file it, by way of the login."""
    visitor.click("Đăng nhập để nộp", role="link", look="dang-nhap")
    log_in(visitor, person)
    visitor.look("nop-duoc")
    visitor.reads("Đã đăng nhập", person.name, "Tài khoản định danh mức độ 2.")


def log_in(visitor: Visitor, person: Person) -> None:
    """From the login page by the identity provider's own pages, and back to where one was."""
    visitor.click("Đăng nhập bằng VNeID", role="link")
    assert not visitor.page.url.startswith(visitor.url), "the provider's page is on the provider's server"
    visitor.page.get_by_label("Tìm theo tên hoặc số").fill(person.personal_number)
    visitor.click("Tìm")
    visitor.click(person.name)
    assert visitor.page.url.startswith(visitor.url)


def begin(visitor: Visitor) -> None:
    visitor.page.locator('main [name="noi"]').select_option(label=OFFICE)
    visitor.click("Bắt đầu khai", look="child")


def choose_ward(visitor: Visitor, name: str) -> None:
    """Type a few letters of the ward and take what is suggested."""
    box = visitor.page.locator(f'main [name="{name}"]')
    box.clear()
    box.press_sequentially("phường hải an")
    suggested = visitor.page.locator(f"datalist#{box.get_attribute('list')} option", has_text="").first
    expect(suggested).to_have_attribute("value", f"{WARD}, Thành phố Hải Phòng (11413)")
    box.fill(str(suggested.get_attribute("value")))


def declare(visitor: Visitor, typed: Mapping[str, Page], *, with_a_mistake: bool = False) -> None:
    """Every page in turn. The mistake: a mother's number with a digit too few."""
    for page, values in typed.items():
        expect(visitor.page.locator("main")).to_contain_text("Lưu và tiếp tục")
        if with_a_mistake and page == "mother":
            _err(visitor, values)
        visitor.fill(values)
        if with_a_mistake and page == "child":
            choose_ward(visitor, "place_unit")
        visitor.click("Lưu và tiếp tục", look=f"sau-{page}")


def _err(visitor: Visitor, values: Page) -> None:
    visitor.fill({**values, "personal_number": values["personal_number"][:-1]})
    visitor.click("Lưu và tiếp tục", look="loi")
    assert visitor.page.evaluate("() => document.activeElement.id") == "error-summary"
    box = visitor.page.locator('main [name="personal_number"]')
    expect(box).to_have_value(values["personal_number"][:-1])
    expect(box).to_have_attribute("aria-invalid", "true")
    described = str(box.get_attribute("aria-describedby")).split()
    beside = " ".join(visitor.page.locator(f"#{one}").inner_text() for one in described)
    assert "12 chữ số" in beside
    expect(visitor.page.locator('main [name="name"]')).to_have_value(values["name"])
    visitor.page.locator("#error-summary a").first.click()
    expect(box).to_be_focused()


def attach(visitor: Visitor, name: str = "giay-chung-sinh.pdf") -> None:
    """The first paper that is asked for, taken with a telephone."""
    visitor.page.locator('main input[type="file"]').first.set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": scan(name)}
    )
    visitor.click("Tải lên", look="giay-to")
    visitor.reads(name)


def send(visitor: Visitor, typed: Mapping[str, Page]) -> str:
    """Read everything once more, give one's word, send; the code of the submission."""
    visitor.click("Tiếp tục", role="link", within="main", look="kiem-tra")
    for values in typed.values():
        visitor.reads(str(values.get("name", "")))
    visitor.click("Nộp hồ sơ", look="chua-cam-doan")
    visitor.reads("Đánh dấu để xác nhận lời cam đoan.")
    visitor.fill({"cach_nhan": "truc_tuyen", "cam_doan": True})
    visitor.click("Nộp hồ sơ", look="da-gui")
    visitor.reads("Hồ sơ đã được gửi")
    return visitor.page.locator(".big-code").inner_text()


def tracking_address(visitor: Visitor) -> str:
    """What the QR code on the page that says "sent" leads to, read as a telephone's camera would."""
    return read_qr(visitor.page.locator("main .qr").first.screenshot())


def follow(visitor: Visitor, address: str, phone: str, *, says: str) -> None:
    """Without logging in: the code from the QR code and the last digits of the telephone; nothing of the content."""
    visitor.go(address, look="tra-cuu")
    visitor.fill({"dien_thoai": "0000" if phone[-4:] != "0000" else "1111"})
    visitor.click("Tra cứu", within="main", look="tra-cuu-khong-thay")
    visitor.reads("Không có hồ sơ nào khớp cả mã và số điện thoại.")
    visitor.fill({"dien_thoai": phone[-4:]})
    visitor.click("Tra cứu", within="main", look="tra-cuu-thay")
    visitor.reads(says)


def open_own(visitor: Visitor, reference: str, person: Person) -> None:
    """From a notice to one's own dossier, by way of the login."""
    visitor.go("/dang-nhap/?next=/ho-so-cua-toi/")
    log_in(visitor, person)
    visitor.look("ho-so-cua-toi")
    visitor.click(reference, role="link", within="main", look="ho-so")


def answer_supplement(visitor: Visitor, *, asked: str, file: str) -> None:
    """Read what is wanted, add it, send it."""
    visitor.reads("Cơ quan yêu cầu bổ sung", asked)
    visitor.click("Bổ sung giấy tờ", role="link", look="bo-sung")
    attach(visitor, file)
    visitor.click("Tiếp tục", role="link", within="main", look="kiem-tra-bo-sung")
    visitor.fill({"loi_nhan": "Tôi gửi bản chụp rõ hơn."})
    visitor.click("Gửi bổ sung", look="da-bo-sung")
    visitor.reads("Hồ sơ đã được gửi")


def result_line(visitor: Visitor, label: str) -> str:
    """What one's own dossier says of its result under this label."""
    lines = visitor.page.locator("section[aria-labelledby=ket-qua] dl > div")
    line = lines.filter(has=visitor.page.get_by_text(label, exact=True))
    return line.locator("dd").inner_text()
