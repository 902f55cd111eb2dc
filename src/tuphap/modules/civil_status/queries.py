"""Reads, always of what the actor may see; looking at people is kept in the log with its purpose."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.indicators.api import Scope
from tuphap.shared.people.api import PartialDate, PersonName, Sex
from tuphap.shared.search.api import Found

from . import rules
from .current import as_it_stands
from .events.kinds import kind_of_act
from .models import Act, Annotation, BirthAct, Book, Paper, Party

A = TypeVar("A", bound=Act)


# --- What a leader sees of a declaration before deciding --------------------------------------------------------------


def essentials(found: Sequence[Dossier]) -> dict[UUID, list[tuple[str, str]]]:
    """The child and the parents as they were declared."""
    return {dossier.pk: _declared(dossier.answers) for dossier in found}


def _declared(answers: dict[str, Any]) -> list[tuple[str, str]]:
    child = answers.get("child") or {}
    born = str(PartialDate.parse(child["born_on"])) if child.get("born_on") else ""
    sex = Sex(child["sex"]).label if child.get("sex") else ""
    told = [("Trẻ được khai sinh", " · ".join(filter(None, (child.get("name", ""), sex, born))))]
    for role, title in (("mother", "Mẹ"), ("father", "Cha")):
        if name := (answers.get(role) or {}).get("name"):
            told.append((title, name))
    return told


# --- Acts and books ---------------------------------------------------------------------------------------------------


def visible_births(actor: Actor, at: datetime) -> QuerySet[BirthAct]:
    """The births of the offices whose register the actor may see, newest first."""
    return _visible(BirthAct, actor, at)


def visible_acts(actor: Actor, at: datetime) -> QuerySet[Act]:
    """Acts of every kind of the offices whose register the actor may see, newest first."""
    return _visible(Act, actor, at)


def _visible(model: type[A], actor: Actor, at: datetime) -> QuerySet[A]:
    acts = model.objects.select_related("unit", "book").prefetch_related("parties").order_by("-created_at", "-pk")
    return access.rows(actor, rules.Permission.VIEW, acts, on=localdate(at))


def get_birth(act_id: UUID, actor: Actor, at: datetime) -> BirthAct:
    """One birth with its people, papers and annotations; the look is kept in the log.

    :raises rules.UnknownAct: there is none, or the actor may not know of it.
    """
    return _look_at(visible_births(actor, at), act_id, actor, at, what="birth_act")


def get_act(act_id: UUID, actor: Actor, at: datetime) -> Act:
    """As :func:`get_birth`, of any kind of act; a birth comes as :class:`BirthAct`."""
    kind = visible_acts(actor, at).filter(pk=act_id).values_list("kind", flat=True).first()
    if kind == rules.BookKind.BIRTH:
        return get_birth(act_id, actor, at)
    return _look_at(visible_acts(actor, at), act_id, actor, at, what="civil_status_act")


def _look_at(acts: QuerySet[A], act_id: UUID, actor: Actor, at: datetime, *, what: str) -> A:
    act = (
        acts.select_related("unit__admin_unit__parent", "dossier", "signer")
        .prefetch_related(Prefetch("papers", Paper.objects.select_related("document", "reserved").order_by("pk")),
                          "annotations")
        .filter(pk=act_id)
        .first()
    )
    if act is None:
        raise rules.UnknownAct()
    audit.record_read(
        subject=act, actor=actor, at=at, purpose=actor.purpose or "xem việc hộ tịch", what=what, unit_id=act.unit_id,
    )
    return act


def births_about(*, user_id: UUID, number: str) -> Mapping[str, str]:
    """The births in which a citizen is named by number, or to which their own dossiers led, with those's codes."""
    return _about(BirthAct.objects.all(), user_id, number)


def events_about(*, user_id: UUID, number: str) -> Mapping[str, str]:
    """As :func:`births_about`, of every other kind of act."""
    return _about(Act.objects.exclude(kind=rules.BookKind.BIRTH), user_id, number)


def _about(acts: QuerySet[A], user_id: UUID, number: str) -> Mapping[str, str]:
    mine = Q(dossier__applicant_user=user_id)
    if number:
        mine |= Q(pk__in=Party.objects.filter(personal_number=number).values("act_id"))
    return {str(pk): code or "" for pk, code in acts.filter(mine).values_list("pk", "dossier__code")}


@dataclass(frozen=True, slots=True)
class Related:
    """An act that this one is about, or that is about this one; ``address`` is empty where it may not be opened."""

    act: Act
    address: str


