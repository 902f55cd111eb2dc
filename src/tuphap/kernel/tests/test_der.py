"""Parts put together by us read as asn1crypto reads them, whatever their length."""

from __future__ import annotations

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel import der


@given(st.lists(st.binary(max_size=400), max_size=6))
def test_sequences_and_sets_are_read_back(contents: list[bytes]) -> None:
    parts = [core.OctetString(content).dump() for content in contents]
    whole = der.sequence(*parts)
    assert [item.native for item in core.SequenceOf.load(whole, spec=core.OctetString)] == contents
    assert der.values(der.inside(whole)) == parts
    assert der.inside(der.set_of(*parts)) == b"".join(sorted(parts))


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 384, 65535, 65536, 70000])
def test_lengths_of_every_form(size: int) -> None:
    content = core.OctetString(b"x" * size).dump()
    assert der.wrap(4, b"x" * size) == content
    assert der.values(content * 3) == [content] * 3
    assert der.values(der.inside(der.explicit(0, content))) == [content]
    assert der.implicit(1, der.sequence(content))[0] == 0xA1


@pytest.mark.parametrize("broken", [b"\x30", b"\x30\x80\0\0", b"\x30\x05ab", b"\x1f\x81\x01a", b"\x30\x85\0\0\0\0\1a"])
def test_what_is_broken_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        der.values(broken)
