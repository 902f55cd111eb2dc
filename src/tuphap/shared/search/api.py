"""Find records by any of their words, with or without accents, among those that the searcher may see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db import connection
from django.db.models import Case, FloatField, Func, Q, QuerySet, TextField, Value, When
from django.utils.module_loading import import_string

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit

from . import words as vocabulary
from .declarations import SearchSource, sources
from .models import SearchRecord

__all__ = ["Found", "Results", "SearchSource", "TooManySearches", "forget", "index", "keys", "reindex", "search",
           "searchable", "sources"]

MOST_WORDS = 12
LONG_CODE = 6  # signs from which a word with digits is looked up whole; the index has no shorter ones
BURST, BURST_TIME = 200, timedelta(minutes=10)  # searches of one person; our own bound, no law names one


class TooManySearches(Refusal):
    """More searches in a short time than work asks for: names are being looked up in bulk (OWASP ASVS 2.4.1)."""

    code = "search.too_many"
    message_vi = "Ông/bà đã tra cứu quá nhiều lần trong thời gian ngắn. Vui lòng thử lại sau ít phút."
    status = 429


@dataclass(frozen=True, slots=True)
class Found:
    """How a record is found. ``words`` are any texts (code, names, numbers); ``data`` is shown beside the title."""

    unit_id: int
    title: str
    url: str
    words: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def index(
    source: str, *, object_id: object, unit_id: int, title: str, url: str, words: tuple[str, ...], at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Let a record be found from now on as this; in the operation that made or changed it.

    :param words: everything it is found by; the title is found by too.
    :raises KeyError: no such source.
    :raises RuntimeError: outside a transaction.
    """
    declared, folded = sources[source], _folded((title, *words))
    if not connection.in_atomic_block:
        raise RuntimeError("a record is indexed in the transaction of its change")
    vocabulary.meet(folded)
    SearchRecord.objects.bulk_create(
        [
            SearchRecord(
                source=declared.code, object_id=str(object_id), unit_id=unit_id, permission=declared.permission,
                title=title[:300], url=url, text_folded=folded, data=dict(data or {}), updated_at=at,
            )
        ],
        update_conflicts=True,
        unique_fields=["source", "object_id"],
        update_fields=["unit", "permission", "title", "url", "text_folded", "data", "updated_at"],
    )


def forget(source: str, *, object_id: object) -> None:
    """Let a record be found no more."""
    SearchRecord.objects.filter(source=source, object_id=str(object_id)).delete()


def reindex(source: str, *, object_id: object, at: datetime) -> None:
    """Index a record as its source tells of it now, or forget it."""
    found: Found | None = import_string(sources[source].fetch)(str(object_id))
    if found is None:
        forget(source, object_id=object_id)
        return
    index(
        source, object_id=object_id, unit_id=found.unit_id, title=found.title, url=found.url, words=found.words, at=at,
        data=found.data,
    )


def keys(source: str, text: str) -> QuerySet[SearchRecord, str]:
    """The names of this source's records with every word of ``text``, whoever may see them: for lists of their own.

    :raises KeyError: no such source.
    """
    words, records = _words(text), SearchRecord.objects.filter(source=sources[source].code)
    return (_having(records, words) if words else records.none()).values_list("object_id", flat=True)


def searchable(actor: Actor, *, on: date) -> list[SearchSource]:
    """The sources in which the actor may find anything."""
    return [source for source in sources if access.may_anywhere(actor, source.permission, on=on)]


@dataclass(frozen=True, slots=True)
class Results:
    """Records in their order. ``by_slips``: none has all the words; these have words of which those may be slips."""

    records: list[SearchRecord]
    by_slips: bool = False


