"""What modules may know of fees. See the README for how money moves."""

from __future__ import annotations

from .assessment import ask, claim, expected, is_online, lines, owed, reckon, tariff, tariffs
from .gateway import ask_about, waiting_orders
from .ledger import PAYMENTS, account_of, collecting, issue, qr_text
from .models import Account, FeeLine, PaymentOrder, Receipt, Refund, Transfer
from .operations import (
    ask_refund,
    assess,
    assign_transfer,
    decline_refund,
    exempt,
    hear_transfer,
    note_paper_receipt,
    open_order,
    pay_refund,
    require_desk,
    return_transfer,
    set_account,
    take_cash,
    void_receipt,
)
from .papers import in_words, receipt_data, receipt_pdf
from .queries import (
    BankLine,
    DayLine,
    accounts_of,
    at_bank,
    by_day,
    get_receipt,
    may_collect,
    offices,
    open_order_of,
    receipts,
    receipts_of,
    refunds,
    require_finance,
    transfers,
)
from .rules import (
    EXEMPTIONS,
    METHOD_TITLES,
    MISFIT_TITLES,
    REFUND_TITLES,
    TRANSFER_TITLES,
    Charge,
    Count,
    Exemption,
    Method,
    NoReceiptNumber,
    NothingOwed,
    OrderState,
    Permission,
    RefundState,
    Tariff,
    TransferState,
    Unpriced,
)

__all__ = [
    "EXEMPTIONS", "METHOD_TITLES", "MISFIT_TITLES", "PAYMENTS", "REFUND_TITLES", "TRANSFER_TITLES", "Account",
    "BankLine", "Charge", "Count", "DayLine", "Exemption", "FeeLine", "Method", "NoReceiptNumber", "NothingOwed",
    "OrderState", "PaymentOrder", "Permission", "Receipt", "Refund", "RefundState", "Tariff", "Transfer",
    "TransferState", "Unpriced", "account_of", "accounts_of", "ask", "ask_about", "ask_refund", "assess",
    "assign_transfer", "at_bank", "by_day", "claim", "collecting", "decline_refund", "exempt", "expected",
    "get_receipt", "hear_transfer", "in_words", "is_online", "issue", "lines", "may_collect", "note_paper_receipt",
    "offices", "open_order", "open_order_of", "owed", "pay_refund", "qr_text", "receipt_data", "receipt_pdf",
    "receipts", "receipts_of", "reckon", "refunds", "require_desk", "require_finance", "return_transfer",
    "set_account", "take_cash", "tariff", "tariffs", "transfers", "void_receipt", "waiting_orders",
]
