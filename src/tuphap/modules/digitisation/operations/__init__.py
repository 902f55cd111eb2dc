"""The writes of digitisation, one verb each. A book is locked before its entries, an entry before what hangs on it."""

from .books import change_book, close_book, enter_book, enter_books, set_practice
from .keying import key, set_unreadable, take, take_next, waiting
from .proofing import answer_duplicate, approve, approve_book, proof, return_entry
from .scans import ScanFile, TakenIn, ask_for_scan, begin_scans, look_for_gaps, take_in, take_in_batch
from .transfer import begin_transfer, set_matched, transfer_some

__all__ = [
    "ScanFile", "TakenIn", "answer_duplicate", "approve", "approve_book", "ask_for_scan", "begin_scans",
    "begin_transfer", "change_book", "close_book", "enter_book", "enter_books", "key", "look_for_gaps", "proof",
    "return_entry", "set_matched", "set_practice", "set_unreadable", "take", "take_in", "take_in_batch", "take_next",
    "transfer_some", "waiting",
]
