"""Registers and a population database of a province that does not exist, with the truth about who is who in them.

For measuring and tests: of other seeds and other rates than any that an engine was tried on. Pure: no Django. What
needs numpy and polars is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .rates import SHIFTED, BadRates, Rates, read_rates

if TYPE_CHECKING:
    from .making import Sample, generate

__all__ = ["SHIFTED", "BadRates", "Rates", "Sample", "generate", "read_rates"]


def __getattr__(name: str) -> Any:
    if name not in ("Sample", "generate"):
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.making"), name)
