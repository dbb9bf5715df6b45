"""The terms of an agreement: to read, to compare, to change, and as a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, files, languages
from core.db import db
from core.errors import Conflict, NotVisible
from core.house import house
from core.languages import _
from core.web.access import access
from core.web.forms import number
from network.accounts.access import by, seat
from network.exchanges import consenting, meeting
from network.exchanges.agreeing import agreement_text
from network.exchanges.forms_case import TermsForm, values_of_terms
from network.exchanges.models import Exchange
from network.exchanges.models_case import Agreement
from network.exchanges.moving import locked
from network.exchanges.paper import agreement_paper
from network.exchanges.queries import Case
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import READS, WRITES, case_here, pages, shared
from network.exchanges.views.trying import attempt

S = ExchangeState
MOST_DIGITS = 9
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/<uuid:exchange_id>/terms")
@access(seat(*READS))
def terms(exchange_id: UUID) -> ResponseReturnValue:
    """The terms as they stand; `?version=` shows an earlier one, each beside the one before."""
    case, newest = _agreed(exchange_id)
    all_of_them = _versions(newest)
    asked = request.args.get("version", "")
    shown = next((one for one in all_of_them if str(one.version) == asked), newest)
    return render_template(
        "exchanges/terms.html",
        **shared(case),
        agreement=shown,
        before=_before(all_of_them, shown),
        versions=all_of_them,
        newest=newest,
        may_change=_may_change(case),
    )


@pages.get("/<uuid:exchange_id>/terms/change")
@access(seat(*WRITES))
def change_terms(exchange_id: UUID) -> ResponseReturnValue:
    """The form with the terms as they stand."""
    case, newest = _agreed(exchange_id)
    form = TermsForm(formdata=None, data=values_of_terms(newest))
    return _form_page(case, newest, form, newest.version)


@pages.post("/<uuid:exchange_id>/terms")
@access(seat(*WRITES))
def save_terms(exchange_id: UUID) -> ResponseReturnValue:
    """Write another version. Somebody else's version written meanwhile is shown beside it."""
    case, newest = _agreed(exchange_id)
    form = TermsForm()
    if not form.validate_on_submit():
        return _form_page(case, newest, form, _seen()), 422
    status = attempt(form, lambda: _change(exchange_id, form))
    if status:
        case, newest = _agreed(exchange_id)
        return _form_page(case, newest, form, newest.version), status
    flash(_("Kept as a new version. Both States are asked to consent to it."), "good")
    return redirect(url_for(".terms", exchange_id=exchange_id), 303)


def _seen() -> int:
    """The version that the writer had before their eyes."""
    return number(request.form.get("seen", "")[:MOST_DIGITS]) or 0


def _change(exchange_id: UUID, form: TermsForm) -> None:
    session = db.session()
    locked(session, exchange_id)
    newest = consenting.newest_agreement(session, exchange_id)
    if newest is not None and newest.version != _seen():
        raise Conflict(
            _(
                "Somebody wrote version %(number)s meanwhile; it is shown below. Nothing of yours"
                " is lost: check it, and keep it again.",
                number=newest.version,
            )
        )
    meeting.change_terms(
        session, exchange_id=exchange_id, terms=form.terms(), by=by(), now=clock.now()
    )


@pages.get("/<uuid:exchange_id>/agreement.docx")
@access(seat(*READS))
def agreement(exchange_id: UUID) -> ResponseReturnValue:
    """The agreement as it was kept, or a draft made of the terms as they stand."""
    case, newest = _agreed(exchange_id)
    name = f"{_('agreement')}-{case.circulated.reference}.docx"
    stored = db.session().get(files.StoredFile, newest.file_id) if newest.file_id else None
    if stored is not None:
        return files.download(name, stored.mime, files.read(files.Disk(house().files), stored))
    return _drafted(case, newest, name)


def _drafted(case: Case, newest: Agreement, name: str) -> Response:
    session = db.session()
    exchange = session.get(Exchange, case.id)
    if exchange is None:
        raise NotVisible(_("There is no such case."))
    text = agreement_text(session, exchange, newest)
    return files.download(name, WORD, agreement_paper(text, languages.current()))


def _agreed(exchange_id: UUID) -> tuple[Case, Agreement]:
    """The case with its newest terms, for those inside."""
    case = case_here(exchange_id)
    if case.agreement is None:
        raise NotVisible(_("There are no terms yet."))
    return case, case.agreement


def _versions(newest: Agreement) -> Sequence[Agreement]:
    """All versions between the present partners, the newest first; those with others are theirs."""
    return (
        db.session()
        .scalars(
            select(Agreement)
            .where(Agreement.exchange_id == newest.exchange_id, Agreement.bid_id == newest.bid_id)
            .order_by(Agreement.version.desc())
        )
        .all()
    )


def _before(versions: Sequence[Agreement], shown: Agreement) -> Agreement | None:
    return next((one for one in versions if one.version < shown.version), None)


def _may_change(case: Case) -> bool:
    return bool(case.stands.movers & meeting.SIDES) and case.circulated.state is S.SELECTED


def _form_page(case: Case, newest: Agreement, form: TermsForm, seen: int) -> str:
    return render_template(
        "exchanges/change_terms.html",
        **shared(case),
        form=form,
        newest=newest,
        seen=seen,
        may_change=_may_change(case),
        is_behind=seen != newest.version or bool(form.form_errors),
    )
