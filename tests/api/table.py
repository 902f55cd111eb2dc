"""What each role may do over the API with what belongs to its own office: reviewed by hand, not computed.

``before``: where the dossier (or account, or act) stands; a method of ``house.House`` brings it there. Columns:
passer-by, citizen (the applicant); receiver, civil-status officer (to whom dossiers are assigned) and chairman of the
commune; director, inspector and administrator of the department, whose rights reach down to it; a bank with its token.

A number: the answer, which fits the description of the API. A dot: refused, and the refusal is a problem (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.matrix.routes import Route
from tests.matrix.scene import ROLES


@dataclass(frozen=True, slots=True)
class Row:
    """An operation, from where it is called, and what it answers to each role."""

    route: Route
    before: str
    answers: dict[str, str]


def rows() -> Iterator[Row]:
    for line in TABLE.splitlines():
        if line.strip() and not line.startswith("#"):
            method, address, before, *answers = line.split()
            assert len(answers) == len(ROLES), line
            yield Row(Route(address, method, address), before, dict(zip(ROLES, answers, strict=True)))


def by_situation() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows():
        found.setdefault(row.before, []).append(row)
    return found


TABLE = """
# method address                                        before       pass citz recv offi chmn dire insp admi bank

# Who one is, and what is public: for everybody.
GET    /api/v1/me                                       nothing         .  200  200  200  200  200  200  200  200
GET    /api/v1/units                                    nothing       200  200  200  200  200  200  200  200  200
GET    /api/v1/procedures                               nothing       200  200  200  200  200  200  200  200  200
GET    /api/v1/procedures/<code>                        nothing       200  200  200  200  200  200  200  200  200
GET    /api/v1/tracking                                 received      200  200  200  200  200  200  200  200  200
POST   /api/v1/documents/verify                         signed        200  200  200  200  200  200  200  200  200
GET    /api/v1/documents/<code>                         signed        200  200  200  200  200  200  200  200  200
GET    /api/v1/documents/by-hash/<sha256>               signed        200  200  200  200  200  200  200  200  200

# Filling in: the citizen one's own, online; the receiver for whom stands at the desk. The desk may add what is brought
# to a dossier that was sent online, the officer what a database answered; nobody else writes in it.
POST   /api/v1/dossiers                                 nothing         .  201    .    .    .    .    .    .    .
POST   /api/v1/dossiers                                 at_desk         .    .  201    .    .    .    .    .    .
POST   /api/v1/counter/dossiers                         at_desk         .    .  201    .    .    .    .    .    .
PUT    /api/v1/dossiers/<reference>/pages/<page>        draft           .  200    .    .    .    .    .    .    .
PUT    /api/v1/dossiers/<reference>/pages/<page>        desk_draft      .    .  200    .    .    .    .    .    .
PUT    /api/v1/dossiers/<reference>/representation      draft           .  200    .    .    .    .    .    .    .
PUT    /api/v1/dossiers/<reference>/representation      desk_draft      .    .  200    .    .    .    .    .    .
PUT    /api/v1/dossiers/<reference>/result-way          received        .  200  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/stored-papers       has_result      .  201    .    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/files               draft           .  201    .    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/files               received        .    .  201    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/papers              desk_draft      .    .  201    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/papers              received        .    .  201    .    .    .    .    .    .
DELETE /api/v1/dossiers/<reference>/papers/<paper_id>   draft           .  204    .    .    .    .    .    .    .
DELETE /api/v1/dossiers/<reference>/papers/<paper_id>   desk_draft      .    .  204    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/lookups             received        .    .  201  201    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/submit              draft           .  200    .    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/submit              desk_draft      .    .  200    .    .    .    .    .    .

