"""The page on which an authorising officer gives the State's consent to something of a case, or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible
from core.languages import _
from core.web.access import access
from network.accounts.access import by, proved
from network.accounts.queries import names_of
from network.consents import queries as consents
from network.consents.models import ConsentKind, Need
from network.consents.rules import Verdict, is_live
from network.exchanges import consenting, listing, service
from network.exchanges.consenting import Needed
from network.exchanges.forms_case import SUMMARY, ConsentForm, RefuseForm
from network.exchanges.models import Exchange, Party
from network.exchanges.models_case import Agreement, Bid, Report
from network.exchanges.queries import Case
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import acting, case_here, names_for, pages, shared
from network.exchanges.views.trying import attempt
from network.seats.models import Organisation, Seat
from network.seats.queries import holder_of, seat_name

S = ExchangeState
K = ConsentKind
KINDS = {
    kind.value: kind for kind in (K.EXCHANGE_REQUEST, K.BID, K.SELECTION, K.AGREEMENT, K.OUTCOME)
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an officer is asked: by which case, for what."""

    case: Case
    exchange: Exchange
    want: Needed


@pages.get("/<uuid:exchange_id>/consent/<kind>/<uuid:subject_id>")
@access(proved("authorising"))
def consent(exchange_id: UUID, kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Exactly the words that a State's consent would be about, and what follows from it."""
    try:
        asked = _asked(exchange_id, kind, subject_id)
    except NotVisible:
        return _over(exchange_id, kind, subject_id)
    return _page(asked, ConsentForm(formdata=None), RefuseForm(formdata=None))


@pages.post("/<uuid:exchange_id>/consent/<kind>/<uuid:subject_id>")
@access(proved("authorising"))
def give_consent(exchange_id: UUID, kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Consent for the State; with `terms_too` to the terms as well, once the partner is selected."""
    asked = _asked(exchange_id, kind, subject_id)
    form = ConsentForm()
    if not form.validate_on_submit():
        return _page(asked, form, RefuseForm(formdata=None)), 422
    now = clock.now()
    status = attempt(form, lambda: _give(asked, form, now))
    if status:
        asked = _asked(exchange_id, kind, subject_id)  # read again: the verb has locked it
        return _page(asked, form, RefuseForm(formdata=None)), status
    flash(_what_came(asked, form, now), "good")
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


@pages.post("/<uuid:exchange_id>/consent/<kind>/<uuid:subject_id>/refuse")
@access(proved("authorising"))
def refuse(exchange_id: UUID, kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Say no for the State, with a reason that the others read."""
    asked = _asked(exchange_id, kind, subject_id)
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(asked, ConsentForm(formdata=None), form), 422
    service.refuse(
        db.session(),
        exchange_id=exchange_id,
        want=asked.want,
        reason=form.reason.data or "",
        by=by(),
        now=clock.now(),
    )
    flash(_("Said: your State does not consent."), "good")
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


def _asked(exchange_id: UUID, kind: str, subject_id: UUID) -> Asked:
    """What waits for this officer's State here, or NotVisible."""
    case = case_here(exchange_id)
    known = KINDS.get(kind)
    exchange = db.session().get(Exchange, exchange_id)
    if known is None or exchange is None:
        raise NotVisible(_("Nothing waits for this consent."))
    try:
        want = listing.want_for(db.session(), exchange, _state(), known, subject_id)
    except NotVisible:
        want = listing.ending_for(db.session(), exchange, _state(), known, subject_id, clock.now())
    return Asked(case=case, exchange=exchange, want=want)


def _state() -> UUID:
    state_id = acting().body_id
    if state_id is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return state_id


def _over(exchange_id: UUID, kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Say that it was decided, or changed, to whoever may read the case."""
    case = case_here(exchange_id)
    known = KINDS.get(kind)
    of_case = known and listing.case_of_subject(db.session(), known, subject_id)
    if of_case != exchange_id:
        raise NotVisible(_("Nothing waits for this consent."))
    return render_template("exchanges/consent_over.html", **shared(case))


def _give(asked: Asked, form: ConsentForm, now: datetime) -> None:
    until = form.until_on.data
    _check_until(asked, until, terms_too=bool(form.terms_too.data))
    is_outcome = asked.want.kind is K.OUTCOME
    publish = [SUMMARY] if is_outcome and form.summary.data else []
    exchange = service.consent(
        db.session(),
        exchange_id=asked.exchange.id,
        want=asked.want,
        by=by(),
        now=now,
        until_on=until,
        publish=publish,
    )
    if not form.terms_too.data or exchange.state is not S.SELECTED:
        return
    for want in consenting.for_agreement(db.session(), exchange):
        if want.state_id == asked.want.state_id:
            service.consent(
                db.session(),
                exchange_id=exchange.id,
                want=want,
                by=by(),
                now=now,
                until_on=until,
            )


def _check_until(asked: Asked, until: date | None, *, terms_too: bool) -> None:
    """A consent that ends before the last possible day would hold the case back at once."""
    last = _last_day(asked, terms_too=terms_too)
    if until is not None and last is not None and until < last:
        raise Invalid(
            {"until_on": _("The exchange may take place until then: choose its last day or later.")}
        )


def _last_day(asked: Asked, *, terms_too: bool) -> date | None:
    if asked.want.subject_kind == "agreement":
        agreement = db.session().get(Agreement, asked.want.subject_id)
        return agreement.until_on if agreement else None
    if asked.want.kind is K.SELECTION and terms_too:
        bid = _bid(asked.want)
        return bid.until_on if bid else None
    return None


def _what_came(asked: Asked, form: ConsentForm, now: datetime) -> str:
    """What follows from the consent, in a sentence."""
    found = consenting.verdict(db.session(), asked.want, now)
    if found is Verdict.NOT_ALL_GIVEN:
        return _("Your consent is recorded. It counts once all authorising officers have given it.")
    if found is not Verdict.IN_FORCE:
        return _(
            "Your consent is recorded. Another seat of your State has withdrawn, and that wins."
        )
    if form.terms_too.data and asked.want.kind is K.SELECTION:
        return _("Consent given to the partner and to the terms.")
    return _("Consent given.")


def _page(asked: Asked, form: ConsentForm, no: RefuseForm) -> str:
    session, now, want = db.session(), clock.now(), asked.want
    if want.kind is not K.OUTCOME:
        del form.summary
    if want.kind is not K.SELECTION:
        del form.terms_too
    more = _subject(asked)
    speaks_of = {want.state_id, want.partner_id, *more.pop("states", ())}
    page = shared(asked.case)
    page["name"] = names_for(*page["name"].known, *speaks_of)
    return render_template(
        "exchanges/consent.html",
        **page,
        want=want,
        form=form,
        no=no,
        verdict=consenting.verdict(session, want, now),
        voices=_voices(want, now),
        needs_all=consents.need_of(session, want.state_id) is Need.ALL,
        **more,
    )


def _subject(asked: Asked) -> dict[str, Any]:
    """What is consented to, by the name of its template's part."""
    session, want = db.session(), asked.want
    if want.subject_kind == "bid":
        bid = _bid(want)
        return {"bid": bid, "states": [bid.state_id] if bid else []}
    if want.subject_kind == "agreement":
        agreement = session.get(Agreement, want.subject_id)
        return {"agreement": agreement, "before": before(agreement) if agreement else None}
    if want.subject_kind == "report":
        found = session.scalar(select(Report).where(Report.text_id == want.subject_id))
        return {"report": found}
    if want.subject_kind == "party":
        party = session.get(Party, want.subject_id)
        body = session.get(Organisation, party.body_id) if party else None
        return {"party": party, "organisation": body, "states": [party.body_id] if party else []}
    return {}


def _bid(want: Needed) -> Bid | None:
    return db.session().scalar(select(Bid).where(Bid.text_id == want.subject_id))


def before(agreement: Agreement) -> Agreement | None:
    """The version of the same partners' terms before this one."""
    return db.session().scalar(
        select(Agreement)
        .where(
            Agreement.exchange_id == agreement.exchange_id,
            Agreement.bid_id == agreement.bid_id,
            Agreement.version < agreement.version,
        )
        .order_by(Agreement.version.desc())
        .limit(1)
    )


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One authorising seat of the State and whether it has said yes."""

    seat: str
    holder: str
    has_given: bool


def _voices(want: Needed, now: datetime) -> list[Voice]:
    """Who speaks for the State, and who is still missing."""
    session = db.session()
    known = consents.standing(
        session, state_id=want.state_id, kind=want.kind, subject_id=want.subject_id, now=now
    )
    given = {one.seat_id for one in known.consents if is_live(one, now)}
    found = []
    for seat_id in known.seats:
        seat, holder = session.get(Seat, seat_id), holder_of(session, seat_id, now)
        if seat is None:
            continue
        names = names_of(session, [holder.person_id]) if holder else {}
        found.append(
            Voice(
                seat=seat_name(session, seat),
                holder=next(iter(names.values()), ""),
                has_given=seat_id in given,
            )
        )
    return sorted(found, key=lambda one: (one.has_given, one.seat, one.holder))
