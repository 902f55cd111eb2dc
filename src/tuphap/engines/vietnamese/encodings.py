"""The legacy encodings themselves: TCVN3 (ABC), VNI, and UTF-8 that was read as western text; into them and out."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum, StrEnum

from .text import TONES


class Encoding(StrEnum):
    """What a text was before it was read as western text."""

    UNICODE = "unicode"  # composed or not: nothing to decode
    TCVN3 = "tcvn3"
    VNI = "vni"
    DOUBLE_UTF8 = "double_utf8"  # UTF-8 read as cp1252 or Latin-1, once or more
    LOST = "lost"  # question marks stand for letters: nobody can put it right
    PLAIN = "plain"  # no marks at all


_TCVN3_LETTERS = dict(zip(
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    [*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCD), *range(0xCE, 0xD9),
     *range(0xDC, 0xE0), *range(0xE1, 0xF0), *range(0xF1, 0xFF)],
    strict=True,
))
_TCVN3_TO = {letter: chr(byte) for letter, byte in _TCVN3_LETTERS.items()}
# The fonts have capitals of their own for Ă Â Ê Ô Ơ Ư Đ only; a font of capitals (.VnTimeH) draws the others.
_TCVN3_TO |= {letter.upper(): sign for letter, sign in list(_TCVN3_TO.items()) if letter.upper() not in _TCVN3_TO}
_TCVN3_FROM = {chr(byte): letter for letter, byte in _TCVN3_LETTERS.items()}

_VNI_LETTERS = {"ơ": "ô", "ư": "ö", "đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
_VNI_MARKS = {
    "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï",
    "\u0302": "â", "\u0302\u0301": "á", "\u0302\u0300": "à",
    "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0302\u0323": "ä",
    "\u0306": "ê", "\u0306\u0301": "é", "\u0306\u0300": "è",
    "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0306\u0323": "ë",
}
_VNI_LETTER_FROM = {sign: letter for letter, sign in _VNI_LETTERS.items()}
_VNI_LETTER_FROM |= {sign.upper(): letter.upper() for sign, letter in list(_VNI_LETTER_FROM.items())}
_VNI_MARK_FROM = {sign: mark for mark, sign in _VNI_MARKS.items()}
_VNI_MARK_FROM |= {sign.upper(): mark for sign, mark in list(_VNI_MARK_FROM.items())}
_VNI_BEARERS = {"\u0302": "aeo", "\u0306": "a"}

_UNUSED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # cp1252 has nothing there: Latin-1 reads them
_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in _UNUSED}
_SIGNS = {byte: sign for sign, byte in _BYTES.items()}
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MEANT = frozenset(_BYTES) | frozenset(chr(code) for code in (
    *range(0x1EA0, 0x1EFA), *range(0x300, 0x370), *range(0x2010, 0x2030), *range(0x200B, 0x2010), 0xFEFF,
)) | frozenset("ĂăĐđĨĩŨũƠơƯư")  # what a name may have held; Ê before a no-break space is no letter of Africa
_DEEPEST = 3
_ELSEWHERE = frozenset("\xa0–—‘’“”…ĐđðƉɖ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
"""Signs that a legacy text may hold besides its own: typed, or set right, later."""
_TOKEN = re.compile(r"[^ \xa0]+")
_VNI_ALONE = frozenset(_VNI_LETTER_FROM) | _ELSEWHERE | frozenset("Ð")


class Line(IntEnum):
    """What the capitals of a TCVN3 line say of its toned letters, of which the fonts have small ones only."""

    AS_IT_IS = 0
    CAPITALS = 1  # typed in a font of capitals: NGUYÔN is NGUYỄN
    HEADED = 2  # every word has a capital where its font has one: ¸nh is Ánh


TCVN3_CAPITALS = r"^[^a-z\x{a8}-\x{ae}]*[A-Z\x{a1}-\x{a7}][^a-z\x{a8}-\x{ae} ]*[A-Z\x{a1}-\x{a7}][^a-z\x{a8}-\x{ae}]*$"
"""For polars: a line of capitals, without a small letter that has one, and with two of them in a word."""
TCVN3_HEADED = r"^(?:[^a-z\x{a8}-\x{ae} ][^ ]* *)*[A-Z\x{a1}-\x{a7}][^ ]*(?: +[^a-z\x{a8}-\x{ae} ][^ ]*)* *$"
"""A line of words none of which begins with a small letter that has a capital."""
_CAPITALS = re.compile(TCVN3_CAPITALS.replace(r"\x{a", r"\xa").replace("}", ""))
_HEADED = re.compile(TCVN3_HEADED.replace(r"\x{a", r"\xa").replace("}", ""))


def encode(text: str, encoding: Encoding) -> str:
    """What a clean text (NFC) looks like when it was typed in ``encoding`` and is read as western text.

    ``LOST`` and ``PLAIN`` lose what no :func:`repair` brings back; in ``TCVN3`` capitals with a tone become small ones.
    """
    text = unicodedata.normalize("NFC", text)
    match encoding:
        case Encoding.TCVN3:
            return "".join(_TCVN3_TO.get(c, c) for c in text)
        case Encoding.VNI:
            return "".join(_vni(c) for c in text)
        case Encoding.DOUBLE_UTF8:
            return "".join(_SIGNS.get(byte, chr(byte)) for byte in text.encode())
        case Encoding.LOST:
            return text.encode("cp1252", "replace").decode("cp1252")
        case Encoding.PLAIN:
            bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
            return bare.translate(str.maketrans("đĐ", "dD"))
        case _:
            return text


def decode(text: str, encoding: Encoding, *, line: Line | None = None) -> str:
    """The text that was typed, given the encoding; what cannot be of this encoding stays as it is.

    :param line: TCVN3 only: what the line's capitals say; ``None``: as the text itself looks.
    """
    match encoding:
        case Encoding.TCVN3:
            known = line_of(text) if line is None else line
            return _TOKEN.sub(lambda found: _tcvn3_word(found.group(), known), text)
        case Encoding.VNI:
            return _from_vni(text)
        case Encoding.DOUBLE_UTF8:
            return _from_double_utf8(text)
        case _:
            return text


def line_of(text: str) -> Line:
    """What the capitals of a line say that was typed in TCVN3."""
    if _CAPITALS.search(text):
        return Line.CAPITALS
    return Line.HEADED if _HEADED.search(text) else Line.AS_IT_IS


def may_be(text: str, encoding: Encoding) -> bool:
    """Whether every sign of a text has its place in ``encoding``."""
    match encoding:
        case Encoding.TCVN3:
            return all(sign.isascii() or sign in _TCVN3_FROM or sign in _ELSEWHERE for sign in text)
        case Encoding.VNI:
            return all(sign.isascii() or sign in _VNI_ALONE for sign in _vni_pieces(text))
        case Encoding.DOUBLE_UTF8:
            return _from_double_utf8(text) != text
        case _:
            return True


def _tcvn3_word(word: str, line: Line) -> str:
    read = "".join(_TCVN3_FROM.get(c, c) for c in word)
    own = [c for c in word if (c.isascii() and c.isalpha()) or "\xa1" <= c <= "\xae"]
    high = [c for c in own if c.isupper() or "\xa1" <= c <= "\xa7"]
    if line is Line.CAPITALS or len(high) == len(own) > 1:
        return read.upper()
    return read[:1].upper() + read[1:] if line is Line.HEADED else read


def _vni(letter: str) -> str:
    low = letter.lower()
    if low in _VNI_LETTERS:
        sign = _VNI_LETTERS[low]
    else:
        base, *marks = list(unicodedata.normalize("NFD", low))
        horn = "\u031b" in marks
        marks = sorted((m for m in marks if m != "\u031b"), key=lambda m: m in TONES)
        if not marks or "".join(marks) not in _VNI_MARKS:
            return letter
        sign = ({"o": "ô", "u": "ö"}[base] if horn else base) + _VNI_MARKS["".join(marks)]
    return sign.upper() if letter != low else sign


def _vni_pieces(text: str) -> list[str]:
    """The text's letters, each bearer with the sign of its mark; a mark that nothing bears stands alone."""
    pieces: list[str] = []
    for sign in text:
        mark = _VNI_MARK_FROM.get(sign)
        if mark and pieces and _may_bear(pieces[-1], mark):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return [piece if len(piece) == 1 else "a" for piece in pieces]


