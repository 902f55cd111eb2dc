"""What the slips say, taken from the entry of the log that issued them: printed today or in ten years, the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tuphap.kernel.clock import localtime
from tuphap.kernel.qr import qr_svg
from tuphap.shared.documents.api import DocumentTemplate
from tuphap.shared.dossiers.api import REFUSAL_REASONS, Dossier, Event, Level

from .rules import FORM_TITLES, SLIPS, Form

_SOURCES = {"file": "Bản điện tử", "paper": "Bản giấy", "store": "Bản điện tử từ kho kết quả"}
_BY_HAND = "(Ký, ghi rõ họ tên)"
_BY_HEAD = "(Ký, ghi rõ họ tên, đóng dấu)"


def tracking_url(dossier: Dossier) -> str:
    """The address behind the QR code of a slip: the tracking page with the code filled in, and no personal data."""
    return f"{settings.PUBLIC_URL}/tra-cuu/?ma={dossier.reference}"


def tracking_qr(dossier: Dossier) -> str:
    """The QR code of :func:`tracking_url` as SVG."""
    return qr_svg(tracking_url(dossier))


def slip_data(dossier: Dossier, event: Event) -> dict[str, Any]:
    """The facts of one slip, for its template and for the page that prints it."""
    form = Form(event.form)
    data = _common(dossier, event, form)
    data |= {
        Form.RECEIPT: _receipt, Form.SUPPLEMENT: _supplement, Form.REFUSAL: _refusal, Form.APOLOGY: _apology,
        Form.STOPPED: _stopped,
    }[form](dossier, event)
    return data


def _common(dossier: Dossier, event: Event, form: Form) -> dict[str, Any]:
    day = localtime(event.at)
    return {
        "form": str(form), "title": FORM_TITLES[form], "code": dossier.reference, "agency": event.unit.name,
        "place_date": f"Ngày {day:%d} tháng {day:%m} năm {day:%Y}", "qr": tracking_qr(dossier),
        "address": settings.PUBLIC_URL.split("://")[-1] + "/tra-cuu", "intro": "", "rows": [], "rows_title": "",
        "items": [], "items_title": "", "closing": "", "left_title": "Người nộp hồ sơ",
        "left_name": dossier.applicant_name, "right_title": "Người tiếp nhận hồ sơ", "right_name": event.actor_name,
        "right_how": _BY_HAND, "sent_to": [],
    }


def _who(dossier: Dossier) -> list[list[str]]:
    applicant = dossier.applicant
    return [
        ["Họ tên người nộp", dossier.applicant_name], ["Địa chỉ", applicant.get("address", "")],
        ["Số điện thoại", dossier.applicant_phone], ["Thư điện tử", applicant.get("email", "")],
        ["Nội dung yêu cầu giải quyết", dossier.procedure.name],
        ["Mã của Cổng Dịch vụ công quốc gia", dossier.external_code],
    ]


def _for_whom(event: Event) -> list[list[str]]:
    """For whom it was filed, as it stood at the receipt; the number shows its last digits, slips lie about."""
    told = event.facts.get("represents")
    if not told:
        return []
    number = f", số định danh {masked(told['number'])}" if told["number"] else ""
    return [
        ["Nộp thay cho", f"{told['name']}{number}"],
        ["Tư cách, quan hệ", f"{told['kind']} ({told['kinship'].lower()})"], ["Căn cứ", told["paper"]],
    ]


def masked(number: str) -> str:
    """A personal number of which the last four digits are shown."""
    return "•" * (len(number) - 4) + number[-4:]


def _receipt(dossier: Dossier, event: Event) -> dict[str, Any]:
    fee = f"{dossier.fee_amount:,} đồng".replace(",", ".") if dossier.fee_amount else "Không"
    return {
        "intro": f"{event.unit.name} tiếp nhận hồ sơ của:",
        "entries": [
            *_who(dossier), *_for_whom(event),
            ["Thời hạn giải quyết theo quy định", dossier.procedure.limit_text],
            ["Tiếp nhận hồ sơ lúc", moment(event.at)],
            ["Hẹn trả kết quả lúc", moment(event.due_after)],
            ["Đăng ký nhận kết quả", dossier.get_result_way_display()],
            ["Địa chỉ nhận qua bưu chính", event.facts.get("post_to", "")],
            ["Phí, lệ phí", fee], ["Biên lai số", dossier.fee_receipt_no or "Không"],
        ],
        "rows_title": "Thành phần hồ sơ đã nhận",
        "rows": [
            {"name": p["name"], "kind": "Bản chính" if p["original"] else _SOURCES[p["source"]], "copies": p["copies"]}
            for p in event.facts.get("papers", [])
        ],
    }


def _supplement(dossier: Dossier, event: Event) -> dict[str, Any]:
    answer_by = event.facts.get("answer_by")
    until = moment(datetime.fromisoformat(answer_by)) if answer_by else ""
    return {
        "entries": _who(dossier), "items_title": "Yêu cầu ông/bà bổ sung, hoàn thiện những nội dung sau",
        "items": event.reasons,
        "closing": f"Đề nghị ông/bà bổ sung, hoàn thiện hồ sơ trước {until}. {event.note}".strip(),
    }


def _refusal(dossier: Dossier, event: Event) -> dict[str, Any]:
    return {
        "entries": [*_who(dossier), ["Lý do", REFUSAL_REASONS.get(event.facts.get("reason_code", ""), "")],
                    ["Nội dung cụ thể", event.note]],
        "closing": "Cơ quan không tiếp nhận, giải quyết hồ sơ với lý do nêu trên và thông báo để ông/bà được biết.",
    }


def _apology(dossier: Dossier, event: Event) -> dict[str, Any]:
    """Signed by the head of the office: by name where the head extended it, else left for whoever signs."""
    return {
        "intro": f"{event.unit.name} xin lỗi ông/bà vì chưa giải quyết xong hồ sơ theo thời hạn đã hẹn.",
        "entries": [
            *_who(dossier), ["Tiếp nhận hồ sơ lúc", moment(dossier.received_at)],
            ["Hẹn trả kết quả ban đầu", moment(event.due_before)], ["Lý do", event.note],
            ["Hẹn trả kết quả mới", moment(event.due_after)],
        ],
        "closing": f"{event.unit.name} đề nghị gia hạn thời gian trả kết quả đến thời điểm nêu trên và mong ông/bà "
        "thông cảm vì sự chậm trễ này.",
        "left_title": "", "left_name": "", "sent_to": [dossier.applicant_name, "Lưu hồ sơ"],
        "right_title": "Thủ trưởng cơ quan", "right_how": _BY_HEAD,
        "right_name": event.actor_name if event.level == Level.LEADER else "",
    }


def _stopped(dossier: Dossier, event: Event) -> dict[str, Any]:
    return {
        "entries": [
            *_who(dossier), ["Tiếp nhận lúc", moment(dossier.received_at)], ["Lý do dừng giải quyết", event.note],
        ],
        "closing": "Ông/bà liên hệ Bộ phận Một cửa để nhận lại giấy tờ đã nộp và khoản phí, lệ phí được hoàn trả "
        "(nếu có).",
    }


def moment(at: datetime | None) -> str:
    """An instant as slips tell it."""
    return f"{localtime(at):%H giờ %M phút, ngày %d/%m/%Y}" if at else ""


def template_code(form: Form) -> str:
    return f"one_stop_shop.slip_{form}"


# TT 03/2025/TT-VPCP gives the forms from 15/09/2025; those of TT 01/2018/TT-VPCP before it say the same in substance.
FORMS_FROM = date(2018, 11, 23)
_SAMPLE: dict[str, Any] = {
    "code": "H31.15-260804-0001", "agency": "Ủy ban nhân dân phường Hải An", "address": "dichvucong.example/tra-cuu",
    "place_date": "Ngày 04 tháng 8 năm 2026", "qr": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "intro": "Ủy ban nhân dân phường Hải An tiếp nhận hồ sơ của:",
    "entries": [["Họ tên người nộp", "Nguyễn Thị Lan"], ["Địa chỉ", ""], ["Nội dung yêu cầu", "Đăng ký khai sinh"]],
    "rows_title": "Thành phần hồ sơ đã nhận", "rows": [{"name": "Giấy chứng sinh", "kind": "Bản chính", "copies": 1}],
    "items_title": "Nội dung cần bổ sung", "items": ["Chữ ký của người làm chứng"],
    "closing": "Đề nghị ông/bà bổ sung trước 03/09/2026.", "left_title": "Người nộp hồ sơ",
    "left_name": "Nguyễn Thị Lan", "right_title": "Người tiếp nhận hồ sơ", "right_name": "Trần Văn Minh",
    "right_how": _BY_HAND, "sent_to": [],
}
TEMPLATES = tuple(
    DocumentTemplate(
        code=template_code(form), title=FORM_TITLES[form], version="2025", valid_from=FORMS_FROM,
        source=Path(__file__).parent / "papers" / "slip.typ",
        sample={**_SAMPLE, "form": str(form), "title": FORM_TITLES[form]},
    )
    for form in SLIPS
)
