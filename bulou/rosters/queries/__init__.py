"""Reads. Everything but what the ledger asks (places) stays inside what may be seen, and is masked."""

from bulou.rosters.queries.availability import away, problem_for, wishes
from bulou.rosters.queries.drafts import Draft, drafts, find_draft, roster_of
from bulou.rosters.queries.labels import SubjectLabel, subject_labels
from bulou.rosters.queries.musters import Muster, called_back, find_muster, musters
from bulou.rosters.queries.permitting import Whose, stood_there, whose
from bulou.rosters.queries.places import TYPES, places
from bulou.rosters.queries.posts import Gap, PostNow, empty, empty_of, gaps_ahead, needs_of, posts_now
from bulou.rosters.queries.registers import (
    Post,
    Responder,
    count_responders,
    find_by_account,
    get_post,
    identities,
    names,
    posts,
    responders,
    systems,
)
from bulou.rosters.queries.relief import plan_relief
from bulou.rosters.queries.reserve import HelpCall, Offer, calls, candidates, find_call, offers
from bulou.rosters.queries.rest import Short, short_of_rest
from bulou.rosters.queries.settings import find_columns, keeps_party, setting
from bulou.rosters.queries.shifts import Shift, days_on_duty, find_shift, own_shifts, shifts, signed_by_one
from bulou.rosters.queries.teams import (
    Contact,
    StandRecord,
    TeamRecord,
    contacts,
    labels_of,
    stand_counts,
    stands,
    team_counts,
    team_findings,
    teams,
)

__all__ = [
    "TYPES",
    "Contact",
    "Draft",
    "Gap",
    "HelpCall",
    "Muster",
    "Offer",
    "Post",
    "PostNow",
    "Responder",
    "Shift",
    "Short",
    "StandRecord",
    "SubjectLabel",
    "TeamRecord",
    "Whose",
    "away",
    "called_back",
    "calls",
    "candidates",
    "contacts",
    "count_responders",
    "days_on_duty",
    "drafts",
    "empty",
    "empty_of",
    "find_by_account",
    "find_call",
    "find_columns",
    "find_draft",
    "find_muster",
    "find_shift",
    "gaps_ahead",
    "get_post",
    "identities",
    "keeps_party",
    "labels_of",
    "musters",
    "names",
    "needs_of",
    "offers",
    "own_shifts",
    "places",
    "plan_relief",
    "posts",
    "posts_now",
    "problem_for",
    "responders",
    "roster_of",
    "setting",
    "shifts",
    "short_of_rest",
    "signed_by_one",
    "stand_counts",
    "stands",
    "stood_there",
    "subject_labels",
    "systems",
    "team_counts",
    "team_findings",
    "teams",
    "whose",
    "wishes",
]
