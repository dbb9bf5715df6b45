"""The terms of an agreement as blocks of a document, for its page, and as a Word file.

The same terms always give the same words and the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core import languages
from core.documents.docx import document
from core.documents.paper import (
    Block,
    Cell,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signature,
    Table,
    Text,
    Words,
)
from core.languages import _, _l, force_locale, localized
from core.web.filters import days, hours, zone_name
from network.exchanges.models import Funding, PartyRole
from network.exchanges.terms import AgreementText, ConsentLine, Names, PartyLine, SeatLine
from network.offers.forms import TYPES, language_name
from network.seats.queries import role_name

PARTY_ROLES: dict[str, Any] = {
    PartyRole.REQUESTER: _l("Requester"),
    PartyRole.PROVIDER: _l("Provider"),
    PartyRole.SUPPORTER: _l("Supporter"),
    PartyRole.OBSERVER: _l("Observer"),
}
FUNDINGS: dict[str, Any] = {
    Funding.OWN: _l("The requesting State pays for its own side."),
    Funding.SOUGHT: _l("Funding is being sought."),
    Funding.PARTNER: _l("A partner pays."),
    Funding.NONE_NEEDED: _l("No funding is needed."),
}
PROOFS: dict[str, Any] = {
    "totp": _l("In Relais, with an authenticator of one's own"),
    "passkey": _l("In Relais, with a passkey of one's own"),
    "printed": _l("In Relais, with a printed code of one's own"),
}


def agreement_paper(text: AgreementText, language: str) -> bytes:
    """The agreement as a Word file whose own words are in `language`."""
    with force_locale(language):
        return document(
            Paper(
                title=title_of(text),
                language=language,
                direction=languages.direction(language),
                blocks=terms_to_blocks(text),
                footer=_(
                    "%(reference)s, version %(version)s",
                    reference=text.reference,
                    version=text.version,
                ),
                dated=datetime(text.dated.year, text.dated.month, text.dated.day, tzinfo=UTC),
            )
        )


def title_of(text: AgreementText) -> str:
    """The paper's own title, in the reader's language."""
    if text.is_draft:
        return _("Draft agreement on peer exchange %(reference)s", reference=text.reference)
    return _("Agreement on peer exchange %(reference)s", reference=text.reference)


def terms_to_blocks(text: AgreementText) -> tuple[Block, ...]:
    """What the agreement says below its title, in the reader's language."""
    return tuple(
        block
        for part in (_about, _parties, _terms, _when, _people, _money, _silence, _ends, _sign)
        for block in part(text)
    )


def _about(text: AgreementText) -> Iterator[Block]:
    if text.is_confidential:
        yield Paragraph(_("Confidential: for the parties to this exchange and the helpdesk only."))
    rows: list[tuple[str, Cell]] = [
        (_("Title"), _own(text, text.title)),
        (_("Reference"), text.reference),
        (
            _("Version"),
            _(
                "%(version)s of %(date)s",
                version=text.version,
                date=languages.day(text.dated),
            ),
        ),
    ]
    if text.type is not None:
        rows.append((_("Form of exchange"), str(TYPES[text.type])))
    if text.themes:
        rows.append((_("Themes"), tuple(map(_named, text.themes))))
    yield Heading(_("What this agreement is about"))
    yield _facts(_("What this agreement is about"), rows)


def _parties(text: AgreementText) -> Iterator[Block]:
    yield Heading(_("Parties"))
    yield Table(
        _("The parties, their roles and the seats that represent them"),
        (_("Party"), _("Role"), _("Represented by")),
        tuple(
            (_named(one.name), str(PARTY_ROLES[one.role]), _represented(text, one))
            for one in text.parties
        ),
        names_rows=True,
    )


def _represented(text: AgreementText, party: PartyLine) -> Cell:
    seat = _seat(party.seat) if party.seat else ()
    if party.person:
        return (*seat, _own(text, party.person))
    return seat or _("Not named")


def _terms(text: AgreementText) -> Iterator[Block]:
    for title, said in (
        (_("Purpose"), text.purpose),
        (_("Scope and activities"), text.activities),
        (_("Outputs"), text.outputs),
    ):
        if said:
            yield Heading(title)
            yield Paragraph(_own(text, said))


def _when(text: AgreementText) -> Iterator[Block]:
    rows: list[tuple[str, Cell]] = []
    zone = zone_name(text.zone)
    if text.starts_at is not None and text.ends_at is not None:
        rows.append((_("Dates"), _span(text, text.starts_at, text.ends_at)))
    elif text.windows:
        rows.append((_("Possible dates"), tuple(days(*one) for one in text.windows)))
    if rows:
        rows.append((_("Time zone"), zone))
    if text.place:
        rows.append((_("Place"), _own(text, text.place)))
    if text.languages:
        rows.append((_("Working languages"), tuple(map(language_name, text.languages))))
    if text.interpretation:
        rows.append((_("Interpretation"), _own(text, text.interpretation)))
    if rows:
        yield Heading(_("Dates, place and languages"))
        yield _facts(_("Dates, place and languages"), rows)


