"""Rosters: who stands at which post and when, so that no post is ever empty and nobody goes without rest."""
