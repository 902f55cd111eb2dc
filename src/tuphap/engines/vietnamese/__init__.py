"""Vietnamese text as data: composition, tone placement, folding, alphabetical order, names, numbers in words.

Pure functions: no Django, no clock, no file. This is the library's whole surface.
"""

from .names import NameParts, proper_case, split_name
from .sorting import sort_key, text_sort_key
from .text import ToneStyle, fold, normalise, place_tones
from .words import date_in_words, number_in_words, partial_date_in_words, time_in_words

__all__ = [
    "NameParts",
    "ToneStyle",
    "date_in_words",
    "fold",
    "normalise",
    "number_in_words",
    "partial_date_in_words",
    "place_tones",
    "proper_case",
    "sort_key",
    "split_name",
    "text_sort_key",
    "time_in_words",
]
