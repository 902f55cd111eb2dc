"""Text that was typed in a legacy encoding, or broken on its way, put right: TCVN3, VNI, UTF-8 read as Latin, and so on.

A legacy font drew Vietnamese letters in the places of western signs, so that its text, read today, is ``NguyÔn V¨n``
(TCVN3, "ABC") or ``Nguyeãn Vaên`` (VNI). Which one it was is judged by what comes out: the reading whose words are
Vietnamese syllables. Text that is fine as it is wins every draw. The no-break space and the soft hyphen are letters
or halves of letters in such text: it is decoded before blanks are tidied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum, StrEnum
from functools import lru_cache

from .syllables import is_sound, is_syllable, plausibility
from .text import TONES, ToneStyle, place_tones


class Encoding(StrEnum):
    """What a text was before it was read as western text."""

    UNICODE = "unicode"  # composed or not: nothing to decode
    TCVN3 = "tcvn3"
    VNI = "vni"
    DOUBLE_UTF8 = "double_utf8"  # UTF-8 read as cp1252 or Latin-1, once or more
    LOST = "lost"  # question marks stand for letters: nobody can put it right
    PLAIN = "plain"  # no marks at all


CANDIDATES = (Encoding.UNICODE, Encoding.DOUBLE_UTF8, Encoding.TCVN3, Encoding.VNI)
"""The readings among which is chosen; the earlier wins a draw."""
LEGACY = frozenset(CANDIDATES) - {Encoding.UNICODE}
IMPOSSIBLE = -99
"""The evidence of a word that cannot have been written in an encoding."""
POSSIBLE = -50
"""Evidence of a text below this holds such a word."""
APART = 2
"""How much worse than its own best reading a text may be, read as its book is."""
ENOUGH = 4
"""By how much another reading must be better than the text as it is: more than one slip costs."""
OWN = 5
"""The same, in a book that needs none."""
MUCH = 5
"""The same, when the reading is none too good itself."""
WORST = -6
"""The most that a single text says against an encoding in the vote of its book."""

_TCVN3_LETTERS = dict(zip(
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    [*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), 0xC6, *range(0xC7, 0xCC), 0xCC, 0xCE, 0xCF, 0xD0, 0xD1,
     *range(0xD2, 0xD7), 0xD7, 0xD8, 0xDC, 0xDD, 0xDE, 0xDF, *range(0xE1, 0xE5), *range(0xE5, 0xEA), *range(0xEA, 0xEF),
     *range(0xEF, 0xF0), *range(0xF1, 0xF5), *range(0xF5, 0xFA), *range(0xFA, 0xFF)],
    strict=True,
))
_TCVN3_TO = {letter: chr(byte) for letter, byte in _TCVN3_LETTERS.items()}
# The fonts have capitals of their own for Ă Â Ê Ô Ơ Ư Đ only; a font of capitals (.VnTimeH) draws the others.
_TCVN3_TO |= {letter.upper(): sign for letter, sign in list(_TCVN3_TO.items()) if letter.upper() not in _TCVN3_TO}
_TCVN3_FROM = {chr(byte): letter for letter, byte in _TCVN3_LETTERS.items()}

_VNI_LETTERS = {"ơ": "ô", "ư": "ö", "đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
_VNI_MARKS = {
    "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï",
    "\u0302": "â", "\u0302\u0301": "á", "\u0302\u0300": "à", "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0302\u0323": "ä",
    "\u0306": "ê", "\u0306\u0301": "é", "\u0306\u0300": "è", "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0306\u0323": "ë",
}
_VNI_LETTER_FROM = {sign: letter for letter, sign in _VNI_LETTERS.items()}
_VNI_LETTER_FROM |= {sign.upper(): letter.upper() for sign, letter in list(_VNI_LETTER_FROM.items())}
_VNI_MARK_FROM = {sign: mark for mark, sign in _VNI_MARKS.items()}
_VNI_MARK_FROM |= {sign.upper(): mark for sign, mark in list(_VNI_MARK_FROM.items())}
_VNI_BEARERS = {"\u0302": "aeo", "\u0306": "a"}

_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_SIGNS = {byte: sign for sign, byte in _BYTES.items()}
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DEEPEST = 3
_WELL_FORMED = 6  # what it says for UTF-8 that a text decodes: hardly any other text does

_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
_ALIKE = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_OTHER_WRITING = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухһԁӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι", "ABESIJKMHOPCTYXaesijkopcyxhdIABEZHIKMNOPTYXovi",
)
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_MARKED = re.compile(r"[^\W\d_][\u0300-\u036f]{2,}|[\u00c0-\u024f\u1e00-\u1eff][\u0300-\u036f]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\S+")
_ELSEWHERE = frozenset("\xa0–—‘’“”…ĐđƉɖ")  # signs that a legacy text may hold, typed or set right later
_TOKEN = re.compile(r"[^ \xa0]+")
LOSS = r"\p{L}\?|\?\p{L}"
"""A question mark for a letter, as the regular expressions of polars write it."""
_LOSS = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")


class Line(IntEnum):
    """What the capitals of a TCVN3 line say of its toned letters, of which the fonts have small ones only."""

    AS_IT_IS = 0
    CAPITALS = 1  # typed in a font of capitals: NGUYÔN is NGUYỄN
    HEADED = 2  # every word has a capital where its font has one: ¸nh is Ánh


TCVN3_CAPITALS = r"^[^a-z\x{a8}-\x{ae}]*[A-Z\x{a1}-\x{a7}][^a-z\x{a8}-\x{ae} ]*[A-Z\x{a1}-\x{a7}][^a-z\x{a8}-\x{ae}]*$"
"""A line of capitals, for polars' regular expressions: no small letter that has a capital, and two capitals in a word."""
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