# Reading. A draft is the citizen's alone; what was sent is seen by the commune's people and by who oversees them.
# What the checks found is for who prepares or signs. Lists are for all who are known, and hold what they may see.
GET    /api/v1/dossiers                                 received        .  200  200  200  200  200  200  200  200
GET    /api/v1/worklist                                 received        .  200  200  200  200  200  200  200  200
GET    /api/v1/dossiers/<reference>                     draft           .  200    .    .    .    .    .    .    .
GET    /api/v1/dossiers/<reference>                     received        .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>                     signed          .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/events              received        .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/control-sheet       received        .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/findings            doubtful        .    .    .  200  200    .    .    .    .
GET    /api/v1/dossiers/<reference>/slips/<form>        received        .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/slips/<form>        asked           .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/slips/<form>        refused         .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/slips/<form>        extended        .  200  200  200  200  200  200    .    .
GET    /api/v1/dossiers/<reference>/slips/<form>        stopped         .  200  200  200  200  200  200    .    .

# The desk answers what was sent; the applicant may take it back, and the desk on their word.
POST   /api/v1/dossiers/<reference>/receive             submitted       .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/ask-supplement      submitted       .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/ask-supplement      assigned        .    .  200  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/answer-supplement   asked           .  200  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/answer-supplement   paused          .  200  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/refuse              submitted       .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/refuse              assigned        .    .  200  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/refuse              proposed        .    .    .    .  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/withdraw            draft           .  200    .    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/withdraw            submitted       .  200  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/withdraw            assigned        .  200  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/stop                asked           .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/stop                assigned        .    .  200  200  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/transfer            submitted       .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/transfer            assigned        .    .  200    .  200    .    .    .    .

# In hand: who hands out the work, who does it, who decides.
POST   /api/v1/dossiers/<reference>/assign              received        .    .  200    .  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/begin               assigned        .    .    .  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/pause-fee           assigned        .    .  200  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/settle-fee          fee_wanted      .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/resume              fee_wanted      .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/ask-agency          assigned        .    .    .  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/resume              agency_asked    .    .    .  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/extend              assigned        .    .    .  200  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/propose             assigned        .    .    .  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/review              to_review       .    .  200    .  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/send-back           proposed        .    .    .    .  200    .    .    .    .
POST   /api/v1/dossiers/<reference>/approve             proposed        .    .    .    .  200    .    .    .    .
# Each dossier has an outcome of its own in the answer; see the test on approvals.
POST   /api/v1/approvals                                proposed        .  200  200  200  200  200  200  200  200
POST   /api/v1/dossiers/<reference>/return              signed          .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/close               kept            .    .  200    .    .    .    .    .    .
# What goes by post: the receiver hands it over, and notes what became of it.
GET    /api/v1/postal                                   by_post         .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/hand-to-post        by_post         .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/post-delivered      at_post         .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/post-returned       at_post         .    .  200    .    .    .    .    .    .
# One's own: the store of results, who has looked, how one is told.
GET    /api/v1/results                                  has_result      .  200  200  200  200  200  200  200  200
GET    /api/v1/results/<document_id>                    has_result      .  200    .    .    .    .    .    .    .
GET    /api/v1/looks                                    has_result      .  200  200  200  200  200  200  200  200
GET    /api/v1/notices/preferences                      nothing         .  200  200  200  200  200  200  200  200
PUT    /api/v1/notices/preferences                      nothing         .  200  200  200  200  200  200  200  200
# Papers on their way: the desk makes a list, the officer signs for it; its maker takes it back. Others of the commune
# and who oversees it look on.
POST   /api/v1/hand-overs                               on_paper        .    .  201    .    .    .    .    .    .
GET    /api/v1/hand-overs                               handed_over     .  200  200  200  200  200  200  200  200
GET    /api/v1/hand-overs/<hand_over_id>                handed_over     .    .  200  200  200  200  200    .    .
POST   /api/v1/hand-overs/<hand_over_id>/take-over      handed_over     .    .    .  200    .    .    .    .    .
POST   /api/v1/hand-overs/<hand_over_id>/cancel         handed_over     .    .  200    .    .    .    .    .    .
# What was signed by hand: scanned at the desk or by the officer, verified by another officer.
POST   /api/v1/dossiers/<reference>/signed-scans        signed          .    .  201  201    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/signed-scans/<scan_id>/verify scanned .  .    .  200    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/signed-scans/<scan_id>/reject scanned .  .  200  200    .    .    .    .    .
# How one was served, only who applied says.
POST   /api/v1/dossiers/<reference>/rating              returned        .  200    .    .    .    .    .    .    .

