"""Numbers and words for those above: the daily report compiled from entries, each number open to its rows."""
