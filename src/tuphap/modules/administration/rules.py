"""Words and limits of administration: permissions, events, how long an account may lie unused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class Permission(StrEnum):
    """What may be granted in administration."""

    ACCOUNTS = "administration.accounts.manage"
    GRANTS = "administration.grants.manage"
    CALENDAR = "administration.calendar.manage"
    PROCEDURES = "administration.procedures.manage"
    AUDIT = "audit.view"


# The queue's name of the task that tells people what became of their recovery codes.
TELL_OF_RECOVERY_CODES = "administration.tell_of_recovery_codes"
NOTICE_CODE_USED, NOTICE_CODES_MADE = "administration.recovery_code_used", "administration.recovery_codes_made"


class ChangeKind(StrEnum):
    """What an official changes in the law that the platform works by."""

    NEW = "new"
    VERSION = "version"
    WITHDRAWAL = "withdrawal"
    PARAMETER = "parameter"
    DAY = "day"


CHANGE_TITLES: dict[ChangeKind, str] = {
    ChangeKind.NEW: "Thủ tục mới",
    ChangeKind.VERSION: "Phiên bản mới của thủ tục",
    ChangeKind.WITHDRAWAL: "Bãi bỏ thủ tục",
    ChangeKind.PARAMETER: "Tham số",
    ChangeKind.DAY: "Lịch làm việc",
}


class Event(StrEnum):
    """What administration writes in the log."""

    FOUNDED = "administration.founded"
    STAFF_CREATED = "administration.staff_created"
    AGENCY_CREATED = "administration.agency_created"
    STAFF_MOVED = "administration.staff_moved"
    ACCOUNT_DISABLED = "administration.account_disabled"
    ACCOUNT_ENABLED = "administration.account_enabled"
    UNLOCKED = "administration.account_unlocked"
    SECOND_FACTOR_RESET = "administration.second_factor_reset"
    RECOVERY_CODES_TOLD = "administration.recovery_codes_told"
    PASSWORD_RESET = "administration.password_reset"  # noqa: S105
    GRANTED = "administration.granted"
    REVOKED = "administration.revoked"
    DELEGATED = "administration.delegated"
    DELEGATION_ENDED = "administration.delegation_ended"
    TOKEN_ISSUED = "administration.token_issued"  # noqa: S105
    TOKEN_REVOKED = "administration.token_revoked"  # noqa: S105
    CALENDAR_SET = "administration.calendar_set"
    HOURS_SET = "administration.office_hours_set"
    RIGHTS_EXPORTED = "administration.rights_exported"
    DECREE_ENTERED = "administration.decree_entered"
    LAW_CHANGED = "administration.law_changed"


EVENT_TITLES = {
    "access.denied": "Bị từ chối",
    "record.read": "Xem dữ liệu",
    "accounts.logged_in": "Đăng nhập",
    "accounts.logged_out": "Đăng xuất",
    "accounts.login_failed": "Đăng nhập không thành công",
    "accounts.citizen_entered": "Công dân đăng nhập lần đầu",
    "accounts.second_factor_enrolled": "Ghi danh ứng dụng xác thực",
    "accounts.password_changed": "Đổi mật khẩu",
    "accounts.recovery_code_used": "Dùng mã dự phòng để đăng nhập",
    "accounts.recovery_codes_made": "Tạo bộ mã dự phòng mới",
    "accounts.sessions_ended": "Kết thúc phiên đăng nhập",
    "accounts.personal_number_changed": "Số định danh của tài khoản thay đổi",
    Event.FOUNDED: "Lập quản trị viên đầu tiên",
    Event.STAFF_CREATED: "Mở tài khoản cán bộ",
    Event.STAFF_MOVED: "Chuyển đơn vị công tác",
    Event.AGENCY_CREATED: "Mở tài khoản cơ quan",
    Event.ACCOUNT_DISABLED: "Khóa tài khoản",
    Event.ACCOUNT_ENABLED: "Mở lại tài khoản",
    Event.UNLOCKED: "Mở chặn đăng nhập",
    Event.SECOND_FACTOR_RESET: "Xóa ứng dụng xác thực",
    Event.RECOVERY_CODES_TOLD: "Báo cho chủ tài khoản về mã dự phòng",
    Event.PASSWORD_RESET: "Cấp lại mật khẩu",
    Event.GRANTED: "Giao quyền",
    Event.REVOKED: "Thu hồi quyền",
    Event.DELEGATED: "Ủy quyền",
    Event.DELEGATION_ENDED: "Chấm dứt ủy quyền",
    Event.TOKEN_ISSUED: "Cấp mã truy cập",
    Event.TOKEN_REVOKED: "Thu hồi mã truy cập",
    Event.CALENDAR_SET: "Ghi lịch làm việc",
    Event.HOURS_SET: "Ghi giờ làm việc",
    Event.DECREE_ENTERED: "Nhập văn bản",
    Event.LAW_CHANGED: "Thay đổi thủ tục, tham số, lịch theo văn bản",
}
# The events of other modules, by what they are about.
_SUBJECTS = {"dossiers": "Hồ sơ", "civil_status": "Hộ tịch", "documents": "Văn bản điện tử", "numbering": "Số đăng ký",
             "files": "Tệp", "notices": "Thông báo", "calendar": "Lịch làm việc", "orgs": "Đơn vị", "audit": "Nhật ký",
             "exchange": "Liên thông", "fees": "Phí, lệ phí", "accounts": "Tài khoản", "one_stop": "Một cửa"}


def event_title(event: str) -> str:
    """What an event of the log is called; one of another module by its subject."""
    return EVENT_TITLES.get(event) or _SUBJECTS.get(event.partition(".")[0], "Sự kiện khác")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time with the text it comes from."""

    length: timedelta
    basis: str


