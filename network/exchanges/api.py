"""Peer exchanges for programs: the same verbs, rules and views as on the pages.

A token proves no person, so the consent of a State is never given here: a move that needs one is
refused with the consent's own code until an authorising officer has given it on the website.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core import clock
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible
from core.languages import _, localized
from core.web.access import access
from core.web.api import Api, following
from core.web.idempotency import Outcome, once
from network.accounts.access import by, current_seat, token_of
from network.exchanges import (
    answers,
    candidates,
    drafting,
    listing,
    queries,
    reasons,
    service,
)
from network.exchanges.drafting import Wording
from network.exchanges.schemas import (
    CaseAnswer,
    CasesAsked,
    CasesPage,
    CirculatedPage,
    MessageSent,
    MoveSent,
    PartAnswer,
    RequestSent,
    SuggestionAnswer,
    SuggestionsAnswer,
)
from network.seats.models import Seat
from network.seats.queries import state_of
from network.taxonomy.queries import themes

WHO = ("focal_point", "deputy", "authorising", "secretariat", "helpdesk")

api = Api("exchanges_api", "Exchanges", "Peer exchanges, from a draft to what changed.")


def seat_now() -> Seat:
    """The seat of the token."""
    seat = current_seat()
    if seat is None:
        raise NotAllowed(_("The seat of this token may not do this."))
    return seat


def told(exchange_id: UUID) -> CaseAnswer:
    """A case as the token's seat may read it now."""
    case = queries.case(db.session(), exchange_id, seat_now(), clock.now())
    return answers.answered(db.session(), case)


def visible(exchange_id: UUID) -> None:
    """Raise NotVisible where the seat may not even know of a case, before anything else is said."""
    queries.case(db.session(), exchange_id, seat_now(), clock.now())


@api.get("/exchanges")
@access(token_of(*WHO))
@api.asked(CasesAsked)
@api.output(CasesPage)
@api.doc(security="seat", operation_id="listExchanges")
def exchanges(asked: CasesAsked) -> CasesPage:
    """List one's cases.

    Those that the seat's State or organisation is a party to; for the helpdesk all that were sent.
    """
    found = listing.cases_of(
        db.session(),
        seat=seat_now(),
        state=asked.state,
        after=answers.place(asked.after),
        most=asked.limit,
    )
    after = answers.written(found.after)
    return CasesPage(
        items=[answers.line_of(row) for row in found.rows],
        next=following(asked, after) if after else None,
    )


@api.get("/exchanges/open")
@access(token_of("focal_point", "deputy", "authorising"))
@api.asked(CasesAsked)
@api.output(CirculatedPage)
@api.doc(security="seat", operation_id="listOpenExchanges")
def open_exchanges(asked: CasesAsked) -> CirculatedPage:
    """List requests that take bids.

    Those that go to the seat's State, in the words that members read.
    """
    state_id = state_of(db.session(), seat_now())
    if state_id is None:
        return CirculatedPage(items=[], next=None)
    rows, key = listing.circulated_to(
        db.session(),
        state_id=state_id,
        now=clock.now(),
        after=answers.place(asked.after),
        most=asked.limit,
    )
    shown = [queries.circulated(row) for row in rows]
    codes = answers.codes_of(db.session(), [one.requester_id for one in shown])
    after = answers.written(key)
    return CirculatedPage(
        items=[answers.circulated(one, codes) for one in shown],
        next=following(asked, after) if after else None,
    )


@api.post("/exchanges")
@access(token_of("focal_point", "deputy"))
@api.takes(RequestSent)
@api.output(CaseAnswer, 201)
@api.doc(security="seat", operation_id="draftExchange", responses=[409])
@once()
def begin(sent: RequestSent) -> Outcome:
    """Draft a request.

    Any field may be empty. It is sent to the helpdesk by a move to `submitted`.
    """
    exchange = drafting.begin(db.session(), wording=_wording(sent), by=by(), now=clock.now())
    return Outcome(body=told(exchange.id))


@api.get("/exchanges/<uuid:exchange_id>")
@access(token_of(*WHO))
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="readExchange")
def exchange(exchange_id: UUID) -> CaseAnswer:
    """Read a case.

    As far as the seat may: `inside` is null for whoever is no party.
    """
    return told(exchange_id)


