"""What a list of people says: which column is what, what a row means, and whether it speaks of somebody already
known."""
