"""The words by which records are found, so that a slip of the keyboard can be told from a word.

Each process remembers which words it has met; new ones are kept once the transaction that brought them has ended, by a
statement of its own: nobody waits for another's words. What a process had no time to keep is met again another day.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import connection, transaction

SHORTEST, LONGEST = 2, 40  # letters of a word; shorter ones are not looked for
MOST_ALIKE = 8
LONG = 7  # letters from which two slips are thought of
_known: set[str] = set()


def meet(text: str) -> None:
    """Keep the words of a record's folded text, after the present transaction."""
    new = {word for word in text.split() if is_word(word)} - _known
    if new:
        transaction.on_commit(partial(learn, new), robust=True)


def learn(words: Iterable[str]) -> None:
    """Keep these words."""
    new = sorted({word for word in words if is_word(word)} - _known)  # in one order: two who learn wait, and go on
    if not new:
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [new])
    if not connection.in_atomic_block:  # only what is kept for good need not be kept again
        _known.update(new)


def is_word(text: str) -> bool:
    """Whether it is made of letters alone, as names are; codes and numbers are looked for as they are typed."""
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isalpha()


def alike(word: str) -> list[str]:
    """Other words of records that this may be a slip of: a letter wrong, left out or too many, two letters swapped."""
    if not is_word(word):
        return []
    swapped = [word[:n] + word[n + 1] + word[n] + word[n + 2:] for n in range(len(word) - 1)]
    slips = 2 if len(word) >= LONG else 1 if len(word) > SHORTEST else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM search_word WHERE word <> %(word)s AND (word = ANY(%(swapped)s) OR ("
            " length(word) BETWEEN %(length)s - %(slips)s AND %(length)s + %(slips)s"
            " AND levenshtein_less_equal(word, %(word)s, %(slips)s) <= %(slips)s))"
            " ORDER BY word = ANY(%(swapped)s) DESC, levenshtein(word, %(word)s), word LIMIT %(most)s",
            {"word": word, "swapped": swapped, "length": len(word), "slips": slips, "most": MOST_ALIKE},
        )
        return [found for (found,) in cursor.fetchall()]
