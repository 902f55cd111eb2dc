"""Words by number, the damaged forms of each, and how every one of them looks in a book's type and encoding."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuphap.engines.vietnamese import ToneStyle, fold, place_tones
from tuphap.engines.vietnamese.legacy import Encoding, encode
from tuphap.engines.vietnamese.text import TONES

Ids = NDArray[np.int32]

CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower)
AS_WRITTEN, UPPER, LOWER = range(3)
_ENCODERS: dict[str, Callable[[str], str]] = {
    "nfc": partial(unicodedata.normalize, "NFC"),
    "nfd": partial(unicodedata.normalize, "NFD"),
    "tcvn3": partial(encode, encoding=Encoding.TCVN3),
    "vni": partial(encode, encoding=Encoding.VNI),
    "nodia": partial(encode, encoding=Encoding.PLAIN),
    "utf8twice": partial(encode, encoding=Encoding.DOUBLE_UTF8),
    "utf8latin1": lambda text: text.encode().decode("latin-1"),  # the same, read by another program
    "qmark": partial(encode, encoding=Encoding.LOST),
}
ENCODINGS = tuple(_ENCODERS)

# What a machine reads for what is printed, and what is heard for what is said. Either way round where both happen.
_SEEN = (
    "n u,u n,h b,b h,y v,v y,c e,e c,a o,o a,i l,l i,l 1,o 0,g q,q g,m rn,rn m,t f,ê è,è ê,ô ò,â ă,ă â,ơ o,ư u,ữ ũ,ứ ú,"
    "ờ ò,ợ ọ,ế é,ề è,ễ ẽ,ậ ạ,ấ á,ầ à,N M,M N,H N,N H,T I,I T,B 8,S 5,G 6,G C,Q O,O Q,D O,L I,V Y,Y V,P F,K X,Đ D,"
    "đ d,ị i,ọ o,ạ a,ệ ê,ộ ô,d cl,w vv,ng nq"
)
_HEARD = (
    "^l n,^n l,^s x,^x s,^tr ch,^ch tr,^d gi,^gi d,^v d,^r d,^d r,^gi r,^c k,^k c,^ph f,^qu w,y$ i,i$ y,n$ ng,ng$ n,"
    "t$ c,c$ t,oa a,oan an,oanh anh,uê ê,ưu iu,ươu iêu,iê i"
)
_SOUTHERN = (
    "Vũ Võ,Võ Vũ,Hoàng Huỳnh,Huỳnh Hoàng,Nhật Nhựt,Phúc Phước,Phước Phúc,Bảo Bửu,Cảnh Kiểng,Sơn San,Tính Tánh,"
    "Chính Chánh,Thanh Thinh,Nhân Nhơn,Hoa Huê,Mệnh Mạng,Quý Quới,Trường Tràng,Hồng Hường,Vinh Vanh,Đảm Đởm,An Yên,"
    "Thái Thới,Cương Cang,Nghĩa Ngãi,Dũng Dõng,Tùng Tòng,Chu Châu,Châu Chu,Thịnh Thạnh,Lĩnh Lãnh,Kính Kiếng"
)
_TELEX_TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
_TELEX_LETTERS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioaqsdfghjkglxcvbnmn", strict=True))


@dataclass(frozen=True, slots=True)
class Variants:
    """The damaged forms of each word: those of word ``w`` are ``ids[start[w]:start[w] + count[w]]``."""

    start: Ids
    count: Ids
    ids: Ids

    def of(self, words: Ids, draws: NDArray[np.float64]) -> Ids:
        """A form of each word, as the draws (0–1) fall. Every word must have one."""
        chosen: Ids = self.ids[self.start[words] + (draws * self.count[words]).astype(np.int32)]
        return chosen


class Vocabulary:
    """Word 0 is none. Words of people's names come first (``clean`` of them), then what became of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = [""]
        self._ids = {"": 0}
        for word in words:
            self.id(word)
        self.clean = len(self.words)
        forms: dict[str, Callable[[str], Iterable[str]]] = {
            "placement": _new_placement, "tone_error": _other_tones, "spelling": _misheard, "d_bar": _other_stroke,
            "telex": _telex, "abbreviated": _initials, "ocr": _misread, "typo": _mistyped,
        }
        self.variants = {kind: self._variants(made) for kind, made in forms.items()}
        self._table: pl.Series | None = None

    def id(self, word: str) -> int:
        """The word's number; a new one where the word is new."""
        found = self._ids.setdefault(word, len(self.words))
        if found == len(self.words):
            self.words.append(word)
        return found

    def ids(self, words: Iterable[str]) -> Ids:
        return np.array([self.id(word) for word in words], np.int32)

    def _variants(self, made: Callable[[str], Iterable[str]]) -> Variants:
        words = self.words[1:self.clean]
        forms = [[], *(sorted({form for form in made(word) if form != word} - {""}) for word in words)]
        ids = [self.id(form) for each in forms for form in each]
        count = np.array([len(each) for each in forms], np.int32)
        return Variants((np.cumsum(count) - count).astype(np.int32), count, np.array(ids, np.int32))

    def table(self) -> pl.Series:
        """Every word in every type and encoding: word ``w`` in ``style`` stands at ``style * len(words) + w``."""
        if self._table is None:
            self._table = style_table(self.words)
        return self._table

    def render(self, names: Ids, style: NDArray[np.int64]) -> pl.Series:
        """The names, one a row of word numbers, each in its style, with single blanks."""
        table, size = self.table(), len(self.words)
        parts = [table.gather(style * size + names[:, part]) for part in range(names.shape[1])]
        frame = pl.DataFrame({str(part): words for part, words in enumerate(parts)})
        return frame.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()


