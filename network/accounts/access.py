"""Who may come in: the rules that views of people carry, and who is behind the request.

A role counts if it is the role of the seat one acts in, held at this moment. Seats that may do
harm ask for the holder's own factor: within the last 12 hours to work, within the last
15 minutes to act (`proved`). A code from a mailbox never does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from flask import Flask, g, request
from flask_login import LoginManager, current_user
from sqlalchemy import inspect

from core import clock
from core.context import Actor
from core.db import db
from core.errors import NotAllowed, PersonNeeded, ProofNeeded, SignInNeeded
from core.house import house
from core.languages import _
from core.web.access import Rule
from network.accounts import queries
from network.accounts.models import ApiToken, Proof, Visit
from network.seats.models import Role, Seat
from network.seats.queries import held

FRESH_FOR_ACTS = timedelta(minutes=15)
FRESH_FOR_WORK = timedelta(hours=12)
OWN_FACTORS = frozenset({Proof.TOTP, Proof.PASSKEY, Proof.PRINTED})
BY_MAILBOX = frozenset({Role.FOCAL_POINT, Role.DEPUTY})
"""Seats in which one may read and draft on the strength of a mailbox."""

DEMANDING = frozenset(Role) - BY_MAILBOX
"""All others: the secretariat's, the authorising, the protection and the platform's seats."""

BEARER = "Bearer "


def install(app: Flask) -> None:
    """Let `app` know its visitors.

    Not through `init_app`, which reads the session on every answer and so would make public
    pages vary by cookie.
    """
    login = LoginManager()
    login.session_protection = None
    login.user_loader(_visit_of_cookie)
    app.login_manager = login  # type: ignore[attr-defined]  # where Flask-Login looks for it


def _visit_of_cookie(visit_id: str) -> Visit | None:
    try:
        known = UUID(visit_id)
    except ValueError:
        return None
    return queries.visit_at(
        db.session(), known, is_desk=house().role == "protection", now=clock.now()
    )


def current_visit() -> Visit | None:
    """The visit behind this request, or None. Under /api/ there is none: programs hold tokens.

    An error page comes after a rollback, which forgets what was loaded: then it is asked anew.
    """
    if request.path.startswith("/api/"):
        return None
    user = current_user._get_current_object()  # noqa: SLF001 -- the proxy's own way to its object
    if not isinstance(user, Visit):
        return None
    known = inspect(user)
    if not known.persistent:
        return None
    if known.expired and known.identity is not None:
        return _visit_of_cookie(str(known.identity[0]))
    return user


def current_token() -> ApiToken | None:
    """The token behind a request to the API, or None."""
    if "token" not in g:
        given = request.headers.get("Authorization", "")
        asked = request.path.startswith("/api/") and given.startswith(BEARER)
        g.token = (
            queries.token_at(db.session(), given.removeprefix(BEARER).strip(), clock.now())
            if asked
            else None
        )
    token: ApiToken | None = g.token
    return token


def current_seat() -> Seat | None:
    """The seat one acts in, if it is still held at this moment."""
    token = current_token()
    if token is not None:
        return token.seat
    visit = current_visit()
    if visit is None or visit.person_id is None or visit.holder_id is None:
        return None
    asked: dict[UUID, Seat | None] = g.setdefault("seats_asked", {})
    if visit.holder_id not in asked:
        holder = held(db.session(), visit.holder_id, visit.person_id, clock.now())
        asked[visit.holder_id] = holder.seat if holder else None
    return asked[visit.holder_id]


def is_proved(visit: Visit, within: timedelta, now: datetime) -> bool:
    """Whether the holder's own factor was shown no longer than `within` ago."""
    return (
        visit.proved in OWN_FACTORS
        and visit.proved_at is not None
        and visit.proved_at <= now < visit.proved_at + within
    )


def by() -> Actor:
    """Who acts in this request, for services and the audit trail.

    Raises SignInNeeded if nobody is signed in. A proof older than a working session is not one.
    """
    token = current_token()
    if token is not None:
        return Actor(kind="token", seat_id=token.seat_id, subject_id=token.id)
    visit = current_visit()
    if visit is None:
        raise SignInNeeded(_("Sign in to continue."))
    seat_now = current_seat()
    is_own = is_proved(visit, FRESH_FOR_WORK, clock.now())
    return Actor(
        kind="person",
        person_id=visit.person_id,
        seat_id=seat_now.id if seat_now else None,
        visit_id=visit.id,
        proved=(visit.proved if is_own else Proof.MAILBOX).value,
        proved_at=visit.proved_at if is_own else None,
    )


def _check_signed_in() -> Visit:
    visit = current_visit()
    if visit is None:
        raise SignInNeeded(_("Sign in to continue."))
    return visit


def _check_chosen() -> Visit:
    visit = _check_signed_in()
    if visit.person_id is None:
        raise PersonNeeded(_("Say who you are to continue."))
    return visit


def _check_seat(roles: frozenset[Role], *, fresh: bool) -> None:
    token = current_token()
    if token is not None:
        if token.seat.role not in roles:
            raise NotAllowed(_("The seat of this token may not do this."))
        if fresh:
            raise NotAllowed(_("A token does not prove a person. Do this on the website."))
        return
    visit = _check_chosen()
    seat_now = current_seat()
    if seat_now is None and visit.holder_id is not None:
        raise NotAllowed(_("You do not hold this seat any more."))
    if seat_now is None or seat_now.role not in roles:
        raise NotAllowed(_("The seat you act in may not do this."))
    demanded = fresh or seat_now.role in DEMANDING
    within = FRESH_FOR_ACTS if fresh else FRESH_FOR_WORK
    if demanded and not is_proved(visit, within, clock.now()):
        raise ProofNeeded(_("Show your own code to continue."))


def _check_own_factor() -> None:
    """Fresh proof of the person, whatever the seat; an enrolment code is enough."""
    visit = _check_chosen()
    now = clock.now()
    enrols = (
        visit.proved is Proof.ENROLMENT
        and visit.proved_at is not None
        and now < visit.proved_at + FRESH_FOR_ACTS
    )
    if not enrols and not is_proved(visit, FRESH_FOR_ACTS, now):
        raise ProofNeeded(_("Show your own code to continue."))


def _rule(name: str, check: Callable[[], object]) -> Rule:
    def ask() -> None:
        check()

    return Rule(name, ask)


signed_in = _rule("signed in", _check_signed_in)
chosen = _rule("chosen", _check_chosen)
own_factor = _rule("own factor", _check_own_factor)


@cache
def seat(*roles: str) -> Rule:
    """Whoever acts in a seat of one of these roles; demanding seats with their own factor."""
    wanted = frozenset(Role(role) for role in roles)
    return _rule(f"seat: {_words(roles)}", lambda: _check_seat(wanted, fresh=False))


@cache
def proved(*roles: str) -> Rule:
    """Like `seat`, with the holder's own factor shown in the last 15 minutes."""
    wanted = frozenset(Role(role) for role in roles)
    return _rule(f"proved: {_words(roles)}", lambda: _check_seat(wanted, fresh=True))


@cache
def token_of(*roles: str) -> Rule:
    """Programs with a token of a seat of one of these roles; the API alone knows it."""
    wanted = frozenset(Role(role) for role in roles)
    return _rule(f"token: {_words(roles)}", lambda: _check_seat(wanted, fresh=False))


def _words(roles: tuple[str, ...]) -> str:
    return ", ".join(sorted(roles))
