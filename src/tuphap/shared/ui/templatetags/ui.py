"""Components that every template may use; no ``{% load %}`` is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tuphap.kernel.clock import localdate, localtime, now
from tuphap.kernel.qr import qr_svg
from tuphap.kernel.text import thousands as dotted
from tuphap.shared.dossiers.api import OVERLAY_TITLES, Overlay
from tuphap.shared.operation.http import FIELD, new_key
from tuphap.shared.ui import charts
from tuphap.shared.ui.forms import lines as form_lines

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)  # a page draws a few dozen of them, the same on every page
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite. ``label`` is said aloud; without it the icon is decoration. ``size``: "", "l", "xl"."""
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "", named, static("ui/icons.svg"), name,
    )


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field with its label, mark, help and error."""
    return bound.as_field_group()


@register.filter
def lines(form: Any) -> Any:
    """The visible fields of a form line by line, paired where the form says so."""
    return form_lines(form)


@register.filter
def told_of(error: str, bound: BoundField) -> str:
    """An error as the summary on top tells it: the field's name before it, unless that name is a sentence itself."""
    label = str(bound.label).strip()
    return str(error) if label.endswith((".", "?", "!", ":")) else f"{label}: {error}"


@register.filter
def width_class(bound: BoundField) -> str:
    """How wide the box is, from the field's ``width`` ("s", "m"), as a class."""
    width = getattr(bound.field, "width", "")
    return f"w-{width}" if width else ""


# What the words of a state mean at a glance. Unknown ones stay grey.
TONES = {
    "draft": "grey", "submitted": "blue", "needs_supplement": "amber", "received": "blue", "assigned": "blue",
    "in_process": "blue", "awaiting_approval": "amber", "awaiting_signature": "amber", "result_ready": "green",
    "returned": "green", "closed": "grey", "refused": "red", "stopped": "red", "withdrawn": "grey",
    "paused_applicant": "amber", "paused_fee": "amber", "waiting_other_agency": "amber", "extended": "amber",
    "pending": "amber", "signed": "green", "failed": "red", "void": "grey", "in_force": "green", "cancelled": "red",
    "replaced": "amber", "early": "green", "on_time": "green", "late": "red", "error": "red", "warning": "amber",
    "reserved": "amber", "confirmed": "green", "issued": "green", "active": "green", "inactive": "grey",
}


@register.simple_tag
def badge(state: Any, tone: str = "", label: str = "") -> SafeString:
    """The badge of a state: an enumeration member with a ``label``, or plain words with a ``tone``."""
    code = str(getattr(state, "value", state)).lower()
    chosen = tone or getattr(state, "tone", "") or TONES.get(code, "grey")
    return format_html('<span class="badge-state tone-{}">{}</span>', chosen, label or getattr(state, "label", state))


@register.filter
def overlay_title(overlay: Any) -> str:
    """What lies over a dossier's step, in words."""
    return OVERLAY_TITLES[Overlay(overlay)]


