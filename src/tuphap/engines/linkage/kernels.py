"""The inner loops, compiled: strings are numbers of characters end to end, lists are offsets into one array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.float32]
Loop = TypeVar("Loop", bound=Callable[..., Any])

YEAR, MONTH, DAY = 4, 6, 8  # where the parts of a date YYYYMMDD end
ZERO = ord("0")
LEAST = 0.5  # bits of two words that are alike, however common they are


def compiled(function: Loop) -> Loop:
    """Compiled at the first call and kept on disk; for mypy still the function that it was."""
    return cast(Loop, numba.njit(cache=True)(function))


@compiled
def within_one_edit(chars: Codes, a: int, a_end: int, b: int, b_end: int) -> bool:
    """Whether one change, insertion, deletion or exchange of neighbours makes one string of the other."""
    if a_end - a > b_end - b:
        a, a_end, b, b_end = b, b_end, a, a_end
    if (b_end - b) - (a_end - a) > 1:
        return False
    while a < a_end and chars[a] == chars[b]:
        a += 1
        b += 1
    while a < a_end and chars[a_end - 1] == chars[b_end - 1]:
        a_end -= 1
        b_end -= 1
    left, right = a_end - a, b_end - b
    if left == 2 and right == 2:
        return bool(chars[a] == chars[b + 1] and chars[a + 1] == chars[b])
    return left <= 1 and right <= 1


@compiled
def jaro_winkler(chars: Codes, a: int, a_end: int, b: int, b_end: int) -> float:
    """How alike two words are, 0 to 1; a common beginning counts more."""
    n, m = a_end - a, b_end - b
    reach = max(max(n, m) // 2 - 1, 0)
    of_a, of_b = np.zeros(n, np.bool_), np.zeros(m, np.bool_)
    same = 0
    for i in range(n):
        for j in range(max(0, i - reach), min(m, i + reach + 1)):
            if not of_b[j] and chars[a + i] == chars[b + j]:
                of_a[i] = of_b[j] = True
                same += 1
                break
    if same == 0:
        return 0.0
    crossed, j = 0, 0
    for i in range(n):
        if of_a[i]:
            while not of_b[j]:
                j += 1
            crossed += chars[a + i] != chars[b + j]
            j += 1
    jaro = (same / n + same / m + (same - crossed // 2) / same) / 3
    front = 0
    while front < min(n, m, 4) and chars[a + front] == chars[b + front]:
        front += 1
    return jaro + front * 0.1 * (1 - jaro)


@compiled
def year_alone(chars: Codes, date: int) -> bool:
    """Whether neither month nor day is told: they are 0."""
    told = 0
    for k in range(YEAR, DAY):
        told += chars[date + k] != ZERO
    return told == 0


@compiled
def date_levels(a: Codes, b: Codes, chars: Codes, start: Codes) -> Levels:
    """Levels of :data:`.comparisons.DATE` for pairs of values' codes."""
    out = np.empty(len(a), np.uint8)
    for q in range(len(a)):
        x, x_end, y, y_end = start[a[q]], start[a[q] + 1], start[b[q]], start[b[q] + 1]
        if a[q] == b[q]:
            out[q] = 0
            continue
        if x_end - x != DAY or y_end - y != DAY:
            out[q] = 5
            continue
        year = month = day = 0
        for k in range(DAY):
            differs = chars[x + k] != chars[y + k]
            if k < YEAR:
                year += differs
            elif k < MONTH:
                month += differs
            else:
                day += differs
        turned = (
            chars[x + 4] == chars[y + 6] and chars[x + 5] == chars[y + 7]
            and chars[x + 6] == chars[y + 4] and chars[x + 7] == chars[y + 5]
        )
        if year == 0 and (year_alone(chars, x) or year_alone(chars, y)):
            out[q] = 4
        elif within_one_edit(chars, x, x_end, y, y_end):
            out[q] = 1 if year == 0 else 2
        elif year + month + day == 2 or (year == 0 and turned):
            out[q] = 3
        elif year == 0 or month + day == 0:
            out[q] = 4
        else:
            out[q] = 5
    return out


