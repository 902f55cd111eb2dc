"""Reads of digitisation: books and entries of the offices that the reader may see."""
