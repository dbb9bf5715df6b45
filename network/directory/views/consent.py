"""The pages on which an authorising officer consents to a contact, or withdraws."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.languages import _
from core.web.access import access
from network.accounts.access import by, proved
from network.accounts.views.page import check_pressed
from network.directory import lines, service
from network.directory.forms import LEVELS
from network.directory.views.page import acting_for_state, pages
from network.mechanisms.forms import CONTACT_KINDS
from network.seats.models import BodyKind
from network.seats.queries import BODY_NAMES


@pages.get("/contacts/<uuid:contact_id>/consent")
@access(proved("authorising"))
def consent_page(contact_id: UUID) -> ResponseReturnValue:
    """What would be shown, and to whom."""
    mine = acting_for_state()
    contact = lines.own(db.session(), contact_id, mine)
    return render_template(
        "directory/consent.html",
        contact=contact,
        kinds=CONTACT_KINDS,
        levels=LEVELS,
        state=BODY_NAMES[BodyKind.STATE](db.session(), contact.state_id),
        has_spoken=bool(lines.has_spoken(db.session(), [contact.id], mine)),
        replaces=contact.shown_at is None and lines.is_another(db.session(), contact),
    )


@pages.post("/contacts/<uuid:contact_id>/consent")
@access(proved("authorising"))
def give_consent(contact_id: UUID) -> ResponseReturnValue:
    """Consent for the State, in one's seat, with one's own factor."""
    check_pressed()
    contact = lines.own(db.session(), contact_id, acting_for_state())
    service.consent_to_contact(db.session(), contact_id=contact.id, by=by(), now=clock.now())
    flash(
        _("Consent given. The contact is shown now.")
        if contact.shown_at
        else _("Consent given. It is shown once all authorising officers have consented."),
        "good",
    )
    return redirect(url_for(".contacts"), 303)


@pages.post("/contacts/<uuid:contact_id>/withdraw")
@access(proved("authorising"))
def withdraw_consent(contact_id: UUID) -> ResponseReturnValue:
    """Withdraw for the State, or say no: nobody else reads it from now on."""
    check_pressed()
    contact = lines.own(db.session(), contact_id, acting_for_state())
    service.withdraw_contact(db.session(), contact_id=contact.id, by=by(), now=clock.now())
    flash(_("Withdrawn. Nobody but your State reads this contact."), "good")
    return redirect(url_for(".contacts"), 303)
