"""What OpenRosa asks, in plain Python: forms, answers, lists, messages, passwords."""
