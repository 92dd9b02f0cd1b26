"""What a rehearsal is held to: the county's paragraph, computed back from what was recorded."""

from datetime import date

from bulou.checkpoints import queries as checkpoints
from bulou.checkpoints.rules.paragraphs import Paragraph
from bulou.core.divisions import number_of
from bulou.drill.rules.blueprints import Blueprint
from bulou.rosters import queries as rosters

LABELS = ("volunteer", "vanguard")  # 党员志愿服务队、党员先锋队: as the source counts them


def paragraph(blueprint: Blueprint, *, last: date) -> Paragraph | None:
    """Return the paragraph of the blueprint's posts, from its first day to `last`; None if it has none, or none yet."""
    plan, county, first = blueprint.posts, number_of(blueprint.county), blueprint.first_day
    if plan is None:
        return None
    if plan.paragraph == "monitoring":
        return checkpoints.monitoring_paragraph(county, first=first, days=(last - first).days + 1, type=plan.type)
    if plan.paragraph == "round_the_clock":
        return checkpoints.round_the_clock_paragraph(county, day=last, labels=LABELS)
    if plan.relief is None:
        raise ValueError(f"blueprint {blueprint.name}: no paragraph is called {plan.paragraph!r}")
    if last < plan.relief.asked_on:
        return None
    post = next(post for post in rosters.posts(county) if post.name == plan.relief.post)
    return checkpoints.relief_paragraph(county, post.id, first=plan.relief.asked_on, until=last)
