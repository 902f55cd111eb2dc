"""Every event of civil status but a birth: one file an event, what they have in common beside them (see README.md)."""
