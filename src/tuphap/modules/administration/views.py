"""The pages under /quan-tri/: parse, one call, answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import VIETNAM, localdate, now
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.api import User, staff_required
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import DayKind
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from . import operations, queries, rules
from .export import as_csv
from .forms import AgencyForm, CalendarDayForm, DelegationForm, LogFilter, MoveForm, RoleForm, StaffForm, TokenForm
from .rules import Permission

_PER_PAGE = 50
_FORM_METHODS = ["GET", "HEAD", "POST"]



def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, _PER_PAGE).get_page(request.GET.get("trang"))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


@staff_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Accounts by kind, searched by name, title or office."""
    kind = request.GET.get("loai", User.Kind.STAFF)
    kind = kind if kind in User.Kind.values else User.Kind.STAFF
    text, at = request.GET.get("tim", "").strip()[:100], now()
    found = queries.people(actor_of(request), at=at, text=text, kind=kind)
    provincial = queries.is_provincial(actor_of(request), Permission.ACCOUNTS, on=localdate(at))
    tabs = [
        {"title": label, "href": f"?loai={code}", "current": code == kind, "count": None}
        for code, label in User.Kind.choices if provincial or code == User.Kind.STAFF
    ]
    page = _page(request, found)
    context = {
        "page": page, "offices": accounts.offices_now(page, on=localdate(at)), "text": text, "kind": kind, "tabs": tabs,
        "provincial": provincial,
    }
    return render(request, "administration/people.html", context)


@staff_required
@require_http_methods(_FORM_METHODS)
def add_staff(request: HttpRequest) -> HttpResponse:
    """Open an account; the first password is made here and shown once."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, Permission.ACCOUNTS, on=localdate(at))
    offices = queries.offices_for(actor, Permission.ACCOUNTS, at=at)
    form = StaffForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        given, password = form.cleaned_data, _first_password()
        try:
            user = operations.create_staff(
                username=given["username"], full_name=given["full_name"], office_id=given["office"].pk,
                title=given["title"], email=given["email"], phone=given["phone"], password=password, actor=actor, at=at,
            )
        except Refusal as refused:
            _beside(form, refused)
        else:
            return _show_once(request, user, "Mật khẩu cấp lần đầu", password)
    return render(request, "administration/add_staff.html", {"form": form}, status=_status(request))


@staff_required
@require_http_methods(_FORM_METHODS)
def add_agency(request: HttpRequest) -> HttpResponse:
    """Open an account for an organisation that calls the API."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, Permission.ACCOUNTS, on=localdate(at))
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.create_agency(**form.cleaned_data, actor=actor, at=at, once=once_of(request))
        except Refusal as refused:
            _beside(form, refused)
        else:
            messages.success(request, "Đã mở tài khoản. Hãy giao quyền rồi cấp mã truy cập.")
            return redirect("administration:person", user.pk)
    return render(request, "administration/add_agency.html", {"form": form}, status=_status(request))


@never_cache
@staff_required
@require_safe
def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: who, where, which rights from when to when, tokens; and what may be done with it."""
    return _person_page(request, user_id)


def _person_page(request: HttpRequest, user_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, actor = now(), actor_of(request)
    user = queries.person(actor, user_id, at=at)
    offices = queries.offices_for(actor, Permission.GRANTS, at=at)
    context = {
        "person_shown": user, "office_now": accounts.offices_now([user], on=localdate(at)).get(user.office_id or 0),
        "rights": queries.rights_of(user, at=at), "tokens": queries.tokens_of(user), "at": at,
        "role_form": RoleForm(offices=offices, initial={"unit": user.office_id, "valid_from": localdate(at)}),
        "move_form": MoveForm(
            offices=queries.offices_for(actor, Permission.ACCOUNTS, at=at),
            initial={"office": user.office_id, "title": user.title},
        ),
        "token_form": TokenForm(initial={"expires": localdate(at) + timedelta(days=90)}),
        "may_grant": access.may_anywhere(actor, Permission.GRANTS, on=localdate(at)) and user.pk != actor.user_id
        and user.kind != User.Kind.CITIZEN,
        "oneself": user.pk == actor.user_id, **forms,
    }
    return render(request, "administration/person.html", context, status=status)


def _account_verb(verb: Callable[..., Any], done: str) -> Callable[..., HttpResponse]:
    """A button of the account's page that asks for a reason."""

    @staff_required
    @require_POST
    def view(request: HttpRequest, user_id: UUID) -> HttpResponse:
        reason = request.POST.get("reason", "")
        try:
            verb(user_id=user_id, reason=reason, actor=actor_of(request), at=now(), once=once_of(request))
        except rules.ReasonRequired as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, done)
        return redirect("administration:person", user_id)

    return view


