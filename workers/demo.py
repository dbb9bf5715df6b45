"""Invented States, mechanisms and meetings, so that the platform can be tried. Demo and tests only.

Nothing here is about a real State, person or organisation.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import files
from core.context import SYSTEM
from core.house import house
from core.languages import UN_LANGUAGES
from core.web import pages
from events.programme import service as programme
from events.programme.models import Mode, Policy, Status
from events.programme.service import Paper, Plan
from network.applications.seed import seed_members
from network.directory.seed import seed_contacts
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field
from network.taxonomy import service as taxonomy

GENEVA = ZoneInfo("Europe/Zurich")
STATES = (
    ("XAA", "XA", {"en": "Xandria", "fr": "Xandrie"}),
    ("XAB", "XB", {"en": "Yendor", "fr": "Yendor"}),
    ("XAC", "XC", {"en": "Zembla", "fr": "Zembla"}),
    ("XAD", "XD", {"en": "Ostrelle", "fr": "Ostrelle"}),
)
PROGRAMME = Paper(
    title={"en": "Provisional programme", "fr": "Programme provisoire"},
    name="programme.txt",
    mime="text/plain",
    body=(
        "Provisional programme (invented) / Programme provisoire (inventé)\r\n\r\n"
        "1. Opening / Ouverture\r\n2. What we learned / Ce que nous avons appris\r\n"
        "3. Questions\r\n4. Closing / Clôture\r\n"
    ).encode(),
    is_public=True,
)
CONCEPT = Paper(
    title={"en": "Concept note", "fr": "Note de cadrage"},
    name="concept-note.txt",
    mime="text/plain",
    body=(
        "Concept note (invented) / Note de cadrage (inventée)\r\n\r\n"
        "How do mechanisms learn from each other, and what makes it last?\r\n"
        "Comment les mécanismes apprennent-ils les uns des autres, et comment durer ?\r\n"
    ).encode(),
    is_public=True,
)


def fill(session: Session, *, now: datetime) -> None:
    """Add what is not there yet; what is there stays as it is. Refused in production."""
    if house().is_production:
        raise RuntimeError("Demonstration data is not for production.")
    invent_states(session, now=now)
    seed_members(session, [iso3 for iso3, _iso2, _names in STATES], now=now)
    seed_contacts(session, now=now)
    store = files.Disk(house().files)
    for plan in (panel(now), seminar(now), past(now)):
        event = programme.set_up(session, plan, store=store, by=SYSTEM, now=now)
        if plan.key == "demo-past":
            programme.publish_summary(session, event, texts=SUMMARY, by=SYSTEM, now=now)
    pages.drop(session)


def invent_states(session: Session, *, now: datetime) -> None:
    """Four invented States: three with a mechanism, one without."""
    states = {
        iso3: taxonomy.invent_state(session, iso3=iso3, iso2=iso2, names=names)
        for iso3, iso2, names in STATES
    }
    mechanisms.invent_mechanism(
        session,
        states["XAA"],
        name="Standing Committee on Human Rights Reporting",
        acronym="SCHRR",
        facts={
            Field.TYPE: "standing; interministerial",
            Field.HOST: "Ministry of Foreign Affairs",
            Field.YEAR: "2019",
            Field.TRACKING_TOOL: "Recommendations register, public since 2021",
        },
        source_url="https://xandria.example/mechanism",
        now=now,
    )
    mechanisms.invent_mechanism(
        session,
        states["XAB"],
        name="National Office for Implementation and Follow-up",
        acronym="NOIF",
        facts={Field.TYPE: "institutionally separate", Field.HOST: "Office of the Prime Minister"},
        source_url="https://yendor.example/mechanism",
        now=now,
    )
    mechanisms.invent_mechanism(
        session,
        states["XAC"],
        name="Interministerial Council on International Obligations",
        acronym="ICIO",
        facts={
            Field.TYPE: "standing; interministerial",
            Field.HOST: "Ministry of Justice",
            Field.YEAR: "2024",
        },
        source_url="https://zembla.example/mechanism",
        now=now,
    )


def at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """An hour on Geneva's clock, some days from now."""
    day = (now.astimezone(GENEVA) + timedelta(days=days)).replace(tzinfo=None)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=GENEVA)


