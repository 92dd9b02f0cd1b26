"""Side-by-side measurements of speed and size: `make bench` runs them all and writes the table of README.md."""
