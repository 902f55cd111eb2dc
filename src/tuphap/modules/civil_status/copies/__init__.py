"""Copies of extracts and written confirmations: what the register says of an act, on paper, for who asks."""