def panel(now: datetime) -> Plan:
    """A panel that one may register for at once."""
    starts, ends = at(now, 45, 10), at(now, 45, 12)
    return Plan(
        key="demo-panel",
        kind="panel",
        format="hybrid",
        title={
            "en": "Demonstration panel: national mechanisms and what they learn from each other",
            "fr": "Réunion-débat de démonstration : ce que les mécanismes nationaux apprennent les uns des autres",
        },
        about={
            "en": (
                "Four mechanisms show how they turn recommendations into plans, and what they would"
                " do differently. Questions from the floor take half of the time.\n\n"
                "This meeting is invented. It is here so that registration can be tried."
            ),
            "fr": (
                "Quatre mécanismes montrent comment ils traduisent les recommandations en plans, et"
                " ce qu’ils feraient autrement. La moitié du temps est réservée aux questions.\n\n"
                "Cette réunion est inventée. Elle sert à essayer l’inscription."
            ),
        },
        starts_on=starts.date(),
        ends_on=ends.date(),
        starts_at=starts,
        ends_at=ends,
        timezone="Europe/Zurich",
        place={"en": "Room D, Geneva (invented)", "fr": "Salle D, Genève (inventée)"},
        organiser="Relais",
        status=Status.PUBLISHED,
        policy=Policy.AUTOMATIC,
        languages=list(UN_LANGUAGES),
        seats={Mode.ROOM: 50, Mode.ONLINE: 300},
        opens_at=now - timedelta(days=1),
        closes_at=at(now, 43, 18),
        joining={
            "en": (
                "In the room: doors open at 09:30; bring an identity document.\n"
                "Online: https://meet.example/demo-panel, from 09:45. Choose your language there."
            ),
            "fr": (
                "Dans la salle : ouverture des portes à 9 h 30 ; apportez une pièce d’identité.\n"
                "En ligne : https://meet.example/demo-panel, dès 9 h 45. Choisissez-y votre langue."
            ),
        },
        documents=[CONCEPT, PROGRAMME],
        is_demo=True,
    )


def seminar(now: datetime) -> Plan:
    """A seminar whose registrations are decided one by one."""
    starts, ends = at(now, 75, 9, 30), at(now, 76, 17)
    return Plan(
        key="demo-seminar",
        kind="seminar",
        format="hybrid",
        title={
            "en": "Demonstration seminar: tracking recommendations with few hands",
            "fr": "Séminaire de démonstration : suivre les recommandations avec peu de moyens",
        },
        about={
            "en": (
                "Two days of practical work on tracking tools for small teams. Places are given by"
                " the secretariat.\n\nThis meeting is invented."
            ),
            "fr": (
                "Deux jours de travaux pratiques sur les outils de suivi pour petites équipes. Les"
                " places sont attribuées par le secrétariat.\n\nCette réunion est inventée."
            ),
        },
        starts_on=starts.date(),
        ends_on=ends.date(),
        starts_at=starts,
        ends_at=ends,
        timezone="Europe/Zurich",
        place={"en": "Geneva (invented)", "fr": "Genève (inventé)"},
        organiser="Relais",
        status=Status.PUBLISHED,
        policy=Policy.MODERATED,
        languages=["en", "fr"],
        seats={Mode.ROOM: 30, Mode.ONLINE: 100},
        opens_at=now - timedelta(days=1),
        closes_at=at(now, 60, 18),
        joining={
            "en": "In the room: from 09:00. Online: https://meet.example/demo-seminar.",
            "fr": "Dans la salle : dès 9 h. En ligne : https://meet.example/demo-seminar.",
        },
        documents=[PROGRAMME],
        is_demo=True,
    )


def past(now: datetime) -> Plan:
    """A meeting that is over, with its summary."""
    starts, ends = at(now, -30, 15), at(now, -30, 17)
    return Plan(
        key="demo-past",
        kind="seminar",
        format="online",
        title={
            "en": "Demonstration seminar: setting up a mechanism",
            "fr": "Séminaire de démonstration : créer un mécanisme",
        },
        about={
            "en": "What the first year of a mechanism asks for.\n\nThis meeting is invented.",
            "fr": "Ce que demande la première année d’un mécanisme.\n\nCette réunion est inventée.",
        },
        starts_on=starts.date(),
        ends_on=ends.date(),
        starts_at=starts,
        ends_at=ends,
        timezone="Europe/Zurich",
        place={"en": "online", "fr": "en ligne"},
        organiser="Relais",
        status=Status.REPORTED,
        policy=Policy.NONE,
        languages=["en", "fr"],
        seats={Mode.ONLINE: 300},
        is_demo=True,
    )


SUMMARY = {
    "en": (
        "Summary of the demonstration seminar on setting up a mechanism\n\n"
        "1. Two invented States described the first year of their mechanisms.\n\n"
        "2. Both had begun with a list of all recommendations received, and with one person named"
        " in each ministry. A decree came later, once the work was known.\n\n"
        "3. Participants asked how to keep going when people change posts. The answers were a"
        " handover note kept up to date, and an alternate for every focal point."
    ),
    "fr": (
        "Résumé du séminaire de démonstration sur la création d’un mécanisme\n\n"
        "1. Deux États inventés ont décrit la première année de leur mécanisme.\n\n"
        "2. Tous deux avaient commencé par une liste de toutes les recommandations reçues et par la"
        " désignation d’une personne dans chaque ministère. Le décret est venu plus tard, une fois"
        " le travail connu.\n\n"
        "3. Les participants ont demandé comment durer quand les personnes changent de poste. Les"
        " réponses : une note de passation tenue à jour et un suppléant pour chaque point focal."
    ),
}
