"""Personal links: exchanging one for a cookie, and getting a lost one again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid
from core.house import house
from core.languages import _
from core.web.access import access, anyone
from core.web.limits import per_sender, per_target
from events.programme import queries as programme
from events.registrations import changes, queries
from events.registrations.forms import LinkForm, ReceiptForm
from events.registrations.views.page import LinkNeeded, pages, personal


@pages.get("/r/<token>")
@access(anyone)
def follow(token: str) -> ResponseReturnValue:
    """Exchange a personal link for a short cookie and an address without the token."""
    if not personal.exchange(token):
        raise LinkNeeded(_("This link has ended or is not complete. Ask for a new one."))
    return redirect(url_for(".mine"), 303)


@pages.get("/c/<token>")
@access(anyone)
def follow_to_confirm(token: str) -> ResponseReturnValue:
    """The link beside the code: it leads to a button, and confirms nothing by itself."""
    if not personal.exchange_to_confirm(token):
        raise LinkNeeded(_("This link has ended or is not complete. Type the code instead."))
    return redirect(url_for(".confirm_page"), 303)


@pages.get("/events/<key>/link")
@access(anyone)
def lost(key: str) -> str:
    """Ask for one's link again."""
    event = programme.event(db.session(), key)
    return _lost_page(event, LinkForm(formdata=None), ReceiptForm(formdata=None))


@pages.post("/events/<key>/link")
@access(anyone)
@per_sender("60 per hour")
@per_target("email", "4 per hour")
def ask(key: str) -> ResponseReturnValue:
    """Send the link if there is one; the answer and the work do not tell."""
    event = programme.event(db.session(), key)
    form = LinkForm()
    if not form.validate():
        return _lost_page(event, form, ReceiptForm(formdata=None)), 422
    changes.ask_link(
        db.session(), event=event, address=form.email.data or "", house=house(), now=clock.now()
    )
    return render_template("registrations/link_sent.html", event=event)


@pages.post("/events/<key>/receipt")
@access(anyone)
@per_sender("30 per hour")
def by_receipt(key: str) -> ResponseReturnValue:
    """Come back with a receipt instead of a link."""
    event = programme.event(db.session(), key)
    form = ReceiptForm()
    if form.validate():
        found = changes.by_receipt(db.session(), typed=form.receipt.data or "", house=house())
        if found is not None:
            registration = queries.own(db.session(), found)
            personal.remember(registration.id, registration.generation)
            return redirect(url_for(".mine"), 303)
        form.take(
            Invalid({"receipt": _("No registration has this receipt code. Check each sign.")})
        )
    return _lost_page(event, LinkForm(formdata=None), form), 422


def _lost_page(event: object, form: LinkForm, receipt_form: ReceiptForm) -> str:
    return render_template(
        "registrations/link.html", event=event, form=form, receipt_form=receipt_form
    )
