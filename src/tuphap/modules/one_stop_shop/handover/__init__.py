"""Hand-over lists: papers go from the desk to whoever handles them, results come back; both sides sign."""
