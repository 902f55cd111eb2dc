"""Pages of lists that may be very long."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST = 10_000  # rows that are counted and paged through; who wants one of more looks for it by words


class LongPaginator(Paginator):  # type: ignore[type-arg]  # no generic when it runs
    """Counts no further than :data:`MOST`: to count a million takes a second, and nobody reads their pages."""

    @cached_property
    def count(self) -> int:
        """The number of rows, or :data:`MOST`."""
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[:MOST + 1].count()