def repair(text: str, encoding: Encoding | None = None) -> str:
    """The text put right: decoded, composed (NFC), tones in their one place, look-alike letters and blanks tidied.

    Clean text comes back as it was, and so does what was repaired before.

    :param encoding: what the text's book was typed in, as told by :func:`vote`; a text that cannot be of it is judged
        by itself. ``None``: the same.
    """
    seen = unite(text)
    fixed = tidy(decode(seen, judge(seen) if encoding is None else reconcile(seen, encoding)))
    for _ in range(_DEEPEST):
        if judge(fixed) not in LEGACY:
            break
        fixed = tidy(decode(fixed, judge(fixed)))  # broken twice over
    return fixed


def judge(text: str) -> Encoding:
    """The encoding of one text, by itself."""
    if text.isascii():
        return Encoding.LOST if _LOSS.search(text) else Encoding.PLAIN
    best = choose(evidence(text))
    return Encoding.LOST if best is Encoding.UNICODE and _LOSS.search(text) else best


def reconcile(text: str, elected: Encoding) -> Encoding:
    """The encoding of a text in a book of the ``elected`` one: that, or its own where that does not fit."""
    own = judge(text)
    if own is Encoding.LOST:
        return own
    if text.isascii():
        return elected
    scores = dict(zip(CANDIDATES, evidence(text), strict=True))
    best = max(scores.values())
    if elected in LEGACY:
        return elected if scores[elected] > POSSIBLE and scores[elected] >= best - APART else own
    return own if own in LEGACY and best - scores[Encoding.UNICODE] >= OWN else Encoding.UNICODE


def vote(texts: Iterable[str]) -> Encoding:
    """The encoding of a book from all that one clerk typed into it; :data:`Encoding.PLAIN` for no text.

    A single text weighs little for or against, so that a few that came from elsewhere decide nothing.
    """
    totals, marked, lost, count = [0] * len(CANDIDATES), 0, 0, 0
    for text in texts:
        count += bool(text)
        lost += bool(_LOSS.search(text))
        if not text.isascii():
            marked += 1
            for i, score in enumerate(evidence(text)):
                totals[i] += max(score, WORST)
    return elect(totals, count=count, marked=marked, lost=lost)


def elect(totals: Iterable[int], *, count: int, marked: int, lost: int) -> Encoding:
    """The book's encoding from the sums over its texts: evidence, how many, how many not ASCII, how many with ``?``."""
    best = choose(tuple(totals))
    if best is not Encoding.UNICODE:
        return best
    if lost * 4 > count:
        return Encoding.LOST
    return Encoding.PLAIN if marked * 6 <= count else Encoding.UNICODE


