"""A birth and the recognition of the child by a parent, from one declaration and by one decision."""
