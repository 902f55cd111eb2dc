"""Vietnamese text as data: composition, tones, folding, order, names, words; and what old books do to all of it.

Pure functions: no Django, no clock, no file. This is the library's whole surface but for :mod:`.columns` (tables
of polars) and :mod:`.gazetteer`, imported by those who need them: web processes import this package and stay light.
"""

from .abbreviations import is_abbreviated, may_abbreviate, spell_units
from .dates import Doubt, WrittenDate, alternatives, read_date
from .encodings import Encoding, decode, encode
from .legacy import judge, repair, vote
from .lunar import LunarDate, stem_and_branch, to_lunar, to_solar
from .names import NameParts, proper_case, split_name
from .phonetic import Strength, phonetic_key
from .sorting import sort_key, text_sort_key
from .syllables import Syllable, is_syllable, parse_syllable, plausibility
from .telex import from_telex
from .text import ToneStyle, fold, normalise, place_tones
from .words import date_in_words, number_in_words, partial_date_in_words, time_in_words

__all__ = [
    "Doubt",
    "Encoding",
    "LunarDate",
    "NameParts",
    "Strength",
    "Syllable",
    "ToneStyle",
    "WrittenDate",
    "alternatives",
    "date_in_words",
    "decode",
    "encode",
    "fold",
    "from_telex",
    "is_abbreviated",
    "is_syllable",
    "judge",
    "may_abbreviate",
    "normalise",
    "number_in_words",
    "parse_syllable",
    "partial_date_in_words",
    "phonetic_key",
    "place_tones",
    "plausibility",
    "proper_case",
    "read_date",
    "repair",
    "sort_key",
    "spell_units",
    "split_name",
    "stem_and_branch",
    "text_sort_key",
    "time_in_words",
    "to_lunar",
    "to_solar",
    "vote",
]