def _span(text: AgreementText, starts_at: datetime, ends_at: datetime) -> Cell:
    first, last = (_there(text, one).date() for one in (starts_at, ends_at))
    if first == last:
        return (days(first, last), hours(starts_at, ends_at, text.zone))
    return tuple(
        _(
            "%(event)s: %(moment)s",
            event=event,
            moment=languages.moment(at, text.zone),
        )
        for event, at in ((_("Begins"), starts_at), (_("Ends"), ends_at))
    )


def _people(text: AgreementText) -> Iterator[Block]:
    if text.participants:
        yield Heading(_("Who takes part"))
        yield Table(
            _("Posts that take part, and those that step in"),
            (_("Party"), _("Post"), _("Substitute")),
            tuple(
                (
                    _named(one.party),
                    _own(text, one.post),
                    _own(text, one.substitute) if one.substitute else _("None named"),
                )
                for one in text.participants
            ),
        )
    if text.commitments:
        yield Heading(_("What each party does"))
        yield Table(
            _("What each party does, and by when"),
            (_("Party"), _("Commitment"), _("Due")),
            tuple(
                (
                    _named(one.party),
                    _own(text, one.what),
                    languages.day(one.by) if one.by else _("No date set"),
                )
                for one in text.commitments
            ),
        )
    if text.contacts:
        yield Heading(_("Contacts"))
        yield Table(
            _("Whom to turn to"),
            (_("Party"), _("Post")),
            tuple((_named(one.party), _seat(one.seat)) for one in text.contacts),
            names_rows=True,
        )


def _money(text: AgreementText) -> Iterator[Block]:
    if text.funding is None and not text.costs:
        return
    yield Heading(_("Funding and costs"))
    if text.funding is not None:
        yield Paragraph(str(FUNDINGS[text.funding]))
    if text.costs:
        yield Paragraph(_own(text, text.costs))


def _silence(text: AgreementText) -> Iterator[Block]:
    if text.confidentiality:
        yield Heading(_("Confidentiality"))
        yield Paragraph(_own(text, text.confidentiality))
    yield Heading(_("What may be published"))
    if text.publish:
        yield Paragraph(_own(text, text.publish))
        yield Paragraph(_("Nothing else about this exchange is published."))
    else:
        yield Paragraph(_("Nothing about this exchange is published."))


def _ends(text: AgreementText) -> Iterator[Block]:
    yield Heading(_("Consents of the States"))
    if text.consents:
        yield Table(
            _("Consents of the States to this version"),
            (_("State"), _("Given by"), _("When"), _("How")),
            tuple(
                (
                    _named(one.state),
                    _seat(one.seat) if one.seat else _("The State, in a document"),
                    f"{languages.moment(one.at, text.zone)} ({zone_name(text.zone)})",
                    _how(one),
                )
                for one in text.consents
            ),
            names_rows=True,
        )
    else:
        yield Paragraph(_("No State has given its consent to this version yet."))
    yield Heading(_("Ending this agreement"))
    yield Points(
        (
            _("Each State may withdraw its consent at any time before the event."),
            _("The exchange is then on hold, and nothing moves until the consents stand again."),
            _("After the event a withdrawal hides what was published, and changes nothing else."),
        )
    )


def _how(consent: ConsentLine) -> str:
    if consent.seat is None or consent.proved is None:
        return _("On paper, entered by two members of the secretariat")
    return str(PROOFS[consent.proved])


def _sign(text: AgreementText) -> Iterator[Block]:
    yield Heading(_("Signatures"))
    yield Paragraph(
        _("A consent recorded above needs no signature. Where a State's practice asks for one:")
    )
    for party in text.parties:
        if party.is_state:
            yield Signature(
                (_named(party.name), *(_seat(party.seat) if party.seat else ())),
                (_("Name"), _("Signature"), _("Date")),
            )


def _facts(caption: str, rows: list[tuple[str, Cell]]) -> Facts:
    return Facts(caption, (_("Subject"), _("Agreed")), tuple(rows))


def _own(text: AgreementText, words: str) -> Words:
    """Words of the parties, in the language they were written in."""
    return words if text.written_in == languages.current() else Text(words, text.written_in)


def _named(names: Names) -> Words:
    """A name in the reader's language, or marked as being in another one."""
    spoken = languages.language_of(names)
    words = localized(names)
    return words if spoken == languages.current() else Text(words, spoken)


def _seat(seat: SeatLine) -> tuple[Words, ...]:
    return (role_name(seat.role), *((_named(seat.title),) if seat.title else ()))


def _there(text: AgreementText, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(text.zone))
