"""Issued papers, the certificates that sign them, and how often somebody asked the public check."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tuphap.kernel.ids import new_id, new_public_code
from tuphap.shared.files.models import StoredFile
from tuphap.shared.orgs.models import OrgUnit


class Certificate(models.Model):
    """A certificate whose private key lies in the signer process: of one person, or of an office's seal."""

    class Kind(models.TextChoices):
        PERSON = "person", "Chữ ký cá nhân"
        SEAL = "seal", "Con dấu cơ quan"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="certificates")
    office = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="certificates")
    key_id = models.CharField("khoá trong tiến trình ký", max_length=100)
    anchor = models.CharField("hệ thống tin cậy", max_length=30)
    serial = models.CharField("số hiệu chứng thư", max_length=50)
    subject = models.CharField("chủ thể", max_length=300)
    pem = models.TextField("chứng thư và các chứng thư cấp trên (PEM)")
    valid_from = models.DateTimeField("hiệu lực từ")
    valid_to = models.DateTimeField("hết hiệu lực")
    retired_at = models.DateTimeField("thôi dùng từ", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["anchor", "serial"], name="documents_certificate_serial"),
            models.UniqueConstraint(fields=["key_id"], name="documents_certificate_key"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="documents_certificate_days"),
            models.CheckConstraint(
                condition=Q(kind="seal", user__isnull=True) | Q(kind="person", user__isnull=False),
                name="documents_certificate_holder",
            ),
        ]
        indexes = [models.Index(fields=["office", "kind", "valid_from"], name="documents_certificate_office")]

    def __str__(self) -> str:
        return self.subject


class Document(models.Model):
    """A paper that an office issues: asked for, signed, in the register. Signed, only its standing there changes."""

    class State(models.TextChoices):
        PENDING = "pending", "Chờ ký số"
        SIGNED = "signed", "Đã ký số"
        FAILED = "failed", "Ký số không thành công"
        VOID = "void", "Không ban hành"

    class Standing(models.TextChoices):
        IN_FORCE = "in_force", "Còn giá trị"
        CANCELLED = "cancelled", "Đã bị huỷ bỏ"
        REPLACED = "replaced", "Đã được thay thế"

    class CancelReason(models.TextChoices):
        """The only reasons that the public check tells."""

        WRONG_CONTENT = "wrong_content", "Nội dung không đúng"
        UNLAWFUL = "unlawful", "Cấp không đúng quy định"
        BY_DECISION = "by_decision", "Theo quyết định của cơ quan có thẩm quyền"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.CharField("mẫu", max_length=80)
    template_version = models.CharField("phiên bản mẫu", max_length=40)
    title = models.CharField("loại văn bản", max_length=200)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="documents")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    outcome = models.CharField(max_length=80)
    data = models.JSONField("dữ kiện in trên văn bản")
    register_line = models.JSONField("dòng sổ được công khai", default=dict)
    code = models.CharField("mã xác minh", max_length=26, unique=True, default=new_public_code)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    failure = models.CharField("lý do chưa ký được", max_length=300, blank=True)
    requested_at = models.DateTimeField("yêu cầu lúc")
    requested_by_id = models.UUIDField(null=True)

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveIntegerField(default=0)
    signed_at = models.DateTimeField("ký lúc", null=True)
    signer_certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, related_name="+")
    seal_certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, related_name="+")

    register_state = models.CharField(max_length=9, choices=Standing.choices, default=Standing.IN_FORCE)
    register_changed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    cancel_decision = models.CharField("quyết định", max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(file__isnull=False, signed_at__isnull=False, signer_certificate__isnull=False,
                    seal_certificate__isnull=False) & ~Q(sha256=""),
                name="documents_signed_has_file",
            ),
            models.CheckConstraint(
                condition=Q(register_state="in_force") | Q(register_changed_at__isnull=False),
                name="documents_standing_dated",
            ),
            models.CheckConstraint(
                condition=~Q(register_state="replaced") | Q(replaced_by__isnull=False),
                name="documents_replaced_by_what",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="documents_document_subject"),
            models.Index(fields=["state", "requested_at"], name="documents_document_waiting",
                         condition=~Q(state="signed")),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.register_line.get('number', '')}".strip()


class CheckCount(models.Model):
    """How often one address asked the public check within one minute; nothing of what it asked about."""

    address = models.CharField(max_length=64)  # a keyed hash: who asked is nobody's business afterwards
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="documents_checkcount_key")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.count}"
