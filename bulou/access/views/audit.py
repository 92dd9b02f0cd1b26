"""The audit on the screen."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from bulou.access import places, queries
from bulou.access.forms import AuditForm
from bulou.access.views.doors import Request, page
from bulou.access.words import ACTIONS, action_word, author_word, detail_words, purpose_word
from bulou.core.moments import at_midnight


@page("audit")
def audit(request: Request) -> HttpResponse:
    form = AuditForm(request.GET, actions=[(name, gettext(word)) for name, word in ACTIONS.items()])
    form.is_valid()
    asked = form.cleaned_data
    account = ""
    if username := asked.get("account"):
        found = queries.find_account(username)
        account = f"account:{found}" if found else "account:nobody"
    since, until = asked.get("since"), asked.get("until")
    found_page = queries.audit_rows(
        account=account,
        action=asked.get("action", ""),
        subject=asked.get("subject", ""),
        since=at_midnight(since) if since else None,
        until=at_midnight(until + timedelta(days=1)) if until else None,
        before=_uuid(request.GET.get("before", "")),
    )
    people = queries.names_of({row.account for row in found_page.rows} | {row.subject for row in found_page.rows})
    roles = queries.role_names(get_language() or "")
    areas = places.names_of({row.area for row in found_page.rows})
    rows = [
        {
            "row": row,
            "purpose": purpose_word(row.purpose),
            "who": people.get(row.account) or author_word(row.account),
            "action": action_word(row.action),
            "about": people.get(row.subject, row.subject),
            "area": areas[row.area],
            "detail": detail_words(row.detail, roles),
        }
        for row in found_page.rows
    ]
    asked_again = request.GET.copy()
    asked_again.pop("before", None)
    context = {"form": form, "rows": rows, "before": found_page.before, "asked": asked_again.urlencode()}
    return render(request, "access/audit.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