@api.get("/exchanges/<uuid:exchange_id>/suggestions")
@access(token_of(*WHO))
@api.output(SuggestionsAnswer)
@api.doc(security="seat", operation_id="suggestPartners")
def suggestions(exchange_id: UUID) -> SuggestionsAnswer:
    """Say who could help, and why.

    For the State that asks and the helpdesk. The parts of a suggestion sum to its score; nobody is
    among them who is paused, at capacity or kept out.
    """
    session, now = db.session(), clock.now()
    case = queries.case(session, exchange_id, seat_now(), now)
    if case.exchange is None or case.side not in queries.READS_ALL:
        raise NotVisible(_("There is no such case."))
    found = candidates.suggestions(session, case.exchange, now)
    codes = answers.codes_of(session, [one.state_id for one in found])
    names = {theme.key: localized(theme.names) for theme in themes(session)}
    return SuggestionsAnswer(
        items=[
            SuggestionAnswer(
                state=codes[one.state_id],
                score=one.score,
                parts=[
                    PartAnswer(
                        code=part.code.value,
                        points=part.points,
                        words=reasons.words(part, names),
                    )
                    for part in one.parts
                ],
            )
            for one in found
        ]
    )


@api.put("/exchanges/<uuid:exchange_id>")
@access(token_of("focal_point", "deputy"))
@api.takes(RequestSent)
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="reviseExchange", responses=[409])
def revise(exchange_id: UUID, sent: RequestSent) -> CaseAnswer:
    """Revise a request.

    While it is a draft, or while the helpdesk waits for an answer. With `revision`, 409 `conflict`
    if somebody was quicker.
    """
    visible(exchange_id)
    drafting.revise(
        db.session(),
        exchange_id=exchange_id,
        wording=_wording(sent),
        by=by(),
        now=clock.now(),
        revision=sent.revision,
    )
    return told(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/moves")
@access(token_of(*WHO))
@api.takes(MoveSent)
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="moveExchange", responses=[409])
@once()
def move(exchange_id: UUID, sent: MoveSent) -> Outcome:
    """Move a case.

    What the table does not have is 409 `move-refused` with the moves that are allowed; what waits
    for a State's consent is 409 with the consent's own code.
    """
    visible(exchange_id)
    service.move(
        db.session(),
        exchange_id=exchange_id,
        to=sent.to,
        reason=sent.reason,
        by=by(),
        now=clock.now(),
    )
    return Outcome(body=told(exchange_id))


@api.post("/exchanges/<uuid:exchange_id>/messages")
@access(token_of(*WHO))
@api.takes(MessageSent)
@api.output(CaseAnswer, 201)
@api.doc(security="seat", operation_id="writeInExchange", responses=[409])
@once()
def write(exchange_id: UUID, sent: MessageSent) -> Outcome:
    """Write in the thread.

    The requester and the helpdesk read it; the partner too if it is meant for them.
    """
    visible(exchange_id)
    service.write_message(
        db.session(),
        exchange_id=exchange_id,
        text=sent.text,
        to_partner=sent.to_partner,
        by=by(),
        now=clock.now(),
    )
    return Outcome(body=told(exchange_id))


def _wording(sent: RequestSent) -> Wording:
    return Wording(
        type=sent.type,
        title=sent.title,
        need=sent.need,
        what_exists=sent.what_exists,
        wanted_outcome=sent.wanted_outcome,
        is_confidential=sent.confidential,
        neutral=sent.neutral,
        themes=sent.themes,
        capacities=sent.capacities,
        languages=sent.languages,
        funding=sent.funding,
        funding_note=sent.funding_note,
        windows=[(window.from_on, window.until_on) for window in sent.windows],
        attendees=[(one.post, one.name, one.substitute) for one in sent.attendees],
        preferred=_states("preferred", sent.preferred),
        excluded=_states("excluded", sent.excluded),
    )


def _states(field: str, codes: Sequence[str]) -> frozenset[UUID]:
    known = answers.ids_of(db.session(), codes)
    if set(codes) - set(known):
        raise Invalid({field: _("Choose one of the answers offered.")})
    return frozenset(known.values())
