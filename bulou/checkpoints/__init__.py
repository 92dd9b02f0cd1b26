"""Posts on the roads: what passes, what is decided about it and why, and who in the village waits for whoever was let in."""
