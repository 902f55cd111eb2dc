"""What a check of a file answers: three lines (integrity, issuer, status), never one light."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tuphap.kernel.clock import localtime

PLAIN_WORDS = (
    "Việc kiểm tra này cho biết văn bản có đúng là văn bản do cơ quan đã ban hành và còn giá trị hay không; "
    "không xác nhận sự thật của các nội dung ghi trong văn bản."
)


class Content(StrEnum):
    """Whether the file is what was issued."""

    SAME = "same"
    ADDED = "added"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"  # the register cannot be consulted


class Indication(StrEnum):
    """The three main indications of EN 319 102-1."""

    PASSED = "TOTAL-PASSED"
    FAILED = "TOTAL-FAILED"
    UNDECIDED = "INDETERMINATE"


class Standing(StrEnum):
    """What the register says."""

    IN_FORCE = "in_force"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"  # the register cannot be consulted


INDICATION_VI = {
    Indication.PASSED: "Hợp lệ",
    Indication.FAILED: "Không hợp lệ",
    Indication.UNDECIDED: "Chưa kết luận được",
}
CONTENT_VI = {
    Content.SAME: "Đúng nguyên văn tệp do cơ quan đã ban hành.",
    Content.ADDED: "Phần đã ký còn nguyên vẹn, nhưng tệp có nội dung được thêm vào sau khi ký.",
    Content.ALTERED: "Nội dung đã bị thay đổi so với tệp do cơ quan đã ban hành.",
    Content.FOREIGN: "Tệp này không do hệ thống ban hành.",
    Content.UNKNOWN: "Chưa đối chiếu được với sổ của hệ thống.",
}
STANDING_VI = {
    Standing.IN_FORCE: "Còn giá trị",
    Standing.CANCELLED: "Đã bị huỷ bỏ",
    Standing.REPLACED: "Đã được thay thế",
    Standing.NOT_FOUND: "Không có trong sổ",
    Standing.UNKNOWN: "Chưa tra cứu được sổ",
}


@dataclass(frozen=True, slots=True)
class ContentLine:
    """The first line. ``detail`` says more, in words; empty where there is nothing to add."""

    state: Content
    detail: str = ""

    @property
    def text(self) -> str:
        return f"{CONTENT_VI[self.state]} {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature of the second line.

    :ivar reason: the sub-indication of EN 319 102-1 where it did not pass (``HASH_FAILURE``, ``REVOKED``, …).
    :ivar claimed_at: the time that the signature claims; ``stamped_at``: that its time stamp proves.
    :ivar chain: names of the certificates, from the root down to the signer.
    :ivar revoked_at: since when the signer's certificate is revoked, also where that came after signing.
    :ivar revocation_source: where the revocation list came from.
    """

    indication: Indication
    reason: str
    detail: str
    signer: str
    office: str
    office_code: str
    is_seal: bool
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    chain: tuple[str, ...] = ()
    serial: str = ""
    revoked_at: datetime | None = None
    revocation_source: str = ""

    @property
    def indication_vi(self) -> str:
        return INDICATION_VI[self.indication]

    @property
    def kind_vi(self) -> str:
        return "Con dấu của cơ quan" if self.is_seal else "Chữ ký của người có thẩm quyền"

    @property
    def text(self) -> str:
        when = f", ký lúc {_moment(self.stamped_at or self.claimed_at)}" if self.stamped_at or self.claimed_at else ""
        who = self.signer if self.is_seal or not self.office else f"{self.signer}, {self.office}"
        return f"{self.kind_vi}: {who}{when}. {self.indication_vi}. {self.detail}".strip()


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """The third line, with what the register lets the public see: number, book, date, office, kind; nothing more."""

    standing: Standing
    code: str = ""
    kind: str = ""
    number: str = ""
    book: str = ""
    issued_on: date | None = None
    office: str = ""
    changed_on: date | None = None
    reason: str = ""
    replaced_by: str = ""

    @property
    def standing_vi(self) -> str:
        return STANDING_VI[self.standing]

    @property
    def text(self) -> str:
        parts = [f"{self.standing_vi}."]
        if self.changed_on:
            parts[0] = f"{self.standing_vi} từ ngày {self.changed_on:%d/%m/%Y}."
        if self.reason:
            parts.append(f"Lý do: {self.reason}.")
        if self.replaced_by:
            parts.append(f"Văn bản thay thế: {self.replaced_by}.")
        if self.kind:
            named = [self.kind, self.number and f"số {self.number}", self.book,
                     self.issued_on and f"ngày {self.issued_on:%d/%m/%Y}", self.office]
            parts.append(", ".join(part for part in named if part) + ".")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer. ``checked_at`` is the instant of asking; ``sha256`` names the file that was looked at."""

    content: ContentLine
    signatures: tuple[SignatureLine, ...]
    register: RegisterLine
    checked_at: datetime
    sha256: str
    remarks: tuple[str, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """All three lines good: as issued, every signature passed and none missing, in force."""
        return (
            self.content.state is Content.SAME
            and bool(self.signatures) and not self.remarks
            and all(s.indication is Indication.PASSED for s in self.signatures)
            and self.register.standing is Standing.IN_FORCE
        )

    def lines(self) -> tuple[str, ...]:
        """The answer for a terminal: content, each signature, register, and the sentence in plain words."""
        signatures = [f"Chữ ký {n}: [{s.indication}] {s.text}" for n, s in enumerate(self.signatures, 1)]
        return (
            f"Nội dung: {self.content.text}",
            *(signatures or ["Chữ ký: Tệp không có chữ ký số nào đọc được."]),
            *(f"Lưu ý: {remark}" for remark in self.remarks),
            f"Sổ: {self.register.text}",
            PLAIN_WORDS,
        )


def _moment(at: datetime | None) -> str:
    return localtime(at).strftime("%H:%M:%S %d/%m/%Y") if at else ""
