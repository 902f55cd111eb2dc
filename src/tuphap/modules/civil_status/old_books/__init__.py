"""Acts that predate the system: entries of books on paper, transcribed as they are written, confirmed by another."""
