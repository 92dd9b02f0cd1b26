"""Reads: phones, and what one is told."""

from bulou.field.queries.devices import (
    Issued,
    Worker,
    certificate_of,
    digest_of,
    find_epoch,
    find_phone,
    find_session,
    find_token,
    get_phone,
    me,
    oversees,
    phones,
    phones_of,
    ranges_of_phone,
    workers,
)

__all__ = [
    "Issued",
    "Worker",
    "certificate_of",
    "digest_of",
    "find_epoch",
    "find_phone",
    "find_session",
    "find_token",
    "get_phone",
    "me",
    "oversees",
    "phones",
    "phones_of",
    "ranges_of_phone",
    "workers",
]