def _may_bear(bearer: str, mark: str) -> bool:
    return bearer.lower() in _VNI_BEARERS.get(mark[0], "aeouyôö")


def _from_vni(text: str) -> str:
    read: list[str] = []
    bearer = ""
    for sign in text:
        mark = _VNI_MARK_FROM.get(sign)
        if mark and bearer and _may_bear(bearer, mark):
            read.append(mark)
            bearer = ""
        else:
            read.append(_VNI_LETTER_FROM.get(sign, sign))
            bearer = sign
    return unicodedata.normalize("NFC", "".join(read)) if read else text


def _from_double_utf8(text: str) -> str:
    for _ in range(_DEEPEST):
        read = _from_utf8(text)
        if read == text:
            break
        text = read
    return text


def _from_utf8(text: str) -> str:
    """Every run of signs that is one UTF-8 letter read as western text, read as it was meant."""
    parts: list[str] = []
    run = bytearray()
    for sign in text:
        byte = _BYTES.get(sign)
        if byte is not None:
            run.append(byte)
            continue
        parts.append(_read_run(bytes(run)))
        run.clear()
        parts.append(sign)
    return "".join(parts) + _read_run(bytes(run))


def _read_run(run: bytes) -> str:
    read, at = [], 0
    for found in _UTF8.finditer(run):
        letter = found.group().decode("utf-8", "replace")
        if letter in _MEANT:
            read.append("".join(_SIGNS[byte] for byte in run[at : found.start()]) + letter)
            at = found.end()
    read.append("".join(_SIGNS[byte] for byte in run[at:]))
    return "".join(read)
