"""What a file is, whether it is safe to open, and where the table in it begins. Plain Python; the reader's child
runs it."""
