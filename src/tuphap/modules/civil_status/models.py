"""The register: books, acts, the people in them, the papers made of them, and what later became of them.

An act is one line of one book under one number. What is common to all events of civil status stands in :class:`Act`;
what only births have, in :class:`BirthAct`; every person in a role, in :class:`Party`, so that one look finds a person
in all acts through time. Once registered, the database itself refuses to change any of it (see the first migration).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from tuphap.kernel.ids import new_id
from tuphap.shared.operation.integrity import constraint_means

from . import rules
from .joined.models import Leg, Recall
from .old_books.models import OldEntry

__all__ = ["Act", "Annotation", "BirthAct", "Book", "Leg", "OldEntry", "Paper", "Party", "Recall"]


def _choices(titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(code.value, title) for code, title in titles.items()]


class Book(models.Model):
    """A book (sổ hộ tịch): office × kind × year of opening × volume. Numbers run on from volume to volume."""

    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    kind = models.CharField("loại sổ", max_length=5, choices=_choices(rules.BOOK_TITLES))
    year = models.PositiveSmallIntegerField("năm mở sổ")
    volume = models.PositiveSmallIntegerField("quyển số", default=1)
    first_number = models.PositiveIntegerField("số đầu tiên")
    opened_on = models.DateField("ngày mở")
    closed_on = models.DateField("ngày khóa", null=True)
    acts_at_closing = models.PositiveIntegerField("số việc khi khóa", null=True)
    closed_by = models.CharField("người khóa", max_length=200, blank=True)
    origin = models.CharField(
        "nguồn", max_length=8, choices=_choices(rules.ORIGIN_TITLES), default=rules.Origin.REGISTER.value
    )
    volume_suffix = models.CharField("chữ sau số quyển", max_length=1, blank=True)
    office_then = models.CharField("cơ quan khi đó", max_length=200, blank=True)  # as in :class:`Act`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "year", "volume", "volume_suffix", "office_then", "origin"],
                name="civil_status_book_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="civil_status_book_days"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, acts_at_closing__isnull=True)
                | Q(closed_on__isnull=False, acts_at_closing__isnull=False),
                name="civil_status_book_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.year}.{self.display_volume}"

    @property
    def display_volume(self) -> str:
        return f"{self.volume:02d}{self.volume_suffix}"

    @property
    def title(self) -> str:
        return f"{rules.BOOK_TITLES[rules.BookKind(self.kind)]} năm {self.year}, quyển số {self.display_volume}"

    @property
    def is_on_paper(self) -> bool:
        """A book of before: what it holds is transcribed, nothing is registered in it any more."""
        return self.origin == rules.Origin.OLD_BOOK

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and not self.is_on_paper


class Act(models.Model):
    """One registered event (việc hộ tịch): a number in a book, the day, the office, the signer, the state.

    ``unit_name`` is the office's name on the day of registration; names of today are told beside it when shown.
    One from an old book (``origin``) was never decided or signed here: it has no dossier, no reserved number, no
    signer's account and no moment of signing, by which every figure counts. ``office_then`` tells it apart where
    ``unit`` only keeps the book of an office that stands in no list of units.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("loại việc", max_length=5, choices=_choices(rules.BOOK_TITLES))
    unit = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name="nơi đăng ký")
    unit_name = models.CharField("nơi đăng ký (tên khi đăng ký)", max_length=200)
    dossier = models.ForeignKey(
        "dossiers.Dossier", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="hồ sơ"
    )
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="acts", verbose_name="quyển sổ")
    page = models.PositiveSmallIntegerField("trang số", null=True)
    year = models.PositiveSmallIntegerField("năm của số")
    number = models.PositiveIntegerField("số")
    number_suffix = models.CharField("chữ sau số", max_length=1, blank=True)
    origin = models.CharField(
        "nguồn", max_length=8, choices=_choices(rules.ORIGIN_TITLES), default=rules.Origin.REGISTER.value
    )
    office_then = models.CharField("cơ quan khi đó", max_length=200, blank=True)
    reserved = models.OneToOneField(
        "numbering.Number", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="số đã giữ"
    )
    registered_on = models.DateField("ngày đăng ký")
    state = models.CharField(
        "trạng thái", max_length=20, choices=_choices(rules.ACT_STATE_TITLES),
        default=rules.ActState.PENDING_SIGNATURE.value,
    )
    state_reason = models.CharField("lý do", max_length=500, blank=True)
    preparer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người thụ lý"
    )
    preparer_name = models.CharField("người thụ lý", max_length=100, blank=True)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ký"
    )
    signer_name = models.CharField("người ký", max_length=100, blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=100, blank=True)
    event_on = models.CharField("ngày xảy ra", max_length=10, blank=True)  # as people.PartialDate writes it
    event_earliest = models.DateField("xảy ra sớm nhất", null=True)
    event_latest = models.DateField("xảy ra muộn nhất", null=True)
    event = models.CharField("việc", max_length=40, blank=True)  # an EventKind's code; empty: the first of its book
    target = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followers", verbose_name="về việc đã đăng ký"
    )
    facts = models.JSONField("nội dung riêng của loại việc", default=dict)  # see events/: what each kind keeps
    declared = models.JSONField("nội dung đã khai", default=dict)
    notes = models.CharField("ghi chú khi đăng ký", max_length=500, blank=True)
    created_at = models.DateTimeField("lập lúc")
    signed_at = models.DateTimeField("ký lúc", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(  # on paper, numbers often began anew with each volume
                "unit", "kind", "year", "number", "number_suffix", "office_then",
                Case(When(origin=rules.Origin.OLD_BOOK.value, then=F("book_id")), default=Value(0)),
                name="civil_status_act_number",
            ),
            models.UniqueConstraint(
                fields=["dossier", "kind"],
                condition=~Q(state__in=[rules.ActState.VOID.value, rules.ActState.CANCELLED.value]),
                name="civil_status_act_dossier",
            ),
            models.UniqueConstraint(  # a page on paper may hold several
                fields=["book", "page"], condition=Q(origin=rules.Origin.REGISTER.value), name="civil_status_act_page"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[rules.ActState.PENDING_SIGNATURE.value, rules.ActState.VOID.value])
                | Q(signed_at__isnull=False) | Q(origin=rules.Origin.OLD_BOOK.value),
                name="civil_status_act_signed",
            ),
            models.CheckConstraint(
                condition=Q(origin=rules.Origin.REGISTER.value, signer__isnull=False, page__isnull=False,
                            number_suffix="", office_then="")
                | Q(origin=rules.Origin.OLD_BOOK.value, signer__isnull=True, dossier__isnull=True,
                    reserved__isnull=True, signed_at__isnull=True) & ~Q(state=rules.ActState.VOID.value),
                name="civil_status_act_origin",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[rules.ActState.VOID.value, rules.ActState.CANCELLED.value])
                | ~Q(state_reason=""),
                name="civil_status_act_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "registered_on"], name="civil_status_act_day"),
            models.Index(fields=["kind", "signed_at"], name="civil_status_act_counted"),
            models.Index(fields=["event_earliest", "event_latest"], name="civil_status_act_happened"),
            models.Index(
                fields=["unit", "created_at"], condition=Q(state=rules.ActState.PENDING_SIGNATURE.value),
                name="civil_status_act_unsigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.display_number}"

    def get_absolute_url(self) -> str:
        return reverse("civil_status:act", args=[self.pk])

    @property
    def display_number(self) -> str:
        """The number as papers bear it: ``15/2026``; below ten, ``01/2026``; of some old books ``15A/1998``."""
        return f"{self.number:02d}{self.number_suffix}/{self.year}"

    @property
    def is_from_paper(self) -> bool:
        return self.origin == rules.Origin.OLD_BOOK

    def party(self, role: rules.PartyRole) -> Party | None:
        """The person in this role, None where nobody stands in it; reads ``parties`` once where they are prefetched."""
        return next((p for p in self.parties.all() if p.role == role), None)

    @property
    def declarant(self) -> Party | None:
        return self.party(rules.PartyRole.DECLARANT)

    @property
    def title(self) -> str:
        """What it records: a marriage, a death."""
        return rules.act_title(self.kind, self.event)

    @property
    def state_title(self) -> str:
        return rules.ACT_STATE_TITLES[rules.ActState(self.state)]

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return {"registered": "green", "pending_signature": "amber", "cancelled": "red"}.get(self.state, "grey")


class BirthAct(Act):
    """What only a birth has: the day, the place, the marriage of the parents, whether it was declared in time."""

    born_on = models.CharField("ngày sinh", max_length=10)  # as people.PartialDate writes it: 2026, 2026-03, 2026-03-05
    born_earliest = models.DateField("sinh sớm nhất")
    born_latest = models.DateField("sinh muộn nhất")
    sex = models.CharField("giới tính", max_length=6, blank=True)
    birth_count = models.PositiveSmallIntegerField("số con trong lần sinh", default=1)
    birth_order = models.PositiveSmallIntegerField("thứ tự sinh", default=1)
    place_kind = models.CharField(
        "loại nơi sinh", max_length=10, blank=True, choices=_choices(rules.BIRTH_PLACE_TITLES)
    )
    place = models.CharField("nơi sinh", max_length=400, blank=True)
    place_code = models.CharField("mã đơn vị nơi sinh", max_length=5, blank=True)
    native_place = models.CharField("quê quán", max_length=300, blank=True)
    native_place_code = models.CharField("mã đơn vị quê quán", max_length=5, blank=True)
    units_as_of = models.DateField("đơn vị hành chính theo ngày")
    birth_notice = models.CharField("giấy chứng sinh", max_length=100, blank=True)
    foundling = models.BooleanField("trẻ bị bỏ rơi", default=False)
    parents_married = models.BooleanField("cha mẹ có đăng ký kết hôn", default=False)
    marriage_record = models.CharField("giấy chứng nhận kết hôn", max_length=200, blank=True)
    declared_on = models.DateField("ngày khai")
    timeliness = models.CharField(
        "hạn đăng ký", max_length=8, blank=True, choices=_choices(rules.TIMELINESS_TITLES)
    )
    personal_number_state = models.CharField(
        "số định danh", max_length=12, choices=_choices(rules.PERSONAL_NUMBER_TITLES)
    )
    relation = models.CharField(
        "quan hệ của người đi khai", max_length=12, blank=True, choices=_choices(rules.RELATION_TITLES)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_order__gte=1) & Q(birth_order__lte=F("birth_count")), name="civil_status_birth_order"
            ),
            models.CheckConstraint(
                condition=Q(born_earliest__lte=F("born_latest")) & Q(born_earliest__lte=F("declared_on")),
                name="civil_status_birth_days",
            ),
        ]
        indexes = [models.Index(fields=["born_earliest", "born_latest"], name="civil_status_birth_born")]

    @property
    def child(self) -> Party:
        found = self.party(rules.PartyRole.CHILD)
        assert found is not None  # every birth is written with its child, in one operation
        return found

    @property
    def mother(self) -> Party | None:
        return self.party(rules.PartyRole.MOTHER)

    @property
    def father(self) -> Party | None:
        return self.party(rules.PartyRole.FATHER)


