"""Writing a request: begun, saved with any field empty, sent; what was saved meanwhile is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from core import clock, files
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotVisible
from core.house import house
from core.languages import _, localized
from core.web.access import access
from core.web.forms import number
from network.accounts.access import by, seat
from network.exchanges import attaching, drafting, rules, service
from network.exchanges.attaching import Sent
from network.exchanges.candidates import members
from network.exchanges.forms import RequestForm, leaves, row_name, values_of
from network.exchanges.models import Exchange
from network.exchanges.queries import Case, Side
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import WRITES, acting, case_here, check_pressed, pages, shared
from network.exchanges.views.trying import attempt, handed_back
from network.seats.queries import state_of
from network.taxonomy.queries import themes

S = ExchangeState


@pages.get("/new")
@access(seat(*WRITES))
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(_form(formdata=None), None)


@pages.post("/new")
@access(seat(*WRITES))
def begin() -> ResponseReturnValue:
    """Keep the first words."""
    form = _form()
    kept: list[Exchange] = []

    def act() -> None:
        exchange = drafting.begin(db.session(), wording=form.wording(), by=by(), now=clock.now())
        _attach(form, exchange.id)
        kept.append(exchange)

    status = attempt(form, act) if form.validate_on_submit() else 422
    if status:
        return _again(form, None), status
    return _onward(kept[0])


@pages.get("/<uuid:exchange_id>/edit")
@access(seat(*WRITES))
def edit(exchange_id: UUID) -> ResponseReturnValue:
    """The request as it was saved; `?missing=` marks what it still needs, `?row=` adds a row."""
    case, exchange = _own(exchange_id)
    form = _form(exchange, formdata=None)
    if "missing" in request.args:
        form.take(Invalid(rules.missing(exchange, clock.now().date())))
    if request.args.get("row"):
        form.add_row(request.args["row"])
    return _page(form, case)


@pages.post("/<uuid:exchange_id>/edit")
@access(seat(*WRITES))
def save(exchange_id: UUID) -> ResponseReturnValue:
    """Keep it, and then what the button says: go on, add a row, or send it."""
    try:
        case, exchange = _own(exchange_id)
    except (Conflict, NotVisible) as refusal:
        return handed_back(refusal, *request.form.values())
    form = _form()

    def act() -> None:
        drafting.revise(
            db.session(),
            exchange_id=exchange_id,
            wording=form.wording(),
            by=by(),
            now=clock.now(),
            revision=number(form.revision.data),
        )
        _attach(form, exchange_id)

    if not form.validate_on_submit():
        return _again(form, case), 422
    try:
        status = _saved(form, act)
    except Conflict as conflict:
        form.form_errors.append(conflict.sentence)
        case, exchange = _own(exchange_id)
        return _again(form, case, theirs=exchange), conflict.status
    if status:
        return _again(form, _own(exchange_id)[0]), status
    return _onward(exchange)


def _saved(form: RequestForm, act: Any) -> int:
    """Like `attempt`, but for a conflict, which shows both texts."""
    try:
        act()
    except Invalid as refusal:
        form.take(refusal)
        return refusal.status
    return 0


@pages.post("/<uuid:exchange_id>/send")
@access(seat(*WRITES))
def send(exchange_id: UUID) -> ResponseReturnValue:
    """Send a kept draft to the helpdesk; all that is missing is shown in the form at once."""
    check_pressed()
    _own(exchange_id)
    return _send(exchange_id)


def _send(exchange_id: UUID) -> ResponseReturnValue:
    try:
        service.move(
            db.session(), exchange_id=exchange_id, to=S.SUBMITTED, by=by(), now=clock.now()
        )
    except Invalid:
        flash(_("Kept, and not sent yet: something is missing."), "wait")
        return redirect(url_for(".edit", exchange_id=exchange_id, missing=1), 303)
    flash(_("Sent. The helpdesk looks at it and answers here."), "good")
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


def _onward(exchange: Exchange) -> ResponseReturnValue:
    """Where the button that saved leads to."""
    rows = request.form.get("add")
    if rows:
        place = f"{rows}-rows"
        return redirect(url_for(".edit", exchange_id=exchange.id, row=rows, _anchor=place), 303)
    if "send" in request.form and exchange.state is S.DRAFT:
        return _send(exchange.id)
    if exchange.state is S.CLARIFICATION:
        flash(_("Kept. Now answer the question, so that the helpdesk can go on."), "good")
        return redirect(url_for(".case", exchange_id=exchange.id, _anchor="answer"), 303)
    flash(_("Kept. Only your State reads this draft."), "good")
    return redirect(url_for(".edit", exchange_id=exchange.id), 303)


def _attach(form: RequestForm, exchange_id: UUID) -> None:
    upload = form.document.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        return
    attaching.attach(
        db.session(),
        files.Disk(house().files),
        exchange_id=exchange_id,
        sent=Sent(name=upload.filename, body=upload.read()),
        for_members=bool(form.for_members.data),
        by=by(),
        now=clock.now(),
    )


def _form(exchange: Exchange | None = None, **more: Any) -> RequestForm:
    session = db.session()
    own_id = state_of(session, acting())
    known = members(session, clock.now())
    own = next((one for one in known if one.id == own_id), None)
    if own is None:
        raise NotAllowed(_("Only the focal point of a member State asks for an exchange."))
    others = [one for one in known if one.id != own_id]
    return RequestForm(
        themes=themes(session),
        members=others,
        own=own,
        data=values_of(exchange, others) if exchange is not None else {},
        **more,
    )


def _own(exchange_id: UUID) -> tuple[Case, Exchange]:
    """One's own State's request, while its words may change."""
    case = case_here(exchange_id)
    if case.exchange is None or case.side is not Side.REQUESTER:
        raise NotAllowed(_("Only the State that asks may change its request."))
    if case.exchange.state not in rules.DRAFTING:
        raise Conflict(_("This request was sent. Ask the helpdesk to open it again."), code="sent")
    return case, case.exchange


def _again(form: RequestForm, case: Case | None, theirs: Exchange | None = None) -> str:
    """The form as it was typed, with a row more if that was asked for."""
    if isinstance(form.document.data, FileStorage) and form.document.data.filename:
        sentence = _("Choose your document again: browsers send a file only once.")
        form.document.errors = [*form.document.errors, sentence]
    if request.form.get("add"):
        form.add_row(request.form["add"])
    if theirs is not None:
        form.revision.data = str(theirs.revision)
    return _page(form, case, theirs)


def _page(form: RequestForm, case: Case | None, theirs: Exchange | None = None) -> str:
    more = shared(case) if case is not None else {"case": None, "exchange": None}
    return render_template(
        "exchanges/request.html",
        **more,
        form=form,
        row_name=row_name,
        members=sorted(localized(one.names) for one in form.members),
        differences=_differences(form, theirs) if theirs is not None else [],
    )


def _differences(form: RequestForm, theirs: Exchange) -> list[tuple[str, str]]:
    """What stands in the saved request otherwise than in the form: label and saved words."""
    saved = RequestForm(
        formdata=None,
        themes=themes(db.session()),
        members=form.members,
        own=form.own,
        data=values_of(theirs, form.members),
        prefix="saved-",
    )
    typed = {one.name: one for one in leaves(form)}
    found = []
    for one in leaves(saved):
        mine = typed.get(one.name.removeprefix("saved-"))
        if mine is None or one.short_name in {"revision", "csrf_token", "document"}:
            continue
        if (one.data or "") != (mine.data or ""):
            found.append((str(one.label.text), _shown(one)))
    return found


def _shown(field: Any) -> str:
    """A saved value in words."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(one.label) for one in field.iter_choices() if one.selected)
    if isinstance(field.data, bool):
        return _("Yes") if field.data else _("No")
    return str(field.data or _("empty"))
