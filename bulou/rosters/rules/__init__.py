"""Plain rules of rosters: the problem, its solver, the check of any roster, the explanation of what stays short."""