class Party(models.Model):
    """A person in a role of an act, as written there. The keys by which people are found and sorted are stored."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField("vai", max_length=12, choices=_choices(rules.PARTY_TITLES))
    name = models.CharField("họ, chữ đệm, tên", max_length=100)
    sort_key = models.CharField(max_length=300)
    search_key = models.CharField(max_length=150)
    sex = models.CharField("giới tính", max_length=6, blank=True)
    born_on = models.CharField("ngày sinh", max_length=10, blank=True)
    born_earliest = models.DateField(null=True)
    born_latest = models.DateField(null=True)
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)
    nationality = models.CharField("quốc tịch", max_length=60, blank=True)
    residence = models.CharField("nơi cư trú", max_length=400, blank=True)
    residence_code = models.CharField("mã đơn vị nơi cư trú", max_length=5, blank=True)
    residence_as_of = models.DateField("đơn vị hành chính theo ngày", null=True)
    id_kind = models.CharField(
        "giấy tờ tùy thân", max_length=10, blank=True, choices=_choices(rules.ID_TITLES)
    )
    id_number = models.CharField("số giấy tờ", max_length=30, blank=True)
    personal_number = models.CharField("số định danh cá nhân", max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "role"], name="civil_status_party_role"),
            models.CheckConstraint(
                condition=Q(personal_number="") | Q(personal_number__regex=r"^[0-9]{12}$"),
                name="civil_status_party_personal_number",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="civil_status_party_search"),
            models.Index(fields=["sort_key"], name="civil_status_party_sort"),
            models.Index(
                fields=["personal_number"], condition=~Q(personal_number=""), name="civil_status_party_number"
            ),
            models.Index(fields=["search_key", "born_on"], name="civil_status_party_same"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_text(self) -> str:
        """The identity paper as certificates print it; the personal number where no other paper is known."""
        if self.id_number:
            return f"{rules.ID_TITLES[rules.IdKind(self.id_kind)]} số {self.id_number}"
        return f"Số định danh cá nhân {self.personal_number}" if self.personal_number else ""


class Paper(models.Model):
    """A paper made of an act and sent to be signed: the original, or an extract with its own number."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(
        "loại", max_length=10,
        choices=_choices(rules.PAPER_KIND_TITLES),
    )
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    reserved = models.OneToOneField("numbering.Number", on_delete=models.PROTECT, null=True, related_name="+")
    dossier = models.ForeignKey(
        "dossiers.Dossier", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="hồ sơ yêu cầu"
    )  # its own, where a copy is asked for after the registration
    copies = models.PositiveSmallIntegerField("số bản", default=1)
    state = models.CharField(
        "trạng thái", max_length=10, choices=_choices(rules.PAPER_STATE_TITLES),
        default=rules.PaperState.PENDING.value,
    )
    failure = models.CharField("lỗi khi ký", max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField("số lần ký lỗi", default=0)
    requested_at = models.DateTimeField("yêu cầu ký lúc")
    signed_at = models.DateTimeField("ký lúc", null=True)
    signed_on = models.DateField("ngày ký", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act"], condition=Q(kind=rules.PaperKind.ORIGINAL.value), name="civil_status_paper_one_original"
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(state=rules.PaperState.FAILED.value),
                name="civil_status_paper_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.act}"

    @property
    def title(self) -> str:
        """What the paper is called: of a birth, of a marriage."""
        return rules.paper_title(self.act.kind, self.act.event, self.kind)


class Annotation(models.Model):
    """What later became of a registered act (ghi chú): its kind, what was and what is, by which decision of whom."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(
        "loại ghi chú", max_length=20, choices=_choices(rules.ANNOTATION_TITLES)
    )
    field = models.CharField("mục", max_length=60, blank=True)
    before = models.CharField("nội dung cũ", max_length=500, blank=True)
    after = models.CharField("nội dung mới", max_length=500, blank=True)
    changes = models.JSONField("các mục thay đổi", default=list)  # {field, before, after}: see current.py
    names = models.CharField(max_length=400, blank=True)  # names that it gives, as they are searched for
    text = models.CharField("nội dung ghi chú", max_length=1000)
    source = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="theo việc")
    decision_no = models.CharField("số quyết định", max_length=100, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True)
    authority = models.CharField("cơ quan", max_length=200, blank=True)
    noted_on = models.DateField("ngày ghi chú")
    noted_by = models.CharField("người ghi chú", max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["act", "created_at"], name="civil_status_note_act"),
            GinIndex(
                fields=["names"], opclasses=["gin_trgm_ops"], name="civil_status_note_names", condition=~Q(names="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


constraint_means("civil_status_book_once", rules.BookExists)
constraint_means("civil_status_act_number", rules.NumberTaken)
constraint_means("civil_status_act_page", rules.NumberTaken)
constraint_means("civil_status_act_dossier", rules.AlreadyRegistered)
constraint_means("civil_status_immutable", rules.ActImmutable)
constraint_means("civil_status_act_together", lambda: rules.OtherActStands(other="Việc kia"))
constraint_means("civil_status_birth_days", rules.BornInTheFuture)
constraint_means("civil_status_book_is_closed", lambda: rules.BookClosed(year=""))