# The register, the check of a certificate, the figures.
GET    /api/v1/civil-status/births                      signed          .    .    .  200  200  200  200    .    .
GET    /api/v1/civil-status/births/<act_id>             signed          .    .    .  200  200  200  200    .    .
POST   /api/v1/civil-status/births/search               signed          .    .    .  200  200  200  200    .    .
GET    /api/v1/civil-status/acts/<act_id>               signed          .    .    .  200  200  200  200    .    .
POST   /api/v1/civil-status/acts/search                 signed          .    .    .  200  200  200  200    .    .
POST   /api/v1/civil-status/births/check                signed          .    .    .    .    .    .    .    .  200
POST   /api/v1/civil-status/persons/status              signed          .    .    .    .    .    .    .    .  200
# Old books: the officer transcribes, the leader confirms; nobody does both. Who oversees reads.
GET    /api/v1/civil-status/old-entries                 old_draft       .    .    .  200  200  200  200    .    .
POST   /api/v1/civil-status/old-entries                 old_draft       .    .    .  201    .    .    .    .    .
GET    /api/v1/civil-status/old-entries/<entry_id>      old_draft       .    .    .  200  200  200  200    .    .
PUT    /api/v1/civil-status/old-entries/<entry_id>/line old_draft       .    .    .  200    .    .    .    .    .
PUT    /api/v1/civil-status/old-entries/<entry_id>/parts/<part> old_draft . .    .  200    .    .    .    .    .
PUT    /api/v1/civil-status/old-entries/<entry_id>/notes old_draft      .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/old-entries/<entry_id>/scan old_draft       .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/old-entries/<entry_id>/propose old_draft    .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/old-entries/<entry_id>/withdraw old_draft   .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/old-entries/<entry_id>/confirm old_proposed .    .    .    .  200    .    .    .    .
POST   /api/v1/civil-status/old-entries/<entry_id>/return old_proposed  .    .    .    .  200    .    .    .    .
GET    /api/v1/civil-status/dossiers/<reference>/legs   unclear      .  200  200  200  200  200  200    .    .
POST   /api/v1/civil-status/legs/<leg_id>/resend       unclear         .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/legs/<leg_id>/end          unclear         .    .    .  200    .    .    .    .    .
POST   /api/v1/civil-status/legs/<leg_id>/number       unclear         .    .    .  200    .    .    .    .    .
GET    /api/v1/direction/figures                        signed          .    .    .    .  200  200  200    .    .
GET    /api/v1/direction/figures/<code>/rows            signed          .    .    .    .  200  200  200    .    .
GET    /api/v1/direction/statistics                     signed          .    .    .    .  200  200  200    .    .
GET    /api/v1/direction/periods                        period_closed   .    .    .    .  200  200  200    .    .
POST   /api/v1/direction/periods                        nothing         .    .    .    .    .  201    .    .    .
GET    /api/v1/direction/periods/<closing_id>           period_closed   .    .    .    .  200  200  200    .    .
POST   /api/v1/direction/periods/<closing_id>/reopen    period_closed   .    .    .    .    .  200    .    .    .
GET    /api/v1/direction/boards/<name>                  signed          .    .    .    .  200  200  200    .    .

