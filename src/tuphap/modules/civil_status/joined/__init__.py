"""The joined procedure: birth, permanent residence and health card of a child under six from one declaration."""
