"""Forms a county made itself: each version as it came, in force where it was declared, a kind of record at once."""
