"""Text that was typed in a legacy encoding, or broken on its way, put right: TCVN3, VNI, UTF-8 read as Latin …

A legacy font drew Vietnamese letters in the places of western signs, so that its text, read today, is ``NguyÔn V¨n``
(TCVN3, "ABC") or ``Nguyeãn Vaên`` (VNI). Which one it was is judged by what comes out: the reading whose words are
Vietnamese syllables. Text that is fine as it is wins every draw. The no-break space and the soft hyphen are letters
or halves of letters in such text: it is decoded before blanks are tidied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from .encodings import Encoding as Encoding
from .encodings import decode as decode
from .encodings import encode as encode
from .encodings import may_be
from .syllables import is_sound, is_syllable, plausibility
from .text import TONES, ToneStyle, place_tones

CANDIDATES = (Encoding.UNICODE, Encoding.DOUBLE_UTF8, Encoding.TCVN3, Encoding.VNI)
"""The readings among which is chosen; the earlier wins a draw."""
LEGACY = frozenset(CANDIDATES) - {Encoding.UNICODE}
IMPOSSIBLE = -99
"""The evidence of a word that cannot have been written in an encoding."""
POSSIBLE = -50
"""Evidence of a text below this holds such a word."""
APART = 2
"""How much worse than its own best reading a text may be, read as its book is."""
ENOUGH = 5
"""By how much another reading must be better than the text as it is: more than a slip or a forgotten tone costs."""
WORST = -6
"""The most that a single text says against an encoding in the vote of its book."""
_WELL_FORMED = 6  # what it says for UTF-8 that a text decodes: hardly any other text does

_DEEPEST = 3  # how often one text was broken, at most
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
_ALIKE = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_OTHER_WRITING = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухһԁӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι", "ABESIJKMHOPCTYXaesijkopcyxhdIABEZHIKMNOPTYXovi",
)
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_MARKED = re.compile(r"[^\W\d_][\u0300-\u036f]{2,}|[\u00c0-\u024f\u1e00-\u1eff][\u0300-\u036f]+")
_MODERN = re.compile(r"[ĂăĨĩŨũƠơƯư\u1e00-\u1eff]")  # letters that no western code page has
_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_WORD = re.compile(r"\S+")
LOSS = r"\p{L}\?|\?\p{L}"
"""A question mark for a letter, as the regular expressions of polars write it."""
_LOSS = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")


def repair(text: str, encoding: Encoding | None = None) -> str:
    """The text put right: decoded, composed (NFC), tones in their one place, look-alike letters and blanks tidied.

    Clean text comes back as it was, and so does what was repaired before.

    :param encoding: what the text's book was typed in, as told by :func:`vote`; a text that cannot be of it is judged
        by itself. ``None``: the same.
    """
    seen = unite(text)
    if encoding is not None:
        return tidy(decode(seen, reconcile(seen, encoding)))
    fixed = tidy(decode(seen, judge(seen)))
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
    return own if own in LEGACY else Encoding.UNICODE


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
    """How well each of :data:`CANDIDATES` reads the text, summed over its words; below :data:`POSSIBLE`: not at all."""
    totals = [0] * len(CANDIDATES)
    for token in text.split(" "):
        for i, score in enumerate(token_evidence(token)):
            totals[i] += score
    return tuple(totals)


def choose(scores: tuple[int, ...]) -> Encoding:
    """The best reading: another than the text's own must be clearly better."""
    best = max(range(len(scores)), key=scores.__getitem__)  # the first of equals
    gain = scores[best] - scores[0]
    return CANDIDATES[best] if gain >= ENOUGH else Encoding.UNICODE


@lru_cache(maxsize=1 << 17)
def token_evidence(token: str) -> tuple[int, ...]:
    """As :func:`evidence`, of what stands between two ASCII blanks."""
    seen = unite(token)
    if seen.isascii():
        return (0,) * len(CANDIDATES)
    if _MODERN.search(seen):
        return (_score(seen, Encoding.UNICODE), *(IMPOSSIBLE for _ in LEGACY))
    return tuple(_score(seen, encoding) for encoding in CANDIDATES)


def unite(text: str) -> str:
    """Before any decoding: without unseen signs, letters and their marks united. Legacy text has no such marks."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    return _MARKED.sub(lambda found: _ordered(found.group()), text)


def tidy(text: str) -> str:
    """What needs no encoding: composition, look-alike letters, full width, unseen signs, blanks, places of tones."""
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
    return unite(text)


def _score(token: str, encoding: Encoding) -> int:
    if encoding is Encoding.UNICODE:
        text = _compose(token)  # before tones are moved to where they belong: that they stand there is evidence
        if text.isascii():
            return -2 * token.count("\xad")  # in a word it is the letter ư, or rubbish
        return 3 if is_sound(text) else plausibility(text)
    if not may_be(token, encoding):
        return IMPOSSIBLE
    return plausibility(_compose(decode(token, encoding))) + (_WELL_FORMED if encoding is Encoding.DOUBLE_UTF8 else 0)


def _in_latin(word: str) -> str:
    """Greek and Cyrillic letters among Latin ones are slips; a word wholly of theirs is not."""
    return word.translate(_OTHER_WRITING) if _LATIN.search(word) else word


def _ordered(letter: str) -> str:
    """A letter whose tone was typed before its own mark: ẻ with a circumflex after is ể."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return unicodedata.normalize("NFC", base + "".join(sorted(dict.fromkeys(marks), key=lambda m: m in TONES)))
