"""The area tree, grids and who is responsible, true as of a date."""
