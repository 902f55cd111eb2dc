"""The pages: a birth's, made fit for a parent who recognises the child, and one about the recognition."""

from __future__ import annotations

from dataclasses import replace

from django import forms

from tuphap.shared.dossiers.api import FormPage, Procedure

from .. import rules
from ..events.pages import page_form
from ..forms import BLANK, PAGES, ChildForm, DeclarantForm, RecognisedFatherForm
from .declaration import Proof


class RecognisedChildForm(ChildForm):
    """The child, who is no foundling."""

    foundling = posted_from = posted_to = None  # type: ignore[assignment]  # so Django leaves a field out


class RecognisingFatherForm(RecognisedFatherForm):
    """The father; parents who are married to each other are told to take the ordinary procedure."""

    marriage_record = None  # type: ignore[assignment]


class PartyForm(DeclarantForm):
    """Who declares: one of those who are there themselves."""

    relation = forms.ChoiceField(
        label="Quan hệ với trẻ",
        choices=[BLANK, *((str(who), rules.RELATION_TITLES[who]) for who in rules.MAY_RECOGNISE)],
        help_text="Nếu là cha hoặc mẹ thì không cần khai lại họ tên, giấy tờ.",
    )


_BIRTH = {page.code: page for page in PAGES}
PAGES_OF_BOTH: tuple[FormPage, ...] = (
    replace(_BIRTH["child"], form=RecognisedChildForm),
    replace(_BIRTH["mother"], intro="Chỉ để trống khi chưa xác định được người mẹ."),
    replace(_BIRTH["father"], form=RecognisingFatherForm,
            intro="Người cha nhận con thì đánh dấu và khai đủ; chỉ để trống khi người mẹ nhận con."),
    FormPage("proof", "Việc nhận con", page_form(Proof, order=(
        "evidence", "evidence_number", "both_present", "undisputed", "other_parent_agrees", "child_agrees", "copies",
        "note")), "Các bên cùng có mặt khi đăng ký."),
    replace(_BIRTH["declarant"], form=PartyForm,
            intro="Việc nhận con không ủy quyền được: cha, mẹ, hoặc người con đã thành niên tự đi khai."),
    _BIRTH["copies"],
)


def pages(procedure: Procedure) -> tuple[FormPage, ...]:
    """The pages of such a declaration: the same in every version so far."""
    return PAGES_OF_BOTH
