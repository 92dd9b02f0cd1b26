"""Screens of posts, rosters, responders, teams, the reserve and the contact matrix."""
