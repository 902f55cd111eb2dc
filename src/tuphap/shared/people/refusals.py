"""What these values refuse, and how a refusal becomes an error of the pydantic model in which the value stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError, core_schema

from tuphap.kernel.refusal import Refusal

V = TypeVar("V")


class BadName(Refusal):
    """Not a person's name as papers may show it."""

    code = "people.bad_name"
    message_vi = "Họ tên chỉ gồm chữ cái, dấu cách, dấu nháy đơn và dấu gạch nối, dài từ 2 đến 100 ký tự."


class BadDate(Refusal):
    """Neither a day, nor a month, nor a year."""

    code = "people.bad_date"
    message_vi = "Ngày không hợp lệ: nhập ngày/tháng/năm, hoặc chỉ tháng/năm, hoặc chỉ năm."


class BadPersonalNumber(Refusal):
    """Not twelve digits, or twelve times the same."""

    code = "people.bad_personal_number"
    message_vi = "Số định danh cá nhân gồm đúng 12 chữ số."


class UnreadableCard(Refusal):
    """What the scanner typed is no identity card, or was read with faults."""

    code = "people.unreadable_card"
    message_vi = "Không đọc được mã trên thẻ căn cước. Vui lòng quét lại, hoặc nhập tay."
    field = "card"


class BadAddress(Refusal):
    """An address without its administrative unit (or, abroad, without any text)."""

    code = "people.bad_address"
    message_vi = "Địa chỉ cần có đơn vị hành chính cấp xã; nếu ở nước ngoài, cần ghi đầy đủ địa chỉ."


def as_model_error(refusal: Refusal) -> PydanticCustomError:
    """The same code and sentence, at the field of the model that holds the value."""
    sentence = refusal.message.replace("{", "{{").replace("}", "}}")
    return PydanticCustomError(refusal.code, sentence)


def written_as_text(kind: type[V], read: Callable[[str], V], write: Callable[[V], str]) -> core_schema.CoreSchema:
    """A field of a model that takes the value itself or its text, and dumps as text."""

    def parse(value: Any) -> V:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "Cần một chuỗi ký tự.")
        try:
            return read(value)
        except Refusal as refusal:
            raise as_model_error(refusal) from refusal

    return core_schema.no_info_plain_validator_function(
        parse,
        json_schema_input_schema=core_schema.str_schema(),
        serialization=core_schema.plain_serializer_function_ser_schema(write, return_schema=core_schema.str_schema()),
    )
