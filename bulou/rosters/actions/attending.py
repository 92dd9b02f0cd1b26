"""Being there: checking in, signing a hand-over, saying that one cannot come."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bulou.core.ids import new_id
from bulou.records.behalf import BEHALF, Behalf
from bulou.rosters.actions.publishing import get_shift
from bulou.rosters.actions.writing import entry, write
from bulou.store import writing


def check_in(
    county: int, shift: UUID, *, by: str, at: datetime, unfit_why: str = "", note: str = "", source: str = ""
) -> UUID:
    """Write that the responder is there for the turn; with `unfit_why`, that they came and cannot stand it.

    `source`: from what whoever leads at the post writes it for them (records.behalf), "" if it is their own word.
    Return the entry's id. Raise LookupError, Refused.
    """
    body: dict[str, object] = {"fit": "no" if unfit_why else "yes", "unfit_why": unfit_why, "note": note}
    if source:
        body[BEHALF] = Behalf(f"responder:{get_shift(county, shift).responder}", source).said()
    return _about(county, shift, "shift_checkin", body, by=by, at=at)


def sign(
    county: int, shift: UUID, *, side: str, present: int, open_matters: str, by: str, at: datetime, lacking: str = ""
) -> UUID:
    """Sign for handing over ("give") or taking over ("take") and return the entry's id. Raise LookupError, Refused."""
    body = {
        "side": side, "present": present, "open_matters": open_matters, "equipment": "no" if lacking else "yes",
        "equipment_lacking": lacking, "signed": True,
    }  # fmt: skip
    return _about(county, shift, "shift_handover", body, by=by, at=at)


def report_absence(county: int, shift: UUID, *, reason: str, by: str, at: datetime, note: str = "") -> UUID:
    """Let the turn go because its responder cannot come, and return the entry's id. Raise LookupError, Refused."""
    return _about(county, shift, "shift_absence", {"reason": reason, "note": note}, by=by, at=at)


def _about(county: int, shift: UUID, kind: str, body: Mapping[str, object], *, by: str, at: datetime) -> UUID:
    with writing(county):
        row = get_shift(county, shift)
        made = new_id()
        write([entry(kind, f"shift:{shift}", row.area, body, by=by, at=at, id=made)], received_at=at)
    return made
