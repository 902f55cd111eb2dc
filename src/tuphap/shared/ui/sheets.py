"""A table that can be read by itself, and its files: spreadsheet, letter, plain text. No cell is a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: how it reads, its number where it is one, and the list behind it."""

    head: str
    words: str
    number: float | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``kind``: ``line``, ``total``, or ``aside`` for what is compared with the line above."""

    code: str
    title: str
    cells: tuple[Cell, ...]
    kind: str = "line"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with all that makes it readable by itself: what, of whom, of which days, counted how and when."""

    title: str
    scope_words: str
    period_words: str
    stamp: str
    notes: tuple[str, ...]
    line_head: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    has_codes: bool = True
    code_head: str = "Mã"

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The rows in words, as papers show them."""
        return tuple(
            (*((row.code,) if self.has_codes else ()), row.title, *(cell.words for cell in row.cells))
            for row in self.rows
        )

    @property
    def all_heads(self) -> tuple[str, ...]:
        return (*((self.code_head,) if self.has_codes else ()), self.line_head, *self.heads)

    @property
    def about(self) -> tuple[str, ...]:
        """What stands over the table: its title, the days, of whom, counted when."""
        return (self.title, self.period_words, f"Phạm vi: {self.scope_words}", self.stamp)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def sheet_csv(sheet: Sheet) -> list[Sequence[object]]:
    """The table as rows of a plain file: what it is about, then heads and lines."""
    rows: list[Sequence[object]] = [(line,) for line in sheet.about]
    return [*rows, (), sheet.all_heads, *sheet.lines, (), *((note,) for note in sheet.notes)]


def sheet_xlsx(sheet: Sheet, *, office: str) -> bytes:
    """The table as a spreadsheet: numbers are numbers, and no text is a formula."""
    from . import books  # with its library a tenth of what a process loads, for the few who ask for a file

    return books.sheet_book(sheet, office=office)


def sheet_docx(sheet: Sheet, *, office: str, parent: str, on: date) -> bytes:
    """The table as a letter to be worked on: A4 lying on its side, with head and places for signatures."""
    from . import letters  # as above

    return letters.sheet_letter(sheet, office=office, parent=parent, on=on)