# Digitising old books: here the officer keys, the receiver proofs, the chairman approves, the director manages books.
GET    /api/v1/digitisation/books                       on_shelf        .    .  200  200  200  200  200    .    .
POST   /api/v1/digitisation/books                       on_shelf        .    .    .    .    .  201    .    .    .
GET    /api/v1/digitisation/books/<volume_id>           on_shelf        .    .  200  200  200  200  200    .    .
POST   /api/v1/digitisation/books/<volume_id>/scans     on_shelf        .    .    .    .    .  200    .    .    .
GET    /api/v1/digitisation/progress/<axis>             on_shelf        .    .  200  200  200  200  200    .    .
GET    /api/v1/digitisation/entries                     on_shelf        .    .  200  200  200  200  200    .    .
GET    /api/v1/digitisation/entries/<line_id>           on_shelf        .    .  200  200  200  200  200    .    .
POST   /api/v1/digitisation/entries/next                on_shelf        .    .    .  200    .    .    .    .    .
PUT    /api/v1/digitisation/entries/<line_id>/content   on_shelf        .    .    .  200    .    .    .    .    .
POST   /api/v1/digitisation/entries/<line_id>/unreadable on_shelf       .    .    .  200    .    .    .    .    .
POST   /api/v1/digitisation/entries/<line_id>/proof     keyed_in        .    .  200    .    .    .    .    .    .
POST   /api/v1/digitisation/entries/<line_id>/return    keyed_in        .    .  200    .    .    .    .    .    .
POST   /api/v1/digitisation/entries/<line_id>/approve   proofed_in      .    .    .    .  200    .    .    .    .
POST   /api/v1/digitisation/books/<volume_id>/approve   proofed_in      .    .    .    .  200    .    .    .    .
POST   /api/v1/digitisation/books/<volume_id>/transfer  approved_in     .    .    .    .  200  200    .    .    .

# Reports: the officer makes them, the chairman signs; the department's checker and planner is the director here.
GET    /api/v1/reporting/forms                          nothing         .    .    .  200  200  200  200    .    .
POST   /api/v1/reporting/forms                          nothing         .    .    .    .    .  201    .    .    .
GET    /api/v1/reporting/reports                        report_draft    .    .    .  200  200  200  200    .    .
POST   /api/v1/reporting/reports                        nothing         .    .    .  201    .    .    .    .    .
GET    /api/v1/reporting/reports/<report_id>            report_draft    .    .    .  200  200  200  200    .    .
GET    /api/v1/reporting/reports/<report_id>/cells/<row>/<column>  report_draft  .  .  .  200  200  200  200  .  .
POST   /api/v1/reporting/reports/<report_id>/fill       report_draft    .    .    .  200    .    .    .    .    .
POST   /api/v1/reporting/reports/<report_id>/recount    report_draft    .    .    .  200    .    .    .    .    .
POST   /api/v1/reporting/reports/<report_id>/propose    report_draft    .    .    .  200    .    .    .    .    .
POST   /api/v1/reporting/reports/<report_id>/send-back  report_ready    .    .    .    .  200    .    .    .    .
POST   /api/v1/reporting/reports/<report_id>/approve    report_ready    .    .    .    .  200    .    .    .    .
POST   /api/v1/reporting/reports/<report_id>/accept     report_sent     .    .    .    .    .  200    .    .    .
POST   /api/v1/reporting/reports/<report_id>/return     report_sent     .    .    .    .    .  200    .    .    .
POST   /api/v1/reporting/summaries                      report_accepted .    .    .    .    .  201    .    .    .
POST   /api/v1/reporting/reports/<report_id>/amend      report_accepted .    .    .  201    .    .    .    .    .

# Administration is the administrator's; lending one's own rights is for every member of staff, and a loan is ended by
# its lender (the officer), or by the administrator.
GET    /api/v1/administration/roles                     nothing         .    .    .    .    .    .    .  200    .
GET    /api/v1/administration/accounts                  nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts                  nothing         .    .    .    .    .    .    .  201    .
GET    /api/v1/administration/accounts/<user_id>        nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts/<user_id>/disable nothing        .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts/<user_id>/enable disabled        .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts/<user_id>/unlock nothing         .    .    .    .    .    .    .  200    .
GET    /api/v1/administration/accounts/<user_id>/grants nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts/<user_id>/roles  nothing         .    .    .    .    .    .    .  201    .
POST   /api/v1/administration/grants/<grant_id>/revoke  nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/delegations               nothing         .    .  201  201  201  201  201  201    .
POST   /api/v1/administration/delegations/<grant_id>/end lent           .    .    .  200    .    .    .  200    .
GET    /api/v1/administration/accounts/<user_id>/tokens token_given     .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/accounts/<user_id>/tokens nothing         .    .    .    .    .    .    .  201    .
POST   /api/v1/administration/tokens/<token_id>/revoke  token_given     .    .    .    .    .    .    .  200    .

