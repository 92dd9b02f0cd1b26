"""What phone and server say to each other, field by field. The OpenAPI document is generated from these.

Moments are "YYYY-MM-DDTHH:MM:SS.mmmZ", areas codes (12 digits, 18 below the village),
binary base64url without padding.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

MOST_ENTRIES = 500
MOST_BYTES = 16 * 1024 * 1024  # of one batch
HIGHEST_SEQ = 2**53 - 1  # what a JavaScript number counts exactly

Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$")]
AreaCode = Annotated[str, Meta(pattern=r"^[0-9]{12}([0-9]{6})?$")]
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Seq = Annotated[int, Meta(ge=1, le=HIGHEST_SEQ)]
MOST_AHEAD = 200 * 366 * 24 * 60 * 60 * 1000  # milliseconds: no clock is further off
Mark = Annotated[
    str, Meta(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")
]  # a moment of the server's, sealed for one phone
Said = dict[str, str]  # zh_Hans and en


class Enrol(Struct, kw_only=True):
    """`proof` signs the token, so that the key is known to be the phone's own."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
    public_key: Annotated[str, Meta(min_length=1, max_length=400)]
    proof: Annotated[str, Meta(min_length=1, max_length=100)]
    label: Annotated[str, Meta(max_length=200)] = ""


class Proof(Struct, kw_only=True):
    """`proof` signs the device's id."""

    proof: Annotated[str, Meta(min_length=1, max_length=100)]


class AskChallenge(Struct, kw_only=True):
    device: Uuid


class Status(Struct, kw_only=True):
    """What a phone may say of itself: whether its storage is promised to be kept, and how many entries are unsent."""

    persisted: bool | None = None
    waiting: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    app: Annotated[str, Meta(max_length=40)] = ""


class SignIn(Struct, kw_only=True):
    """`certificate`: what Me gave, for a server that does not know the phone because it was put back from a copy."""

    device: Uuid
    challenge: Annotated[str, Meta(max_length=200)]
    signature: Annotated[str, Meta(max_length=100)]
    status: Status | None = None
    certificate: Annotated[str, Meta(max_length=8_000)] = ""


class SentEntry(Struct, kw_only=True, forbid_unknown_fields=False):
    """An entry as the phone made it. `body` is the exact JSON text that was signed.

    `mark`: the last the phone was given, "" if it knows of none. `ahead_ms`: by how much its clock, which its moments are
    by, was then ahead of the server's.
    """

    id: Uuid
    kind: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9_.-]+$")]
    version: Annotated[int, Meta(ge=1, le=32767)]
    subject: Annotated[str, Meta(max_length=80, pattern=r"^[a-z_]+:[A-Za-z0-9_.:-]+$")]
    area: AreaCode
    happened_at: Moment
    recorded_at: Moment
    seq: Seq
    prev_hash: Annotated[str, Meta(max_length=64, pattern=r"^[0-9a-f]*$")]
    amends: Uuid | None = None
    mark: Mark = ""
    ahead_ms: Annotated[int, Meta(ge=-MOST_AHEAD, le=MOST_AHEAD)] = 0
    body: str
    signature: Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_=-]*$")]


class Push(Struct, kw_only=True):
    """`lost`: numbers the phone gave out and no longer has, first and last inclusive."""

    entries: list[Raw]
    lost: Annotated[list[tuple[Seq, Seq]], Meta(max_length=200)] = []
    status: Status | None = None


class Receipt(Struct, kw_only=True):
    """`id` and `seq` are as sent, null where they could not be read."""

    id: str | None
    seq: int | None
    outcome: Literal["applied", "duplicate", "held"]
    reason: str = ""
    words: Said | None = None


class Pushed(Struct, kw_only=True):
    receipts: list[Receipt]
    server_time: Moment
    mark: str
    epoch: str
    safe_seq: int


class Area(Struct, kw_only=True, gc=False):
    code: AreaCode
    name: str
    depth: int


class Me(Struct, kw_only=True):
    """`rehearsal`: the server's clock is a rehearsal's, and the phone is to go by it.

    `certificate` is shown to a server that does not know the phone; "" while the phone or its worker is not trusted.
    """

    device: str
    by: str
    name: str
    roles: list[str]
    areas: list[Area]
    expires_at: Moment
    seq: int
    prev_hash: str
    rehearsal: bool = False
    certificate: str = ""


class Enrolment(Struct, kw_only=True):
    """`consented`: its worker has signed in and said that the phone is theirs; nobody is let in before."""

    device: str
    code: str
    state: Literal["waiting", "active", "refused", "expired"]
    consented: bool = False
    me: Me | UnsetType = UNSET


class Challenge(Struct, kw_only=True):
    challenge: str


class SignedIn(Struct, kw_only=True):
    session: str
    expires_at: Moment
    server_time: Moment
    mark: str
    epoch: str
    me: Me


class Answer(Struct, kw_only=True, gc=False):
    """A kind that meets the duty, and what its form begins with."""

    kind: str
    prefill: dict[str, Any]


class Owed(Struct, kw_only=True, gc=False):
    id: str
    name: str
    title: Said
    subject: str
    area: AreaCode
    opens_at: Moment
    due_at: Moment
    closes_at: Moment | None
    answers: list[Answer]


class LaneOpen(Struct, kw_only=True, omit_defaults=True):
    """What of a fast lane is open about this card's subject."""

    never: str = ""
    asks: list[tuple[str, str]] = []


class Card(Struct, kw_only=True, gc=False, omit_defaults=True):
    """What is known of somebody or something, masked. `lines`: a label in both languages and what is said
    (in both too, where it is a word of ours).

    `lanes`: of each kind, by the name of a fast lane, what keeps it from being offered (`never`) and what it must ask
    although it fills it in (`asks`: key and person).
    `data`: of a post, what its screen shows; of a desk, the decision table and the places (field.queries.posts).
    """

    subject: str
    type: str
    title: str
    subtitle: str
    area: AreaCode
    area_name: str
    lines: list[tuple[Said, Said | str]]
    members: list[str] = []
    household: str = ""
    phone_masked: str = ""
    id_masked: str = ""
    position: tuple[float, float] | None = None
    prefill: dict[str, dict[str, Any]] = {}
    lanes: dict[str, dict[str, LaneOpen]] = {}
    data: dict[str, Any] = {}


class FormName(Struct, kw_only=True):
    """A form as it is drawn `where`: ranges of 18-digit codes, first and last inclusive; none of them is everywhere.

    A kind stands here once for each way it is drawn; of two that hold at a place, the narrower range is meant.
    """

    kind: str
    version: int
    hash: str
    title: Said
    subject: list[str]
    url: str
    where: list[tuple[str, str]] = []


class Work(Struct, kw_only=True):
    """What changed since the cursor. `areas` and `forms` are whole lists, empty when nothing in them changed.

    `notice` says in words when not all of the worker's households fit on a phone.
    """

    cursor: str
    reset: bool
    more: bool
    duties: list[Owed]
    done: list[str]
    cards: list[Card]
    gone: list[str]
    areas: list[Area]
    forms: list[FormName]
    server_time: Moment
    mark: str
    epoch: str
    expires_after_hours: int
    notice: Said | None = None


class Form(Struct, kw_only=True):
    kind: str
    version: int
    hash: str
    xform: str
    extra: dict[str, Any]
    words: dict[str, Any]


class Problem(Struct, kw_only=True):
    error: str
    words: Said