disable = _account_verb(operations.disable_account, "Đã khóa tài khoản; mọi phiên làm việc đã kết thúc.")
enable = _account_verb(operations.enable_account, "Đã mở lại tài khoản.")
reset_second_factor = _account_verb(
    operations.reset_second_factor, "Đã xóa ứng dụng xác thực; lần đăng nhập tới sẽ ghi danh lại."
)


@staff_required
@require_POST
def move_staff(request: HttpRequest, user_id: UUID) -> HttpResponse:
    at, actor = now(), actor_of(request)
    form = MoveForm(request.POST, offices=queries.offices_for(actor, Permission.ACCOUNTS, at=at))
    if not form.is_valid():
        return _person_page(request, user_id, status=422, move_form=form)
    given = form.cleaned_data
    operations.move_staff(user_id=user_id, office_id=given["office"].pk, title=given["title"], actor=actor, at=at)
    messages.success(request, "Đã ghi đơn vị công tác mới. Quyền ở đơn vị cũ vẫn còn cho đến khi thu hồi.")
    return redirect("administration:person", user_id)


@staff_required
@require_POST
def unlock(request: HttpRequest, user_id: UUID) -> HttpResponse:
    operations.unlock(user_id=user_id, actor=actor_of(request), at=now())
    messages.success(request, "Đã mở chặn đăng nhập.")
    return redirect("administration:person", user_id)


@staff_required
@require_POST
def reset_password(request: HttpRequest, user_id: UUID) -> HttpResponse:
    password = _first_password()
    try:
        user = operations.reset_password(
            user_id=user_id, password=password, reason=request.POST.get("reason", ""), actor=actor_of(request), at=now()
        )
    except rules.ReasonRequired as refused:
        messages.error(request, refused.message)
        return redirect("administration:person", user_id)
    return _show_once(request, user, "Mật khẩu mới", password)


@staff_required
@require_POST
def give_role(request: HttpRequest, user_id: UUID) -> HttpResponse:
    at, actor = now(), actor_of(request)
    form = RoleForm(request.POST, offices=queries.offices_for(actor, Permission.GRANTS, at=at))
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.give_role(
                person_id=user_id, role=given["role"], unit_id=given["unit"].pk, valid_from=given["valid_from"],
                valid_to=given["valid_to"], basis=given["basis"], actor=actor, at=at,
                once=once_of(request),
            )
        except Refusal as refused:
            _beside(form, refused)
        else:
            messages.success(request, "Đã giao quyền.")
            return redirect("administration:person", user_id)
    return _person_page(request, user_id, status=422, role_form=form)


