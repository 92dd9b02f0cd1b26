"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OfficeArgon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum: 19 MiB and 20 ms a login.

    Django's default takes 100 MiB and 0.4 s, so that fifty people signing in at eight o'clock would need 5 GB.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
