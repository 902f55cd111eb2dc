"""What the fees plug in: permissions, the receipts' numbers and paper, the gateway's messages, notices, figures."""

from __future__ import annotations

from tuphap.shared.access.api import Permission
from tuphap.shared.dossiers.api import OnAdvance
from tuphap.shared.exchange.api import ExchangeService, InboundKind, LookupKind, OutboundKind, contracts
from tuphap.shared.notices.api import Channel, NoticeTemplate
from tuphap.shared.numbering.api import NumberSeries
from tuphap.shared.plug import Manifest

from . import gateway, ledger, listeners, operations, papers, rules
from .figures import DECLARATIONS

HERE = "tuphap.shared.fees"

PERMISSIONS = (
    Permission(rules.Permission.COLLECT, "Thu, miễn, giảm phí, lệ phí tại quầy"),
    Permission(rules.Permission.VIEW, "Xem thu, hoàn trả phí, lệ phí", reaches_down=True),
    Permission(rules.Permission.MANAGE, "Quản lý thu, hoàn trả, đối soát phí, lệ phí"),
)

# The identifier comes with the integration contract; this is the sample's.
PAYMENTS = (
    ExchangeService(gateway.SERVICE, "Nền tảng thanh toán trực tuyến", "VN/GOV/VPCP/THANHTOAN", "PAYMENT"),
    InboundKind(
        gateway.TOLD, gateway.SERVICE, "Báo có phí, lệ phí", contracts.PaymentTold, f"{HERE}.operations.hear_call",
        unit=f"{HERE}.operations.unit_of_call",
    ),
    LookupKind(
        gateway.FIND, gateway.SERVICE, "Hỏi giao dịch thanh toán", contracts.PaymentsAsked, contracts.PaymentsFound,
        "Đối soát thu phí, lệ phí", needs_dossier=False,
    ),
    OutboundKind(
        operations.REFUND, gateway.SERVICE, "Chi trả hoàn phí, lệ phí", contracts.RefundWanted, contracts.RefundAnswer,
        "Hoàn trả phí, lệ phí cho người nộp", on_answer=f"{HERE}.operations.refund_answered",
        on_failure=f"{HERE}.operations.refund_failed",
    ),
)

NOTICES = (
    NoticeTemplate(
        code="fees.paid", title="Đã nhận phí, lệ phí",
        text="Đã nhận {amount} đồng phí, lệ phí của hồ sơ {dossier_code}, biên lai số {receipt_no}.",
        params=("amount", "receipt_no"), url_name="one_stop_shop:own_dossier", channels=(Channel.EMAIL, Channel.SMS),
    ),
    NoticeTemplate(
        code="fees.unmatched", title="Có khoản chuyển tiền chưa khớp",
        text="Có khoản tiền chuyển đến không khớp lệnh thanh toán nào, cần ông/bà kiểm tra.",
        url_name="one_stop_shop:unmatched",
    ),
    NoticeTemplate(
        code="fees.refund_asked", title="Có đề nghị hoàn trả phí, lệ phí",
        text="Có đề nghị hoàn trả phí, lệ phí chờ ông/bà chi trả.", url_name="one_stop_shop:refunds",
    ),
    NoticeTemplate(
        code="fees.refund_failed", title="Hoàn trả phí, lệ phí không thành công",
        text="Ngân hàng không chi trả được một khoản hoàn trả, cần ông/bà xem và chi trả bằng cách khác.",
        url_name="one_stop_shop:refunds",
    ),
)

MANIFEST = Manifest(
    name="fees",
    title="Phí, lệ phí",
    declarations=(
        *PERMISSIONS, NumberSeries(ledger.SERIES, "Biên lai thu phí, lệ phí"), *PAYMENTS, *NOTICES,
        OnAdvance(listeners.ENDS, f"{HERE}.listeners.close_orders"), papers.TEMPLATE, *DECLARATIONS,
    ),
)
