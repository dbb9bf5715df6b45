"""Comparing two versions of a part, and taking an earlier one up again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.accounts.views.page import check_pressed
from network.profiles import queries, service
from network.profiles.comparing import compared
from network.profiles.forms import VersionForm
from network.profiles.views.own import version_here
from network.profiles.views.page import WORDS, WRITES, field_here, mechanism_here, pages


@pages.get("/mechanism/<key>/parts/<field>/compare")
@access(seat(*WRITES))
def compare(key: str, field: str) -> ResponseReturnValue:
    """Two versions word by word, the earlier one first."""
    mechanism, wanted = mechanism_here(key), field_here(field)
    chosen = (version_here(mechanism, wanted, request.args.get(name)) for name in ("old", "new"))
    old, new = sorted(chosen, key=lambda version: version.number)
    return render_template(
        "profiles/compare.html",
        mechanism=mechanism,
        field=wanted,
        old=old,
        new=new,
        pieces=compared(old.value, new.value),
        people=queries.writers(db.session(), [old, new]),
        **WORDS,
    )


@pages.post("/mechanism/<key>/parts/<field>/restore")
@access(seat(*WRITES))
def restore(key: str, field: str) -> ResponseReturnValue:
    """Take up an earlier version as a new draft."""
    check_pressed()
    earlier = version_here(mechanism_here(key), field_here(field), VersionForm().version.data)
    service.restore(db.session(), version_id=earlier.id, by=by(), now=clock.now())
    flash(
        _(
            "The words of version %(number)s are a new draft. They need consent of their own.",
            number=earlier.number,
        ),
        "good",
    )
    return redirect(url_for(".part", key=key, field=field), 303)