# What goes between agencies is looked after by the administrator.
GET    /api/v1/exchange/services                        dead            .    .    .    .    .    .    .  200    .
POST   /api/v1/exchange/services/<code>/resume          dead            .    .    .    .    .    .    .  200    .
GET    /api/v1/exchange/messages                        dead            .    .    .    .    .    .    .  200    .
GET    /api/v1/exchange/messages/<message_id>           dead            .    .    .    .    .    .    .  200    .
POST   /api/v1/exchange/messages/<message_id>/send-again dead           .    .    .    .    .    .    .  200    .
POST   /api/v1/exchange/messages/<message_id>/give-up   dead            .    .    .    .    .    .    .  200    .
GET    /api/v1/exchange/received                        dead            .    .    .    .    .    .    .  200    .
POST   /api/v1/exchange/received/<message_id>/handle-again dead         .    .    .    .    .    .    .  200    .
POST   /api/v1/exchange/received/<message_id>/pass-over dead            .    .    .    .    .    .    .  200    .

# A result without a module: worded by its officer, signed again or given up by the chairman.
PUT    /api/v1/dossiers/<reference>/decision            worded          .    .    .  200    .    .    .    .    .
POST   /api/v1/decisions/<decision_id>/retry            unsigned        .    .    .    .  200    .    .    .    .
POST   /api/v1/decisions/<decision_id>/void             unsigned        .    .    .    .  200    .    .    .    .

# The law is the province's administrator's to keep.
GET    /api/v1/administration/procedures                nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/procedures                nothing         .    .    .    .    .    .    .  201    .
GET    /api/v1/administration/procedures/<code>/versions nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/procedures/<code>/versions nothing         .    .    .    .    .    .    .  201    .
POST   /api/v1/administration/procedures/<code>/withdraw nothing         .    .    .    .    .    .    .  200    .
GET    /api/v1/administration/parameters                nothing         .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/parameters/<code>         nothing         .    .    .    .    .    .    .  201    .
GET    /api/v1/administration/decrees                   decree_entered   .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/decrees                   nothing         .    .    .    .    .    .    .  201    .
GET    /api/v1/administration/decrees/<decree_id>       decree_entered   .    .    .    .    .    .    .  200    .
POST   /api/v1/administration/decrees/<decree_id>/days  decree_entered   .    .    .    .    .    .    .  201    .

# Money: the desk counts, exempts, takes and voids; the applicant, or the desk for them, opens an order to pay online.
# The head of the office pays back and settles what fits nothing; who oversees looks.
GET    /api/v1/dossiers/<reference>/fees                owing           .  200  200  200  200  200  200    .    .
POST   /api/v1/dossiers/<reference>/fees/assess         owing           .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/fees/exempt         owing           .    .  200    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/fees/cash           owing           .    .  201    .    .    .    .    .    .
POST   /api/v1/dossiers/<reference>/fees/order          owing           .  201  201    .    .    .    .    .    .
GET    /api/v1/receipts/<receipt_id>/pdf                paid            .  200  200  200  200  200  200    .    .
POST   /api/v1/receipts/<receipt_id>/void               paid            .    .  200    .  200    .    .    .    .
POST   /api/v1/receipts/<receipt_id>/refund             paid            .    .  201    .  201    .    .    .    .
GET    /api/v1/finance/receipts                         paid            .    .    .    .  200  200  200    .    .
GET    /api/v1/finance/refunds                          refund_asked    .    .    .    .  200  200  200    .    .
POST   /api/v1/finance/refunds/<refund_id>/pay          refund_asked    .    .    .    .  200    .    .    .    .
POST   /api/v1/finance/refunds/<refund_id>/decline      refund_asked    .    .    .    .  200    .    .    .    .
GET    /api/v1/finance/transfers                        strange_money   .    .    .    .  200  200  200    .    .
POST   /api/v1/finance/transfers/<transfer_id>/assign   strange_money   .    .    .    .  200    .    .    .    .
POST   /api/v1/finance/transfers/<transfer_id>/return   strange_money   .    .    .    .  201    .    .    .    .
"""
