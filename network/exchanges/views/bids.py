"""Bids: written by a member, or declined; compared, read and chosen by the State that asks."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.exchanges import bidding, rules
from network.exchanges.forms_case import BidForm, values_of_bid
from network.exchanges.models_case import Bid, BidState
from network.exchanges.queries import READS_ALL, Case, Side
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import (
    READS,
    WRITES,
    case_here,
    check_pressed,
    names_for,
    pages,
    shared,
)
from network.exchanges.views.suited import suited
from network.exchanges.views.trying import attempt, handed_back

S = ExchangeState
ENDED = frozenset({BidState.NOT_SELECTED, BidState.WITHDRAWN})
OPEN = frozenset({BidState.SENT, BidState.CHOSEN, BidState.SELECTED})


@pages.get("/<uuid:exchange_id>/bid")
@access(seat(*WRITES))
def bid(exchange_id: UUID) -> ResponseReturnValue:
    """One's own bid, to write or to read; `?missing=` marks what is empty."""
    case = _as_bidder(exchange_id)
    known = case.own_bid
    form = BidForm(formdata=None, data=values_of_bid(known) if known else {})
    if known is not None and known.state is BidState.DRAFT and "missing" in request.args:
        attempt(form, lambda: _check(known))
    return _bid_page(case, form)


