"""What is sent where something must be sent: sound, so that only the caller's rights can be at fault."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tuphap.kernel.clock import localdate, now
from tuphap.modules.civil_status.tests.paper import BIRTH
from tuphap.modules.digitisation.tests.shelf import scan_of
from tuphap.modules.one_stop_shop.tests.steps import PICTURE
from tuphap.shared.calendar import api as calendar

COMPONENT, ORIGINAL = "giay_chung_sinh", "so_khai_sinh"
# Every field that some page's form asks for; each form takes what is its own.
FORM = {
    "reason": "Thử quyền", "note": "Thử quyền", "decision": "01/QĐ", "decision_no": "01/QĐ", "basis": "01/GUQ",
    "ly_do": "Thử quyền", "number": "031326000017", "personal_number": "031326000017",
}


def sent_to_api(address: str, objects: dict[str, Any]) -> tuple[bytes | str, str]:
    """Body and content type for this operation of the API."""
    if address.endswith("/documents/verify"):
        return _upload("a.pdf", b"%PDF-1.4 thu", "application/pdf")
    if address.endswith("/scans"):
        return _upload("KS.2025.01.2025-09-01.002.pdf", scan_of("002"), "application/pdf")
    if address.endswith(("/files", "/signed-scans", "/scan")):
        return _upload("a.png", PICTURE, "image/png")
    return json.dumps(json_of(address, objects)), "application/json"


def _upload(name: str, content: bytes, kind: str) -> tuple[bytes, str]:
    fields = {"component": COMPONENT, "original": ORIGINAL, "file": SimpleUploadedFile(name, content, kind)}
    return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT


def json_of(address: str, objects: dict[str, Any]) -> dict[str, Any]:
    """A sound body for this operation."""
    last = address.rpartition("/")[2]
    objects = {"unknown": "00000000-0000-7000-8000-000000000000", **objects}
    today, here = localdate(now()), objects["here"]
    soon = str(today + timedelta(days=9))
    if address.endswith("/administration/accounts"):
        return {"username": "moi.moi", "full_name": "Lê Mới", "office_code": here, "password": "con-duong-ven-song"}
    if address.endswith("/v1/dossiers"):
        return {"procedure_code": "1.001193", "resolving_unit": here, "channel": objects["channel"]}
    if address.endswith("/counter/dossiers"):
        return {
            "procedure_code": "1.001193", "receiving_unit": here, "resolving_unit": here,
            "answers": objects["answers"], "papers": [{"component": COMPONENT}],
        }
    if address.endswith("/notices/preferences"):
        return {"email": True, "sms": True, "zalo": False, "quiet_from": "21:00", "quiet_to": "07:00"}
    if "/pages/" in address:
        return {"answers": objects["answers"][objects["page"]]}
    if address.startswith("/api/v1/administration/parameters"):
        return {"value": 9, "first": soon, "basis": "x"}
    if address.startswith("/api/v1/administration/procedures"):
        return {"code": "tam.thu-moi", "text": objects["law_text"], "first": soon, "reason": "x"}
    if "/old-entries" in address:
        return _old_entry(last, here)
    if address.startswith("/api/v1/digitisation/"):
        return _digitisation(last, here)
    if address.startswith("/api/v1/reporting/"):
        return _reporting(last, objects)
    if "/finance/transfers/" in address:
        return {"dossier": objects["reference"], "note": "x", "reason": "x"}
    bodies: dict[str, dict[str, Any]] = {
        "exempt": {"reason": "poor", "proof": "x"},
        "pay": {"in_cash": True},
        "resend": {"clinic_code": ""},
        "end": {"reason": "x"},
        "number": {"personal_number": "031326000017", "source": "x"},
        "roles": {"role": "receiver", "unit_code": here, "valid_from": str(today)},
        "delegations": {
            "grants": [objects["own_grant_id"]], "to": objects["colleague"], "first": str(today), "last": str(today),
            "basis": "x",
        },
        "tokens": {"label": "x", "scopes": ["audit.view"], "expires_on": soon},
        "papers": {"component": COMPONENT},
        "lookups": {"component": COMPONENT, "database": "x", "found": True},
        "decision": {"kind": "granted", "title": "x", "paragraphs": ["x"]},
        "decrees": {
            "number": "1/NĐ", "issuer": "x", "title": "x", "issued_on": str(today), "effective_on": str(today),
        },
        "days": {"day": soon, "kind": "HOLIDAY"},
        "ask-supplement": {"reasons": ["x"]},
        "refuse": {"reason_code": "ly_do_khac", "text": "x"},
        "send-back": {"note": "x"},
        "resume": {"receipt_no": "x"},
        "assign": {"to_user_id": objects["officer"]},
        "hand-overs": {"dossier_ids": [str(objects["dossier_id"])]},
        "take-over": {},
        "approvals": {"dossier_ids": [str(objects["dossier_id"])]},
        "return": {"way": "tai_quay"},
        "pause-fee": {"amount": 1, "note": "x"},
        "rating": {"stars": 5},
        "settle-fee": {"receipt_no": "x"},
        "representation": {"representation": {
            "ground": "parent", "name": objects["child"], "born_on": "2026-03-05", "kinship": "father",
        }},
        "result-way": {"way": "tai_quay"},
        "hand-to-post": {"tracking_no": "EB123456785VN"},
        "post-delivered": {},
        "stored-papers": {"component": COMPONENT, "document_id": str(objects.get("document_id", objects["unknown"]))},
        "ask-agency": {"agency": "x", "note": "x"},
        "extend": {"new_due": _working_day(now() + timedelta(days=9)).isoformat(), "reason": "x"},
        "transfer": {"to_unit": objects["there"], "reason": "x"},
        "periods": {"kind": "thang", "first": "2025-02-01", "basis": "01/KH"},
        "search": {"purpose": "xem thử", "text": "Anh"},
        "check": {"number": "01/2026", "name": objects["child"], "born_on": "2026-03-05", "purpose": "mở thẻ"},
        "status": {
            "personal_number": "031196004217", "name": "Trần Thị Bích Ngọc", "born_on": "1996-08-12", "alive": True,
            "marital": True, "purpose": "công chứng",
        },
    }
    return bodies.get(last, {"reason": "x"})


def _digitisation(last: str, here: str) -> dict[str, Any]:
    """A book of this office's, and an entry of one as its keyer types it."""
    bodies: dict[str, dict[str, Any]] = {
        "books": {"office_code": here, "office_on": "2025-09-01", "office_name": "Ủy ban nhân dân phường", "kind": "KS",
                  "what": "civil_status.birth", "year": 2025, "volume": "09", "last_number": 9,
                  "opened_on": "2025-07-01"},
        "next": {}, "approve": {"seen": True}, "transfer": {}, "proof": {"compared": True},
        "content": {"what": "civil_status.birth", "registered_on": "2025-09-01", "content": BIRTH},
        "return": {"reasons": {"child.name": "Sổ ghi khác"}},
    }
    return bodies.get(last, {"reason": "x"})