@register.simple_tag
def pill(text: str, tone: str = "grey", icon_name: str = "") -> SafeString:
    """A short remark in a rounded box."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="pill tone-{}">{}{}</span>', tone, drawn, text)


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or nothing where it has no such key."""
    return mapping.get(key, "") if mapping is not None else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """``05/03/2026``; a dash for nothing."""
    if value is None:
        return "–"
    return (localdate(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


@register.filter
def moment(value: datetime | None) -> str:
    """``09:30 05/03/2026`` in the time of Việt Nam; a dash for nothing."""
    return "–" if value is None else localtime(value).strftime("%H:%M %d/%m/%Y")


@register.filter
def ago_day(value: datetime | None) -> str:
    """``hôm nay 09:30``, ``hôm qua 16:00``, else the full moment."""
    if value is None:
        return "–"
    days = (localdate(now()) - localdate(value)).days
    clock = localtime(value).strftime("%H:%M")
    return {0: f"hôm nay {clock}", 1: f"hôm qua {clock}"}.get(days, moment(value))


@register.filter
def dong(value: int | None) -> str:
    """Money: ``8.000 đồng``."""
    return "–" if value is None else f"{value:,} đồng".replace(",", ".")


@register.filter
def thousands(value: int | None) -> str:
    """A number with dots between the thousands."""
    return "–" if value is None else dotted(value)


@register.filter
def percent(part: int, whole: int) -> str:
    """``98,5 %``; "—" of nothing."""
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else "—"


@register.simple_tag(takes_context=True)
def deadline(context: template.Context, dossier: Any) -> SafeString:
    """How a dossier stands against its due day, in working days: "còn 2 ngày làm việc", "quá hạn 1 ngày làm việc".

    Working days are the same for every office, so that a page asks for the calendar once, however long its list is.
    """
    kept: Any = context.render_context.setdefault("working_calendar", [])
    text, tone = _standing(dossier, kept)
    if not text:
        return mark_safe("")
    return pill(text, tone, {"red": "alert", "green": "check"}.get(tone, "clock"))


def _standing(dossier: Any, kept: list[Any]) -> tuple[str, str]:
    from tuphap.shared.calendar import api as calendar

    if dossier.result_ready_at is not None:
        verdicts = {"early": ("trước hạn", "green"), "on_time": ("đúng hạn", "green"), "late": ("quá hạn", "red")}
        return verdicts.get(str(dossier.verdict).lower(), ("", ""))
    if dossier.due_at is None or dossier.is_ended:
        return "", ""
    if dossier.is_paused:
        return "tạm dừng tính hạn", "grey"
    today, due = localdate(now()), localdate(dossier.due_at)
    if due == today:
        return f"hạn hôm nay {localtime(dossier.due_at):%H:%M}", "amber"
    if not kept:
        kept.append(calendar.working_calendar())
    days = kept[0].working_days_between(today, due)
    if due < today:
        return f"quá hạn {max(-days, 1)} ngày làm việc", "red"
    return f"còn {max(days, 1)} ngày làm việc", "blue" if days > 1 else "amber"


@register.simple_tag(takes_context=True)
def once_key(context: template.Context) -> SafeString:
    """The hidden field by which the same form sent twice is done once; kept when the form comes back with errors."""
    request = context.get("request")
    kept = request.POST.get(FIELD, "") if request is not None else ""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, kept or new_key())


@register.inclusion_tag("ui/tags/steps.html")
def steps(items: Sequence[Any], current: Any) -> dict[str, Any]:
    """Progress through pages. ``items``: (code, title[, href[, done]]) in order; ``current``: the code reached."""
    rows = [tuple(item) if not isinstance(item, str) else (item, item) for item in items]
    reached = next((i for i, row in enumerate(rows) if row[0] == current), len(rows))
    drawn = [
        {
            "title": row[1], "href": row[2] if len(row) > 2 else "", "done": row[3] if len(row) > 3 else i < reached,
            "current": i == reached, "of": f"{i + 1} trong {len(rows)}",
        }
        for i, row in enumerate(rows)
    ]
    return {"steps": drawn}


@register.inclusion_tag("ui/tags/tabs.html")
def tabs(items: Iterable[Any], label: str = "Lọc danh sách") -> dict[str, Any]:
    """Links to the parts of a list. ``items``: dicts of title, href, current, and count (or None)."""
    return {"tabs": items, "label": label}


@register.inclusion_tag("ui/tags/tile.html")
def tile(value: Any, label: str, href: str = "", tone: str = "", hint: str = "") -> dict[str, Any]:
    """A number that opens the list it counts. ``tone``: "", "blue", "green", "amber", "red"."""
    return {"value": value, "label": label, "href": href, "tone": tone, "hint": hint}


@register.inclusion_tag("ui/tags/empty.html")
def empty(title: str, text: str = "", icon_name: str = "inbox", href: str = "", action: str = "") -> dict[str, Any]:
    """What stands where a list has nothing to show, and what may be done then."""
    return {"title": title, "text": text, "icon_name": icon_name, "href": href, "action": action}


@register.inclusion_tag("ui/tags/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    """What happened, in order. ``items``: dicts of at, title, text, by, state ("done", "now", "")."""
    return {"items": items}


@register.inclusion_tag("ui/tags/pages.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """The pages of a long list; keeps the filters of the address."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context.get("request")}


@register.inclusion_tag("ui/tags/bar_chart.html")
def bar_chart(bars: Sequence[charts.Bar], title: str = "", measure: str = "Số lượng") -> dict[str, Any]:
    """Horizontal bars with the same numbers as a table. ``bars``: :class:`tuphap.shared.ui.api.Bar`."""
    return {
        "boxes": charts.bar_boxes(bars), "title": title, "measure": measure,
        "width": charts.LABEL_WIDTH + charts.BAR_ROOM + charts.VALUE_ROOM,
        "height": len(bars) * charts.ROW + 6, "label_x": charts.LABEL_WIDTH - 10, "bar_x": charts.LABEL_WIDTH,
        "room": charts.BAR_ROOM,
    }


@register.inclusion_tag("ui/tags/column_chart.html")
def column_chart(
    series: Sequence[charts.Series], columns: Sequence[charts.Column], title: str = "", first: str = "Tuần"
) -> dict[str, Any]:
    """Stacked columns (weeks, months) with the same numbers as a table. ``first``: what a column stands for."""
    boxes = charts.column_boxes(series, columns)
    totals = [sum(column.values[i] for column in columns) for i in range(len(series))]
    return {
        "boxes": boxes, "series": series, "title": title, "first": first, "totals": totals, "sum": sum(totals),
        "grid": charts.grid_lines(max((c.total for c in columns), default=0)),
        "left": charts.PLOT_LEFT, "right": charts.PLOT_WIDTH, "width": charts.PLOT_WIDTH + 10,
        "height": charts.PLOT_TOP + charts.PLOT_HEIGHT + 30, "base": charts.PLOT_TOP + charts.PLOT_HEIGHT,
        "label_y": charts.PLOT_TOP + charts.PLOT_HEIGHT + 20,
    }


@register.simple_tag
def qr(text: str, label: str = "Mã QR") -> SafeString:
    """A QR code of ``text`` as SVG, black on white, without inline styles."""
    drawn = mark_safe(qr_svg(text, sized=False))  # noqa: S308
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, drawn)