# An account that nobody has used for this long is disabled.
UNUSED = Period(length=timedelta(days=45), basis="TCVN 14423:2026 (hệ thống cấp độ 3)")
# The longest life of a machine's token; our own choice, half a year like the review of rights.
TOKEN_LIFE = Period(length=timedelta(days=183), basis="Quy chế vận hành")


class UsernameTaken(Refusal):
    code = "administration.username_taken"
    message_vi = "Tên đăng nhập này đã có người dùng."
    field = "username"


class UnknownRole(Refusal):
    code = "administration.unknown_role"
    message_vi = "Không có vai trò này."
    field = "role"


class NotForOneself(Refusal):
    code = "administration.not_for_oneself"
    message_vi = "Ông/bà không thể tự làm việc này cho tài khoản của chính mình."


class OnlyStaff(Refusal):
    code = "administration.only_staff"
    message_vi = "Chỉ giao quyền cho tài khoản cán bộ hoặc cơ quan đang hoạt động."
    field = "person"


class AlreadyGranted(Conflict):
    code = "administration.already_granted"
    message_vi = "Người này đã có vai trò đó tại đơn vị trong thời gian này."


class AlreadySo(Conflict):
    code = "administration.already_so"
    message_vi = "Việc này đã được thực hiện trước đó."


class ReasonRequired(Refusal):
    code = "administration.reason_required"
    message_vi = "Vui lòng ghi rõ lý do hoặc văn bản căn cứ."
    field = "reason"


class BadPeriod(Refusal):
    code = "administration.bad_period"
    message_vi = "Thời hạn không hợp lệ: {why}."


class WeakPassword(Refusal):
    code = "administration.weak_password"
    message_vi = "Mật khẩu chưa đạt yêu cầu: {why}"
    field = "password"


class NoSuchAccount(NotFound):
    code = "administration.no_such_account"
    message_vi = "Không tìm thấy tài khoản."


class AlreadyFounded(Conflict):
    code = "administration.already_founded"
    message_vi = "Hệ thống đã có quản trị viên."


class NoSuchUnit(NotFound):
    code = "administration.no_such_unit"
    message_vi = "Không tìm thấy đơn vị, hoặc đơn vị không còn hoạt động."


class NoSuchToken(NotFound):
    code = "administration.no_such_token"
    message_vi = "Không tìm thấy mã truy cập."


class UnknownScope(Refusal):
    code = "administration.unknown_scope"
    message_vi = "Có quyền không tồn tại trong phạm vi của mã truy cập."
    field = "scopes"


class NoSuchGrant(NotFound):
    code = "administration.no_such_grant"
    message_vi = "Không tìm thấy quyền được giao."


class NoSuchDecree(NotFound):
    code = "administration.no_such_decree"
    message_vi = "Không tìm thấy văn bản."


class DecreeKnown(Conflict):
    code = "administration.decree_known"
    message_vi = "Văn bản số này của cơ quan này đã được nhập."
    field = "number"


class DecreeDays(Refusal):
    code = "administration.decree_days"
    message_vi = "Ngày có hiệu lực không được trước ngày ban hành."
    field = "effective_on"