def _old_entry(last: str, here: str) -> dict[str, Any]:
    """A line of a book that this office kept on paper, and the part that addresses name."""
    line = {"office_code": here, "office_name": "Ủy ban nhân dân phường", "year": 2025, "volume": "01", "number": "77",
            "registered_on": "2025-09-01"}
    bodies: dict[str, dict[str, Any]] = {
        "old-entries": {"what": "civil_status.death", **line}, "line": line,
        "notes": {"notes": [{"text": "Ghi chú", "noted_on": "2026-01-05"}]}, "propose": {},
        "confirm": {"compared": True}, "return": {"reasons": {"event.place": "Sổ ghi khác"}},
        "withdraw": {"reason": "x"},
    }
    places = {"place": {"raw": "Trạm xá"}, "native_place": {"standing": "not_stated"}}
    return bodies.get(last, {"places": places})


def _reporting(last: str, objects: dict[str, Any]) -> dict[str, Any]:
    """The year 2025 of this office, by the form of births and deaths."""
    asked = {"form": "11a/BTP/HCTP/HT/KSKT", "period": "2025.nam.chinh-thuc"}
    if last == "forms":
        return {"code": "11a/BTP/HCTP/HT/KSKT", "summary_code": "11c", "title": "x", "legal_basis": "x",
                "valid_from": "2027-01-01", "layout": objects["form_layout"]}
    if last == "summaries":
        return {**asked, "unit_code": "H31.09", "reason": "x"}
    if last == "reports":
        return {**asked, "unit_code": objects["here"]}
    return {} if last == "fill" else {"reason": "x"}


def _working_day(at: datetime) -> datetime:
    """This instant, or the same on the first day after it on which offices work."""
    working = calendar.working_calendar()
    while not working.is_working_day(localdate(at)):
        at += timedelta(days=1)
    return at