def related(act: Act, actor: Actor, at: datetime) -> list[Related]:
    """What this act is about, and what was registered about it since, oldest first."""
    opened = access.units_where(actor, rules.Permission.VIEW, on=localdate(at))
    found = Act.objects.filter(Q(pk=act.target_id) | Q(target_id=act.pk)).exclude(state=rules.ActState.VOID)
    return [
        Related(one, one.get_absolute_url() if one.unit_id in opened else "")
        for one in found.select_related("unit").order_by("created_at")
    ]


def history(act: Act) -> QuerySet[Entry]:
    """What the log tells of an act, oldest first; the looks at it are left to the auditor."""
    return Entry.objects.filter(
        subject_type=act._meta.label_lower, subject_id=str(act.pk)
    ).exclude(event="record.read").order_by("at", "pk")


def books(actor: Actor, at: datetime, *, year: int | None = None) -> QuerySet[Book]:
    """The books of the offices whose register the actor may see, newest first, with the number of their acts."""
    found = access.rows(actor, rules.Permission.VIEW, Book.objects.all(), on=localdate(at))
    if year is not None:
        found = found.filter(year=year)
    return (
        found.select_related("unit")
        .annotate(act_count=Count("acts"))
        .order_by("-year", "unit__sort_key", "kind", "-volume")
    )


def get_book(book_id: int, actor: Actor, at: datetime) -> Book:
    """:raises rules.UnknownBook: there is none, or the actor may not see it."""
    found = books(actor, at).filter(pk=book_id).first()
    if found is None:
        raise rules.UnknownBook()
    return found


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What narrows the lines of a book; empty means all."""

    state: str = ""
    timeliness: str = ""
    sex: str = ""
    personal_number: str = ""
    text: str = ""


def entries(book: Book, wanted: EntryFilter) -> QuerySet[BirthAct]:
    """The lines of a book of births, by number."""
    acts = _lines(BirthAct.objects.all(), book, wanted)
    for column, value in (
        ("timeliness", wanted.timeliness), ("sex", wanted.sex), ("personal_number_state", wanted.personal_number),
    ):
        if value:
            acts = acts.filter(**{column: value})
    return acts


def event_entries(book: Book, wanted: EntryFilter) -> QuerySet[Act]:
    """The lines of a book of any other kind, by number."""
    return _lines(Act.objects.all(), book, wanted)


def _lines(acts: QuerySet[A], book: Book, wanted: EntryFilter) -> QuerySet[A]:
    acts = acts.filter(book=book)
    if wanted.state:
        acts = acts.filter(state=wanted.state)
    if wanted.text:
        acts = acts.filter(_named(wanted.text))
    return acts.select_related("unit").prefetch_related("parties").order_by("number")


def failed_signings(actor: Actor, at: datetime) -> QuerySet[Paper]:
    """Papers that could not be signed, in the offices where the actor signs; the oldest first.

    ``other_stands``, ``other_waits``: of the same decision there is another act, registered or awaiting its signature.
    """
    units = access.units_where(actor, rules.Permission.SIGN, on=localdate(at))
    beside = Act.objects.filter(dossier=OuterRef("act__dossier")).exclude(pk=OuterRef("act"))
    return (
        Paper.objects.filter(state=rules.PaperState.FAILED, document__unit__in=units)
        .select_related("act__unit", "act__dossier", "act__book", "document", "reserved")
        .prefetch_related("act__parties")
        .annotate(
            other_stands=Exists(beside.filter(state=rules.ActState.REGISTERED)),
            other_waits=Exists(beside.filter(state=rules.ActState.PENDING_SIGNATURE)),
        )
        .order_by("requested_at", "pk")
    )


def count_failed_signings(*, actor: Actor, at: datetime) -> int:
    """For the number beside the menu."""
    return failed_signings(actor, at).count()


def waiting_for_number(actor: Actor, at: datetime) -> QuerySet[BirthAct]:
    """Registered births whose personal number has not come yet."""
    return visible_births(actor, at).filter(
        state=rules.ActState.REGISTERED, personal_number_state=rules.PersonalNumberState.PIN_PENDING
    ).order_by("registered_on", "pk")


def act_of_dossier(dossier_id: UUID) -> BirthAct | None:
    """The birth that a dossier led to, the latest where a number was made void; for pages that show the dossier."""
    return _of_dossier(BirthAct.objects.all(), dossier_id)


def event_of_dossier(dossier_id: UUID) -> Act | None:
    """As :func:`act_of_dossier`, of any kind of act but a birth."""
    return _of_dossier(Act.objects.exclude(kind=rules.BookKind.BIRTH), dossier_id)


def acts_of_dossier(dossier_id: UUID) -> list[Act]:
    """Every act that a dossier led to, a birth first, without those whose number was made void."""
    acts = Act.objects.filter(dossier_id=dossier_id).exclude(state=rules.ActState.VOID)
    return sorted(acts.select_related("unit", "book").order_by("created_at", "pk"),
                  key=lambda act: act.kind != rules.BookKind.BIRTH)


def _of_dossier(acts: QuerySet[A], dossier_id: UUID) -> A | None:
    return (
        acts.filter(dossier_id=dossier_id).select_related("unit", "book")
        .prefetch_related("parties", "papers__document").order_by("-created_at").first()
    )


# --- Search -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom one looks for. ``text`` matches any words of the name without regard to accents."""

    text: str = ""
    role: str = ""
    born_on: PartialDate | None = None
    personal_number: str = ""
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.born_on or self.personal_number or self.number)


