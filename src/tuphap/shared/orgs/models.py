"""Units with the days between which they existed. A row is never overwritten by what came after it."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q


class ValidDays(Func):
    """The half-open range of days [valid_from, valid_to) of a row."""

    function = "daterange"
    output_field = models.Field()


class AdminUnit(models.Model):
    """An administrative unit (đơn vị hành chính) as it was between two days. The key is (code, level, valid_from).

    ``name`` is the whole name with its kind ("Phường Hồng Bàng"). Units of before 1 July 2025 bear a lower bound as
    ``valid_from`` (see ``seeds.EARLIEST``): they existed since then, or since some later day that is not recorded.
    """

    class Kind(models.TextChoices):
        PROVINCE = "tinh", "Tỉnh"
        CITY = "thanh_pho", "Thành phố"
        DISTRICT = "huyen", "Huyện"
        URBAN_DISTRICT = "quan", "Quận"
        TOWN = "thi_xa", "Thị xã"
        COMMUNE = "xa", "Xã"
        WARD = "phuong", "Phường"
        TOWNSHIP = "thi_tran", "Thị trấn"
        SPECIAL_ZONE = "dac_khu", "Đặc khu"

    class Level(models.IntegerChoices):
        PROVINCE = 1, "Cấp tỉnh"
        DISTRICT = 2, "Cấp huyện"
        COMMUNE = 3, "Cấp xã"

    code = models.CharField("mã", max_length=5)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    name = models.CharField("tên", max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField("có từ ngày")
    valid_to = models.DateField("đến trước ngày", null=True)
    sort_key = models.CharField(max_length=200, db_index=True)
    search_key = models.CharField(max_length=200)

    class Meta:
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="orgs_adminunit_search")]
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="orgs_adminunit_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="orgs_adminunit_days"
            ),
            ExclusionConstraint(
                name="orgs_adminunit_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (ValidDays("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def province(self) -> AdminUnit:
        """The province in which it lies or lay, through the district that there was before; a province is its own."""
        return self.parent.province if self.parent is not None else self


class Succession(models.Model):
    """What became of a unit: wholly or in part, and whether this is the main successor of a divided one."""

    class Kind(models.TextChoices):
        RENAME = "rename", "Đổi tên"
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        ABSORB = "absorb", "Nhập vào"
        POWER_TRANSFER = "power_transfer", "Chuyển thẩm quyền"

    old = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="became")
    new = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    effective = models.DateField("hiệu lực từ")
    is_main = models.BooleanField("đơn vị kế thừa chính", default=True)
    decision_no = models.CharField("văn bản", max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "effective"], name="orgs_succession_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class OrgUnit(models.Model):
    """An office or part of one (đơn vị tổ chức): a commune's People's Committee, the Department of Justice, a division.

    Its territory is ``admin_unit``; its own electronic code is ``code`` (``H31.09``). An office that continued under
    another law or over another territory is a row of its own, and the old row points to it as its ``successor``.
    """

    class Kind(models.TextChoices):
        PROVINCE = "ubnd_tinh", "UBND cấp tỉnh"
        DEPARTMENT = "so", "Sở"
        DIVISION = "phong", "Phòng thuộc Sở"
        COMMUNE = "ubnd_xa", "UBND cấp xã"
        DISTRICT = "ubnd_huyen", "UBND cấp huyện"
        CENTRE = "trung_tam", "Đơn vị sự nghiệp"

    code = models.CharField("mã định danh điện tử", max_length=30)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    admin_unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="offices")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    address = models.CharField("trụ sở", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    valid_from = models.DateField("hoạt động từ")
    valid_to = models.DateField("đến trước ngày", null=True)
    sort_key = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="orgs_orgunit_key"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="orgs_orgunit_days"
            ),
            ExclusionConstraint(
                name="orgs_orgunit_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (ValidDays("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name
