"""What a rehearsal makes up, from a seed: people who do not exist, and what would have happened to them."""
