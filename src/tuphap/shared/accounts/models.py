"""People who log in: staff with a password and a second factor, citizens through the national identity provider."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

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


class User(AbstractBaseUser):
    """An account. One person has one; what they may do are grants (``shared.access``), never flags here."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Cán bộ"
        CITIZEN = "citizen", "Công dân"

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    username = models.CharField("tên đăng nhập", max_length=150, unique=True)
    full_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("chức danh", max_length=100, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    personal_number = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    assurance_level = models.PositiveSmallIntegerField("mức độ định danh", default=0)
    claims = models.JSONField(default=dict)
    is_active = models.BooleanField("đang hoạt động", default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], condition=~Q(issuer=""), name="accounts_user_oidc"),
            models.CheckConstraint(
                condition=Q(kind="staff") | (~Q(issuer="") & ~Q(subject="")), name="accounts_user_citizen_by_oidc"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF
