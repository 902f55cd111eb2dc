"""Administration over HTTP: the same operations and queries as the pages, under ``/api/v1/administration``."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema
from ninja.responses import Status

from tuphap.kernel.clock import VIETNAM, localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.api import User
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import operations, queries, rules
from .law.api import router as law

router = Router(tags=["Quản trị"])
router.add_router("", law)

MOST = 200
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


class AccountOut(Schema):
    """An account, without what only its owner should know."""

    id: UUID
    kind: str
    username: str
    full_name: str
    title: str
    office_code: str | None
    office_name: str | None
    is_active: bool
    disabled_reason: str

    @staticmethod
    def resolve_office_code(user: User) -> str | None:
        return user.office.code if user.office else None

    @staticmethod
    def resolve_office_name(user: User) -> str | None:
        return user.office.name if user.office else None


class AccountsIn(Schema):
    q: str = Field("", max_length=100)
    kind: str = Field("staff", pattern="^(staff|agency|citizen)$")
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(50, ge=1, le=MOST)


class AccountsOut(Schema):
    count: int
    items: list[AccountOut]


class StaffIn(Schema):
    username: str = Field(pattern=r"^[a-z0-9._-]{3,50}$")
    full_name: str = Field(min_length=2, max_length=100)
    office_code: str = Field(min_length=1, max_length=30)
    title: str = Field("", max_length=100)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=15)
    password: str = Field(min_length=12, max_length=200, description="Mật khẩu lần đầu, phải đổi khi đăng nhập")


class WhyIn(Schema):
    reason: Reason


class GrantOut(Schema):
    """A right of somebody, somewhere, between two days."""

    id: int
    person_id: UUID
    permission: str
    role: str
    unit_code: str
    valid_from: date
    valid_to: date | None
    lent_by: UUID | None
    revoked_at: datetime | None

    @staticmethod
    def resolve_unit_code(grant: access.Grant) -> str:
        return grant.unit.code

    @staticmethod
    def resolve_lent_by(grant: access.Grant) -> UUID | None:
        return grant.delegated_from.person_id if grant.delegated_from else None


class RoleIn(Schema):
    role: str = Field(max_length=60)
    unit_code: str = Field(min_length=1, max_length=30)
    valid_from: date
    valid_to: date | None = None
    basis: str = Field("", max_length=200)


class KeysOut(Schema):
    grants: list[int]


class DelegationIn(Schema):
    grants: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(min_length=1, max_length=50)
    to: UUID
    first: date
    last: date
    basis: str = Field(min_length=1, max_length=200)


class TokenIn(Schema):
    label: str = Field(min_length=1, max_length=100)
    scopes: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=50)
    expires_on: date


class TokenOut(Schema):
    """A token. ``secret`` is there in the answer that makes it, and never again."""

    id: int
    label: str
    hint: str
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    secret: str | None = None


class RoleOut(Schema):
    code: str
    title: str
    permissions: list[str]



def _unit(code: str) -> int:
    """The office of today with this code."""
    today = localdate(now())
    found = OrgUnit.objects.filter(code=code, valid_from__lte=today).exclude(valid_to__lte=today).first()
    if found is None:
        raise rules.NoSuchUnit(field="unit_code")
    return found.pk


@router.get("/administration/roles", response=list[RoleOut], summary="Các vai trò và quyền của mỗi vai trò")
def list_roles(request: HttpRequest) -> list[access.Role]:
    access.require_anywhere(actor_of(request), rules.Permission.GRANTS, on=localdate(now()))
    return list(access.roles)


@router.get("/administration/accounts", response=AccountsOut, summary="Danh sách tài khoản")
def list_accounts(request: HttpRequest, wanted: Query[AccountsIn]) -> dict[str, Any]:
    """The accounts of the offices that the caller manages."""
    found = queries.people(actor_of(request), at=now(), text=wanted.q, kind=wanted.kind)
    return {"count": found.count(), "items": list(found[wanted.offset : wanted.offset + wanted.limit])}


@router.post("/administration/accounts", response={201: AccountOut}, summary="Mở tài khoản cán bộ")
def create_staff(request: HttpRequest, asked: StaffIn) -> Any:
    user = operations.create_staff(
        username=asked.username, full_name=asked.full_name, office_id=_unit(asked.office_code), title=asked.title,
        email=asked.email, phone=asked.phone, password=asked.password, actor=actor_of(request), at=now(),
        once=once_of(request),
    )
    return Status(201, user)


@router.get("/administration/accounts/{uuid:user_id}", response=AccountOut, summary="Một tài khoản")
def get_account(request: HttpRequest, user_id: UUID) -> User:
    return queries.person(actor_of(request), user_id, at=now())


@router.post("/administration/accounts/{uuid:user_id}/disable", response=AccountOut, summary="Khóa tài khoản")
def disable_account(request: HttpRequest, user_id: UUID, asked: WhyIn) -> User:
    return operations.disable_account(
        user_id=user_id, reason=asked.reason, actor=actor_of(request), at=now(),
        once=once_of(request),
    )


@router.post("/administration/accounts/{uuid:user_id}/enable", response=AccountOut, summary="Mở lại tài khoản")
def enable_account(request: HttpRequest, user_id: UUID, asked: WhyIn) -> User:
    return operations.enable_account(
        user_id=user_id, reason=asked.reason, actor=actor_of(request), at=now(),
        once=once_of(request),
    )


@router.post("/administration/accounts/{uuid:user_id}/unlock", response=AccountOut, summary="Mở chặn đăng nhập")
def unlock(request: HttpRequest, user_id: UUID) -> User:
    return operations.unlock(user_id=user_id, actor=actor_of(request), at=now())


@router.get("/administration/accounts/{uuid:user_id}/grants", response=list[GrantOut], summary="Quyền của một người")
def list_grants(request: HttpRequest, user_id: UUID) -> list[access.Grant]:
    user = queries.person(actor_of(request), user_id, at=now())
    return [right.grant for right in queries.rights_of(user, at=now())]


@router.post("/administration/accounts/{uuid:user_id}/roles", response={201: KeysOut}, summary="Giao một vai trò")
def give_role(request: HttpRequest, user_id: UUID, asked: RoleIn) -> Any:
    keys = operations.give_role(
        person_id=user_id, role=asked.role, unit_id=_unit(asked.unit_code), valid_from=asked.valid_from,
        valid_to=asked.valid_to, basis=asked.basis, actor=actor_of(request), at=now(),
        once=once_of(request),
    )
    return Status(201, {"grants": keys})


@router.post("/administration/grants/{int:grant_id}/revoke", response=GrantOut, summary="Thu hồi một quyền")
def revoke_grant(request: HttpRequest, grant_id: Key, asked: WhyIn) -> access.Grant:
    return operations.revoke_grant(
        grant_id=grant_id, reason=asked.reason, actor=actor_of(request), at=now(),
        once=once_of(request),
    )


@router.post("/administration/delegations", response={201: KeysOut}, summary="Ủy quyền cho đồng nghiệp")
def delegate(request: HttpRequest, asked: DelegationIn) -> Any:
    keys = operations.delegate(
        grant_ids=asked.grants, to_user_id=asked.to, first=asked.first, last=asked.last, basis=asked.basis,
        actor=actor_of(request), at=now(), once=once_of(request),
    )
    return Status(201, {"grants": keys})


@router.post("/administration/delegations/{int:grant_id}/end", response=GrantOut, summary="Chấm dứt ủy quyền")
def end_delegation(request: HttpRequest, grant_id: Key, asked: WhyIn) -> access.Grant:
    return operations.end_delegation(
        grant_id=grant_id, reason=asked.reason, actor=actor_of(request), at=now(),
        once=once_of(request),
    )


@router.get("/administration/accounts/{uuid:user_id}/tokens", response=list[TokenOut], summary="Các mã truy cập")
def list_tokens(request: HttpRequest, user_id: UUID) -> list[accounts.ApiToken]:
    return list(queries.tokens_of(queries.person(actor_of(request), user_id, at=now())))


@router.post("/administration/accounts/{uuid:user_id}/tokens", response={201: TokenOut}, summary="Cấp mã truy cập")
def issue_token(request: HttpRequest, user_id: UUID, asked: TokenIn) -> Any:
    """The secret is in this answer alone. The call is not repeatable by key: each call makes another token."""
    secret = accounts.new_token_secret()
    token = operations.issue_token(
        owner_id=user_id, label=asked.label, scopes=asked.scopes,
        expires_at=datetime.combine(asked.expires_on, time.max, tzinfo=VIETNAM),
        secret_hash=accounts.token_fingerprint(secret), hint=secret[:8], actor=actor_of(request), at=now(),
    )
    made = {name: getattr(token, name) for name in ("id", "label", "hint", "scopes", "expires_at", "revoked_at")}
    return Status(201, {**made, "secret": secret})


@router.post("/administration/tokens/{int:token_id}/revoke", response=TokenOut, summary="Thu hồi mã truy cập")
def revoke_token(request: HttpRequest, token_id: Key) -> accounts.ApiToken:
    return operations.revoke_token(token_id=token_id, actor=actor_of(request), at=now())
