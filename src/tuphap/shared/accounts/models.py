"""People who log in: staff with a password and a second factor, citizens through the national identity provider."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tuphap.kernel.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Makes and finds users; the rules about who may do so live in ``modules.administration``."""

    def create_staff(self, *, username: str, password: str | None, full_name: str, **fields: Any) -> User:
        user = self.model(username=username, full_name=full_name, kind=User.Kind.STAFF, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_citizen(self, *, issuer: str, subject: str, full_name: str, **fields: Any) -> User:
        user = self.model(
            username=f"{subject}@{issuer}"[:150], issuer=issuer, subject=subject, full_name=full_name,
            kind=User.Kind.CITIZEN, **fields,
        )
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_agency(self, *, username: str, full_name: str, **fields: Any) -> User:
        """An organisation whose systems call the API with a token; nobody logs in as it."""
        user = self.model(username=username, full_name=full_name, kind=User.Kind.AGENCY, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. One person has one; what they may do are grants (``shared.access``), never flags here.

    ``office`` is where a member of staff works; it gives no right. A citizen's key is (``issuer``, ``subject``).
    """

    class Kind(models.TextChoices):
        STAFF = "staff", "Cán bộ"
        CITIZEN = "citizen", "Công dân"
        AGENCY = "agency", "Cơ quan, tổ chức"

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    username = models.CharField("tên đăng nhập", max_length=150, unique=True)
    full_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("chức danh", max_length=100, blank=True)
    office = models.ForeignKey("orgs.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+")
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    personal_number = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    assurance_level = models.PositiveSmallIntegerField("mức độ định danh", default=0)
    claims = models.JSONField(default=dict)
    is_active = models.BooleanField("đang hoạt động", default=True)
    disabled_at = models.DateTimeField("khóa lúc", null=True)
    disabled_reason = models.CharField("lý do khóa", max_length=200, blank=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField("đổi mật khẩu lúc", null=True)
    active_since = models.DateTimeField("hoạt động từ", db_default=Now())
    created_at = models.DateTimeField(auto_now_add=True)

    last_login = None  # the list of sessions knows it

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], condition=~Q(issuer=""), name="accounts_user_oidc"),
            models.CheckConstraint(
                condition=~Q(kind="citizen") | (~Q(issuer="") & ~Q(subject="")), name="accounts_user_citizen_by_oidc"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Unlike Django's, it never writes: a hash is renewed by a new password alone."""
        return check_password(raw_password, self.password)

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF


class LoginSession(models.Model):
    """One login: on which device, from where, how, until when. Ended, it stays as a record; its key opens nothing."""

    class How(models.TextChoices):
        PASSWORD = "password", "Mật khẩu và mã xác thực"
        RECOVERY = "recovery", "Mật khẩu và mã dự phòng"
        OIDC = "oidc", "VNeID"
        SAMPLE = "sample", "Thử vai (tỉnh mẫu)"

    class Ended(models.TextChoices):
        LOGOUT = "logout", "đăng xuất"
        IDLE = "idle", "không hoạt động quá lâu"
        ENDED = "ended", "được kết thúc từ danh sách phiên"
        DISABLED = "disabled", "tài khoản bị khóa"
        CHANGED = "changed", "mật khẩu hoặc mã xác thực đã thay đổi"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    how = models.CharField("cách đăng nhập", max_length=8, choices=How.choices)
    ip = models.CharField(max_length=45, blank=True)
    device = models.CharField("thiết bị", max_length=120, blank=True)
    started_at = models.DateTimeField("bắt đầu")
    last_seen_at = models.DateTimeField("hoạt động gần nhất")
    ended_at = models.DateTimeField("kết thúc", null=True)
    end_reason = models.CharField("lý do kết thúc", max_length=8, choices=Ended.choices, blank=True)

    class Meta:
        db_table = "accounts_session"
        indexes = [models.Index(fields=["user", "last_seen_at"], name="accounts_session_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.device}"


class RecoveryCode(models.Model):
    """One way in without the authenticator, for one time. Only its hash is kept; used, it stays with the time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("tạo lúc")
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__gte=models.F("made_at")),
                name="accounts_recoverycode_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%d/%m/%Y}"


class ApiToken(models.Model):
    """A machine's key to the API: it acts as its owner, within ``scopes`` (permission codes). Only its hash is kept."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField("dùng cho", max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField("bắt đầu bằng", max_length=12)
    scopes = ArrayField(models.CharField(max_length=100), default=list)
    created_at = models.DateTimeField("cấp lúc")
    expires_at = models.DateTimeField("hết hạn")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True)

    def __str__(self) -> str:
        return f"{self.label} ({self.hint}…)"
