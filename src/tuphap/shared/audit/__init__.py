"""Append-only, tamper-evident entries, written in the same transaction as what they tell of."""
