"""Pages for signing in, saying who one is, and signing out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from core import clock, codes, languages
from core.db import db
from core.house import house
from core.languages import _
from core.web.access import access, anyone
from core.web.forms import option
from core.web.limits import per_sender, per_target
from network.accounts import queries, service
from network.accounts.access import current_visit, signed_in
from network.accounts.forms import CodeForm, PersonForm, SignInForm
from network.accounts.models import Visit
from network.accounts.views.page import check_pressed, home, identifier, onward, pages, visitor

CODES_KEPT = 3
CODES = "codes"


@pages.get("/sign-in")
@access(anyone)
def sign_in() -> ResponseReturnValue:
    """Ask for an address."""
    if current_visit() is not None:
        return redirect(onward(home()), 303)
    return render_template("accounts/sign_in.html", form=SignInForm())


@pages.post("/sign-in")
@access(anyone)
@per_target("address", "6 per 15 minutes; 30 per day")
@per_sender("60 per hour")
def ask_code() -> ResponseReturnValue:
    """Send a code; the answer is the same for every address, known or not."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    here = house()
    code_id = service.ask_code(
        db.session(),
        key=queries.mailbox_look_up(here.index_key, form.address.data or ""),
        secret=here.secret_key,
        public_key=here.mail_public_key,
        language=languages.current(),
        now=clock.now(),
    )
    session[CODES] = [*session.get(CODES, []), str(code_id)][-CODES_KEPT:]
    return redirect(url_for(".enter_code", then=request.args.get("then")), 303)


@pages.get("/sign-in/code")
@access(anyone)
def enter_code() -> ResponseReturnValue:
    """Ask for the code."""
    return render_template("accounts/code.html", form=CodeForm())


@pages.post("/sign-in/code")
@access(anyone)
@per_sender("60 per 15 minutes")
def take_code() -> ResponseReturnValue:
    """Take the code: one of those that this browser has asked for lately."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/code.html", form=form), 422
    visit = _visit_for(form.code.data or "")
    if visit is None:
        form.code.errors = [
            _("This code is not right, or too old, or used. Check it, or ask for a new one.")
        ]
        return render_template("accounts/code.html", form=form), 422
    then = request.args.get("then")
    session.clear()
    login_user(visit)
    session.pop("_id", None)
    if visit.person_id is None:
        return redirect(url_for(".who_are_you", then=then), 303)
    return redirect(onward(home()), 303)


def _visit_for(typed: str) -> Visit | None:
    here, now = house(), clock.now()
    for code_id in map(UUID, reversed(session.get(CODES, []))):
        mailbox_id = codes.redeem(
            db.engine,
            code_id=code_id,
            purpose=service.SIGN_IN,
            typed=typed,
            secret=here.secret_key,
            now=now,
        )
        if mailbox_id is not None and codes.spend(db.session(), code_id, now):
            return service.open_visit(
                db.session(),
                mailbox_id=mailbox_id,
                is_desk=here.role == "protection",
                language=languages.current(),
                now=now,
            )
    return None


@pages.get("/who-are-you")
@access(signed_in)
def who_are_you() -> ResponseReturnValue:
    """Show the people behind the mailbox."""
    return render_template("accounts/who_are_you.html", form=_person_form(visitor()))


@pages.post("/who-are-you")
@access(signed_in)
def say_who() -> ResponseReturnValue:
    """Take who one is."""
    visit = visitor()
    form = _person_form(visit)
    person_id = identifier(form.person.data)
    if not form.validate_on_submit() or person_id is None:
        return render_template("accounts/who_are_you.html", form=form), 422
    service.choose_person(db.session(), visit=visit, person_id=person_id, now=clock.now())
    return redirect(onward(home()), 303)


def _person_form(visit: Visit) -> PersonForm:
    form = PersonForm()
    people = queries.people_behind(db.session(), visit.mailbox_id, clock.now())
    form.person.choices = [option(str(person.id), person.name) for person in people]
    if request.method == "GET" and visit.person_id is not None:
        form.person.data = str(visit.person_id)
    return form


@pages.post("/sign-out")
@access(signed_in)
def sign_out() -> ResponseReturnValue:
    """End the visit, for every copy of its cookie."""
    check_pressed()
    service.end_visit(db.session(), visit=visitor(), now=clock.now())
    logout_user()
    session.clear()
    flash(_("You are signed out."), "good")
    return redirect(url_for(".sign_in"), 303)