@compiled
def code_levels(a: Codes, b: Codes, chars: Codes, start: Codes) -> Levels:
    """Levels of :data:`.comparisons.CODE` for pairs of values' codes."""
    out = np.empty(len(a), np.uint8)
    for q in range(len(a)):
        x, x_end, y, y_end = start[a[q]], start[a[q] + 1], start[b[q]], start[b[q] + 1]
        if a[q] == b[q]:
            out[q] = 0
        elif within_one_edit(chars, x, x_end, y, y_end):
            out[q] = 1
        else:
            front, longest = 0, max(x_end - x, y_end - y)
            while front < min(x_end - x, y_end - y) and chars[x + front] == chars[y + front]:
                front += 1
            out[q] = 2 if front >= 3 or 2 * front >= longest else 3 if front == 2 else 4
    return out


@compiled
def shared_bits(shorter: bool, t: int, u: int, bits: Bits, chars: Codes, word: Codes) -> float:
    """What two different words have in common, in bits; 0: nothing. ``shorter``: one is an initial."""
    x, x_end, y, y_end = word[t], word[t + 1], word[u], word[u + 1]
    if shorter:
        return 2.0 if chars[x] == chars[y] else 0.0
    least, common = min(x_end - x, y_end - y), min(bits[t], bits[u])
    if least >= 3 and within_one_edit(chars, x, x_end, y, y_end):
        return max(float(common) - (3.5 if least > 3 else 5.0), LEAST)
    if least >= 4 and chars[x] == chars[y] and jaro_winkler(chars, x, x_end, y, y_end) >= 0.88:
        return max(float(common) - 5.5, LEAST)
    return 0.0


@compiled
def token_levels(
    a: Codes, b: Codes, tokens: Codes, start: Codes, bits: Bits, chars: Codes, word: Codes, steps: Bits,
) -> Levels:
    """Levels of :data:`.comparisons.SHARED` for pairs of values' codes: words of the shorter find their like.

    ``tokens[start[v]:start[v + 1]]`` are the words of value ``v``, ``bits`` how rare each word is,
    ``chars[word[t]:word[t + 1]]`` its letters.
    """
    out = np.empty(len(a), np.uint8)
    for q in range(len(a)):
        x, x_end, y, y_end = start[a[q]], start[a[q] + 1], start[b[q]], start[b[q] + 1]
        if x_end - x > y_end - y:
            x, x_end, y, y_end = y, y_end, x, x_end
        found, taken = np.zeros(x_end - x, np.bool_), np.zeros(y_end - y, np.bool_)
        shared = 0.0
        for i in range(x_end - x):
            for j in range(y_end - y):
                if not taken[j] and tokens[x + i] == tokens[y + j]:
                    found[i] = taken[j] = True
                    shared += bits[tokens[x + i]]
                    break
        alone = 0
        for i in range(x_end - x):
            if found[i]:
                continue
            t, best, at = tokens[x + i], 0.0, -1
            for j in range(y_end - y):
                if not taken[j]:
                    u = tokens[y + j]
                    initial = word[t + 1] - word[t] == 1 or word[u + 1] - word[u] == 1
                    common = shared_bits(initial, t, u, bits, chars, word)
                    if common > best:
                        best, at = common, j
            if at >= 0:
                taken[at] = True
                shared += best
            else:
                alone += 1
        out[q] = np.searchsorted(steps, shared) * 3 + min(alone, 2)
    return out


@compiled
def pairs_in_blocks(keys: Places, records: Codes, least: int, most: int, total: int) -> Places:
    """Every two records under one key, as ``lower * total + higher``; keys are sorted, their blocks of allowed size."""
    out = np.empty(0, np.int64)
    for filling in (False, True):
        filled = first = 0
        while first < len(keys):
            end = first + 1
            while end < len(keys) and keys[end] == keys[first]:
                end += 1
            if least <= end - first <= most:
                if not filling:
                    filled += (end - first) * (end - first - 1) // 2
                else:
                    for i in range(first, end):
                        for j in range(i + 1, end):
                            low, high = min(records[i], records[j]), max(records[i], records[j])
                            out[filled] = np.int64(low) * total + high
                            filled += 1
            first = end
        if not filling:
            out = np.empty(filled, np.int64)
    return out


@compiled
def cross_pairs(
    left: Places, right: Places, members: Places, start: Places, count: int,
) -> tuple[Places, Places, Places]:
    """All pairs of a record of cluster ``left[q]`` with one of ``right[q]``, and ``q``; each pair once within one."""
    a, b, of = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    p = 0
    for q in range(len(left)):
        for i in range(start[left[q]], start[left[q] + 1]):
            begin = i + 1 if left[q] == right[q] else start[right[q]]
            for j in range(begin, start[right[q] + 1]):
                a[p], b[p], of[p] = members[i], members[j], q
                p += 1
    return a, b, of
