"""What of a submission at the national portal is not taken in. No Django here."""

from __future__ import annotations

from tuphap.kernel.refusal import Conflict, Refusal


class CodeUsed(Conflict):
    """The portal's code stands for another dossier here."""

    code = "one_stop.external_code_used"
    message_vi = "Mã hồ sơ của Cổng Dịch vụ công quốc gia đã gắn với một hồ sơ khác."
    field = "external_code"


class AnotherApplicant(Refusal):
    """The declaration names another applicant than the identity that has submitted it."""

    code = "one_stop.another_applicant"
    message_vi = "Người nộp trong tờ khai không phải là người đã đăng nhập tại Cổng Dịch vụ công quốc gia."
    field = "applicant_number"


class PaperDamaged(Refusal):
    """The bytes of a paper are not those of its hash."""

    code = "one_stop.paper_damaged"
    message_vi = "Tệp “{name}” bị hỏng khi truyền, không khớp mã băm."
    field = "papers"