def search(actor: Actor, text: str, at: datetime, *, source: str = "", limit: int = 50) -> Results:
    """The best ``limit`` records with every word of ``text`` that the actor may see, best first.

    Accents and case do not matter, nor the order of words; a word may be the beginning of one in the record, from three
    letters on any part of one.
    Where nothing has them all, records with words of which these may be slips of the keyboard. The search is kept in
    the log without its words.

    :raises TooManySearches: looking people up in bulk.
    """
    words = _words(text)
    if not words:
        return Results([])
    if audit.reads_since(at - BURST_TIME, actor=actor, what="search") >= BURST:
        raise TooManySearches()
    visible = _visible(actor, at, source)
    found = list(_coded(visible, words)[:limit]) or list(_exact(visible, words)[:limit])
    told = Results(found) if found else Results(_with_slips(visible, words, limit), by_slips=True)
    audit.record_read(
        subject=None, actor=actor, at=at, purpose=actor.purpose or "tra cứu", what="search", found=len(told.records),
        words_sha256=hashlib.sha256(" ".join(words).encode()).hexdigest(), source=source,
    )
    return told


def _visible(actor: Actor, at: datetime, source: str) -> QuerySet[SearchRecord]:
    allowed = Q(pk__in=[])
    for permission in {s.permission for s in sources if source in ("", s.code)}:
        units = access.units_where(actor, permission, on=localdate(at))
        allowed |= Q(permission=permission, unit_id__in=units)
    records = SearchRecord.objects.filter(allowed)
    return records.filter(source=source) if source else records


class _Codes(Func):
    """The codes and numbers of a record, as its index has them."""

    function = "search_codes"
    output_field = ArrayField(TextField())


def _coded(records: QuerySet[SearchRecord], words: list[str]) -> QuerySet[SearchRecord]:
    """Those that have every word, the long ones with digits in them whole; none where no such word is among them."""
    codes = [word for word in words if len(word) >= LONG_CODE and any(sign.isdigit() for sign in word)]
    if not codes:
        return records.none()
    return _exact(
        records.filter(DataContains(_Codes("text_folded"), Value(codes, ArrayField(TextField())))), words
    )


def _exact(records: QuerySet[SearchRecord], words: list[str]) -> QuerySet[SearchRecord]:
    """Those that have every word, those with whole words before those with parts of words."""
    whole: Any = Value(0.0, output_field=FloatField())
    for word in words:
        whole = whole + Case(
            When(text_folded__contains=f" {word} ", then=Value(2.0)),
            When(text_folded__contains=f" {word}", then=Value(1.0)),
            default=Value(0.0), output_field=FloatField(),
        )
    phrase = Case(
        When(text_folded__contains=f" {' '.join(words)} ", then=Value(1.0)), default=Value(0.0),
        output_field=FloatField(),
    )
    return _having(records, words).annotate(rank=whole + phrase).order_by("-rank", "-updated_at", "-pk")


def _with_slips(records: QuerySet[SearchRecord], words: list[str], limit: int) -> list[SearchRecord]:
    """Those that have every word, or one of which it may be a slip; the newest first."""
    meant = {word: vocabulary.alike(word) for word in words}
    if not any(meant.values()):
        return []
    for word, others in meant.items():
        wanted = Q(text_folded__contains=_part(word))
        for other in others:
            wanted |= Q(text_folded__contains=f" {other} ")
        records = records.filter(wanted)
    return list(records.order_by("-updated_at", "-pk")[:limit])


def _having(records: QuerySet[SearchRecord], words: list[str]) -> QuerySet[SearchRecord]:
    """Those that have every word."""
    for word in words:
        records = records.filter(text_folded__contains=_part(word))
    return records


def _part(word: str) -> str:
    """What of a record's text such a word is: any part, of two letters only a beginning (every name has them in it)."""
    return word if len(word) > vocabulary.SHORTEST else f" {word}"


def _words(text: str) -> list[str]:
    return [word for word in fold(tidy(text)).split() if len(word) >= vocabulary.SHORTEST][:MOST_WORDS]


def _folded(words: tuple[str, ...]) -> str:
    """One line of folded words, a blank at each end so that whole words can be told from parts."""
    return f" {' '.join(fold(tidy(word)) for word in words if word)} "