def evidence(text: str) -> tuple[int, ...]:
    """How well each of :data:`CANDIDATES` reads the text: sums over its words, :data:`IMPOSSIBLE` or less where it cannot."""
    totals = [0] * len(CANDIDATES)
    for token in text.split(" "):
        if not token.isascii():
            for i, score in enumerate(token_evidence(token)):
                totals[i] += score
    return tuple(totals)


def choose(scores: tuple[int, ...]) -> Encoding:
    """The best reading: another than the text's own must be better than it, and good or very much better."""
    best = max(range(len(scores)), key=scores.__getitem__)  # the first of equals
    gain = scores[best] - scores[0]
    return CANDIDATES[best] if gain >= (ENOUGH if scores[best] > 0 else MUCH) else Encoding.UNICODE


@lru_cache(maxsize=1 << 17)
def token_evidence(token: str) -> tuple[int, ...]:
    """As :func:`evidence`, of what stands between two ASCII blanks."""
    seen = unite(token)
    return tuple(_score(seen, encoding) for encoding in CANDIDATES)


def unite(text: str) -> str:
    """Before any decoding: without unseen signs, letters and their marks united. Legacy text has no such marks."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    return _MARKED.sub(lambda found: _ordered(found.group()), text)


def tidy(text: str) -> str:
    """What needs no encoding: composition, order of marks, look-alike letters, full width, unseen signs, blanks, tones."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_WORD.sub(lambda found: _in_place(found.group()), _compose(text)).split())


@lru_cache(maxsize=1 << 16)
def _in_place(word: str) -> str:
    """Tones of syllables only: the names of other peoples keep theirs (Néang)."""
    def place(found: re.Match[str]) -> str:
        moved = place_tones(found.group(), ToneStyle.OLD)
        return moved if is_syllable(moved) else found.group()

    return _LETTERS.sub(place, word)


def _compose(text: str) -> str:
    text = unite(text).replace("\xad", "").translate(_ALIKE).translate(_FULL_WIDTH)
    if _FOREIGN.search(text):
        text = _WORD.sub(lambda found: _in_latin(found.group()), text)
    return text


def _score(token: str, encoding: Encoding) -> int:
    if encoding is Encoding.UNICODE:
        text = _compose(token)  # before tones are moved to where they belong: that they stand there is evidence
        if text.isascii():
            return -token.count("\xad")  # a soft hyphen is a sign of nothing good, or the letter ư
        return 3 if is_sound(text) else plausibility(text)
    read = decode(token, encoding)
    if encoding is Encoding.TCVN3 and not all(_passes(c) for c in token):
        return IMPOSSIBLE
    if encoding is Encoding.VNI and not _vni_only(token):
        return IMPOSSIBLE
    if encoding is Encoding.DOUBLE_UTF8:
        return IMPOSSIBLE if read == token else plausibility(_compose(read)) + _WELL_FORMED
    return plausibility(_compose(read))


def _passes(sign: str) -> bool:
    return sign.isascii() or sign in _TCVN3_FROM or sign in _ELSEWHERE


def _vni_only(token: str) -> bool:
    """Whether every sign has its place in VNI: none stands for a mark without a letter under it."""
    left = _vni_pieces(token)
    return not any(c in _VNI_MARK_FROM or not (c.isascii() or c in _VNI_LETTER_FROM or c in _ELSEWHERE or c in "Ðð") for c in left)


def _tcvn3_word(word: str, line: Line) -> str:
    read = "".join(_TCVN3_FROM.get(c, c) for c in word)
    own = [c for c in word if c.isascii() and c.isalpha() or "\xa1" <= c <= "\xae"]
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
        read.append("".join(_SIGNS[byte] for byte in run[at : found.start()]))
        read.append(found.group().decode("utf-8", "replace"))
        at = found.end()
    read.append("".join(_SIGNS[byte] for byte in run[at:]))
    return "".join(read)


def _in_latin(word: str) -> str:
    """Greek and Cyrillic letters among Latin ones are slips; a word wholly of theirs is not."""
    return word.translate(_OTHER_WRITING) if _LATIN.search(word) else word


def _ordered(letter: str) -> str:
    """A letter whose tone was typed before its own mark: ẻ with a circumflex after is ể."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return unicodedata.normalize("NFC", base + "".join(sorted(dict.fromkeys(marks), key=lambda m: m in TONES)))
