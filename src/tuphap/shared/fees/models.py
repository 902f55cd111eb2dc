"""Fees owed, receipts, orders, money that came, money that goes back. What was paid is never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.integrity import constraint_means
from tuphap.shared.orgs.models import ValidDays

from . import rules
from .rules import LIVE_REFUNDS, Method, OrderState, RefundState, TransferState


def _choices(titles: Any) -> list[tuple[str, str]]:
    return [(str(code), title) for code, title in titles.items()]


def _person(**more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", **more)


class Account(models.Model):
    """Into which account an office's fees are paid, from a day on."""

    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    bank = models.CharField("mã ngân hàng", max_length=6)
    bank_name = models.CharField("ngân hàng", max_length=100)
    number = models.CharField("số tài khoản", max_length=19)
    holder = models.CharField("tên tài khoản", max_length=150)
    basis = models.CharField("căn cứ", max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                                   name="fees_account_days"),
            ExclusionConstraint(
                name="fees_account_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL),
                             (ValidDays("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.bank_name}"


class Receipt(models.Model):
    """Money taken for a dossier: how much, how, when, by whom; its number is gapless in the office and year.

    One that was made outside bears the number that it has there. A voided one stays, with its number.
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    number = models.OneToOneField("numbering.Number", on_delete=models.PROTECT, null=True, related_name="+")
    receipt_no = models.CharField("số biên lai", max_length=40)
    amount = models.PositiveIntegerField("số tiền (đồng)")
    method = models.CharField("hình thức", max_length=10, choices=_choices(rules.METHOD_TITLES))
    payer_name = models.CharField("người nộp", max_length=100)
    paid_at = models.DateTimeField("nộp lúc")
    taken_by = _person()
    taken_by_name = models.CharField("người thu", max_length=100)
    items = models.JSONField("các khoản", default=list)  # {name, text, amount} as they were when it was paid
    voided_at = models.DateTimeField("hủy lúc", null=True)
    voided_by = _person()
    voided_by_name = models.CharField(max_length=100, blank=True)
    void_reason = models.CharField("lý do hủy", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_receipt_amount"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="fees_receipt_void_whole",
            ),
            models.CheckConstraint(condition=Q(number__isnull=False) | Q(method=Method.PAPER),
                                   name="fees_receipt_numbered"),
        ]
        indexes = [models.Index(fields=["unit", "paid_at"], name="fees_receipt_day")]

    def __str__(self) -> str:
        return self.receipt_no


class FeeLine(models.Model):
    """One fee owed for a dossier. Paid by a receipt; not owed, or owed in part, for a reason with its proof.

    ``claim``: for which reason the applicant says that nothing is owed; the desk decides. ``asked``: wanted by the
    office after receipt. ``closed_at``: no longer owed, for the assessment was made anew.
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="fee_lines")
    code = models.CharField(max_length=60)
    name = models.CharField("khoản thu", max_length=300)
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    unit = models.CharField("đơn vị tính", max_length=40, blank=True)
    base = models.PositiveIntegerField("mức thu (đồng)")
    quantity = models.PositiveIntegerField("số lượng", default=1)
    copies = models.PositiveIntegerField("số bản", default=1)
    full = models.PositiveIntegerField("theo biểu (đồng)")
    reduction = models.PositiveIntegerField("giảm (đồng)", default=0)
    amount = models.PositiveIntegerField("phải nộp (đồng)")
    claim = models.CharField(max_length=20, blank=True)
    claim_proof = models.CharField(max_length=300, blank=True)
    exemption = models.CharField("lý do miễn, giảm", max_length=20, blank=True)
    proof = models.CharField("giấy tờ chứng minh", max_length=300, blank=True)
    exempted_by_name = models.CharField(max_length=100, blank=True)
    asked = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="lines")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reduction__lte=F("full")), name="fees_line_reduction"),
            models.CheckConstraint(
                condition=(Q(exemption="", proof="") & Q(amount=F("full") - F("reduction")))
                | (~Q(exemption="") & ~Q(proof="") & (Q(amount=0) | Q(amount=F("full") - F("reduction")))),
                name="fees_line_adds_up",
            ),
            models.CheckConstraint(condition=Q(receipt__isnull=True) | Q(closed_at__isnull=True, amount__gt=0),
                                   name="fees_line_paid_stands"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_owed(self) -> bool:
        return self.closed_at is None and self.receipt_id is None and self.amount > 0

    @property
    def receipt_no(self) -> str:
        return self.receipt.receipt_no if self.receipt else ""

    @property
    def method(self) -> str:
        return self.receipt.method if self.receipt else ""

    @property
    def paid_at(self) -> Any:
        return self.receipt.paid_at if self.receipt else None

    @property
    def exemption_title(self) -> str:
        found = rules.EXEMPTIONS.get(self.exemption)
        return found.title if found else ""

    @property
    def claim_title(self) -> str:
        found = rules.EXEMPTIONS.get(self.claim)
        return found.title if found else ""


class PaymentOrder(models.Model):
    """A wish to be paid online what a dossier owes. ``reference`` are the words of the transfer: nothing personal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField("nội dung chuyển tiền", max_length=25, unique=True)
    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="payment_orders")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField("số tiền (đồng)")
    state = models.CharField(max_length=10, choices=_choices(rules.ORDER_TITLES), default=OrderState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = _person()
    closed_at = models.DateTimeField(null=True)
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="order")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(state=OrderState.OPEN), name="fees_order_one_open"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_order_amount"),
            models.CheckConstraint(
                condition=Q(state=OrderState.OPEN, closed_at__isnull=True, receipt__isnull=True)
                | Q(state=OrderState.CLOSED, closed_at__isnull=False, receipt__isnull=True)
                | Q(state=OrderState.PAID, closed_at__isnull=False, receipt__isnull=False),
                name="fees_order_state",
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="fees_order_waiting")]

    def __str__(self) -> str:
        return self.reference


class Transfer(models.Model):
    """Money that the gateway says has come: once under its number there. What fits no order waits for finance."""

    transaction = models.CharField("mã giao dịch", max_length=60, unique=True)
    reference = models.CharField("nội dung", max_length=200, blank=True)
    account = models.CharField("tài khoản nhận", max_length=19, blank=True)
    amount = models.PositiveIntegerField("số tiền (đồng)")
    paid_at = models.DateTimeField("chuyển lúc")
    heard_at = models.DateTimeField("nhận tin lúc")
    heard_by = models.CharField(max_length=10, choices=[("call", "Ngân hàng báo"), ("asked", "Hệ thống hỏi")])
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, null=True, related_name="transfers")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="transfer")
    state = models.CharField(max_length=10, choices=_choices(rules.TRANSFER_TITLES))
    misfit = models.CharField(max_length=20, blank=True, choices=_choices(rules.MISFIT_TITLES))
    settled_at = models.DateTimeField(null=True)
    settled_by = _person()
    settled_by_name = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fees_transfer_amount"),
            models.CheckConstraint(
                condition=Q(state__in=(TransferState.MATCHED, TransferState.ASSIGNED), receipt__isnull=False)
                | Q(state__in=(TransferState.UNMATCHED, TransferState.RETURNED), receipt__isnull=True),
                name="fees_transfer_receipt",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="fees_transfer_state")]

    def __str__(self) -> str:
        return self.transaction


class Refund(models.Model):
    """Money that is to go back: of a receipt, or of a transfer that fits nothing. Who asks and who pays are two."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="refunds")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, null=True, related_name="refunds")
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField("số tiền (đồng)")
    reason = models.CharField("lý do", max_length=300)
    state = models.CharField(max_length=10, choices=_choices(rules.REFUND_TITLES), default=RefundState.ASKED)
    asked_at = models.DateTimeField("đề nghị lúc")
    asked_by = _person()
    asked_by_name = models.CharField(max_length=100)
    paid_by = _person()
    paid_by_name = models.CharField(max_length=100, blank=True)
    method = models.CharField(max_length=10, blank=True, choices=_choices(rules.METHOD_TITLES))
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reference = models.CharField("mã chi trả", max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], condition=Q(state__in=LIVE_REFUNDS), name="fees_refund_once"),
            models.UniqueConstraint(fields=["transfer"], condition=Q(state__in=LIVE_REFUNDS),
                                    name="fees_refund_transfer_once"),
            models.CheckConstraint(condition=Q(receipt__isnull=False) ^ Q(transfer__isnull=False),
                                   name="fees_refund_of_one"),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(paid_by=F("asked_by")),
                name="fees_refund_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"

    @property
    def dossier(self) -> Any:
        return self.receipt.dossier if self.receipt else None


constraint_means("fees_order_one_open", rules.OneOrder)
constraint_means("fees_refund_once", rules.RefundAsked)
constraint_means("fees_refund_transfer_once", rules.RefundAsked)
constraint_means("fees_refund_two_people", rules.PayerAsked)
