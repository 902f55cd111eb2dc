"""The generic path: procedures whose declaration and result are data, until a module of their own takes them over."""
