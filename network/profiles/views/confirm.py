"""Saying that a part is still right, and hiding or showing what public sources say."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.accounts.views.page import check_pressed
from network.profiles import confirming
from network.profiles.forms import NoteForm
from network.profiles.views.own import part_page
from network.profiles.views.page import WRITES, field_here, mechanism_here, pages


@pages.post("/mechanism/<key>/parts/<field>/confirm")
@access(seat(*WRITES))
def confirm(key: str, field: str) -> ResponseReturnValue:
    """Still right, as of today."""
    check_pressed()
    confirming.confirm(
        db.session(),
        mechanism_id=mechanism_here(key).id,
        field=field_here(field),
        by=by(),
        now=clock.now(),
    )
    flash(_("Confirmed. It is asked again in twelve months."), "good")
    return redirect(url_for(".own_one", key=key), 303)


@pages.post("/mechanism/<key>/parts/<field>/hide")
@access(seat(*WRITES))
def hide(key: str, field: str) -> ResponseReturnValue:
    """Take what public sources say off the profile."""
    form, wanted = NoteForm(), field_here(field)
    if not form.validate_on_submit():
        return part_page(key, wanted, form), 422
    confirming.hide_sources(
        db.session(),
        mechanism_id=mechanism_here(key).id,
        field=wanted,
        reason=form.reason.data or "",
        by=by(),
        now=clock.now(),
    )
    flash(_("Hidden everywhere. You may show it again at any time."), "good")
    return redirect(url_for(".part", key=key, field=field), 303)


@pages.post("/mechanism/<key>/parts/<field>/show")
@access(seat(*WRITES))
def show(key: str, field: str) -> ResponseReturnValue:
    """Let what public sources say stand on the profile again."""
    check_pressed()
    confirming.show_sources(
        db.session(),
        mechanism_id=mechanism_here(key).id,
        field=field_here(field),
        reason="",
        by=by(),
        now=clock.now(),
    )
    flash(_("Shown again, as compiled from public sources and not confirmed by you."), "good")
    return redirect(url_for(".part", key=key, field=field), 303)