@pages.post("/<uuid:exchange_id>/bid")
@access(seat(*WRITES))
def save_bid(exchange_id: UUID) -> ResponseReturnValue:
    """Keep the draft; with `send` also ask the State for its consent."""
    form = BidForm()
    try:
        case = _as_bidder(exchange_id)
    except NotVisible as refusal:
        return handed_back(refusal, form.offer.data, form.experts.data, form.costs.data)
    if not form.validate_on_submit():
        return _bid_page(case, form), 422
    status = attempt(
        form,
        lambda: bidding.save_bid(
            db.session(),
            exchange_id=exchange_id,
            wording=form.wording(),
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        return _bid_page(_as_bidder(exchange_id), form), status
    if "send" not in request.form:
        flash(_("Kept. Only your State reads it."), "good")
        return redirect(url_for(".bid", exchange_id=exchange_id), 303)
    return _hand_in(exchange_id)


@pages.post("/<uuid:exchange_id>/bid/send")
@access(seat(*WRITES))
def send_bid(exchange_id: UUID) -> ResponseReturnValue:
    """Ask the State for its consent to the kept draft."""
    check_pressed()
    _as_bidder(exchange_id)
    return _hand_in(exchange_id)


def _hand_in(exchange_id: UUID) -> ResponseReturnValue:
    try:
        sent = bidding.hand_in_bid(db.session(), exchange_id=exchange_id, by=by(), now=clock.now())
    except Invalid:
        return redirect(url_for(".bid", exchange_id=exchange_id, missing=1), 303)
    flash(
        _("Sent. Your State’s authorising officers are asked for its consent.")
        if sent.state is BidState.WAITING
        else _("Sent to the State that asks."),
        "good",
    )
    return redirect(url_for(".bid", exchange_id=exchange_id), 303)


@pages.get("/<uuid:exchange_id>/bid/withdraw")
@access(seat(*WRITES))
def withdraw_bid_page(exchange_id: UUID) -> ResponseReturnValue:
    """Ask before a bid is taken back."""
    case = _as_bidder(exchange_id)
    if case.own_bid is None or case.own_bid.state in ENDED:
        raise NotVisible(_("There is no such bid."))
    return render_template("exchanges/withdraw_bid.html", **shared(case))


@pages.post("/<uuid:exchange_id>/bid/withdraw")
@access(seat(*WRITES))
def withdraw_bid(exchange_id: UUID) -> ResponseReturnValue:
    """Take one's bid back."""
    check_pressed()
    bidding.withdraw_bid(db.session(), exchange_id=exchange_id, by=by(), now=clock.now())
    flash(_("Your bid is withdrawn."), "good")
    return redirect(url_for(".bid", exchange_id=exchange_id), 303)


def _check(bid: Bid) -> None:
    rules.check_bid(
        offer=bid.offer,
        has_type=bid.type is not None,
        languages=bid.languages,
        from_on=bid.from_on,
        until_on=bid.until_on,
        today=clock.now().date(),
    )


def _as_bidder(exchange_id: UUID) -> Case:
    """The case for a member that it goes to, or that has a bid in it."""
    case = case_here(exchange_id)
    if case.side is Side.REQUESTER:
        raise NotAllowed(_("This is your own State’s request."))
    if case.side is not Side.MEMBER and case.own_bid is None:
        raise NotAllowed(_("Your State takes part here already. It makes no bid."))
    return case


def _bid_page(case: Case, form: BidForm) -> str:
    known = case.own_bid
    takes_bids = case.side is Side.MEMBER and case.circulated.state is S.CIRCULATED
    is_open = known is None or known.state in bidding.OPEN_TO_CHANGE | ENDED
    return render_template(
        "exchanges/bid.html",
        **shared(case),
        form=form,
        bid=known,
        may_write=takes_bids and is_open,
        may_withdraw=known is not None and known.state in bidding.ALIVE,
    )


@pages.get("/<uuid:exchange_id>/bids")
@access(seat(*READS))
def bids(exchange_id: UUID) -> ResponseReturnValue:
    """All bids side by side, with what speaks for and against each."""
    case = _as_chooser(exchange_id)
    newest = max((one.round for one in case.bids), default=0)
    known = suited(case)
    return render_template(
        "exchanges/bids.html",
        **shared(case),
        rows=[(one, known.of(one)) for one in case.bids if one.round == newest],
        earlier=[one for one in case.bids if one.round != newest],
        may_choose=_may_choose(case),
        picked=_picked(case),
    )


@pages.get("/<uuid:exchange_id>/bids/<uuid:bid_id>")
@access(seat(*READS))
def one_bid(exchange_id: UUID, bid_id: UUID) -> ResponseReturnValue:
    """One bid in full: for the State that asks, the helpdesk and its own author."""
    case = case_here(exchange_id)
    found = _bid(case, bid_id)
    return render_template(
        "exchanges/one_bid.html",
        **shared(case) | {"name": names_for(found.state_id)},
        bid=found,
        reads_all=case.side in READS_ALL,
        reasons=suited(case).of(found) if case.side in READS_ALL else None,
        may_choose=_may_choose(case) and found.state is BidState.SENT and not _picked(case),
    )


@pages.get("/<uuid:exchange_id>/bids/<uuid:bid_id>/choose")
@access(seat(*WRITES))
def choose(exchange_id: UUID, bid_id: UUID) -> ResponseReturnValue:
    """Say what choosing means, and ask."""
    case = _as_chooser(exchange_id)
    found = _bid(case, bid_id)
    others = [one for one in case.bids if one.id != found.id and one.state in OPEN]
    return render_template(
        "exchanges/choose.html",
        **shared(case),
        bid=found,
        others=len(others),
        picked=_picked(case),
        is_open=found.state is BidState.SENT and _may_choose(case),
    )


@pages.post("/<uuid:exchange_id>/bids/<uuid:bid_id>/choose")
@access(seat(*WRITES))
def take_choice(exchange_id: UUID, bid_id: UUID) -> ResponseReturnValue:
    """Choose; of two choices at the same moment the first stands and the other reads why."""
    check_pressed()
    _as_chooser(exchange_id)
    chosen = bidding.choose(
        db.session(), exchange_id=exchange_id, bid_id=bid_id, by=by(), now=clock.now()
    )
    flash(
        _("Chosen. Your State’s authorising officers are asked for its consent to this partner.")
        if chosen.state is BidState.CHOSEN
        else _("Chosen. Your State has consented to this partner."),
        "good",
    )
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


@pages.get("/<uuid:exchange_id>/choice/undo")
@access(seat(*WRITES))
def choose_again_page(exchange_id: UUID) -> ResponseReturnValue:
    """Ask before a choice is taken back."""
    case = _as_chooser(exchange_id)
    return render_template("exchanges/choose_again.html", **shared(case), picked=_picked(case))


@pages.post("/<uuid:exchange_id>/choice/undo")
@access(seat(*WRITES))
def choose_again(exchange_id: UUID) -> ResponseReturnValue:
    """Take the choice back while the State has not consented."""
    check_pressed()
    _as_chooser(exchange_id)
    bidding.choose_again(db.session(), exchange_id=exchange_id, by=by(), now=clock.now())
    flash(_("The choice is taken back. All bids are open again."), "good")
    return redirect(url_for(".bids", exchange_id=exchange_id), 303)


def _as_chooser(exchange_id: UUID) -> Case:
    """The case for those who read all bids. For all others there are none."""
    case = case_here(exchange_id)
    if case.side not in READS_ALL:
        raise NotVisible(_("There is nothing here that you may read."))
    return case


def _bid(case: Case, bid_id: UUID) -> Bid:
    own = [case.own_bid] if case.own_bid is not None else []
    found = next((one for one in (*case.bids, *own) if one.id == bid_id), None)
    if found is None:
        raise NotVisible(_("There is no such bid."))
    return found


def _picked(case: Case) -> Bid | None:
    return next(
        (one for one in case.bids if one.state in {BidState.CHOSEN, BidState.SELECTED}), None
    )


def _may_choose(case: Case) -> bool:
    is_own = case.side is Side.REQUESTER and case.stands.role in rules.WRITING_ROLES
    return is_own and case.circulated.state in {S.CIRCULATED, S.CHOOSING}
