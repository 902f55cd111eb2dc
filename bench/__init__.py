"""Figures of speed, each beside the limit that the same machine shows in the same run. See ``make bench``."""
