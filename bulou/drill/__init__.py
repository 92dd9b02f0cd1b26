"""Rehearsal: sets up a county from a blueprint and plays its days through the same doors as everything else."""
