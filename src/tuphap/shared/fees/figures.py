"""What was collected: receipts that stand, and their sum."""

from __future__ import annotations

from django.db.models import QuerySet

from tuphap.shared.indicators.api import Column, Facet, Indicator, Kind, Measure, Scope

from .models import Receipt
from .rules import METHOD_TITLES

HERE = __name__
FACETS = (
    (Facet.SECTOR, "dossier__procedure__sector"), (Facet.PROCEDURE, "dossier__procedure__code"),
    (Facet.CHANNEL, "dossier__channel"),
)


def receipts(scope: Scope) -> QuerySet[Receipt]:
    """Receipts of the period that were not voided."""
    rows = Receipt.objects.select_related("dossier", "dossier__procedure", "unit").order_by("paid_at", "pk")
    return rows.filter(
        scope.matching(FACETS), voided_at__isnull=True, paid_at__gte=scope.start, paid_at__lt=scope.until
    )


DECLARATIONS = (
    Indicator(
        code="fees.receipts", title="Biên lai thu phí, lệ phí", unit_vi="biên lai", list=f"{HERE}.receipts",
        unit_field="unit", at_field="paid_at", label_field="dossier__code",
        columns=(Column("Số biên lai", "receipt_no"), Column("Số tiền", "amount"), Column("Nộp lúc", "paid_at"),
                 Column("Hình thức", "method", tuple((str(m), t) for m, t in METHOD_TITLES.items()))),
        url_name="one_stop_shop:dossier", in_detail=True,
        facets=FACETS,
    ),
    Measure("fees.collected", "Phí, lệ phí đã thu", "đồng", Kind.SUM, "fees.receipts", field="amount",
            basis="Luật Phí và lệ phí 97/2015/QH13"),
)
