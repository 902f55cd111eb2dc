"""An address as it was given, in the units of its day, and as it reads today."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, model_validator

from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.orgs import api as orgs

from .refusals import BadAddress, as_model_error


class Address(BaseModel):
    """A place: the unit's code on the day ``as_of``, and what lies within it (house, street, hamlet).

    ``text`` is the whole address in the names of ``as_of``. It follows from the code and is made here, whatever was
    sent; for a place abroad there is no code and the text is all there is.

    In a model that is validated, a fault (``people.bad_address``, ``orgs.unknown_unit``) lies at the address's field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit_code: str = ""
    as_of: date
    detail: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _write(self) -> Address:
        detail = tidy(self.detail)[:200]
        try:
            if self.unit_code:
                name = orgs.full_name_of(self.unit_code, on=self.as_of)
                text = ", ".join(part for part in (detail, name) if part)
            else:
                text = tidy(self.text)[:300] or detail
                if not text:
                    raise BadAddress()
        except Refusal as refusal:
            raise as_model_error(refusal) from refusal
        self.__dict__.update(detail=detail, text=text)
        return self

    def __str__(self) -> str:
        return self.text

    @property
    def is_abroad(self) -> bool:
        return not self.unit_code

    def unit(self) -> orgs.AdminUnit:
        """The unit, as it was then.

        :raises BadAddress: a place abroad lies in none.
        """
        if self.is_abroad:
            raise BadAddress()
        return orgs.admin_unit(self.unit_code, on=self.as_of)

    def now(self, *, on: date, choice: str | None = None) -> Address:
        """The same place in the units of another day.

        :param choice: the unit that a person chose, where the old one was divided.
        :raises orgs.SplitNeedsChoice: the unit was divided and nobody has chosen.
        """
        if self.is_abroad:
            return self
        unit = orgs.map_address(self.unit_code, as_of=self.as_of, on=on, choice=choice)
        return Address(unit_code=unit.code, as_of=on, detail=self.detail)

    def then_and_now(self, *, on: date) -> str:
        """``xã A, huyện B, tỉnh C (nay là phường D, thành phố E)``; of a divided commune, all that it may lie in."""
        if self.is_abroad or orgs.is_valid(unit := self.unit(), on=on):
            return self.text
        names = [orgs.full_name(heir.unit) for heir in orgs.successors(unit, on=on)]
        if not names or names == [orgs.full_name(unit)]:
            return self.text
        return f"{self.text} (nay {'là' if len(names) == 1 else 'thuộc'} {'; '.join(names)})"
