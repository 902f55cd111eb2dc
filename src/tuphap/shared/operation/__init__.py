"""One verb, one transaction, one audit entry: the frame in which everything is written. See ``api.operation``."""
