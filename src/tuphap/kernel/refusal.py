"""How the platform says no: a typed refusal with a code, a Vietnamese sentence and the field it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


class Refusal(Exception):
    """A request that the rules do not allow; shown to the person, never a programming error.

    Subclasses set ``code`` (stable, dotted, for machines), ``message_vi`` (a sentence for people; may name the
    keyword parameters in braces), ``status`` (the HTTP status it becomes) and, where one field is at fault, ``field``.
    """

    code: ClassVar[str] = "refused"
    message_vi: ClassVar[str] = "Yêu cầu không được chấp nhận."
    status: ClassVar[int] = 422
    field: str | None = None

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        if field is not None:
            self.field = field
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The Vietnamese sentence with its parameters filled in."""
        return self.message_vi.format(**self.params)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every fault that this refusal reports; one, unless it is an :class:`Invalid`."""
        return (Problem(field=self.field, code=self.code, message=self.message),)


class Denied(Refusal):
    """The person may not do or see this. Denials are logged with their reason."""

    code = "denied"
    message_vi = "Ông/bà không có quyền thực hiện việc này."
    status = 403
    logged = False  # whether the log has it already; doors keep those that no operation's frame has kept


class NotFound(Refusal):
    """There is no such thing, or the person may not know that there is."""

    code = "not_found"
    message_vi = "Không tìm thấy dữ liệu được yêu cầu."
    status = 404


class Conflict(Refusal):
    """The thing has moved on, or another was first."""

    code = "conflict"
    message_vi = "Dữ liệu đã thay đổi, vui lòng tải lại trang."
    status = 409


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: where, which, and how it reads."""

    field: str | None
    code: str
    message: str


class Invalid(Refusal):
    """Several faults at once, each beside its field."""

    code = "invalid"
    message_vi = "Thông tin chưa hợp lệ, vui lòng xem các trường được đánh dấu."

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        super().__init__()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems
