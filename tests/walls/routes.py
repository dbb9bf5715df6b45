"""Every address of an application that one can read, with real things in its places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.programme.models import EventDocument
from network.taxonomy.models import State

KEYS = ("demo-panel", "demo-seminar", "demo-past", "panel-hrc65")
PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


def addresses(app: Flask, session: Session, registrations: Iterable[UUID]) -> list[str]:
    """One address a route and thing; a place that nothing is known for gets the id of nothing."""
    known = {
        "key": list(KEYS),
        "iso3": ["XAA", "XAC", *session.scalars(select(State.iso3).limit(1))],
        "registration_id": [str(one) for one in registrations],
        "document_id": [str(one) for one in session.scalars(select(EventDocument.id).limit(2))],
        "token": ["nothing"],
        "filename": ["relais.css"],
    }
    found = []
    for route in app.url_map.iter_rules():
        if "GET" not in (route.methods or ()) or route.rule.startswith("/dev/mail/"):
            continue
        filled = [route.rule]
        for place in PLACE.findall(route.rule):
            values = known.get(place) or [str(uuid4())]
            one = re.compile(rf"<(?:\w+(?:\([^)]*\))?:)?{place}>")
            filled = [one.sub(value, path) for path in filled for value in values]
        found += filled
    return found
