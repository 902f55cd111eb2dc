"""What a module offers to the search page."""

from __future__ import annotations

from dataclasses import dataclass

from tuphap.shared.plug import Registry


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One kind of record that can be found.

    :param title: what such records are called ("Hồ sơ một cửa").
    :param permission: who finds a record: the holder of this permission over the record's office.
    :param fetch: dotted path of ``fn(object_id: str) -> Found | None``: the record as it is to be found now, None when
        it is to be found no more. Used to build the index anew.
    """

    code: str
    title: str
    permission: str
    fetch: str = ""

    def install(self) -> None:
        sources.add(self.code, self)


sources: Registry[SearchSource] = Registry("search source")
