"""What matching with the population database writes, one verb each; nothing else in this module saves."""

from .batches import begin_batch, enter_results, fail_batch, finish_batch, show_stage, start_batch
from .feed import hear_person, take_in
from .messages import hear_failure, hear_found, hear_verdict
from .tickets import (
    add_evidence,
    confirm,
    confirm_many,
    decide,
    enter_matches,
    recheck,
    reopen,
    send_back,
    take,
)

__all__ = [
    "add_evidence", "begin_batch", "confirm", "confirm_many", "decide", "enter_matches", "enter_results", "fail_batch",
    "finish_batch", "hear_failure", "hear_found", "hear_person", "hear_verdict", "recheck", "reopen", "send_back",
    "show_stage", "start_batch", "take", "take_in",
]
