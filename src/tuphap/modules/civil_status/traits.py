"""By what the acts are told apart in the statistical forms: who, in time or late, foreign or not, asked for online."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.indicators.api import Trait

from . import rules
from .events.blocks import VIETNAMESE
from .models import Party
from .rules import PartyRole

HERE = "tuphap.modules.civil_status.traits"
_ON_TIME, _LATE = str(rules.Timeliness.ON_TIME), str(rules.Timeliness.LATE)


def _either(condition: Any, this: str, otherwise: str) -> Case:
    return Case(When(condition, then=Value(this)), default=Value(otherwise), output_field=CharField())


def _foreigner(act: str) -> Exists:
    """Whether someone whom the act is about has another nationality; who only declared it does not count."""
    people = Party.objects.filter(act=OuterRef(act)).exclude(role=PartyRole.DECLARANT)
    return Exists(people.exclude(nationality__in=("", VIETNAMESE)))


def element() -> Case:
    """An act of people of this country alone, or with a foreign element."""
    return _either(_foreigner("pk"), "foreign", "domestic")


def element_of_paper() -> Case:
    return _either(_foreigner("act"), "foreign", "domestic")


def noted_abroad() -> Value:
    """What was registered abroad has a foreign element, whoever the people are."""
    return Value("foreign", output_field=CharField())


def channel() -> Case:
    """How the act was asked for."""
    return _either(Q(dossier__channel=Dossier.Channel.ONLINE), "online", "other")


def channel_of_paper() -> Case:
    """How the copy was asked for: by its own dossier, or with the registration."""
    asked = Coalesce("dossier__channel", "act__dossier__channel")
    online = When(Exact(asked, Value(str(Dossier.Channel.ONLINE))), then=Value("online"))
    return Case(online, default=Value("other"), output_field=CharField())


def birth_sex() -> F:
    return F("sex")


def birth_timeliness() -> F:
    return F("timeliness")


def parentage() -> Case:
    """Born to parents who are married, to others, or found."""
    return Case(
        When(foundling=True, then=Value("foundling")), When(parents_married=True, then=Value("wedlock")),
        default=Value("other"), output_field=CharField(),
    )


def birth_place() -> Case:
    """Born in this country or abroad: a place here has a unit's code."""
    return _either(Q(place_code=""), "abroad", "here")


def number() -> F:
    return F("personal_number_state")


def dead_sex() -> Subquery:
    return Subquery(Party.objects.filter(act=OuterRef("pk"), role=PartyRole.DECEASED).values("sex")[:1])


def dead_age() -> Case:
    """The age group that the law's statistics set; ``unknown`` where no day of birth is."""
    known = KT("facts__age_group")
    return Case(When(Exact(known, Value("")), then=Value("unknown")), default=known, output_field=CharField())


def dead_timeliness() -> KeyTextTransform:
    return KT("facts__timeliness")


def marriage_order() -> Case:
    """The first marriage of both, or not of both."""
    return Case(
        When(facts__husband__before="single", facts__wife__before="single", then=Value("first")),
        default=Value("again"), output_field=CharField(),
    )


def parent() -> Case:
    """Who is recognised, or recognises: the father or the mother."""
    fathers = Party.objects.filter(act=OuterRef("pk"), role=PartyRole.PARENT, sex="male")
    return _either(Exists(fathers), "father", "mother")


def change() -> KeyTextTransform:
    return KT("facts__change")


def guardian_form() -> KeyTextTransform:
    return KT("facts__form")


def purpose() -> KeyTextTransform:
    return KT("facts__for")


_ELEMENT = (("domestic", "Trong nước"), ("foreign", "Có yếu tố nước ngoài"))
_CHANNEL = (("online", "Trực tuyến"), ("other", "Trực tiếp, bưu chính"))
_SEX = (("male", "Nam"), ("female", "Nữ"))
_TIMELINESS = ((_ON_TIME, "Đúng hạn"), (_LATE, "Quá hạn"))

_EVENTS = (
    "births_new", "births_again", "marriages", "marriages_again", "deaths", "deaths_again", "guardianships",
    "guardianships_ended", "supervisions", "supervisions_ended", "recognitions", "changes", "marital_statuses",
)
_NOTED = ("foreign_marriages", "foreign_divorces", "foreign_others")
_PAPERS = ("extracts", "confirmations")


def _trait(of: str, code: str, title: str, classes: tuple[tuple[str, str], ...], told_by: str = "") -> Trait:
    return Trait(f"civil_status.{of}", code, title, classes, f"{HERE}.{told_by or code}")


TRAITS: tuple[Trait, ...] = (
    *(_trait(of, "element", "Yếu tố nước ngoài", _ELEMENT) for of in _EVENTS),
    *(_trait(of, "element", "Yếu tố nước ngoài", _ELEMENT, "noted_abroad") for of in _NOTED),
    *(_trait(of, "element", "Yếu tố nước ngoài", _ELEMENT, "element_of_paper") for of in _PAPERS),
    *(_trait(of, "channel", "Kênh nộp", _CHANNEL) for of in (*_EVENTS, *_NOTED)),
    *(_trait(of, "channel", "Kênh nộp", _CHANNEL, "channel_of_paper") for of in _PAPERS),
    *(_trait(of, "sex", "Giới tính", _SEX, "birth_sex") for of in ("births_new", "births_again")),
    _trait("births_new", "timeliness", "Hạn đăng ký", _TIMELINESS, "birth_timeliness"),
    _trait("births_new", "parentage", "Cha mẹ", (
        ("wedlock", "Cha mẹ có đăng ký kết hôn"), ("other", "Cha mẹ không đăng ký kết hôn"),
        ("foundling", "Trẻ bị bỏ rơi"))),
    _trait("births_new", "place", "Nơi sinh", (("here", "Sinh trong nước"), ("abroad", "Sinh ở nước ngoài")),
           "birth_place"),
    _trait("births_new", "number", "Số định danh", tuple(
        (str(c), rules.PERSONAL_NUMBER_TITLES[c]) for c in rules.OWN_PERSONAL_NUMBER_STATES)),
    _trait("deaths", "sex", "Giới tính", _SEX, "dead_sex"),
    _trait("deaths_again", "sex", "Giới tính", _SEX, "dead_sex"),
    _trait("deaths", "timeliness", "Hạn đăng ký", _TIMELINESS, "dead_timeliness"),
    _trait("deaths", "age", "Tuổi khi chết", (
        ("0-5", "Dưới 6 tuổi"), ("6-15", "Từ 6 đến dưới 16 tuổi"), ("16+", "Từ 16 tuổi trở lên"),
        ("unknown", "Không xác định được tuổi")), "dead_age"),
    _trait("marriages", "order", "Lần kết hôn", (
        ("first", "Kết hôn lần đầu của cả hai bên"), ("again", "Có bên kết hôn từ lần thứ hai")), "marriage_order"),
    _trait("recognitions", "parent", "Người được nhận, người nhận", (("father", "Cha – con"), ("mother", "Mẹ – con"))),
    _trait("changes", "change", "Loại việc", (
        ("change", "Thay đổi hộ tịch"), ("correction", "Cải chính hộ tịch"), ("addition", "Bổ sung thông tin hộ tịch"),
        ("ethnicity", "Xác định lại dân tộc"))),
    _trait("guardianships", "form", "Hình thức giám hộ", (
        ("natural", "Giám hộ đương nhiên"), ("appointed", "Giám hộ cử")), "guardian_form"),
    _trait("marital_statuses", "purpose", "Mục đích", (
        ("marriage", "Để đăng ký kết hôn"), ("other", "Mục đích khác"))),
)
