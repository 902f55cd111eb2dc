"""Papers: making one, signing it twice with stamps, checking it; beside the bare library on the same paper."""

from __future__ import annotations

import hashlib

import typst
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tuphap.kernel.clock import localdate, now
from tuphap.modules.one_stop_shop import operations
from tuphap.sample.offices import CHAIRMAN, OFFICER, RECEIVER
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers.models import Dossier

from .__main__ import cpu_ms, rate, tell
from .desk import file_one
from .house import House


def decide_one(built: House) -> list[Document]:
    """One birth up to the leader's decision; its papers wait for signing."""
    desk, at = built.desks[0], now()
    dossier_id = file_one(desk)
    operations.assign(dossier_id=dossier_id, to_user_id=desk.people[OFFICER].pk, actor=desk.actor(RECEIVER), at=at)
    dossier = Dossier.objects.get(pk=dossier_id)
    findings = dossier.handler.find(dossier, actor=desk.actor(OFFICER), at=at)
    seen = {f.code: "Đã đối chiếu." for f in findings}
    operations.propose(dossier_id=dossier_id, acknowledged=seen, actor=desk.actor(OFFICER), at=at)
    with documents.signing_by_hand():
        operations.approve(dossier_id=dossier_id, actor=desk.actor(CHAIRMAN), at=at)
    return list(Document.objects.filter(state=Document.State.PENDING, requested_at=at))


def measure(built: House) -> None:
    paper = decide_one(built)[0]
    render = cpu_ms(lambda: documents.render(paper.template, paper.data, on=localdate(now())))
    tell("paper.render", render, "ms CPU", cpu_ms(lambda: typst.compile(b"#set page(paper: \"a4\")\nA")),
         "an empty page by the same compiler")
    key = ec.generate_private_key(ec.SECP256R1())
    bare = rate(lambda: [key.sign(b"x" * 64, ec.ECDSA(hashes.SHA256())) for _ in range(4)], seconds=2)
    waiting: list[Document] = []
    for _ in range(6):
        waiting += decide_one(built)
    queue = iter([*waiting])
    signed = 0

    def sign() -> None:
        nonlocal signed
        documents.sign_now(next(queue).pk, at=now())
        signed += 1

    took = cpu_ms(sign, rounds=len(waiting) - 2)
    tell("paper.sign_twice_and_stamp", took, "ms CPU", 1000 / bare,
         "four bare P-256 signatures (person, seal, two stamps), authorities in this process too")
    content = documents.content(Document.objects.filter(state=Document.State.SIGNED)[0])
    from tuphap.shared.documents.verification import verify_pdf

    tell("paper.check", cpu_ms(lambda: verify_pdf(content, at=now()), rounds=10), "ms CPU",
         cpu_ms(lambda: hashlib.sha256(content).digest()), "its hash alone")
