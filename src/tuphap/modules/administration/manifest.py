"""What this module plugs into the mechanisms: its permissions, and the roles in which offices speak of permissions."""

from tuphap.shared.access.api import Permission, Role
from tuphap.shared.accounts import api as accounts
from tuphap.shared.audit.api import Reaction
from tuphap.shared.exchange.api import MANAGE as EXCHANGE
from tuphap.shared.notices.api import Channel, NoticeTemplate
from tuphap.shared.plug import Manifest
from tuphap.shared.ui.api import MenuItem

from . import rules

PERMISSIONS = (
    Permission(rules.Permission.ACCOUNTS, "Quản lý tài khoản", reaches_down=True),
    Permission(rules.Permission.GRANTS, "Giao và thu hồi quyền", reaches_down=True),
    Permission(rules.Permission.CALENDAR, "Quản lý lịch làm việc", reaches_down=True),
    Permission(rules.Permission.PROCEDURES, "Quản lý danh mục thủ tục", reaches_down=True),
    Permission(rules.Permission.AUDIT, "Xem nhật ký hệ thống", reaches_down=True),
)

ROLES = (
    Role(
        "receiver",
        "Cán bộ tiếp nhận một cửa",
        (
            "one_stop.dossier.receive",
            "one_stop.dossier.view",
            "one_stop.dossier.assign",
            "one_stop.dossier.return",
            "fees.collect",
        ),
    ),
    Role("accountant", "Kế toán, tài chính cơ quan", ("fees.view", "fees.manage", "one_stop.dossier.view")),
    Role(
        "civil_status_officer",
        "Công chức tư pháp – hộ tịch",
        ("one_stop.dossier.view", "one_stop.generic.prepare", "civil_status.birth.prepare", "civil_status.act.view",
         "reporting.report.prepare", "reporting.report.view", "digitisation.book.view"),
    ),
    Role(
        "chairman",
        "Chủ tịch, Phó Chủ tịch UBND cấp xã",
        (
            "one_stop.dossier.view",
            "one_stop.dossier.assign",
            "one_stop.generic.sign",
            "civil_status.birth.sign",
            "civil_status.act.view",
            "direction.figures.view",
            "reporting.report.sign",
            "reporting.report.view",
            "digitisation.book.view",
            # the head of an office answers for its account: who asks for a refund and who pays it are two
            "fees.view",
            "fees.manage",
        ),
    ),
    # Those who work for the department itself see the dossiers that it handles; only its director and inspector look
    # into the communes' (`one_stop.dossier.view` reaches down).
    Role(
        "centre_receiver",
        "Công chức Sở Tư pháp tại Trung tâm Phục vụ hành chính công",
        ("one_stop.dossier.receive", "one_stop.dossier.return", "fees.collect"),
    ),
    Role("specialist", "Chuyên viên Sở Tư pháp (thụ lý)", ("one_stop.generic.prepare",)),
    Role(
        "division_head",
        "Trưởng phòng, Phó Trưởng phòng thuộc Sở Tư pháp",
        ("one_stop.dossier.assign", "one_stop.generic.review"),
    ),
    Role(
        "department_leader",
        "Giám đốc, Phó Giám đốc Sở Tư pháp (ký kết quả)",
        ("one_stop.dossier.assign", "one_stop.generic.sign", "direction.figures.view", "reporting.report.sign",
         "reporting.report.view"),
    ),
    Role(
        "director",
        "Giám đốc Sở Tư pháp",
        ("direction.figures.view", "direction.period.close", "one_stop.dossier.view", "civil_status.act.view",
         "fees.view", "reporting.report.view", "digitisation.book.view"),
    ),
    Role(
        "inspector",
        "Thanh tra (chỉ xem)",
        ("direction.figures.view", "one_stop.dossier.view", "civil_status.act.view", "audit.view", "fees.view",
         "reporting.report.view", "digitisation.book.view"),
    ),
    Role(
        "report_checker",
        "Công chức kiểm tra báo cáo thống kê (phòng chuyên môn)",
        ("reporting.report.check", "reporting.report.view"),
    ),
    Role(
        "report_planner",
        "Công chức tổng hợp báo cáo thống kê",
        ("reporting.report.aggregate", "reporting.report.view", "reporting.form.enact", "direction.figures.view"),
    ),
    # Who keys, who proofs and who approves are three people: no role joins two of them.
    Role("digitisation_keyer", "Người nhập liệu số hóa sổ hộ tịch", ("digitisation.entry.key",)),
    Role(
        "digitisation_proofer",
        "Người kiểm tra số hóa sổ hộ tịch",
        ("digitisation.entry.proof", "digitisation.book.view"),
    ),
    Role(
        "digitisation_approver",
        "Người duyệt số hóa sổ hộ tịch",
        ("digitisation.entry.approve", "digitisation.book.view"),
    ),
    Role(
        "digitisation_manager",
        "Cán bộ quản lý số hóa sổ hộ tịch",
        ("digitisation.book.manage", "digitisation.book.view"),
    ),
    Role("administrator", "Quản trị hệ thống", (*(str(code) for code in rules.Permission), EXCHANGE)),
    Role("exchange_operator", "Cán bộ vận hành liên thông", (EXCHANGE,)),
    Role("document_checker", "Tổ chức kiểm tra giấy tờ hộ tịch", ("civil_status.act.check",)),
)

