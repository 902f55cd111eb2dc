"""Pages and API of fees: what a resident pays, what the desk takes, what finance looks after. Writes are the fees'."""
