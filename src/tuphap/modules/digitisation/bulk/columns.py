"""What a column of a file may stand for, and how its header says so. Pure.

A place is told by a path: ``child.name``, or ``line.number`` for what every entry has. Headers are met as keyers and
the free tools write them: with accents or without, ``Họ tên con``, ``ho_ten``, ``nksHoTen``, ``Quyển số``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuphap.engines.vietnamese import fold

from .rules import BadMapping, ColumnsMissing, Shape

if TYPE_CHECKING:
    from tuphap.modules.civil_status.public import EntryKind

LINE, HUSBAND, WIFE = "line", "husband", "wife"  # parts of entries


@dataclass(frozen=True, slots=True)
class Target:
    """A place that a column may fill. ``must``: a file that has no such column is not taken in."""

    path: str
    title: str
    kind: str = "text"
    must: bool = False


# What tells where an entry stands, beside the parts that its kind has.
OFFICE, BOOK, YEAR, VOLUME = "line.office", "line.book", "line.year", "line.volume"
NUMBER, DAY, WHAT, SO, MENDS = "line.number", "line.registered_on", "line.what", "line.as_written", "line.mends"
_OF_LINE = (
    Target(OFFICE, "Cơ quan đăng ký (mã hoặc tên)"),
    Target(WHAT, "Loại việc (KS, KH, KT…)"),
    Target(BOOK, "Quyển số kèm năm (01/2006)"),
    Target(VOLUME, "Quyển số"),
    Target(YEAR, "Năm mở sổ"),
    Target(NUMBER, "Số", must=True),
    Target(DAY, "Ngày đăng ký", "day"),
    Target(SO, "Đúng như sổ"),
    Target(MENDS, "Mã dòng đã tách ra"),
)
SPOUSE = "spouse"  # in files with a row for each person: who the row is about, husband or wife by the sex
_SPOUSE_TITLE = "Người kết hôn"

_HEADERS: dict[str, tuple[str, ...]] = {
    OFFICE: ("co quan dang ky", "noi dang ky", "ten co quan dang ky", "ubnd", "don vi", "don vi dang ky", "ma xa dk",
             "ma xa", "ma don vi", "xa dang ky", "xa phuong dang ky", "noi dk", "co quan", "ubnd xa"),
    WHAT: ("loai", "loai viec", "loai so", "loai ho tich", "loai dang ky"),
    BOOK: ("quyen so nam", "so quyen nam"),
    VOLUME: ("quyen so", "quyen", "so quyen", "quyen thu"),
    YEAR: ("nam mo so", "nam so", "nam", "nam dang ky", "nam dk"),
    NUMBER: ("so", "so dang ky", "so thu tu", "so dk", "so giay khai sinh", "so chung tu", "so trong so", "so viec"),
    DAY: ("ngay dang ky", "ngay dk", "ngay thang nam dang ky", "ngay vao so", "ngay cap", "ngay thang dang ky"),
    SO: ("dung nhu so",),
    MENDS: ("ma dong",),
    f"{LINE}.page": ("trang so", "trang", "so trang"),
    f"{LINE}.signer_name": ("nguoi ky", "ho ten nguoi ky", "nguoi ky giay"),
    f"{LINE}.signer_title": ("chuc vu nguoi ky", "chuc vu"),
    "event.place": ("noi sinh", "noi chet"),
    "event.native_place": ("que quan",),
    "event.died_on": ("ngay chet", "ngay mat", "chet ngay", "ngay thang nam chet", "thoi diem chet"),
    "event.died_at": ("gio chet", "chet luc"),
    "event.cause": ("nguyen nhan chet", "nguyen nhan"),
    "event.proof": ("giay bao tu", "so giay bao tu"),
    "declarant.relation": ("quan he", "quan he voi nguoi duoc khai"),
}
_ROLES: dict[str, tuple[str, ...]] = {
    "child": ("con", "tre", "tre em", "nguoi duoc khai sinh", "nguoi con", "nks", "nguoi duoc nhan"),
    "mother": ("me", "nguoi me"), "father": ("cha", "bo", "nguoi cha"),
    "husband": ("chong", "nguoi chong", "ben nam", "nam"), "wife": ("vo", "nguoi vo", "ben nu", "nu"),
    "deceased": ("nguoi chet", "nguoi mat", "nguoi duoc khai tu", "nkt"),
    "declarant": ("nguoi di khai", "nguoi khai", "nguoi yeu cau", "nyc"),
    "guardian": ("nguoi giam ho", "ngh"), "ward": ("nguoi duoc giam ho", "ndgh"),
    "parent": ("nguoi nhan", "cha me", "nguoi cha me"), "subject": ("nguoi thay doi", "nguoi duoc cap", "duong su"),
    SPOUSE: (),
}
_OF_PERSON: dict[str, tuple[str, ...]] = {
    "name": ("ho ten", "ho va ten", "ho chu dem ten", "ho ten khai sinh", "ten"),
    "born_on": ("ngay sinh", "ngay thang nam sinh", "sinh ngay", "nam sinh", "ns"),
    "sex": ("gioi tinh", "phai", "gt"),
    "ethnicity": ("dan toc",), "nationality": ("quoc tich",),
    "residence": ("noi cu tru", "noi thuong tru", "thuong tru", "dia chi", "noi o", "cho o", "noi thuong tru tam tru"),
    "personal_number": ("so dinh danh", "so dinh danh ca nhan", "dinh danh", "sddcn", "ma dinh danh"),
    "id_paper": ("giay to", "so giay to", "giay to tuy than", "cmnd", "cccd", "so cmnd", "so cccd", "cmnd cccd"),
    "times": ("ket hon lan thu", "lan ket hon", "so lan ket hon"),
}
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def squeeze(header: str) -> str:
    """A header as it is compared: without accents, blanks and signs (``Họ tên con``, ``ho_ten_con``: ``hotencon``)."""
    return _NO_LETTER.sub("", fold(header))


def targets(kind: EntryKind, shape: Shape = Shape.ENTRY) -> tuple[Target, ...]:
    """All places that a file of this kind may fill, in the order in which books have them."""
    return (*_OF_LINE, *_places(kind, shape))


def _places(kind: EntryKind, shape: Shape) -> Iterator[Target]:
    if shape is Shape.PERSON:
        spouse = kind.part(HUSBAND)
        for place in spouse.places:
            title = f"{_SPOUSE_TITLE}: {place.title.lower()}"
            yield Target(f"{SPOUSE}.{place.code}", title, place.kind.value, place.must)
        yield Target(f"{SPOUSE}.sex", f"{_SPOUSE_TITLE}: giới tính", "sex", must=True)
    for part in kind.parts:
        if shape is Shape.PERSON and part.role in (HUSBAND, WIFE):
            continue
        for place in part.places:
            title = place.title if part.code in (LINE, "event") else f"{part.title}: {place.title.lower()}"
            yield Target(f"{part.code}.{place.code}", title, place.kind.value, place.must and not part.optional)


def guess(headers: Sequence[str], kind: EntryKind, shape: Shape = Shape.ENTRY) -> dict[str, str]:
    """Header → place, where the header says so; the first of two that say the same, no column twice."""
    known = _known(kind, shape)
    found: dict[str, str] = {}
    for header in headers:
        place = known.get(squeeze(header))
        if place is not None and place not in found.values():
            found[header] = place
    return found


def _known(kind: EntryKind, shape: Shape) -> dict[str, str]:
    allowed = {target.path for target in targets(kind, shape)}
    known: dict[str, str] = {}
    for path, names in _HEADERS.items():
        if path in allowed:
            known |= {squeeze(name): path for name in names}
    for path in allowed:
        part, _, place = path.partition(".")
        for word in _OF_PERSON.get(place, ()) if part in _ROLES else ():
            for role in _ROLES[part]:
                known |= {squeeze(word + role): path, squeeze(role + word): path,
                          squeeze(f"{word} cua {role}"): path, squeeze(f"{word} nguoi {role}"): path}
    known |= {squeeze(role): f"{part}.name" for part in ("child", "mother", "father", "husband", "wife", "deceased")
              for role in _ROLES[part] if f"{part}.name" in allowed and squeeze(role) not in known}
    # What stands without saying of whom is about whom the entry is; of two it would be of nobody.
    alone = SPOUSE if shape is Shape.PERSON else (str(kind.main[0]) if len(kind.main) == 1 else "")
    for path in allowed:
        part, _, place = path.partition(".")
        if part == alone:
            known |= {squeeze(word): path for word in _OF_PERSON.get(place, ()) if squeeze(word) not in known}
    return known


def looks_like_header(cells: Iterable[str], kind: EntryKind) -> int:
    """How many of these cells are headers that somebody might use for this kind."""
    known = _known(kind, Shape.ENTRY) | (_known(kind, Shape.PERSON) if HUSBAND in map(str, kind.main) else {})
    return sum(1 for cell in cells if squeeze(cell) in known)


def check(columns: Mapping[str, str], headers: Sequence[str], kind: EntryKind, shape: Shape, *, unit: str) -> None:
    """Refuse a mapping by which nothing could be loaded.

    :param unit: the code of the office whose entries they all are; empty: a column tells it.
    :raises BadMapping: a column that the file has not, a place that such an entry has not, or one place twice.
    :raises ColumnsMissing: something without which an entry stands nowhere has no column.
    """
    titles = {target.path: target.title for target in targets(kind, shape)}
    for header, path in columns.items():
        if header not in headers:
            raise BadMapping(what=f"Tệp không có cột “{header}”.")
        if path not in titles:
            raise BadMapping(what=f"Việc hộ tịch loại này không có mục “{path}” (cột “{header}”).")
        if sum(1 for other in columns.values() if other == path) > 1:
            raise BadMapping(what=f"Mục “{titles[path]}” được ghép cho nhiều cột.")
    told = set(columns.values())
    missing = [target.title for target in targets(kind, shape) if target.must and target.path not in told]
    if not unit and OFFICE not in told:
        missing.insert(0, titles[OFFICE])
    if not told & {BOOK, YEAR, DAY, VOLUME}:
        missing.append("Năm mở sổ (hoặc quyển số kèm năm, hoặc ngày đăng ký)")
    if missing:
        raise ColumnsMissing(places="; ".join(missing))
