"""一人一编号一存根一跟踪: a number for whoever is let in, made on the phone without asking anybody.

Post, day, the phone's own mark and a running number of that phone: no two phones make the same, with or without signal.
"""

from datetime import date
from hashlib import blake2b

from bulou.core.ids import PLAIN

MARK = 4  # letters: 30^4 = 810,000 marks, so that two phones of one post share one about once in 100,000 posts


def device_mark(device: str) -> str:
    """Return the four letters that tell a phone's cards from another's, from the id it was enrolled under."""
    number = int.from_bytes(blake2b(device.encode(), digest_size=8).digest())
    letters = []
    for _ in range(MARK):
        number, left = divmod(number, len(PLAIN))
        letters.append(PLAIN[left])
    return "".join(letters).upper()


def card_number(*, post_code: str, day: date, mark: str, number: int) -> str:
    """Return the card's number, such as DG03-0130-K7QP-012. `number` counts this phone's cards of the day from 1."""
    return f"{post_code}-{day:%m%d}-{mark}-{number:03d}"


def post_code(post: str) -> str:
    """Return a short code for a post that was given none, from its id: six letters."""
    return device_mark(f"post:{post}") + device_mark(f"again:{post}")[:2]
