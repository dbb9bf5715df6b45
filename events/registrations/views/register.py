"""From the form to the confirmed registration."""

from __future__ import annotations

from uuid import UUID

from flask import g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from core import clock, codes
from core.db import db
from core.errors import Invalid, Refused
from core.house import house
from core.languages import _
from core.web.access import access, anyone
from core.web.limits import per_sender, per_target
from core.web.personal import CodeForm
from events.programme.models import Event, Policy
from events.programme.rules import availability, next_turn, registration_state
from events.registrations import queries, service
from events.registrations.changes import by_receipt
from events.registrations.forms import ReceiptForm, RegisterForm
from events.registrations.models import Registration
from events.registrations.states import RegistrationState
from events.registrations.views import letter
from events.registrations.views.page import pages, personal


def _form(event: Event) -> RegisterForm:
    form = RegisterForm()
    form.prepare(event, availability(event.seats), takes_letter=event.policy is Policy.MODERATED)
    return form


def _page(event: Event, form: RegisterForm) -> str:
    return render_template(
        "registrations/register.html",
        event=event,
        form=form,
        registration_state=registration_state(event, clock.now()),
    )


@pages.get("/events/<key>/register")
@access(anyone)
def register(key: str) -> str:
    """The one page, the same for everybody, so it is kept whole."""
    event = queries.event_of_form(db.session(), key)
    if registration_state(event, clock.now()) not in {"open", "interest"}:
        return render_template(
            "registrations/closed.html",
            event=event,
            registration_state=registration_state(event, clock.now()),
        )
    g.keep = True
    g.keep_until = next_turn([event], clock.now())
    return _page(event, _form(event))


@pages.post("/events/<key>/register")
@access(anyone)
@per_sender("120 per hour")
@per_target("email", "6 per hour", act="register")
def send(key: str) -> ResponseReturnValue:
    """Take the form; the answer is the same for an address that is known and one that is not."""
    event = queries.event_of_form(db.session(), key)
    form = _form(event)
    if not form.validate():
        return _page(event, form), 422
    try:
        started = service.register(
            db.session(),
            event=event,
            entry=form.entry(),
            letter=letter.checked(form),
            house=house(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _page(event, form), 422
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(event, form), refusal.status
    if started.receipt is not None:
        return render_template(
            "registrations/receipt.html",
            event=event,
            receipt=started.receipt,
            form=ReceiptForm(formdata=None),
            registration=started.registration,
        )
    return redirect(url_for(".code", registration_id=started.registration.id), 303)


@pages.get("/registrations/<uuid:registration_id>/confirm")
@access(anyone)
def code(registration_id: UUID) -> str:
    """Where the code is typed. The page is the same whether there is such a registration."""
    return _code_page(registration_id, CodeForm(formdata=None))


def _code_page(registration_id: UUID, form: CodeForm) -> str:
    return render_template("registrations/code.html", form=form, registration_id=registration_id)


@pages.post("/registrations/<uuid:registration_id>/confirm")
@access(anyone)
@per_sender("120 per hour")
def confirm_by_code(registration_id: UUID) -> ResponseReturnValue:
    """Use up one try; a right code takes the seat and opens the personal page."""
    form = CodeForm()
    if not form.validate():
        return _code_page(registration_id, form), 422
    is_right = codes.redeem_latest(
        db.session(),
        db.engine,
        purpose=service.CODE_PURPOSE,
        subject_id=registration_id,
        typed=form.code.data or "",
        secret=house().secret_key,
        now=clock.now(),
    )
    if not is_right:
        if personal.remembers(registration_id):
            return redirect(url_for(".mine"), 303)
        form.take(
            Invalid(
                {
                    "code": _(
                        "This code is not right, is older than 24 hours or has been used already. "
                        "After five wrong tries it ends; then register again."
                    )
                }
            )
        )
        return _code_page(registration_id, form), 422
    return _confirmed(registration_id)


def _confirmed(registration_id: UUID) -> ResponseReturnValue:
    registration = service.confirm(db.session(), registration_id=registration_id, now=clock.now())
    personal.remember(registration.id, registration.generation)
    return redirect(url_for(".mine"), 303)


@pages.get("/confirm-registration")
@access(anyone)
def confirm_page() -> ResponseReturnValue:
    """Where the link of the mail leads: one button, since a visit alone must change nothing."""
    registration = _to_confirm()
    if registration is None:
        return render_template("registrations/no_link.html", sentence=_ended()), 410
    if registration.state is not RegistrationState.UNCONFIRMED:
        personal.remember(registration.id, registration.generation)
        return redirect(url_for(".mine"), 303)
    return render_template("registrations/confirm.html", event=registration.event)


@pages.post("/confirm-registration")
@access(anyone)
def confirm_by_link() -> ResponseReturnValue:
    """The button was pressed."""
    registration = _to_confirm()
    if registration is None:
        return render_template("registrations/no_link.html", sentence=_ended()), 410
    session.pop(personal.confirming, None)
    return _confirmed(registration.id)


def _to_confirm() -> Registration | None:
    known = personal.to_confirm()
    return None if known is None else queries.own(db.session(), known)


def _ended() -> str:
    return _("This link has ended. A registration lapses if it is not confirmed within 24 hours.")


@pages.post("/registrations/<uuid:registration_id>/receipt")
@access(anyone)
@per_sender("60 per hour")
def confirm_by_receipt(registration_id: UUID) -> ResponseReturnValue:
    """The receipt was typed back, so it has been kept: now it counts."""
    form = ReceiptForm()
    if form.validate():
        found = by_receipt(db.session(), typed=form.receipt.data or "", house=house())
        if found == registration_id:
            return _confirmed(registration_id)
        form.take(Invalid({"receipt": _("This is not the receipt code you were shown.")}))
    return render_template(
        "registrations/receipt.html", receipt=None, form=form, registration_id=registration_id
    ), 422