def search_births(wanted: Wanted, *, actor: Actor, at: datetime, purpose: str) -> QuerySet[BirthAct]:
    """Births by the name of child, mother or father, the day of birth, a personal number or the act's number.

    The search is kept in the log with its purpose, without its words.

    :raises rules.PurposeRequired: no purpose was given.
    """
    if not purpose.strip():
        raise rules.PurposeRequired()
    acts = visible_births(actor, at)
    acts = acts.filter(_matches(wanted)) if wanted else acts.none()
    audit.record_read(
        subject=None, actor=actor, at=at, purpose=purpose, what="civil_status.search", role=wanted.role,
        by=[name for name in ("text", "born_on", "personal_number", "number") if getattr(wanted, name)],
    )
    return acts


def search_acts(wanted: Wanted, *, kind: str, actor: Actor, at: datetime, purpose: str) -> QuerySet[Act]:
    """As :func:`search_births`, acts of every kind or of one; a day is that of the event, of a birth the birthday.

    :raises rules.PurposeRequired: no purpose was given.
    """
    if not purpose.strip():
        raise rules.PurposeRequired()
    acts = visible_acts(actor, at)
    if kind:
        acts = acts.filter(kind=kind)
    acts = acts.filter(_matches(wanted, _happened)) if wanted else acts.none()
    audit.record_read(
        subject=None, actor=actor, at=at, purpose=purpose, what="civil_status.search", role=wanted.role, kind=kind,
        by=[name for name in ("text", "born_on", "personal_number", "number") if getattr(wanted, name)],
    )
    return acts


def _born(day: PartialDate) -> Q:
    return Q(born_earliest__lte=day.latest, born_latest__gte=day.earliest)


def _happened(day: PartialDate) -> Q:
    return Q(event_earliest__lte=day.latest, event_latest__gte=day.earliest) | Q(
        birthact__born_earliest__lte=day.latest, birthact__born_latest__gte=day.earliest)


def _matches(wanted: Wanted, on_that_day: Callable[[PartialDate], Q] = _born) -> Q:
    condition = Q()
    if wanted.text.strip():
        condition &= _named(wanted.text, role=wanted.role)
    if wanted.born_on is not None:
        condition &= on_that_day(wanted.born_on)
    if wanted.personal_number:
        people = Party.objects.filter(act=OuterRef("pk"), personal_number=wanted.personal_number)
        condition &= Q(Exists(people.filter(role=wanted.role) if wanted.role else people))
    if wanted.number:
        number, _, year = wanted.number.strip().upper().partition("/")
        suffix = number.lstrip("0123456789 ")
        number = number.removesuffix(suffix).strip()
        condition &= Q(number=int(number)) if number.isdecimal() else Q(pk__in=[])
        condition &= Q(number_suffix=suffix) if suffix else Q()
        condition &= Q(year=int(year)) if year.strip().isdecimal() else Q()
    return condition


def _named(text: str, role: str = "") -> Q:
    """Acts in which somebody (in this role) bears all these words in the name, accents or not, as written or since."""
    people = Party.objects.filter(act=OuterRef("pk"))
    renamed = Annotation.objects.filter(act=OuterRef("pk")).exclude(names="")
    if role:
        people = people.filter(role=role)
    for word in PersonName.search_words(text):
        people, renamed = people.filter(search_key__contains=word), renamed.filter(names__contains=word)
    return Q(Exists(people)) | Q(Exists(renamed))


def about(act: Act) -> str:
    """Whom an act of any kind is about, in a line."""
    if act.kind == rules.BookKind.BIRTH:
        child = act.party(rules.PartyRole.CHILD)
        return child.name if child is not None else ""
    return kind_of_act(act).headline(act)


