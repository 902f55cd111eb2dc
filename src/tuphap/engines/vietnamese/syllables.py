"""The grammar of written Vietnamese syllables: onset, rhyme, coda, tone; and how much a word looks like one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from .text import TONES, ToneStyle, place_tones, split_tone

_FRONT = "ieêy"
_ONSETS = ("", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph",
           "qu", "r", "s", "t", "th", "tr", "v", "x")
_RHYME_WORDS = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu
o oc oi om on ong op ot ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u uc ui um un ung up ut ư ưc ưi ưng ưt ưu y
ia iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu ua uôc uôi uôm uôn uông uôt ưa ươc ươi ươm ươn ương ươp ươt ươu
oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
uân uâng uât uây uê uêch uênh uơ uy uych uynh uyn uyt uyu uyp uya uyên uyêt
"""
_RHYMES = _RHYME_WORDS.split()
_AFTER_QU_WORDS = """
a ac ach ai am an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây âu e en eo et ê ên ênh êch êt êu i ơ ôc ôi
y ych ynh yn yt ya yên yêt it in inh
"""
_AFTER_QU = frozenset(_AFTER_QU_WORDS.split())
_RARE = frozenset(("oong", "ooc", "eng", "oeo", "oet", "oem", "uyp", "uyu", "uych", "uêch", "oăm", "oap", "ip", "uơ"))
_CODA = re.compile(r"(ch|ng|nh|[cmnpt])?$")
_TONE_ON_CONSONANT = re.compile(r"[^aeiouyAEIOUY\u0302\u0306\u031b][\u0300\u0301\u0303\u0309\u0323]")  # decomposed
_STOPPED = frozenset(("c", "ch", "p", "t"))
_SHARP, _HEAVY = 4, 5
_LETTERS = re.compile(r"[^\W\d_]+")
_VIETNAMESE = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz")
_COMMON_WORDS = """
nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn đinh trịnh trương lâm phùng hà mai tô
tạ thị văn hữu đức thành công quốc ngọc minh xuân kim thanh thu hồng huy đình bá quang phúc phước gia bảo khánh
lưu nông lò lầu giàng sùng thào vàng quàng cầm lường chảo tẩn phàn mông hứa sầm đàm quách tống tăng thái từ vương viên
châu chử doãn đồng khổng kiều la lại lục lương mạc nghiêm ninh phó quản thạch thân tiêu tôn tòng triệu ứng bạch
ái ân ánh ảnh bằng bích bình bính bưởi cảnh cẩm cẩn chí chiến chiểu chín chính chung chuyên cúc cương cường dậu dần
diễm diệp diệu dũng duyên dụng đại đạt đăng điền điệp độ đông được giáp hải hạnh hào hảo hạ hậu hiếu hiền hiển
hiệp hòa hoà hoài hùng hưng hương hường hướng kiên kiệt kỳ khôi khải lan lành lệ liên liễu liệu lĩnh lộc lợi luân
luận luyến lựu mạnh mẫn mận mến mùi mười mỹ năm nga ngà ngân nghĩa nghị nguyên nguyệt nhã nhàn nhân nhật nhị như
nhung nở nữ oánh phát phong phú phụng phương phượng quân quế quý quyên quyết quyền quỳnh sáng sáu sinh sơn sửu sương
tài tám tâm tân tấn tây tế thạnh thắm thảo thắng thế thêm thiện thiệp thìn thịnh thọ thoại thông thơ thơm thuận
thuỷ thủy thúy thuý thùy thuỳ thư thương thường tiến tiệp tính tình tịnh toàn toản tố trà trâm trân trí trọng trúc
trực trường tuân tuấn tuất tuyên tuyền tuyết tùng tú tư tỵ tý tỷ út uyên vân viết việt vinh vĩnh vượng xuyến yến ý
xã huyện tỉnh phường quận trấn thôn ấp tổ khóm đường ngày tháng số bản buôn làng xóm
"""
COMMON = frozenset(_COMMON_WORDS.split())
"""Words so frequent in names and addresses that a reading which yields them is likelier than one that does not."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable's parts in lower case without its tone; ``tone`` is the dictionary's rank, 0 ngang … 5 nặng."""

    onset: str
    vowels: str
    coda: str
    tone: int

    @property
    def rhyme(self) -> str:
        return self.vowels + self.coda


