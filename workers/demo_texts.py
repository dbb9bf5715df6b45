"""What invented States ask for, offer and report in the demonstration's exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from network.exchanges.drafting import Wording
from network.exchanges.models import Funding
from network.exchanges.outcomes import Learned
from network.offers.models import Capacity, ExchangeType

FIRST_DAY = 40
"""Days from the request to the first of the days it could take place on."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What one request says."""

    type: ExchangeType
    title: str
    need: str
    exists: str
    outcome: str
    themes: Sequence[str]
    capacities: Sequence[Capacity]
    languages: Sequence[str] = ("en",)
    funding: Funding = Funding.SOUGHT


TOOL = Words(
    type=ExchangeType.ONLINE_CLINIC,
    title="Choosing a tracking tool",
    need="Our spreadsheet no longer holds. We want to hear what others would choose again.",
    exists="One spreadsheet with 640 recommendations, kept by two people.",
    outcome="",
    themes=["cooperation-with-mechanisms"],
    capacities=[Capacity.INFORMATION_MANAGEMENT],
)
CHILDREN = Words(
    type=ExchangeType.WORKSHOP,
    title="Hearing children on follow-up",
    need=(
        "We consult organisations before each report, and never children themselves. We look for"
        " a mechanism that does, and that would show how it prepares such a day."
    ),
    exists="A yearly meeting with forty organisations and the ombudsperson.",
    outcome="A first consultation with children in two provinces, with its guide.",
    themes=["children", "participation-vote"],
    capacities=[Capacity.CONSULTATION],
    languages=["en", "fr"],
)
PLAN = Words(
    type=ExchangeType.DOCUMENT_REVIEW,
    title="From recommendations to a national plan",
    need=(
        "Ministries have sent us 210 measures for the national plan. We would like peers to read"
        " the draft and say which measures can be followed up and which cannot."
    ),
    exists="A draft plan of 60 pages, and a table that links each measure to recommendations.",
    outcome="A shorter plan in which each measure has one owner and one indicator.",
    themes=["legal-institutional-framework", "development"],
    capacities=[Capacity.COORDINATION],
)
CLUSTERING = Words(
    type=ExchangeType.STUDY_VISIT,
    title="Clustering recommendations across bodies",
    need=(
        "The same advice reaches us from five bodies in five wordings. We want to see how others"
        " group it, who decides, and how ministries work with the groups."
    ),
    exists="A register ordered by body and year; no groups.",
    outcome="A set of groups agreed with eight ministries, and a note on how to keep it.",
    themes=["cooperation-with-mechanisms", "women"],
    capacities=[Capacity.COORDINATION, Capacity.INFORMATION_MANAGEMENT],
)
QUIET = Words(
    type=ExchangeType.MENTORING,
    title="Starting a mechanism after a change of government",
    need=(
        "Our committee has not met for two years. We would like to talk with somebody who has"
        " restarted one, before we propose anything."
    ),
    exists="A decree of 2016 and a list of former focal points.",
    outcome="A proposal to the cabinet that stands on somebody else's experience.",
    themes=["legal-institutional-framework"],
    capacities=[Capacity.ENGAGEMENT],
    languages=["fr", "en"],
    funding=Funding.NONE_NEEDED,
)
NEUTRAL = (
    "A member looks for a peer who has restarted a mechanism that had come to a halt, for some"
    " calls over three months."
)
DISABILITY = Words(
    type=ExchangeType.STUDY_VISIT,
    title="Indicators with organisations of persons with disabilities",
    need=(
        "We want to build indicators with those concerned rather than for them, and to see how a"
        " mechanism keeps them at the table once the report is sent."
    ),
    exists="An advisory group that meets before reports, and accessible summaries of two of them.",
    outcome="Twelve indicators, chosen together, in the next plan.",
    themes=["persons-with-disabilities", "context-statistics-budget-civil-society"],
    capacities=[Capacity.CONSULTATION, Capacity.INFORMATION_MANAGEMENT],
)
MISSION = Words(
    type=ExchangeType.EXPERT_MISSION,
    title="A first handbook for ministry focal points",
    need=(
        "Focal points change every year and begin with nothing in hand. We would like two peers"
        " to work with us for a week on a short handbook."
    ),
    exists="A letter of welcome and a list of deadlines.",
    outcome="A handbook of twenty pages, tried with five ministries.",
    themes=["cooperation-with-mechanisms", "human-rights-education"],
    capacities=[Capacity.COORDINATION],
    funding=Funding.OWN,
)
FIRST_YEAR = Words(
    type=ExchangeType.ONLINE_CLINIC,
    title="Keeping deadlines in the first year",
    need=(
        "Two reports and one review fall into our first year. We want to ask peers what they"
        " would do first, and what can wait."
    ),
    exists="A calendar, and one person in each ministry.",
    outcome="A work plan for twelve months that three people can keep.",
    themes=["cooperation-with-mechanisms"],
    capacities=[Capacity.ENGAGEMENT, Capacity.COORDINATION],
    funding=Funding.NONE_NEEDED,
)
OFFERS = {
    "XAA": (
        "Two of us come for five working days, with the handbook we wrote ourselves and the list of"
        " what we would leave out today."
    ),
    "XAB": (
        "Three sessions with our register open on the screen, and the people who fill it in. We"
        " show what went wrong as well."
    ),
    "XAC": (
        "Three days with our council's secretariat. You sit in on one meeting in which ministries"
        " settle the groups for the next report."
    ),
}
LEARNED = {
    "XAA": Learned(
        learned="Ask each ministry for one date and one name before asking for any text.",
        decision="The calendar was adopted by the committee; each report has one lead ministry.",
        days=3,
        would_repeat=True,
        summary="One calendar, one lead ministry a report, and a draft that is never empty.",
    ),
    "XAB": Learned(
        learned="Their questions showed us that nobody new can read our register alone.",
        decision="A page of explanations was added to the register.",
        days=2,
        would_repeat=True,
        summary="Questions from a younger mechanism made the register easier to read.",
    ),
}


def request(words: Words, today: date, **changes: Any) -> Wording:
    """A complete request; `changes` leave parts of it out or say them otherwise."""
    first = today + timedelta(days=FIRST_DAY)
    values: dict[str, Any] = {
        "type": words.type,
        "title": words.title,
        "need": words.need,
        "what_exists": words.exists,
        "wanted_outcome": words.outcome,
        "themes": words.themes,
        "capacities": words.capacities,
        "languages": words.languages,
        "funding": words.funding,
        "windows": [
            (first + timedelta(days=14 * n), first + timedelta(days=14 * n + 4)) for n in range(3)
        ],
        "attendees": [
            ("Head of the secretariat", "", "Deputy head"),
            ("Data officer", "", "Focal point of the Ministry of Justice"),
        ],
    }
    return Wording(**(values | changes))