def style_of(case: NDArray[np.int64], encoding: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of a type and an encoding together."""
    return case * len(ENCODINGS) + encoding


def style_table(texts: list[str]) -> pl.Series:
    """Each text in every style, styles one after another; empty texts are nulls. One call encodes them all."""
    columns = []
    for case, encoder in product(CASES, _ENCODERS.values()):
        whole = encoder("\n".join(case(text) for text in texts))
        columns.append(pl.Series([text or None for text in whole.split("\n")], dtype=pl.String))
    return pl.concat(columns).rechunk()


# -- what becomes of a word


def _new_placement(word: str) -> Iterable[str]:
    return (place_tones(word, ToneStyle.NEW),)


def _other_tones(word: str) -> Iterable[str]:
    """Another tone in the place of the one it has; none twice as often, and ngã and hỏi for each other."""
    letters = unicodedata.normalize("NFD", word)
    bare = "".join(letter for letter in letters if letter not in TONES)
    at = next((place for place, letter in enumerate(letters) if letter in TONES), None)
    if at is None:
        at = next((place + 1 for place, letter in enumerate(bare) if letter.lower() in "aeiouy"), len(bare))
        while at < len(bare) and unicodedata.combining(bare[at]):
            at += 1
    for tone in ("", *TONES):
        yield place_tones(bare[:at] + tone + bare[at:])


def _replaced(word: str, rules: str) -> Iterable[str]:
    for rule in rules.split(","):
        old, new = rule.split(" ")
        lower = word.lower()
        if old.startswith("^"):
            rest = lower.removeprefix(old[1:])
            if rest != lower and rest[:1] in "aăâeêioôơuưyáàảãạ" and rest:
                yield (new + rest).capitalize()
        elif old.endswith("$"):
            if lower.endswith(old[:-1]) and len(word) < 6:
                yield word[:-len(old) + 1] + new
        else:
            for place in range(len(word) - len(old) + 1):
                if word[place:place + len(old)] == old:
                    yield word[:place] + new + word[place + len(old):]


def _misread(word: str) -> Iterable[str]:
    return _replaced(word, _SEEN)


def _misheard(word: str) -> Iterable[str]:
    yield from _replaced(word, _HEARD)
    yield from (new for old, new in (pair.split(" ") for pair in _SOUTHERN.split(",")) if old == word)


def _other_stroke(word: str) -> Iterable[str]:
    if "đ" in word.lower():
        yield from (word.translate(str.maketrans("Đđ", pair)) for pair in ("Dd", "Ðð", "Ɖɖ"))
    elif "d" in word.lower():
        yield word.translate(str.maketrans("Dd", "Đđ"))


def _telex(word: str) -> Iterable[str]:
    """As the keys were struck with the keyboard driver switched off."""
    composed, tone, typed = unicodedata.normalize("NFC", word), "", ""
    for letter in composed:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((_TELEX_TONES[mark] for mark in marks if mark in _TELEX_TONES), tone)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TELEX_TONES))
        keys = _TELEX_LETTERS.get(bare.lower(), bare)
        typed += keys.upper() if letter.isupper() and len(keys) > 1 else keys
    return (typed + tone,)


def _initials(word: str) -> Iterable[str]:
    yield f"{word[0]}."
    bare = fold(word)
    if bare.startswith(("ng", "tr", "ph", "th", "kh", "ch", "nh")) and len(bare) > 3:
        yield f"{word[:2]}."


def _mistyped(word: str) -> Iterable[str]:
    """A letter left out, doubled or taken from the next key."""
    for place in range(1, len(word)):
        letter = word[place]
        if len(word) > 2:
            yield word[:place] + word[place + 1:]
        yield word[:place] + letter + word[place:]
        yield word[:place] + _NEIGHBOURS.get(letter, letter) + word[place + 1:]
