"""The consents of a State: to read for its seats, to act on for its authorising officers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, files
from core.db import db
from core.errors import NotVisible
from core.house import house
from core.languages import _, localized
from core.web.access import access
from network.accounts.access import by, current_seat, proved, seat
from network.accounts.queries import names_of
from network.accounts.views.page import check_pressed, identifier
from network.consents import listing, queries, service
from network.consents.forms import RuleForm, WithdrawForm
from network.consents.listing import Listed
from network.consents.models import Basis, Need
from network.consents.rules import Status
from network.consents.subjects import Subject, kind_name, partner_name, published_as, subject_of
from network.seats.models import Role, Seat
from network.seats.queries import holder_of, seat_name, state_of
from network.taxonomy.models import State

pages = Blueprint("consents", __name__)

OF_STATE = ("focal_point", "deputy", "authorising")
READING = (*OF_STATE, "secretariat")


def status_tag(status: Status) -> tuple[str, str]:
    """Where a consent stands, as the words and the kind of a tag."""
    return {
        Status.IN_FORCE: (_("In force"), "good"),
        Status.WAITS: (_("Waits for a second officer"), "wait"),
        Status.CONTESTED: (_("Contested"), "bad"),
        Status.WITHDRAWN: (_("Withdrawn"), "bad"),
        Status.REPLACED: (_("Replaced by a later one"), "calm"),
        Status.ENDED: (_("Ended"), "calm"),
    }[status]


def own_state() -> UUID | None:
    """The State whose consents one may read; None for the secretariat, which reads all."""
    mine = current_seat()
    if mine is not None and mine.role is Role.SECRETARIAT:
        return None
    own = state_of(db.session(), mine) if mine else None
    if own is None:
        raise NotVisible(_("Only States consent; your seat belongs to none."))
    return own


def found(consent_id: UUID) -> Listed:
    """One consent that the present seat may read."""
    return listing.one(db.session(), consent_id, state_id=own_state(), now=clock.now())


def told(row: Listed) -> Subject:
    """What a consent is about."""
    one = row.consent
    return subject_of(db.session(), one.kind, one.subject_kind, one.subject_id)


def asked(consent_id: UUID, template: str) -> str:
    """A page that asks once more before something is done about a consent."""
    row = found(consent_id)
    return render_template(template, row=row, subject=told(row), kind=kind_name(row.consent.kind))


@pages.get("/consents")
@access(seat(*READING))
def consents() -> ResponseReturnValue:
    """Every consent of one's State, the newest first."""
    now, own = clock.now(), own_state()
    after = identifier(request.args.get("after"))
    rows = listing.listed(db.session(), state_id=own, now=now, after=after, most=listing.PAGE + 1)
    shown = rows[: listing.PAGE]
    mine = current_seat()
    holder = holder_of(db.session(), mine.id, now) if mine and own else None
    return render_template(
        "consents/consents.html",
        rows=[(row, told(row), kind_name(row.consent.kind), _state(row)) for row in shown],
        more=shown[-1].consent.id if len(rows) > listing.PAGE else None,
        need=queries.need_of(db.session(), own) if own else None,
        standing=_standing(own) if own and not after else [],
        to_look_through=[
            (one, subject_of(db.session(), one.kind, one.subject_kind, one.subject_id))
            for one in (listing.to_look_through(db.session(), holder, now) if holder else [])
        ],
        tag=status_tag,
        own=own,
        may_speak=mine is not None and mine.role is Role.AUTHORISING,
    )


def _state(row: Listed) -> str:
    return localized(db.session.get_one(State, row.consent.state_id).names)


def _standing(own: UUID) -> list[dict[str, object]]:
    return [
        {
            "kind": kind_name(one.kind),
            "seat": seat_name(db.session(), db.session.get_one(Seat, one.seat_id)),
            "row": one,
        }
        for one in listing.standing_alone(db.session(), own)
    ]


@pages.get("/consents/<uuid:consent_id>")
@access(seat(*READING))
def consent(consent_id: UUID) -> ResponseReturnValue:
    """One consent, with all that was said of it."""
    row, now = found(consent_id), clock.now()
    one, mine = row.consent, current_seat()
    people = [one.person_id, one.entered_by, one.second_by, one.contested_by]
    kept = listing.kept_by(db.session(), one.id)
    withdrawal = row.withdrawal
    names = names_of(
        db.session(),
        {person for person in people if person}
        | {person for _at, person in kept}
        | ({withdrawal.person_id} if withdrawal else set()),
    )
    holder = holder_of(db.session(), mine.id, now) if mine else None
    asks = holder is not None and one in listing.to_look_through(db.session(), holder, now)
    speaks = mine is not None and mine.role is Role.AUTHORISING
    return render_template(
        "consents/consent.html",
        row=row,
        one=one,
        subject=told(row),
        kind=kind_name(one.kind),
        state=_state(row),
        partner=partner_name(db.session(), one.partner_id),
        publish=published_as(one.publish),
        seat=seat_name(db.session(), db.session.get_one(Seat, one.seat_id)) if one.seat_id else "",
        names=names,
        kept=kept,
        conflicts=[
            (other, seat_name(db.session(), db.session.get_one(Seat, other.seat_id)))
            for other in listing.conflicts_of(db.session(), one.id)
        ],
        tag=status_tag(row.status),
        asks=asks,
        may_withdraw=speaks and row.status in {Status.IN_FORCE, Status.WAITS},
        may_contest=speaks and _contestable(row, now),
        may_confirm=mine is not None
        and mine.role is Role.SECRETARIAT
        and row.status is Status.WAITS
        and one.entered_by != by().person_id,
        factor=factor_name(one.proved),
    )


