"""A little of DER: enough to put finished parts together without encoding them again."""

from __future__ import annotations

OCTETS, SEQUENCE, SET = 0x04, 0x30, 0x31


def wrap(tag: int, *parts: bytes) -> bytes:
    """The parts, one after another, under one tag."""
    content = b"".join(parts)
    return bytes([tag]) + _length(len(content)) + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of the parts in their order."""
    return wrap(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF the parts, sorted as DER asks."""
    return wrap(SET, *sorted(parts))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return wrap(OCTETS, content)


def explicit(number: int, part: bytes) -> bytes:
    """The part under the context's tag ``[number]``, keeping its own."""
    return wrap(0xA0 | number, part)


def implicit(number: int, part: bytes) -> bytes:
    """A constructed part, its own tag replaced by the context's ``[number]``."""
    return bytes([0xA0 | number]) + part[1:]


def values(content: bytes) -> list[bytes]:
    """The values that stand one after another in ``content``, each whole.

    :raises ValueError: a value is broken off, or its length is not definite.
    """
    found, start = [], 0
    while start < len(content):
        end = start + _whole(content[start:])
        if end > len(content):
            raise ValueError("value broken off")
        found.append(content[start:end])
        start = end
    return found


def inside(value: bytes) -> bytes:
    """What stands under a value's tag."""
    return value[_head(value):_whole(value)]


def _length(count: int) -> bytes:
    if count < 0x80:
        return bytes([count])
    size = (count.bit_length() + 7) // 8
    return bytes([0x80 | size]) + count.to_bytes(size, "big")


def _head(value: bytes) -> int:
    """How many bytes tag and length take."""
    if len(value) < 2 or value[0] & 0x1F == 0x1F:
        raise ValueError("not a value with a short tag")
    return 2 if value[1] < 0x80 else 2 + (value[1] & 0x7F)


def _whole(value: bytes) -> int:
    head = _head(value)
    if value[1] == 0x80 or head > 6 or len(value) < head:
        raise ValueError("length not definite, or broken off")
    return head + (value[1] if head == 2 else int.from_bytes(value[2:head], "big"))
