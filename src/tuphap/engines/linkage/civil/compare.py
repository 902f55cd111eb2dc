"""One pair: how its fields agree, and how likely that is by chance.

Compiled by numba, because it runs once for each of millions of candidates. For every field it gives a *level* (how the
two agree) and the probability ``u`` of agreeing so by chance, which hangs on the value: few share a rare name, many a
frequent one. What a true pair's levels are likely to be is learned (``model``). Beside "the same person" and "somebody"
it weighs a third story: a brother or sister of the person, who shares parents, commune and surname, and a twin's day.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import ENTRY, PERSON, Sides
from .syllables import SYLLABLE, Syllables

# --- Levels -----------------------------------------------------------------------------------------------------------

NAME, FATHER, MOTHER, BORN, PLACE, SEX, NUMBER = range(7)
FIELDS = ("name", "father", "mother", "born_on", "place", "sex", "number")

# How a surname or a given name agrees.
SAME, MARKS, SOUND, SHORT, SLIP, OTHER, MOVED = range(7)
# How the words between agree; SAME and MARKS as above.
NEAR, FEWER, MORE, DIFFERENT, NONE = range(2, 7)
NAME_LEVELS = 1 + 7 * 7 * 7  # 0: not given on one side

BORN_LEVELS = 48
BAD_YEAR_DAY, BAD_YEAR = 10, 11  # the entry's year cannot be; its day and month agree, or do not
ONLY_YEAR, ONLY_YEAR_HERE, MONTH_YEAR, WHOLE = 16, 20, 24, 32  # bases: entry, person, entry without the day, both whole
Y_SAME, Y_NEXT, Y_NEAR, Y_FAR = range(4)
M_SAME, M_YEAR, M_MONTH, M_FAR = range(4)
(D_SAME, D_SWAPPED, D_LUNAR, D_MONTH, D_DAY, D_YEAR, D_NEAR_YEAR, D_YEAR_SLIP, D_ANNIVERSARY, D_NEXT, D_CLOSE,
 D_FAR) = range(12)

PLACE_LEVELS = 24  # birth * 4 + home
B_UNKNOWN, B_SAME, B_SUCCESSOR, B_OTHER, B_OFFICE, B_NOT_OFFICE = range(6)
H_UNKNOWN, H_SAME, H_OFFICE, H_OTHER = range(4)

SEX_LEVELS = 3
NUMBER_LEVELS = 8
(N_NONE, N_PERSONAL, N_OLD, N_PERSONAL_SLIP, N_PERSONAL_OTHER, N_NO_OLD, N_OLD_SLIP, N_OLD_OTHER) = range(8)

LEVELS = (NAME_LEVELS, NAME_LEVELS, NAME_LEVELS, BORN_LEVELS, PLACE_LEVELS, SEX_LEVELS, NUMBER_LEVELS)

_QUESTION = ord("?")
_TINY = 1e-12


@njit(cache=True)
def _log(x: float) -> float:
    return np.log2(max(x, _TINY))  # type: ignore[no-any-return]  # a float once compiled


# --- Names ------------------------------------------------------------------------------------------------------------


@njit(cache=True)
def _edits(a: Any, la: int, b: Any, lb: int) -> int:
    """Letters put in, left out, changed or changed about between two words; 3: three or more."""
    if abs(la - lb) > 2:
        return 3
    before, last, row = np.zeros(12, np.int16), np.zeros(12, np.int16), np.zeros(12, np.int16)
    for j in range(lb + 1):
        last[j] = j
    for i in range(1, la + 1):
        row[0] = i
        for j in range(1, lb + 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (0 if a[i - 1] == b[j - 1] else 1))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                cost = min(cost, before[j - 2] + 1)
            row[j] = cost
        for j in range(lb + 1):
            before[j] = last[j]
            last[j] = row[j]
    return min(last[lb], 3)  # type: ignore[no-any-return]  # an int once compiled


@njit(cache=True)
def _begins(a: int, b: int, known: Syllables) -> bool:
    """Whether syllable ``a`` is an abbreviation of ``b``."""
    length = known[a].length
    if not known[a].short or length == 0 or length > known[b].length:
        return False
    for i in range(length):  # noqa: SIM110  # numba compiles no generator
        if known[a].letters[i] != known[b].letters[i]:
            return False
    return True


@njit(cache=True)
def _fills(a: int, b: int, known: Syllables) -> bool:
    """Whether ``a`` is ``b`` with question marks for lost letters."""
    if known[a].length != known[b].length:
        return False
    lost = False
    for i in range(known[a].length):
        if known[a].letters[i] == _QUESTION:
            lost = True
        elif known[a].letters[i] != known[b].letters[i]:
            return False
    return lost


@njit(cache=True)
def _word(a: int, b: int, known: Syllables) -> int:
    """How syllable ``a`` of an entry agrees with ``b`` of a person: SAME … OTHER."""
    if a == b:
        return SAME
    if known[a].folded == known[b].folded:
        return SAME if known[a].plain else MARKS  # an entry without marks says nothing of them
    if _begins(a, b, known) or _begins(b, a, known):
        return SHORT
    if known[a].sound == known[b].sound:
        return SOUND
    if _fills(a, b, known):
        return MARKS
    shorter, longer = min(known[a].length, known[b].length), max(known[a].length, known[b].length)
    allowed = 2 if shorter >= 4 else 1
    if longer < 2 or longer - shorter > allowed or _bits(known[a].set ^ known[b].set) > 2 * allowed:
        return OTHER  # each edit changes two letters of the set at most
    return SLIP if _edits(known[a].letters, known[a].length, known[b].letters, known[b].length) <= allowed else OTHER


@njit(cache=True)
def _bits(value: int) -> int:
    count = 0
    while value:
        value &= value - 1
        count += 1
    return count


@njit(cache=True)
def _moved(a: Any, b: Any, count: int, known: Syllables) -> bool:
    """Whether the same words stand in another order."""
    used = 0
    for i in range(count):
        found = False
        for j in range(count):
            if not (used >> j) & 1 and _word(a[i], b[j], known) <= SOUND:
                used |= 1 << j
                found = True
                break
        if not found:
            return False
    return True


@njit(cache=True)
def _between(a: Any, la: int, b: Any, lb: int, known: Syllables) -> int:
    """How the words between surname and given name agree."""
    mine, theirs = max(la - 2, 0), max(lb - 2, 0)
    if mine == 0 and theirs == 0:
        return NONE
    if mine == 0:
        return FEWER
    if theirs == 0:
        return MORE
    if mine == theirs:
        worst = SAME
        for i in range(mine):
            found = _word(a[1 + i], b[1 + i], known)
            level = found if found <= MARKS else (NEAR if found <= SLIP else DIFFERENT)
            worst = max(worst, level)
        return worst
    short, long = (a, b) if mine < theirs else (b, a)
    matched = 0
    for i in range(max(mine, theirs)):
        if matched < min(mine, theirs) and _word(short[1 + matched], long[1 + i], known) <= SLIP:
            matched += 1
    if matched < min(mine, theirs):
        return DIFFERENT
    return FEWER if mine < theirs else MORE


@njit(cache=True)
def _name(a: Any, la: int, b: Any, lb: int, known: Syllables) -> tuple[int, int, int]:
    """How two names agree: surname, given name, the words between; −1 where one is not given."""
    if la == 0 or lb == 0:
        return -1, -1, -1
    surname = _word(a[0], b[0], known)
    given = _word(a[la - 1], b[lb - 1], known)
    if (surname == OTHER or given == OTHER) and la == lb and la > 1 and _moved(a, b, la, known):
        return MOVED, MOVED, SAME
    return surname, given, _between(a, la, b, lb, known)


@njit(cache=True)
def name_level(surname: int, given: int, between: int) -> int:
    return 0 if surname < 0 else 1 + (surname * 7 + given) * 7 + between


@njit(cache=True)
def _name_by_chance(surname: int, given: int, between: int, often: Any, size: float, known_surname: bool) -> float:
    """log₂ of the probability that somebody's name agrees so.

    :param often: in how many persons each part is the same (``arrays.OFTEN``).
    :param known_surname: the surname is the child's, which agrees already: it says nothing again.
    """
    n_surname, n_given, n_both = often[0], often[1], often[2]
    n_sound, n_folded, n_exact = often[3], often[4], often[5]
    if surname == MOVED:
        return _log(3 * n_sound / size)
    if surname <= SOUND:
        u = 0.97 if known_surname else n_surname / size
    elif surname == SHORT:
        u = max(0.1, n_surname / size)
    elif surname == SLIP:
        u = max(0.01, n_surname / size * 0.05)
    else:
        u = 0.8
    if given <= SOUND:
        u *= n_both / n_surname if surname <= SOUND else n_given / size
    elif given == SHORT:
        u *= 0.12
    elif given == SLIP:
        u *= 0.03
    else:
        u *= 0.95
    whole = surname <= SOUND and given <= SOUND
    if between == NONE or between <= MARKS:
        u *= n_sound / n_both if whole else (0.15 if between == NONE else 0.25)
    elif between == NEAR:
        u *= max(n_sound / n_both, 0.04) if whole else 0.05
    elif between in (FEWER, MORE):
        u *= 0.12
    else:
        u *= 0.7 if whole else 0.6
    if whole and (between <= NEAR or between == NONE):  # marks agree, or do not, among those of the same sound
        if surname == SAME and given == SAME and between in (SAME, NONE):
            u *= n_exact / n_sound
        elif surname <= MARKS and given <= MARKS and between != NEAR:
            u *= max(n_folded - n_exact, 0.1 * n_folded) / n_sound
        else:
            u *= max(n_sound - n_folded, 0.1 * n_sound) / n_sound
    elif whole and surname != SAME and given != SAME:
        u *= 0.5
    return _log(u)


# --- Day of birth -----------------------------------------------------------------------------------------------------


@njit(cache=True)
def _born(entry: Any, person: Any) -> tuple[int, float]:
    """Level, and log₂ of its probability by chance."""
    y1, m1, d1 = int(entry.year), int(entry.month), int(entry.day)
    y2, m2, d2 = int(person.year), int(person.month), int(person.day)
    share = person.share_year
    if (y1 == 0 and m1 == 0) or y2 == 0:
        return 0, 0.0
    if y1 < 1850 or y1 > 2100:
        if m1 == 0 or m2 == 0:
            return 0, 0.0
        if m1 == m2 and (d1 == d2 or d1 == 0 or d2 == 0):
            return BAD_YEAR_DAY, _log(1 / 365)
        return BAD_YEAR, 0.0
    years = abs(y1 - y2)
    vague, vague_there = m1 == 0 or (d1 == 1 and m1 == 1), m2 == 0 or (d2 == 1 and m2 == 1)
    if vague or vague_there:
        base = ONLY_YEAR if vague else ONLY_YEAR_HERE
        if years == 0:
            return base + Y_SAME, _log(share)
        if years == 1:
            return base + Y_NEXT, _log(2 * share)
        if years <= 3:
            return base + Y_NEAR, _log(4 * share)
        return base + Y_FAR, 0.0
    if d1 == 0 or d2 == 0:
        if years == 0:
            return (MONTH_YEAR + M_SAME, _log(share / 12)) if m1 == m2 else (MONTH_YEAR + M_YEAR, _log(share))
        if m1 == m2 and years <= 3:
            return MONTH_YEAR + M_MONTH, _log(6 * share / 12)
        return MONTH_YEAR + M_FAR, 0.0
    return _whole_days(y1, m1, d1, y2, m2, d2, share, person.lunar_year, person.lunar_month, person.lunar_day)


@njit(cache=True)
def _whole_days(
    y1: int, m1: int, d1: int, y2: int, m2: int, d2: int, share: float, ly: int, lm: int, ld: int,
) -> tuple[int, float]:
    years, day, month = abs(y1 - y2), d1 == d2, m1 == m2
    if years == 0 and day and month:
        return WHOLE + D_SAME, _log(share / 365)
    if y1 == ly and m1 == lm and abs(d1 - ld) <= 1:
        return WHOLE + D_LUNAR, _log(share / 365)
    if years == 0:
        if d1 == m2 and m1 == d2:
            return WHOLE + D_SWAPPED, _log(share / 365)
        if month:
            return WHOLE + D_MONTH, _log(share / 12)
        if day:
            return WHOLE + D_DAY, _log(share / 31)
        return WHOLE + D_YEAR, _log(share)
    if day and month:
        if years <= 3:
            return WHOLE + D_NEAR_YEAR, _log(6 * share / 365)
        if _one_digit(y1, y2):
            return WHOLE + D_YEAR_SLIP, _log(12 * share / 365)
        return WHOLE + D_ANNIVERSARY, _log(1 / 365)
    if years == 1:
        return WHOLE + D_NEXT, _log(2 * share)
    if years <= 3:
        return WHOLE + D_CLOSE, _log(4 * share)
    return WHOLE + D_FAR, 0.0


@njit(cache=True)
def _one_digit(a: int, b: int) -> bool:
    others = 0
    for _ in range(4):
        others += 1 if a % 10 != b % 10 else 0
        a //= 10
        b //= 10
    return others == 1


# --- Numbers, places, sex ---------------------------------------------------------------------------------------------


@njit(cache=True)
def _digits(value: int, into: Any) -> int:
    count = 0
    while value > 0:
        into[count] = value % 10
        count += 1
        value //= 10
    return count


@njit(cache=True)
def _slip(a: int, b: int) -> bool:
    """Whether two numbers differ by one digit changed, left out, put in, or two changed about."""
    x, y = np.zeros(20, np.int8), np.zeros(20, np.int8)
    la, lb = _digits(a, x), _digits(b, y)
    if la == 0 or lb == 0 or abs(la - lb) > 1:
        return False
    if la == lb:
        first, others = -1, 0
        for i in range(la):
            if x[i] != y[i]:
                others += 1
                if first < 0:
                    first = i
        return others == 1 or (others == 2 and x[first] == y[first + 1] and x[first + 1] == y[first])
    if la > lb:
        x, y = y, x
        la, lb = lb, la
    i = 0
    while i < la and x[i] == y[i]:
        i += 1
    while i < la and x[i] == y[i + 1]:
        i += 1
    return i == la


@njit(cache=True)
def _number(value: int, personal: int, old: int, size: float) -> tuple[int, float]:
    if value == 0:
        return N_NONE, 0.0
    if value == personal:
        return N_PERSONAL, _log(1 / size)
    if value == old:
        return N_OLD, _log(1 / size)
    if value >= 10**9:  # twelve digits, of which zeros in front may be lost
        return (N_PERSONAL_SLIP, _log(30 / size)) if _slip(value, personal) else (N_PERSONAL_OTHER, 0.0)
    if old == 0:
        return N_NO_OLD, 0.0
    return (N_OLD_SLIP, _log(30 / size)) if _slip(value, old) else (N_OLD_OTHER, 0.0)


@njit(cache=True)
def _place(entry: Any, person: Any) -> tuple[int, float]:
    born, lives = person.birth_now, person.home_now
    office = entry.office_now
    u = 0.0
    birth = B_UNKNOWN
    if born >= 0 and entry.birth_now >= 0:
        if entry.birth_now == born:
            apart = entry.birth_then >= 0 and person.birth_then >= 0 and entry.birth_then != person.birth_then
            birth = B_SUCCESSOR if apart else B_SAME
            u += _log(person.share_birth)
        else:
            birth = B_OTHER
    elif born >= 0 and office >= 0 and entry.kind == 0:
        if office == born:
            birth = B_OFFICE
            u += _log(person.share_birth)
        else:
            birth = B_NOT_OFFICE
    home = H_OTHER
    if entry.home_now >= 0 and entry.home_now == lives:
        home = H_SAME
    elif office >= 0 and office == lives:
        home = H_OFFICE
    elif entry.home_now < 0 and office < 0:
        home = H_UNKNOWN
    stays = birth in (B_SAME, B_SUCCESSOR, B_OFFICE) and born == lives
    if home in (H_SAME, H_OFFICE) and not stays:
        u += _log(person.share_home)
    return birth * 4 + home, u


# --- The pair ---------------------------------------------------------------------------------------------------------

# How a brother or sister of the person would look in an entry: probabilities, from what families are like.
_TWIN, _SAME_YEAR, _EACH_YEAR, _SPAN, _BEYOND = 0.012, 0.02, 0.045, 15, -4.0
_SAME_NAME, _NO_NAME, _OTHER_SURNAME, _SHARED_MIDDLE = -6.0, -6.0, -5.0, 1.0
_SAME_PLACE, _OTHER_PLACE, _SAME_NUMBER = 0.7, 0.3, -12.0


@njit(cache=True)
def compare(entry: Any, person: Any, known: Syllables, size: float, levels: Any, chances: Any) -> float:
    """Fill in the ``levels`` and ``chances`` (log₂ u) of the seven fields of an ``ENTRY`` and a ``PERSON``.

    :returns: log₂ of how much likelier the entry is of a brother or sister of the person than of somebody, but for what
        the parents' names being the same adds (``model`` knows that).
    """
    kin = 0.0
    surname, given, between = _name(
        entry.words[0], entry.length[0], person.words[0], person.length[0], known,
    )
    levels[NAME] = name_level(surname, given, between)
    chances[NAME] = 0.0
    if surname >= 0:
        chances[NAME] = _name_by_chance(surname, given, between, person.often[0], size, False)
        if surname <= SOUND:
            kin += -0.05 - _log(person.often[0][0] / size)
        else:
            kin += _NO_NAME if surname == MOVED else _OTHER_SURNAME
        if given <= SOUND:
            kin += _SAME_NAME
        if surname <= SOUND and between <= MARKS:
            kin += _SHARED_MIDDLE
    for role in (FATHER, MOTHER):
        s, g, b = _name(entry.words[role], entry.length[role], person.words[role], person.length[role], known)
        levels[role] = name_level(s, g, b)
        chances[role] = 0.0
        if s >= 0:
            inherited = role == FATHER and 0 <= surname <= SOUND and s <= SOUND
            chances[role] = _name_by_chance(s, g, b, person.often[role], size, inherited)
            kin -= chances[role]

    level, chance = _born(entry, person)
    levels[BORN], chances[BORN] = level, chance
    if level > BAD_YEAR:
        years = abs(int(entry.year) - int(person.year))
        if level == WHOLE + D_SAME:
            kin += _log(_TWIN) - chance
        elif years == 0:
            kin += _log(_SAME_YEAR) - _log(person.share_year)
        else:
            kin += _log(_EACH_YEAR) - _log(person.share_year) if years <= _SPAN else _BEYOND

    level, chance = _place(entry, person)
    levels[PLACE], chances[PLACE] = level, chance
    birth = level // 4
    if birth in (B_SAME, B_SUCCESSOR, B_OFFICE):
        kin += _log(_SAME_PLACE) - chance
    elif birth != B_UNKNOWN:
        kin += _log(_OTHER_PLACE)

    levels[SEX], chances[SEX] = 0, 0.0
    if entry.sex > 0 and person.sex > 0:
        same = entry.sex == person.sex
        levels[SEX] = 1 if same else 2
        # Names tell the sex: where the given names agree, another sex by chance is rare.
        chances[SEX] = _log(0.5 if given > SOUND else (0.85 if same else 0.15))
        kin += _log(0.5) - chances[SEX]

    level, chance = _number(entry.number, person.personal_number, person.old_number, size)
    levels[NUMBER], chances[NUMBER] = level, chance
    if level in (N_PERSONAL, N_OLD, N_PERSONAL_SLIP):
        kin += _SAME_NUMBER
    return kin


@njit(cache=True, nogil=True)
def _compare_some(
    rows: Any, persons: Any, civil: Any, population: Any, known: Any, size: float, levels: Any, chance: Any, kin: Any,
) -> None:
    chances = np.zeros(7, np.float64)
    for i in range(len(rows)):
        kin[i] = compare(civil[rows[i]], population[persons[i]], known, size, levels[i], chances)
        chance[i] = chances.sum()


@njit(cache=True, nogil=True)
def _weigh_some(
    rows: Any, persons: Any, civil: Any, population: Any, known: Any, size: float, logs: Any, same: Any, kin: Any,
    open_: Any,
) -> None:
    levels, chances = np.zeros(7, np.int16), np.zeros(7, np.float64)
    for i in range(len(rows)):
        entry = civil[rows[i]]
        kin[i] = compare(entry, population[persons[i]], known, size, levels, chances)
        for field in range(7):
            likely = logs[entry.kind, field, levels[field]]
            same[i] += likely - chances[field]
            if field in (FATHER, MOTHER):
                kin[i] += likely
        open_[i] = levels[FATHER] == 0 and levels[MOTHER] == 0


def compare_all(
    rows: NDArray[np.int32], persons: NDArray[np.int32], sides: Sides, *, threads: int = 2,
) -> tuple[NDArray[np.int16], NDArray[np.float32], NDArray[np.float32]]:
    """Levels [pairs, 7], log₂ u of all fields together, log₂ of the kin's story, of each pair."""
    levels = np.zeros((len(rows), 7), np.int16)
    chance, kin = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    _parallel(
        lambda a, b: _compare_some(rows[a:b], persons[a:b], *sides, levels[a:b], chance[a:b], kin[a:b]),
        len(rows), threads,
    )
    return levels, chance, kin


def weigh_all(
    rows: NDArray[np.int32], persons: NDArray[np.int32], sides: Sides, logs: NDArray[np.float64], *, threads: int = 2,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """What ``judge.Pairs`` calls ``same``, ``kin`` and ``open``, of each pair; ``logs``: of the model."""
    same, kin, open_ = np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(len(rows), np.bool_)
    _parallel(
        lambda a, b: _weigh_some(rows[a:b], persons[a:b], *sides, logs, same[a:b], kin[a:b], open_[a:b]),
        len(rows), threads,
    )
    return same, kin, open_


def _parallel(work: Callable[[int, int], None], count: int, threads: int) -> None:
    """Work on the parts of a range at the same time: compiled code lets other threads run."""
    cuts = np.linspace(0, count, threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))


def wake() -> None:
    """Have the compiled code loaded, or compiled where it never was, before it is wanted."""
    nobody = Sides(np.zeros(0, ENTRY), np.zeros(0, PERSON), np.zeros(0, SYLLABLE), 1.0)
    none = np.zeros(0, np.int32)
    compare_all(none, none, nobody, threads=1)
    weigh_all(none, none, nobody, np.zeros((1, len(FIELDS), max(LEVELS))), threads=1)
