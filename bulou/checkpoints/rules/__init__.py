"""Decision tables, plates, cards, orders, the place a hand-off names, counts: plain Python."""
