"""Phones: how one is enrolled, signs in, sends what was recorded, and is told what is owed. The API is /field/v1/."""
