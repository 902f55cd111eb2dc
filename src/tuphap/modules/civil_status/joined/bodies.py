"""What each agency is told, and which are: read from the act and its declaration, no more than each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import BaseModel

from tuphap.shared.exchange.api import contracts
from tuphap.shared.people.api import PartialDate

from ..models import Act, Annotation, BirthAct, Party
from ..rules import BookKind, PartyRole
from . import rules
from .answers import JoinedDeclaration
from .death import JoinedDeath
from .models import Leg
from .rules import Flow, LegKind, Service, Way

MESSAGES = {
    (LegKind.NUMBER, Service.POLICE): "police.issue-number",
    (LegKind.RESIDENCE, Service.RESIDENCE): "residence.register",
    (LegKind.INSURANCE, Service.INSURANCE): "insurance.issue-card",
    (LegKind.DEATH_NOTICE, Service.POLICE): "police.note-death",
    (LegKind.RESIDENCE_REMOVAL, Service.RESIDENCE): "residence.remove",
    (LegKind.AID, Service.INSURANCE): "insurance.grant-aid",
    (LegKind.AID, Service.ASSISTANCE): "assistance.grant-aid",
    (LegKind.PAYMENTS_STOP, Service.INSURANCE): "insurance.stop-payments",
    (LegKind.PAYMENTS_STOP, Service.ASSISTANCE): "assistance.stop-payments",
}


def message_of(leg: Leg) -> str:
    """The kind of message by which this agency is asked for its part."""
    return MESSAGES[LegKind(leg.kind), Service(leg.service)]


def recall_of(leg: Leg) -> str:
    """The kind of message by which this agency is told that the registration was cancelled."""
    return f"{leg.service}.take-back"


def person(act: Act) -> Party:
    """Whom other agencies do something for: the child, who has died."""
    found = act.party(PartyRole.CHILD if act.kind == BookKind.BIRTH else PartyRole.DECEASED)
    assert found is not None  # every birth and every death is written with its person
    return found


def wanted(act: Act, flow: Flow, *, joined: bool) -> Iterator[tuple[LegKind, Service]]:
    """The legs that this registration opens, in their order, each with its agency."""
    if not joined:
        if isinstance(act, BirthAct):
            asks = not act.child.personal_number and act.born_earliest == act.born_latest
        else:
            asks = bool(person(act).personal_number)
        yield from [(flow.first, Service.POLICE)] if asks else []
        return
    some: dict[LegKind, tuple[Service, ...]] = _death(act).services() if act.kind == BookKind.DEATH else {}
    always = {kind: (service,) for kind, service in MESSAGES if kind in flow.legs}
    for kind in flow.legs:
        for service in some.get(kind, always[kind]):
            yield kind, service


def body(leg: Leg, act: Act) -> BaseModel:
    """What the agency is told."""
    return _BODIES[LegKind(leg.kind)](leg, act)


def cancellation(leg: Leg, act: Act, decision: Annotation) -> contracts.Cancellation:
    """What the agency is told of the decision that cancelled the registration."""
    assert decision.decided_on is not None  # a cancellation is not noted without its day
    return contracts.Cancellation(
        act=str(act.pk), part=leg.kind, number=person(act).personal_number, reference=leg.reference,
        decision_no=decision.decision_no, decided_on=decision.decided_on, authority=decision.authority,
    )


def act_pushed(act: Act) -> contracts.ActPushed:
    """What the Ministry is told of any act."""
    who = person(act)
    whole_day = bool(who.born_on) and who.born_earliest == who.born_latest
    return contracts.ActPushed(
        act=str(act.pk), kind=act.kind, state=act.state, number=act.display_number, book=str(act.book),
        registered_on=act.registered_on, office_code=act.unit.code, person_name=who.name,
        person_number=who.personal_number, born_on=who.born_earliest if whole_day else None,
    )


# --- A birth ----------------------------------------------------------------------------------------------------------


def _birth(act: Act) -> BirthAct:
    assert isinstance(act, BirthAct)  # whose legs these are
    return act


def _child(act: BirthAct) -> contracts.Child:
    return contracts.Child(
        name=act.child.name, sex="male" if act.sex == "male" else "female", born_on=act.born_earliest,
        ethnicity=act.child.ethnicity,
    )


def _number_wanted(leg: Leg, act: Act) -> BaseModel:
    birth = _birth(act)
    return contracts.NumberWanted(
        act=str(act.pk), child=_child(birth), province=act.unit.admin_unit.province.code,
        registered_on=act.registered_on, office_code=act.unit.code,
        mother_number=birth.mother.personal_number if birth.mother else "",
        father_number=birth.father.personal_number if birth.father else "", verified=leg.verified,
    )


def _residence_wanted(leg: Leg, act: Act) -> BaseModel:
    birth, declared = _birth(act), JoinedDeclaration.model_validate(act.declared)
    home = declared.host_address
    assert home is not None  # the declaration is refused without it
    return contracts.ResidenceWanted(
        act=str(act.pk), number=birth.child.personal_number, child=_child(birth), host_number=declared.host_number,
        commune_code=home.unit_code, address=home.text,
    )


def _card_wanted(leg: Leg, act: Act) -> BaseModel:
    birth, declared = _birth(act), JoinedDeclaration.model_validate(act.declared)
    home = declared.host_address
    assert home is not None  # the declaration is refused without it
    return contracts.CardWanted(
        act=str(act.pk), number=birth.child.personal_number, child=_child(birth), commune_code=home.unit_code,
        address=home.text, clinic_code=leg.clinic_code or declared.card.clinic_code,
    )


# --- A death ----------------------------------------------------------------------------------------------------------


def _death(act: Act) -> JoinedDeath:
    return JoinedDeath.model_validate(act.declared)


def _dead(act: Act) -> contracts.Dead:
    who = person(act)
    return contracts.Dead(
        name=who.name, number=who.personal_number, died_on=PartialDate.parse(act.event_on).earliest,
    )


def _death_told(leg: Leg, act: Act) -> BaseModel:
    who = person(act)
    return contracts.DeathTold(
        act=str(act.pk), number=who.personal_number, name=who.name, died_on=act.event_on,
        registered_on=act.registered_on, office_code=act.unit.code, verified=leg.verified,
    )


def _removal_wanted(leg: Leg, act: Act) -> BaseModel:
    declared = _death(act)
    home, household = declared.home, declared.residence
    assert home is not None  # the declaration is refused without it
    return contracts.RemovalWanted(
        act=str(act.pk), dead=_dead(act), commune_code=home.unit_code, address=home.text,
        household=household.household.value, head_name=household.head_name, head_number=household.head_number,
    )


def _aid_wanted(leg: Leg, act: Act) -> BaseModel:
    declared = _death(act)
    aid, seeker, home = declared.aid, declared.seeker, declared.home
    assert home is not None and aid.aid is not rules.Aid.NONE  # or there were no such leg
    paid = {}
    if aid.way is Way.ACCOUNT:
        paid = {"bank": aid.bank, "account": leg.account or aid.account, "holder": seeker.name}
    return contracts.AidWanted.model_validate({
        "act": str(act.pk), "dead": _dead(act), "aid": aid.aid.value, "insurance_number": aid.insurance_number,
        "commune_code": home.unit_code,
        "seeker": {
            "name": seeker.name, "number": seeker.number, "paper": seeker.paper, "relation": seeker.relation.value,
            "phone": declared.declarant.phone, **paid,
        },
    })


def _stop_wanted(leg: Leg, act: Act) -> BaseModel:
    aid = _death(act).aid
    own = [payment.value for payment in aid.payments if rules.PAID_BY[payment] == leg.service]
    return contracts.StopWanted.model_validate({
        "act": str(act.pk), "dead": _dead(act), "payments": own, "insurance_number": aid.insurance_number,
    })


def is_paid_into_account(act: Act) -> bool:
    """Whether the aid that this declaration asks for goes to a bank, rather than in cash."""
    return _death(act).aid.way is Way.ACCOUNT


_BODIES: dict[LegKind, Callable[[Leg, Act], BaseModel]] = {
    LegKind.NUMBER: _number_wanted, LegKind.RESIDENCE: _residence_wanted, LegKind.INSURANCE: _card_wanted,
    LegKind.DEATH_NOTICE: _death_told, LegKind.RESIDENCE_REMOVAL: _removal_wanted, LegKind.AID: _aid_wanted,
    LegKind.PAYMENTS_STOP: _stop_wanted,
}
