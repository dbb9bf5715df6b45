"""Pages for showing one's own factor and for setting one up."""

from __future__ import annotations

import io

import pyotp
import segno
from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import NotVisible, PersonNeeded, Refused
from core.house import house
from core.languages import _
from core.web.access import access
from core.web.limits import per_sender
from network.accounts import factors, queries, service
from network.accounts.access import by, chosen, own_factor
from network.accounts.forms import OwnCodeForm
from network.accounts.models import Person, Proof
from network.accounts.views.page import check_pressed, home, onward, pages, visitor

QR_SCALE = 6
QR_BORDER = 4


def _person() -> Person:
    person = visitor().person
    if person is None:
        raise PersonNeeded(_("Say who you are to continue."))
    return person


def _prove_page(form: OwnCodeForm) -> str:
    is_set_up = queries.has_own_factor(db.session(), _person().id)
    return render_template("accounts/prove.html", form=form, is_set_up=is_set_up)


@pages.get("/prove")
@access(chosen)
def prove() -> ResponseReturnValue:
    """Ask for the person's own code."""
    return _prove_page(OwnCodeForm())


@pages.post("/prove")
@access(chosen)
@per_sender("60 per 15 minutes")
def take_proof() -> ResponseReturnValue:
    """Take a code of the authenticator, a printed one, or the enrolment code."""
    form = OwnCodeForm()
    if not form.validate_on_submit():
        return _prove_page(form), 422
    now = clock.now()
    proof = factors.prove(
        db.engine,
        person_id=_person().id,
        typed=form.code.data or "",
        secret=house().secret_key,
        now=now,
        shown_at=now - clock.shift(),
    )
    if proof is None:
        form.code.errors = [
            _("This code is not right, or was used already. Wait for the next one and try again.")
        ]
        return _prove_page(form), 422
    service.raise_proof(db.session(), visit=visitor(), proof=proof, now=now)
    if proof is Proof.ENROLMENT:
        return redirect(url_for(".set_up"), 303)
    return redirect(onward(home()), 303)


@pages.get("/prove/set-up")
@access(own_factor)
def set_up() -> ResponseReturnValue:
    """Show how to set up an authenticator; once begun, its secret and the form for its first code."""
    return _set_up_page(OwnCodeForm())


def _set_up_page(form: OwnCodeForm) -> str:
    factor = factors.pending_totp(db.session(), _person().id)
    return render_template(
        "accounts/set_up.html", form=form, secret=_spelled() if factor else "", is_begun=factor
    )


@pages.post("/prove/set-up/begin")
@access(own_factor)
def begin_set_up() -> ResponseReturnValue:
    """Make the secret of a new authenticator."""
    check_pressed()
    factors.begin_totp(
        db.session(), person_id=_person().id, secret=house().secret_key, by=by(), now=clock.now()
    )
    return redirect(url_for(".set_up"), 303)


@pages.get("/prove/set-up/qr.svg")
@access(own_factor)
def set_up_qr() -> ResponseReturnValue:
    """The secret as a picture for the authenticator's camera."""
    plain = _secret()
    if plain is None:
        raise NotVisible(_("There is no authenticator being set up."))
    address = pyotp.TOTP(plain).provisioning_uri(name=_person().name, issuer_name=factors.ISSUER)
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", scale=QR_SCALE, border=QR_BORDER, light="#ffffff", xmldecl=False
    )
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@pages.post("/prove/set-up")
@access(own_factor)
@per_sender("60 per 15 minutes")
def finish_set_up() -> ResponseReturnValue:
    """Take the first code of the new authenticator and show the printed codes, once."""
    form = OwnCodeForm()
    factor = factors.pending_totp(db.session(), _person().id)
    if factor is None:
        raise Refused(_("There is no authenticator being set up. Begin again."), code="none-begun")
    if not form.validate_on_submit():
        return _set_up_page(form), 422
    now = clock.now()
    try:
        printed = factors.confirm_totp(
            db.session(),
            factor=factor,
            typed=form.code.data or "",
            secret=house().secret_key,
            by=by(),
            now=now,
            shown_at=now - clock.shift(),
        )
    except Refused as refusal:
        form.code.errors = [refusal.sentence]
        return _set_up_page(form), 422
    service.raise_proof(db.session(), visit=visitor(), proof=Proof.TOTP, now=now)
    return render_template("accounts/printed_codes.html", codes=printed, onward=onward(home()))


def _secret() -> str | None:
    factor = factors.pending_totp(db.session(), _person().id)
    if factor is None or factor.locked is None:
        return None
    return factors.unlock(house().secret_key, factor.locked)


def _spelled() -> str:
    """The secret in groups of four, for those who type it."""
    plain = _secret() or ""
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
