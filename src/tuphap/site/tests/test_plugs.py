"""The rules of persons, handed down to the citizens' login."""

from __future__ import annotations

import pytest

from tuphap.kernel.refusal import Refusal
from tuphap.shared.accounts import identity
from tuphap.site.plugs import judge_personal_number


def test_it_is_plugged_in() -> None:
    assert identity._check is judge_personal_number


@pytest.mark.parametrize(("birth", "sex", "warned"), [
    ("1992-03-08", "female", ()), ("1993-03-08", "female", ("birth_year",)), ("1992-03-08", "male", ("sex",)),
    ("", "", ()), ("không rõ", "khác", ()),
])
def test_what_does_not_fit_is_a_warning(birth, sex, warned) -> None:
    assert judge_personal_number("031192004512", birth, sex) == warned


@pytest.mark.parametrize("number", ["", "12345", "03119200451a", "000000000000", "０３１１９２００４５１２"])
def test_what_is_no_number_is_refused(number) -> None:
    with pytest.raises(Refusal):
        judge_personal_number(number, "", "")
