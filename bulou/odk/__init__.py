"""OpenRosa: ODK Collect downloads every kind as a form, knows the households of its area, and sends what it fills in."""