MENU = (
    MenuItem(
        "Người dùng và quyền", "administration:people", permission=rules.Permission.ACCOUNTS, icon="users",
        group="Quản trị", order=800,
    ),
    MenuItem(
        "Lịch làm việc", "administration:calendar", permission=rules.Permission.CALENDAR, icon="calendar",
        group="Quản trị", order=820,
    ),
    MenuItem(
        "Thủ tục", "administration:law_procedures", permission=rules.Permission.PROCEDURES, icon="files",
        group="Quản trị", order=822,
    ),
    MenuItem(
        "Văn bản thay đổi quy định", "administration:law_decrees", permission=rules.Permission.PROCEDURES, icon="book",
        group="Quản trị", order=824,
    ),
    MenuItem(
        "Tham số một cửa", "administration:law_parameters", permission=rules.Permission.PROCEDURES, icon="clock",
        group="Quản trị", order=826,
    ),
    MenuItem(
        "Nhật ký hệ thống", "administration:log", permission=rules.Permission.AUDIT, icon="history",
        group="Quản trị", order=830,
    ),
    MenuItem(
        "Liên thông", "exchange:board", permission=EXCHANGE, icon="send", group="Quản trị", order=840,
        count="tuphap.shared.exchange.queries.number_dead",
    ),
    MenuItem("Ủy quyền", "administration:delegation", icon="hand-over", group="Cá nhân", order=900),
)

_UNKNOWN = "Nếu không phải ông/bà, hãy đổi mật khẩu và báo ngay cho quản trị hệ thống."
NOTICES = (
    NoticeTemplate(
        rules.NOTICE_CODE_USED, "Mã dự phòng vừa được dùng để đăng nhập",
        f"Tài khoản của ông/bà vừa được đăng nhập bằng một mã dự phòng; còn {{left}} mã chưa dùng. {_UNKNOWN}",
        params=("left",), url_name="accounts:sessions", channels=(Channel.EMAIL,),
    ),
    NoticeTemplate(
        rules.NOTICE_CODES_MADE, "Đã tạo bộ mã dự phòng mới",
        f"Tài khoản của ông/bà vừa có bộ {{left}} mã dự phòng mới; các mã cũ không còn hiệu lực. {_UNKNOWN}",
        params=("left",), url_name="accounts:sessions", channels=(Channel.EMAIL,),
    ),
)

REACTIONS = (
    Reaction(accounts.RECOVERY_CODE_USED, rules.TELL_OF_RECOVERY_CODES),
    Reaction(accounts.RECOVERY_CODES_MADE, rules.TELL_OF_RECOVERY_CODES),
)

MANIFEST = Manifest(
    name="administration", title="Quản trị hệ thống",
    declarations=(*PERMISSIONS, *ROLES, *NOTICES, *REACTIONS, *MENU),
)
