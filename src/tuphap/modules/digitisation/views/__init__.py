"""The pages of digitisation, by what one comes for: the books, the work on entries, how far it all is."""