@staff_required
@require_POST
def revoke_grant(request: HttpRequest, grant_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        operations.revoke_grant(grant_id=grant_id, reason=reason, actor=actor_of(request), at=now())
    except rules.ReasonRequired as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Đã thu hồi quyền.")
    return redirect("administration:person", access.Grant.objects.values_list("person_id", flat=True).get(pk=grant_id))


@never_cache
@staff_required
@require_POST
def issue_token(request: HttpRequest, user_id: UUID) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid():
        given, secret = form.cleaned_data, accounts.new_token_secret()
        expires = datetime.combine(given["expires"], time.max, tzinfo=VIETNAM)
        try:
            token = operations.issue_token(
                owner_id=user_id, label=given["label"], scopes=given["scopes"], expires_at=expires,
                secret_hash=accounts.token_fingerprint(secret), hint=secret[:8], actor=actor_of(request), at=now(),
            )
        except Refusal as refused:
            _beside(form, refused)
        else:
            return _show_once(request, token.owner, "Mã truy cập API", secret)
    return _person_page(request, user_id, status=422, token_form=form)


@staff_required
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    token = operations.revoke_token(token_id=token_id, actor=actor_of(request), at=now())
    messages.success(request, "Đã thu hồi mã truy cập.")
    return redirect("administration:person", token.owner_id)


@staff_required
@require_http_methods(_FORM_METHODS)
def delegation(request: HttpRequest) -> HttpResponse:
    """One's own rights, what is lent and borrowed, and the form to lend."""
    at, actor = now(), actor_of(request)
    own = queries.lendable(actor, at=at)
    form = DelegationForm(
        request.POST or None, colleagues=queries.colleagues(actor, at=at), initial={"first": localdate(at)},
        grants=[(right.grant.pk, f"{right.permission_title} – {right.grant.unit.short_name}") for right in own],
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operations.delegate(
                grant_ids=given["grants"], to_user_id=given["to"].pk, first=given["first"], last=given["last"],
                basis=given["basis"], actor=actor, at=at, once=once_of(request),
            )
        except Refusal as refused:
            _beside(form, refused)
        else:
            messages.success(request, f"Đã ủy quyền cho {given['to'].full_name}.")
            return redirect("administration:delegation")
    context = {"form": form, "own": own, "loans": queries.loans(actor, at=at), "me": actor.user_id}
    return render(request, "administration/delegation.html", context, status=_status(request))


@staff_required
@require_POST
def end_delegation(request: HttpRequest, grant_id: int) -> HttpResponse:
    operations.end_delegation(
        grant_id=grant_id, reason=request.POST.get("reason", ""), actor=actor_of(request), at=now()
    )
    messages.success(request, "Đã chấm dứt ủy quyền.")
    return redirect("administration:delegation")


@staff_required
@require_http_methods(_FORM_METHODS)
def working_days(request: HttpRequest) -> HttpResponse:
    """The year's working days, and the form that changes one of them."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, Permission.CALENDAR, on=localdate(at))
    may_change = queries.is_provincial(actor, Permission.CALENDAR, on=localdate(at))
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operations.set_calendar_day(
                day=given["day"], kind=DayKind(given["kind"]), source_document=given["source_document"],
                note=given["note"], switched_on=given["switched_on"], actor=actor, at=at,
                once=once_of(request),
            )
        except Refusal as refused:
            _beside(form, refused)
        else:
            messages.success(request, f"Đã ghi lịch ngày {given['day']:%d/%m/%Y}.")
            return redirect(f"{request.path}?nam={given['day'].year}")
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= 2100 else localdate(at).year
    context = {
        "year": year, "months": queries.calendar_year(year), "days": calendar.days_of(year), "form": form,
        "may_change": may_change,
    }
    return render(request, "administration/calendar.html", context, status=_status(request))


@staff_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The log of one's offices; that it was looked at is itself kept."""
    at, actor = now(), actor_of(request)
    form = LogFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = _page(request, queries.log(actor, at=at, **asked))
    audit.record_read(subject=None, actor=actor, at=at, purpose="Xem nhật ký hệ thống", what="audit.log")
    units = {e.unit_id for e in page if e.unit_id}
    names = dict(OrgUnit.objects.filter(pk__in=units).values_list("pk", "short_name"))
    codes = queries.dossier_codes(page)
    lines = [
        {"entry": entry, "unit": names.get(entry.unit_id, ""), "code": codes.get(entry.subject_id, ""), **_told(entry)}
        for entry in page
    ]
    return render(request, "administration/log.html", {"page": page, "lines": lines, "form": form})


@staff_required
@require_safe
def rights_csv(request: HttpRequest) -> HttpResponse:
    """Every right in force, for the half-yearly review."""
    at, actor = now(), actor_of(request)
    grants = list(queries.rights_in_force(actor, at=at))
    audit.record_read(
        subject=None, actor=actor, at=at, purpose="Rà soát quyền định kỳ", what=rules.Event.RIGHTS_EXPORTED,
        count=len(grants),
    )
    header = (
        "Họ và tên", "Tên đăng nhập", "Chức danh", "Đơn vị công tác", "Vai trò", "Quyền", "Mã quyền", "Tại đơn vị",
        "Từ ngày", "Đến hết ngày", "Được ủy quyền bởi", "Căn cứ",
    )
    body = as_csv(header, (_review_line(grant) for grant in grants))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ra-soat-quyen-{localdate(at):%Y%m%d}.csv"'
    return answer


def _review_line(grant: access.Grant) -> tuple[object, ...]:
    role, permission = access.roles.get(grant.role), access.permissions.get(grant.permission)
    lender = grant.delegated_from.person.full_name if grant.delegated_from else ""
    return (
        grant.person.full_name, grant.person.username, grant.person.title,
        grant.person.office.name if grant.person.office else "", role.title if role else grant.role,
        permission.title if permission else "", grant.permission, grant.unit.name, f"{grant.valid_from:%d/%m/%Y}",
        f"{grant.valid_to:%d/%m/%Y}" if grant.valid_to else "", lender, grant.basis,
    )


def _told(entry: Any) -> dict[str, str]:
    """An entry in the words of the page: what happened, to what, and for a denial why."""
    about = str(entry.facts.get("operation") or entry.facts.get("what") or entry.subject_type)
    return {"title": rules.event_title(entry.event), "about": about, "why": _why(entry.facts)}


def _why(facts: dict[str, Any]) -> str:
    """The reason of a denial, in words."""
    reason = (facts.get("details") or {}).get("reason") if isinstance(facts.get("details"), dict) else None
    try:
        return access.REASONS_VI[access.Reason(str(reason))] if reason else ""
    except ValueError:
        return str(reason)


def _show_once(request: HttpRequest, user: User, what: str, secret: str) -> HttpResponse:
    """A secret on its only page; no copy of it stays."""
    answer = render(request, "administration/secret.html", {"person_shown": user, "what": what, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer


def _first_password() -> str:
    """Sixteen letters and digits that can be read over a telephone."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _beside(form: Any, refused: Refusal) -> None:
    """Show a refusal in the form; a denial is shown by the site."""
    if isinstance(refused, Denied):
        raise refused
    form.add_refusal(refused)
