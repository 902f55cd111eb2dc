"""A citizen's store of results: what may be taken from it. No Django here."""

from __future__ import annotations

from tuphap.kernel.refusal import NotFound, Refusal


class UnknownResult(NotFound):
    code = "one_stop.unknown_result"
    message_vi = "Không tìm thấy giấy tờ này trong kho kết quả."


class NoLongerValid(Refusal):
    """A paper that was cancelled or replaced proves nothing in a new dossier."""

    code = "one_stop.result_no_longer_valid"
    message_vi = "{title} không còn giá trị ({standing}); vui lòng dùng bản còn giá trị."
    field = "document_id"
