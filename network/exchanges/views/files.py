"""The documents of a case: read by those who may, added and taken away by the sides."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from core import clock, files
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible
from core.files import StoredFile
from core.house import house
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.exchanges import attaching, rules
from network.exchanges.attaching import Sent
from network.exchanges.forms import DocumentForm
from network.exchanges.queries import Case, Side
from network.exchanges.views.page import READS, case_here, check_pressed, pages, shared
from network.exchanges.views.trying import attempt


@pages.get("/<uuid:exchange_id>/files")
@access(seat(*READS))
def documents(exchange_id: UUID) -> ResponseReturnValue:
    """All documents, and a form for one more."""
    return _page(_inside(exchange_id), DocumentForm(formdata=None))


@pages.post("/<uuid:exchange_id>/files")
@access(seat(*READS))
def add_document(exchange_id: UUID) -> ResponseReturnValue:
    """Keep one more."""
    form = DocumentForm()
    case = _inside(exchange_id)
    if not form.validate_on_submit():
        return _page(case, form), 422
    status = attempt(form, lambda: _attach(form, exchange_id))
    if status:
        return _page(_inside(exchange_id), form), status
    flash(_("The document is kept with the case."), "good")
    return redirect(url_for(".documents", exchange_id=exchange_id), 303)


def _attach(form: DocumentForm, exchange_id: UUID) -> None:
    upload = form.document.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise Invalid({"document": _("Choose a file.")})
    attaching.attach(
        db.session(),
        files.Disk(house().files),
        exchange_id=exchange_id,
        sent=Sent(name=upload.filename, body=upload.read()),
        title=form.title.data or "",
        for_members=bool(form.for_members.data),
        by=by(),
        now=clock.now(),
    )


@pages.post("/<uuid:exchange_id>/files/<uuid:attachment_id>/remove")
@access(seat(*READS))
def remove_document(exchange_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Take one away that one's own side added."""
    check_pressed()
    _inside(exchange_id)
    attaching.take_away(
        db.session(),
        files.Disk(house().files),
        exchange_id=exchange_id,
        attachment_id=attachment_id,
        by=by(),
        now=clock.now(),
    )
    flash(_("The document is taken away."), "good")
    return redirect(url_for(".documents", exchange_id=exchange_id), 303)


@pages.get("/<uuid:exchange_id>/files/<uuid:attachment_id>")
@access(seat(*READS))
def document(exchange_id: UUID, attachment_id: UUID) -> Response:
    """One document, to save."""
    case = case_here(exchange_id)
    found = next((one for one in case.attachments if one.id == attachment_id), None)
    row = db.session().get(StoredFile, found.file_id) if found is not None else None
    if row is None:
        raise NotVisible(_("There is no such document."))
    body = files.read(files.Disk(house().files), row)
    return files.download(row.name or "document", row.mime, body)


def _inside(exchange_id: UUID) -> Case:
    case = case_here(exchange_id)
    if case.exchange is None:
        raise NotVisible(_("There is nothing here that you may read."))
    if not case.stands.movers & attaching.ADDS:
        raise NotAllowed(_("Your seat cannot do this in this case."))
    return case


def _page(case: Case, form: DocumentForm) -> str:
    is_own = case.side is Side.REQUESTER
    may_show = is_own and case.exchange is not None and case.exchange.state in rules.DRAFTING
    return render_template("exchanges/documents.html", **shared(case), form=form, may_show=may_show)
