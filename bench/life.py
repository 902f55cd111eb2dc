"""A whole dossier's life: taken in, assigned, prepared, approved, both papers signed and stamped, handed out.

Beside it stand as many bare transactions, single rows on the same disk. The rate is that of one process which does
everything one after another, the signing included; the authorities that stamp are threads of this process too.
"""

from __future__ import annotations

from typing import Any

import psycopg

from .__main__ import ROUNDS, cpu_ms, rate, tell
from .desk import file_one
from .house import House
from .pages import database_ms, process_ms


def live(desk: Any) -> None:
    """One birth from the filing to the handing out."""
    from tuphap.kernel.clock import now
    from tuphap.modules.one_stop_shop import operations
    from tuphap.sample.offices import CHAIRMAN, OFFICER, RECEIVER
    from tuphap.shared.documents import api as documents
    from tuphap.shared.documents.models import Document
    from tuphap.shared.dossiers.models import Dossier

    receiver, officer, chairman = (desk.actor(post) for post in (RECEIVER, OFFICER, CHAIRMAN))
    findings = None
    while findings is None or any(found.severity == "error" for found in findings):  # a mother's name met before
        dossier_id = file_one(desk)
        operations.assign(dossier_id=dossier_id, to_user_id=desk.people[OFFICER].pk, actor=receiver, at=now())
        operations.begin(dossier_id=dossier_id, actor=officer, at=now())
        dossier = Dossier.objects.select_related("procedure").get(pk=dossier_id)
        findings = dossier.handler.find(dossier, actor=officer, at=now())
    operations.propose(dossier_id=dossier_id, acknowledged={f.code: "Đã đối chiếu." for f in findings}, actor=officer,
                       at=now())
    with documents.signing_by_hand():
        operations.approve(dossier_id=dossier_id, actor=chairman, at=now())
    for document in Document.objects.filter(state=Document.State.PENDING, signer=desk.people[CHAIRMAN]):
        documents.sign_now(document.pk, at=now())
    operations.return_result(dossier_id=dossier_id, way=Dossier.ResultWay.DESK, actor=receiver, at=now())


def measure(built: House) -> None:
    desk = built.desks[0]
    with psycopg.connect(built.owner_url, autocommit=True) as raw:
        raw.execute("CREATE TABLE IF NOT EXISTS bench_commits (id bigint)")
        live(desk)
        before = _writes(raw)
        for _ in range(3):
            live(desk)
        each = (_writes(raw) - before) / 3  # our own question is one of them; it is too few to count

        def bare() -> None:
            for _ in range(round(each)):
                raw.execute("INSERT INTO bench_commits VALUES (1)")

        of = f"{each:.0f} single-row transactions, as many as a life has (savepoints included)"
        tell("life.rate", rate(lambda: live(desk), seconds=10), "lives/s", rate(bare), of,
             bound_by="the CPU of one process: its signatures, papers and stamps, and that of its connection")
        tell("life.cpu", cpu_ms(lambda: live(desk), rounds=ROUNDS // 2), "ms CPU", cpu_ms(bare), of)
        tell("life.database", database_ms(lambda: live(desk), rounds=ROUNDS), "ms CPU",
             process_ms(bare, raw.info.backend_pid, rounds=ROUNDS),
             f"{of}: the database's part")


def _writes(raw: psycopg.Connection[Any]) -> int:
    """How many transactions have written so far, by their numbers."""
    row = raw.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    assert row is not None
    return int(row[0])
