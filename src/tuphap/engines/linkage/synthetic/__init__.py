"""Registers and a population database of a province that does not exist, with the truth about who is who in them.

For measuring and tests: of other seeds and other rates than any that an engine was tried on. Pure: no Django.
"""

from .generate import Sample, generate
from .rates import SHIFTED, BadRates, Rates, read_rates

__all__ = ["SHIFTED", "BadRates", "Rates", "Sample", "generate", "read_rates"]