def _contestable(row: Listed, now: datetime) -> bool:
    until = row.consent.contestable_until
    is_paper = row.consent.basis is Basis.PAPER and row.status in {Status.IN_FORCE, Status.WAITS}
    return is_paper and (until is None or now < until)


def factor_name(proved: str | None) -> str:
    """By which own factor a consent was given."""
    words = {
        "totp": _("authenticator"),
        "passkey": _("passkey"),
        "printed": _("printed code"),
    }
    return words.get(proved or "", "")


@pages.get("/consents/<uuid:consent_id>/document")
@access(seat(*READING))
def document(consent_id: UUID) -> Response:
    """The paper, or what was attached to a consent."""
    row = found(consent_id)
    stored = (
        db.session.get(files.StoredFile, row.consent.document_id)
        if row.consent.document_id
        else None
    )
    if stored is None:
        raise NotVisible(_("There is no document here."))
    body = files.read(files.Disk(house().files), stored)
    return files.download(stored.name, stored.mime, body)


@pages.get("/consents/<uuid:consent_id>/withdraw")
@access(proved("authorising"))
def withdraw_page(consent_id: UUID) -> ResponseReturnValue:
    """Say what a withdrawal would do, before it does."""
    return _withdraw_page(found(consent_id), WithdrawForm(formdata=None))


def _withdraw_page(row: Listed, form: WithdrawForm) -> str:
    subject, now = told(row), clock.now()
    is_held = subject.held_at is not None and subject.held_at <= now
    return render_template(
        "consents/withdraw.html",
        row=row,
        subject=subject,
        kind=kind_name(row.consent.kind),
        is_held=is_held,
        form=form,
    )


@pages.post("/consents/<uuid:consent_id>/withdraw")
@access(proved("authorising"))
def withdraw(consent_id: UUID) -> ResponseReturnValue:
    """Withdraw for the State, whoever gave."""
    row, form = found(consent_id), WithdrawForm()
    if not form.validate_on_submit():
        return _withdraw_page(row, form), 422
    one = row.consent
    service.withdraw(
        db.session(),
        state_id=one.state_id,
        kind=one.kind,
        subject_id=one.subject_id,
        reason=form.reason.data or "",
        by=by(),
        now=clock.now(),
    )
    flash(_("Withdrawn. All authorising seats of your State are told."), "good")
    return redirect(url_for(".consent", consent_id=consent_id), 303)


@pages.get("/consents/<uuid:consent_id>/keep")
@access(proved("authorising"))
def keep_page(consent_id: UUID) -> ResponseReturnValue:
    """Ask a successor once: keep, or withdraw."""
    return asked(consent_id, "consents/keep.html")


@pages.post("/consents/<uuid:consent_id>/keep")
@access(proved("authorising"))
def keep(consent_id: UUID) -> ResponseReturnValue:
    """Keep what one's predecessor gave; one is not asked again."""
    check_pressed()
    row = found(consent_id)
    service.keep(db.session(), consent_id=row.consent.id, by=by(), now=clock.now())
    flash(_("Kept. You will not be asked again."), "good")
    return redirect(url_for(".consents"), 303)


@pages.get("/consents/<uuid:consent_id>/contest")
@access(proved("authorising"))
def contest_page(consent_id: UUID) -> ResponseReturnValue:
    """Ask before a paper stops counting."""
    return asked(consent_id, "consents/contest.html")


@pages.post("/consents/<uuid:consent_id>/contest")
@access(proved("authorising"))
def contest(consent_id: UUID) -> ResponseReturnValue:
    """Say that a paper is not the State's word."""
    check_pressed()
    row = found(consent_id)
    service.contest(db.session(), consent_id=row.consent.id, by=by(), now=clock.now())
    flash(_("Contested. This paper no longer counts; the secretariat is told."), "good")
    return redirect(url_for(".consent", consent_id=consent_id), 303)


@pages.get("/consents/rule")
@access(seat(*OF_STATE))
def rule_page() -> ResponseReturnValue:
    """Whether any one or all authorising seats must consent."""
    own = own_state()
    form = RuleForm(formdata=None)
    form.need.data = queries.need_of(db.session(), own).value if own else None
    return _rule_page(form)


def _rule_page(form: RuleForm) -> str:
    mine = current_seat()
    own = own_state()
    listed = queries.authorising_seats(db.session(), own, clock.now()) if own else {}
    return render_template(
        "consents/rule.html",
        form=form,
        seats=[
            (seat_name(db.session(), db.session.get_one(Seat, one)), is_filled)
            for one, is_filled in listed.items()
        ],
        may_speak=mine is not None and mine.role is Role.AUTHORISING,
    )


@pages.post("/consents/rule")
@access(proved("authorising"))
def set_rule() -> ResponseReturnValue:
    """Say whose consent one's State wants."""
    form, own = RuleForm(), own_state()
    if own is None or not form.validate_on_submit():
        return _rule_page(form), 422
    service.set_rule(
        db.session(), state_id=own, need=Need(form.need.data), by=by(), now=clock.now()
    )
    flash(_("The rule of your State is kept."), "good")
    return redirect(url_for(".consents"), 303)
