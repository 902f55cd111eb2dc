"""The population database of the police, as far as it is shared: records, their changes in order, what is corrected."""

from __future__ import annotations

import json
from typing import Any

from tuphap.shared.exchange import contracts

from .memory import Memory
from .occasion import Occasion

# Without joint minutes these are not changed; nor is a year of birth.
WANTS_MINUTES = frozenset({"sex", "father", "mother", "number", "state"})
NEWS = "police.person-changed"


def put(memory: Memory, person: dict[str, Any]) -> dict[str, Any]:
    """Enter a record, new or changed: its next version, at the end of all changes. As it is told to others."""
    before = memory.one("SELECT body, version FROM people WHERE key = ?", person["key"])
    body = {**(json.loads(before["body"]) if before else {}), **person}
    body.pop("version", None)
    body.pop("sequence", None)
    last = memory.one("SELECT max(sequence) AS last FROM people")
    version, sequence = (before["version"] if before else 0) + 1, ((last or {}).get("last") or 0) + 1
    memory.run("INSERT OR REPLACE INTO people (key, body, version, sequence) VALUES (?, ?, ?, ?)",
               person["key"], json.dumps(body, ensure_ascii=False), version, sequence)
    return {**body, "version": version, "sequence": sequence}


def everybody(memory: Memory) -> list[dict[str, Any]]:
    return [_told(row) for row in memory.all("SELECT * FROM people ORDER BY key")]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**json.loads(row["body"]), "version": row["version"], "sequence": row["sequence"]}


def _found(memory: Memory, key: str) -> dict[str, Any] | None:
    row = memory.one("SELECT * FROM people WHERE key = ?", key)
    return _told(row) if row else None


def changes(asked: contracts.ChangesAsked, on: Occasion) -> dict[str, Any]:
    """Records whose last change lies after the one that is known, in the order of their changes."""
    rows = on.memory.all(
        "SELECT * FROM people WHERE sequence > ? ORDER BY sequence LIMIT ?", asked.since, asked.most + 1)
    shown = rows[:asked.most]
    last = shown[-1]["sequence"] if shown else asked.since
    return {"since": asked.since, "last": last, "more": len(rows) > asked.most, "people": [_told(r) for r in shown]}


def correct_record(asked: contracts.RecordCorrection, on: Occasion) -> dict[str, Any]:
    """Change a record as the book says: once for each message, and only where it still says what is to be corrected."""
    known = _found(on.memory, asked.key)
    if known is None or known.get("state") == "merged":
        return {"outcome": "rejected", "reason": "Không có bản ghi dân cư này hoặc bản ghi đã hợp nhất."}
    if on.refuses:
        return {"outcome": "rejected", "reason": "Dữ liệu dân cư đã được xác minh theo giấy tờ gốc."}
    wants = any(one.field in WANTS_MINUTES or _year_differs(one) for one in asked.changes)
    if not asked.minutes and (wants or on.doubts):
        return {"outcome": "needs_minutes", "reason": "Đề nghị lập biên bản đối chiếu trước khi sửa mục này."}
    stale = [one.field for one in asked.changes if known.get(one.field, "") not in (one.before, one.after)]
    if stale:
        return {"outcome": "rejected", "reason": "Dữ liệu dân cư đã thay đổi, đề nghị đối chiếu lại."}
    changed: dict[str, Any] = {one.field: one.after for one in asked.changes}
    if changed.get("state") == "dead":
        changed["died_on"] = asked.died_on if len(asked.died_on) == 10 else None
    if changed.get("state") == "alive":
        changed["died_on"] = None
    _change(on, {"key": asked.key, **changed}, about=asked.ticket)
    return {"outcome": "accepted", "reason": ""}


def _year_differs(change: contracts.FieldChange) -> bool:
    return change.field == "born_on" and change.before[:4] != change.after[:4]


def note_death(asked: contracts.DeathTold, on: Occasion) -> None:
    """The record of the number is somebody's who has died, where there is one."""
    known = next((one for one in everybody(on.memory) if one.get("number") == asked.number), None)
    if known is not None and known.get("state", "alive") == "alive":
        died_on = asked.died_on if len(asked.died_on) == 10 else None
        _announce(on, put(on.memory, {"key": known["key"], "state": "dead", "died_on": died_on}))


def find_person(asked: contracts.PersonWanted, on: Occasion) -> dict[str, Any]:
    """The record of this name and day of birth; a new one where there is none."""
    if on.refuses:
        return {"outcome": "refused", "reason": "Thông tin chưa đủ để xác định công dân."}
    before = on.memory.done(on.agency, "person", asked.ticket)
    if before is not None:
        return dict(before)
    known = next((
        one for one in everybody(on.memory)
        if one["name"].casefold() == asked.name.casefold() and one.get("born_on") == asked.born_on), None)
    if known is not None:
        answer = {"outcome": "linked", "key": known["key"], "number": known.get("number", "")}
    else:
        answer = {"outcome": "created", "key": f"TM-{on.message_id[:18]}", "number": _number(asked, on)}
        _announce(on, put(on.memory, {
            "key": answer["key"], "number": answer["number"], "name": asked.name, "sex": asked.sex,
            "born_on": asked.born_on, "father": asked.father, "mother": asked.mother, "state": "alive",
        }))
    on.memory.do(on.agency, "person", asked.ticket, answer, on.message_id)
    return answer


def _number(asked: contracts.PersonWanted, on: Occasion) -> str:
    if len(asked.born_on) < 4:
        return ""
    year = int(asked.born_on[:4])
    century = (year // 100 - 19) * 2 + (1 if asked.sex == "female" else 0)
    return f"031{century}{year % 100:02}{on.chance.randrange(10**6):06}"


def merge_records(asked: contracts.MergeWanted, on: Occasion) -> dict[str, Any]:
    """Keep the record that was there first; the other says which it is now."""
    kept, gone = (_found(on.memory, key) for key in sorted(asked.keys))
    if on.refuses or kept is None or gone is None:
        return {"outcome": "rejected", "reason": "Hai bản ghi là của hai người khác nhau."}
    if gone.get("state") != "merged":
        _change(on, {"key": gone["key"], "state": "merged", "merged_into": kept["key"]}, about=asked.ticket)
    return {"outcome": "accepted", "reason": ""}


def _change(on: Occasion, person: dict[str, Any], *, about: str) -> None:
    changed = put(on.memory, person)
    on.memory.do(on.agency, "corrected", f"{about} {on.message_id}", person, on.message_id)
    _announce(on, changed)


def _announce(on: Occasion, person: dict[str, Any]) -> None:
    """Tell the province of a record that has changed, in the order of its changes."""
    on.put_out(kind=NEWS, subject=f"person:{person['key']}", body={"person": person})
