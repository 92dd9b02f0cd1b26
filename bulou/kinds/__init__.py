"""One folder per record kind, in plain Python. Found by scanning; nothing but site imports them."""