def parse_syllable(word: str) -> Syllable | None:
    """The parts of one written word of any case; ``None`` where it is no Vietnamese syllable.

    A syllable that ends in a stop (c, ch, p, t) bears sắc or nặng; the tone may stand in either of its two places.
    """
    return _parse(unicodedata.normalize("NFC", word).lower())


def is_syllable(word: str) -> bool:
    """Whether the writing allows the word, spoken or not: ``nguyễn`` and ``truỷn``, neither ``nguễn`` nor ``càc``."""
    return parse_syllable(word) is not None


def plausibility(text: str) -> int:
    """How much a text looks like Vietnamese, by its words that bear marks: the higher, the likelier.

    A common word counts 3, another syllable 2, a rare rhyme or a single letter 1; a syllable whose tone is forgotten or
    misplaced −1, letters of the alphabet that are no syllable or whose capitals are scattered −3, letters and signs
    foreign to it −4. Words of plain ASCII count 0.
    """
    return sum(_word_plausibility(word) for word in text.split())


def is_sound(text: str) -> bool:
    """Whether every word that bears marks is a syllable, and no foreign sign stands in the text."""
    return all(word.isascii() or _is_sound(word) for word in text.split())


@lru_cache(maxsize=65536)
def _word_plausibility(word: str) -> int:
    if word.isascii():
        return 0
    rest = "".join(c for c in _LETTERS.sub("", word) if not c.isascii())
    total = -4 if any(not unicodedata.category(c).startswith(("P", "Z", "C")) or c in "·«»¡¿§¶" for c in rest) else 0
    return total + sum(_letters_plausibility(part) for part in _LETTERS.findall(word) if not part.isascii())


def _is_sound(word: str) -> bool:
    parts = [part for part in _LETTERS.findall(word) if not part.isascii()]
    return bool(parts) and _word_plausibility(word) >= len(parts) and all(_letters_plausibility(p) > 0 for p in parts)


def _letters_plausibility(written: str) -> int:
    part = written.lower()
    whole = written in (part, part.upper(), part.capitalize())
    if whole and part in COMMON:
        return 3
    syllable = _parse(part) if whole else None
    if syllable is not None:
        return 1 if len(part) == 1 or syllable.rhyme in _RARE else 2
    letters, _ = split_tone(part)
    decomposed = unicodedata.normalize("NFD", part)
    if _TONE_ON_CONSONANT.search(decomposed) or not _VIETNAMESE.issuperset(letters):
        return -4
    one_tone = sum(c in TONES for c in decomposed) <= 1
    return -1 if whole and one_tone and letters in _spelled() else -3


@lru_cache(maxsize=65536)
def _parse(word: str) -> Syllable | None:
    decomposed = unicodedata.normalize("NFD", word)
    if sum(c in TONES for c in decomposed) > 1 or _TONE_ON_CONSONANT.search(decomposed):
        return None
    letters, tone = split_tone(word)
    parts = _spelled().get(letters)
    if parts is None:
        return None
    onset, rhyme = parts
    coda = _CODA.search(rhyme).group()  # type: ignore[union-attr]  # the empty coda always matches
    if coda in _STOPPED and tone not in (_SHARP, _HEAVY):
        return None
    if tone and word not in (place_tones(word, ToneStyle.OLD), place_tones(word, ToneStyle.NEW)):
        return None
    return Syllable(onset, rhyme.removesuffix(coda), coda, tone)


@cache
def _spelled() -> dict[str, tuple[str, str]]:
    """Every toneless syllable that the rules of spelling allow → its onset and rhyme."""
    found: dict[str, tuple[str, str]] = {}
    for onset in _ONSETS:
        for rhyme in sorted(_AFTER_QU) if onset == "qu" else _RHYMES:
            if _may_follow(onset, rhyme):
                found.setdefault(onset + rhyme, (onset, rhyme))
    found |= {"gi" + rest: ("gi", "i" + rest) for rest in ("", "n", "p", "êc", "êm", "ên", "êng", "êt")}
    return found


def _may_follow(onset: str, rhyme: str) -> bool:
    front = rhyme[0] in _FRONT
    if rhyme.startswith("yê"):
        return onset == ""
    if rhyme.startswith("iê"):
        return onset not in ("", "c", "g", "ng", "gi")
    if onset in ("c", "g", "ng"):
        return not front
    if onset in ("k", "gh", "ngh"):
        return front
    if onset == "gi":
        return not rhyme.startswith(("i", "y"))
    return True
