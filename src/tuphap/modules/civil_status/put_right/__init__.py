"""What other modules may put right in the register: a wrong transcription, a number that was heard of."""
