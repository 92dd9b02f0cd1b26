"""What a phone signs, how its entries hang together, and what of them is missing. Plain Python."""