def found(object_id: str) -> Found | None:
    """How a birth is found by the search of the whole platform."""
    act = BirthAct.objects.select_related("unit").prefetch_related("parties").filter(pk=object_id).first()
    if act is None:
        return _found_event(object_id)
    if act.state == rules.ActState.VOID:
        return None
    today = as_it_stands(act)
    told = [*act.parties.all(), *(today.parties.all() if today is not act else ())]
    words = list(dict.fromkeys(p.name for p in told if p.role != rules.PartyRole.DECLARANT))
    words += [act.display_number, act.child.personal_number, today.born_on]
    return Found(
        unit_id=act.unit_id, title=today.child.name, url=act.get_absolute_url(), words=tuple(w for w in words if w),
        data={"number": act.display_number, "office": act.unit_name, "state": act.state_title},
    )


def _found_event(object_id: str) -> Found | None:
    act = Act.objects.select_related("unit").prefetch_related("parties").filter(pk=object_id).first()
    if act is None or act.state == rules.ActState.VOID:
        return None
    today = as_it_stands(act)
    people = [*act.parties.all(), *(today.parties.all() if today is not act else ())]
    words = list(dict.fromkeys(
        w for p in people if p.role != rules.PartyRole.DECLARANT for w in (p.name, p.personal_number)))
    return Found(
        unit_id=act.unit_id, title=f"{act.title}: {kind_of_act(act).headline(today)}",
        url=act.get_absolute_url(), words=tuple(w for w in (*words, act.display_number) if w),
        data={"number": act.display_number, "office": act.unit_name, "state": act.state_title},
    )


# --- The check for other agencies -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The least that answers whether a certificate says what the register says: yes or no, and how the act stands."""

    matches: bool
    state: str


def check_birth(
    *, number: str, office: str, name: str, born_on: date, actor: Actor, at: datetime, purpose: str
) -> CheckAnswer:
    """Whether a birth of this number, name and day stands in the register, and in which state.

    :param number: as printed, ``15/2026``.
    :param office: electronic code of the registering office, or empty for any.
    :raises access.Forbidden: the caller was not given this check.
    :raises rules.PurposeRequired: no purpose was given.
    """
    access.require_anywhere(actor, rules.Permission.CHECK, on=localdate(at))
    if not purpose.strip():
        raise rules.PurposeRequired()
    matched = _matching_birth(number, office, name, born_on)
    audit.record_read(
        subject=matched, actor=actor, at=at, purpose=purpose, what="civil_status.check",
        unit_id=matched.unit_id if matched else None, matches=matched is not None,
    )
    if matched is None:
        return CheckAnswer(matches=False, state="")
    return CheckAnswer(matches=True, state=matched.state)


def _matching_birth(number: str, office: str, name: str, born_on: date) -> BirthAct | None:
    digits, _, year = number.partition("/")
    if not digits.strip().isdecimal() or not year.strip().isdecimal():
        return None
    acts = BirthAct.objects.filter(number=int(digits), year=int(year), state__in=rules.IN_BOOK)
    if office:
        acts = acts.filter(unit__code=office)
    wanted = (spelt(name), born_on.isoformat())
    found = acts.prefetch_related("parties", "annotations__source").order_by("pk")
    # A certificate says what was so when it was made: as written, or as it stands since.
    return next(
        (act for act in found
         if any((spelt(one.child.name), one.born_on) == wanted for one in (act, as_it_stands(act)))), None
    )


def spelt(name: str) -> str:
    """A name as compared with what is printed: accents count, case and blanks do not."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


# --- Figures: each the length of a list -------------------------------------------------------------------------------
#
# An act from an old book has no moment of signing (the database holds it to that), and so none of these counts it; the
# figure of what was transcribed is ``old_books.queries.entered``.


def births(scope: Scope) -> QuerySet[BirthAct]:
    """Births entered in the book within the period; cancelled ones are no longer counted."""
    return (
        BirthAct.objects.filter(
            kind=rules.BookKind.BIRTH, state=rules.ActState.REGISTERED, signed_at__gte=scope.start,
            signed_at__lt=scope.end,
        )
        .select_related("unit")
        .order_by("signed_at", "pk")
    )


def extracts(scope: Scope) -> QuerySet[Paper]:
    """Extracts (copies from the register) issued within the period, one row an issue."""
    return _issued(rules.PaperKind.EXTRACT, scope)


def confirmations(scope: Scope) -> QuerySet[Paper]:
    """Confirmations of what the register says issued within the period."""
    return _issued(rules.PaperKind.CONFIRMATION, scope)


def _issued(kind: rules.PaperKind, scope: Scope) -> QuerySet[Paper]:
    return (
        Paper.objects.filter(
            kind=kind, state=rules.PaperState.SIGNED, signed_at__gte=scope.start, signed_at__lt=scope.end
        )
        .select_related("act__unit", "document")
        .order_by("signed_at", "pk")
    )
