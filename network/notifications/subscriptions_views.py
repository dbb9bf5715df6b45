"""The page on which a seat chooses its mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core import clock
from core.db import db
from core.errors import NotAllowed
from core.languages import _, _l, localized
from core.web.access import access
from core.web.forms import Checkboxes, Form, Radio, Required, option
from network.accounts.access import by, current_seat, seat
from network.accounts.desk import HANDED_OVER, PLACES, HandedOver, Place, Task
from network.notifications import subscriptions
from network.notifications.subscriptions import How, Topic
from network.seats.models import Role, Seat
from network.taxonomy.queries import themes

pages = Blueprint("mails", __name__)

WANTING = ("focal_point", "deputy", "authorising")

PLACES.append(
    Place(
        endpoint="mails.mails",
        order=80,
        label=lambda: _("Mails"),
        roles=frozenset(Role(role) for role in WANTING),
    )
)


def how_choices() -> list[Any]:
    """At once, or never."""
    return [option(How.NOW.value, _("At once")), option(How.NEVER.value, _("Never"))]


def type_names() -> dict[str, str]:
    """The types of exchange that a request may be of."""
    return {
        "expert_mission": _("Expert mission"),
        "study_visit": _("Study visit"),
        "workshop": _("Workshop"),
        "online_clinic": _("Online clinic"),
        "document_review": _("Document review"),
        "mentoring": _("Mentoring"),
    }


def topic_name(topic: Topic) -> str:
    """A topic in the reader's language."""
    return {
        Topic.REQUESTS: _("Requests that circulate among members"),
        Topic.OWN_CASES: _("Your own cases"),
        Topic.DIRECTORY: _("Changes in the directory"),
    }[topic]


class MailsForm(Form):
    """Takes what a seat wants to hear of. The view fills the choices."""

    requests = Radio(
        _l("Requests that circulate among members"),
        choices=[],
        validators=[Required(_l("Choose one."))],
    )
    themes = Checkboxes(_l("Only requests on these themes"), choices=[])
    types = Checkboxes(_l("Only requests of these types"), choices=[])
    directory = Radio(
        _l("Changes in the directory"), choices=[], validators=[Required(_l("Choose one."))]
    )


def _mine() -> Seat:
    mine = current_seat()
    if mine is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return mine


def _form(**how: object) -> MailsForm:
    form = MailsForm(**how)
    form.requests.choices = how_choices()
    form.directory.choices = how_choices()
    form.themes.choices = [
        option(theme.key, localized(theme.names)) for theme in themes(db.session())
    ]
    form.types.choices = [option(key, name) for key, name in type_names().items()]
    return form


@pages.get("/mails")
@access(seat(*WANTING))
def mails() -> ResponseReturnValue:
    """What the seat one acts in has chosen, or what holds without a choice."""
    mine, form = _mine(), _form(formdata=None)
    chosen = subscriptions.chosen(db.session(), mine)
    for topic, field in ((Topic.REQUESTS, form.requests), (Topic.DIRECTORY, form.directory)):
        field.data = subscriptions.how_of(mine, topic, chosen[topic]).value
    narrowed = chosen[Topic.REQUESTS]
    form.themes.data = list(narrowed.themes) if narrowed else []
    form.types.data = list(narrowed.types) if narrowed else []
    return render_template("notifications/mails.html", form=form)


@pages.post("/mails")
@access(seat(*WANTING))
def choose_mails() -> ResponseReturnValue:
    """Keep the choice; it stays with the seat when its holder goes."""
    mine, form, now = _mine(), _form(), clock.now()
    if not form.validate_on_submit():
        return render_template("notifications/mails.html", form=form), 422
    subscriptions.choose(
        db.session(),
        seat_id=mine.id,
        topic=Topic.REQUESTS,
        how=How(form.requests.data),
        themes=form.themes.data or [],
        types=form.types.data or [],
        by=by(),
        now=now,
    )
    subscriptions.choose(
        db.session(),
        seat_id=mine.id,
        topic=Topic.DIRECTORY,
        how=How(form.directory.data),
        by=by(),
        now=now,
    )
    flash(_("Kept, for this seat and whoever holds it."), "good")
    return redirect(url_for(".mails"), 303)


def handed_over(session: Session, mine: Seat, _now: datetime) -> list[HandedOver]:
    """What a seat hears of, for its successor."""
    chosen = subscriptions.chosen(session, mine)
    says = {How.NOW: _("At once"), How.NEVER: _("Never")}
    lines = [
        Task(
            verb=topic_name(topic),
            object=says[subscriptions.how_of(mine, topic, row)],
            href=url_for("mails.mails"),
            detail=_("Narrowed to some themes or types.")
            if row is not None and (row.themes or row.types)
            else "",
        )
        for topic, row in chosen.items()
    ]
    return [HandedOver(title=_("Mails this seat gets"), lines=lines)]


HANDED_OVER.append(handed_over)
