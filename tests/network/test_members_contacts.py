"""A State looks after its contacts: versions, readers, consent, and what is typed wrongly."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock as core_clock
from core.context import SYSTEM
from core.errors import Conflict, Invalid
from network.consents import service as consents
from network.consents.models import Need
from network.directory import desk, lines, service
from network.directory.facts import ContactRefused, ContactWaits
from network.directory.service import Wording
from network.mechanisms.members import EVERYBODY, contacts_of, member
from network.mechanisms.models import Contact, ContactKind, Visibility
from network.notifications.models import Delivery
from tests.network.audiences import Network
from tests.walls.cast import Cast, acts
from workers import directory_handlers

OFFICE = "office@xandria.example"


@pytest.fixture
def network(session, keys) -> Network:
    made = Network(session, Cast(session, keys, at=core_clock.now() - timedelta(minutes=1))).build()
    for contact in session.scalars(select(Contact)):
        contact.is_hidden = True
    session.flush()
    return made


def read_by(network: Network, audience=None) -> list[str]:
    """What the contacts of XAA say to an audience; a member unless told otherwise."""
    known = audience or member(network.states["XAB"].id)
    state_id = network.states["XAA"].id
    found = contacts_of(network.session, [state_id], known)[state_id]
    return [contact.value for contact in found]


def changed(network: Network, contact: Contact, **more) -> Contact:
    said = vars(service.wording_of(contact)) | more
    return service.change_contact(
        network.session,
        contact_id=contact.id,
        wording=Wording(**said),
        by=SYSTEM,
        now=network.cast.at,
    )


def agreed(network: Network, contact: Contact) -> None:
    service.consent_to_contact(
        network.session, contact_id=contact.id, by=network.speaks(), now=network.cast.at
    )


def test_a_contact_is_read_once_its_state_consents(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "members", consented=False)
    assert read_by(network) == []
    agreed(network, contact)
    assert (read_by(network), read_by(network, EVERYBODY)) == ([OFFICE], [])


def test_what_goes_to_the_secretariat_alone_needs_no_consent(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "secretariat")
    assert contact.shown_at is not None
    assert read_by(network) == []


def test_the_version_that_is_shown_stays_until_the_next_one_may_be(network):
    first = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    second = changed(network, first, value="new@xandria.example")
    assert (second.line_id, second.version) == (first.line_id, 2)
    assert read_by(network, EVERYBODY) == [OFFICE]
    third = changed(network, second, value="newest@xandria.example")
    assert second.is_hidden
    agreed(network, third)
    assert read_by(network, EVERYBODY) == ["newest@xandria.example"]
    with pytest.raises(Conflict):
        changed(network, first, value="late@xandria.example")


def test_a_smaller_circle_counts_at_once_and_a_larger_one_needs_consent(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    same = changed(network, contact, visibility=Visibility.MEMBERS)
    assert same is contact
    assert (read_by(network), read_by(network, EVERYBODY)) == ([OFFICE], [])
    wider = changed(network, contact, visibility=Visibility.PUBLIC)
    assert (read_by(network), read_by(network, EVERYBODY)) == ([OFFICE], [])
    agreed(network, wider)
    assert read_by(network, EVERYBODY) == [OFFICE]


def test_a_smaller_circle_counts_for_the_version_that_is_shown_too(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    changed(network, contact, value="new@xandria.example", visibility=Visibility.SECRETARIAT)
    assert (read_by(network), read_by(network, EVERYBODY)) == ([], [])


def test_a_withdrawal_anywhere_hides_at_once_and_a_new_consent_shows_again(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    network.withdraw(contact.id)
    assert (read_by(network), read_by(network, EVERYBODY)) == ([], [])
    assert read_by(network, member(network.states["XAA"].id)) == [OFFICE]
    agreed(network, contact)
    assert read_by(network, EVERYBODY) == [OFFICE]


def test_saying_no_drops_what_waited_and_tells_who_wrote(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public", consented=False)
    service.withdraw_contact(
        network.session, contact_id=contact.id, by=network.speaks(), now=network.cast.at
    )
    assert contact.is_hidden
    fact = ContactRefused(contact_id=contact.id, state_id=contact.state_id)
    for _again in range(2):
        directory_handlers.tell_writers(network.session, fact, network.cast.at)
    told = network.session.scalars(
        select(Delivery).where(Delivery.message == "contact_refused")
    ).all()
    assert len(told) == 1


def test_a_state_that_wants_all_its_officers_waits_for_all(app, network):
    second = network.holder("authorising", "XAA")
    at = network.cast.at
    consents.set_rule(
        network.session,
        state_id=network.states["XAA"].id,
        need=Need.ALL,
        by=network.speaks(),
        now=at,
    )
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "members")
    assert read_by(network) == []
    with app.test_request_context():
        assert desk.to_do(network.session, network.officer.seat, at) == []
        assert len(desk.to_do(network.session, second.seat, at)) == 1
    service.consent_to_contact(
        network.session,
        contact_id=contact.id,
        by=acts(second.person_id, second.seat_id, proved_at=at),
        now=at,
    )
    assert read_by(network) == [OFFICE]


def test_officers_are_asked_once_each_and_the_writer_sees_what_waits(app, network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "members", consented=False)
    at, fact = network.cast.at, ContactWaits(contact_id=contact.id, state_id=contact.state_id)
    for _again in range(2):
        directory_handlers.ask_officers(network.session, fact, at)
    told = network.session.scalars(
        select(Delivery).where(Delivery.message == "contact_waiting")
    ).all()
    assert len(told) == 1
    with app.test_request_context():
        assert len(desk.to_do(network.session, network.officer.seat, at)) == 1
        assert len(desk.to_await(network.session, network.holders["own"].seat, at)) == 1
    for other in ("member", "applicant", "organisation"):
        assert desk.to_await(network.session, network.holders[other].seat, at) == []


def test_a_contact_taken_away_is_gone_in_every_version(network):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    newer = changed(network, contact, value="new@xandria.example")
    service.hide_contact(network.session, contact_id=newer.id, by=SYSTEM, now=network.cast.at)
    assert read_by(network, member(network.states["XAA"].id)) == []
    assert lines.lines(network.session, network.holders["own"].seat) == []


def test_the_database_too_refuses_a_person_in_public(network):
    contact = network.contact(ContactKind.PERSON, "Invented Name", "members")
    contact.visibility = Visibility.PUBLIC
    with pytest.raises(IntegrityError), network.session.begin_nested():
        network.session.flush()


@pytest.mark.parametrize(
    ("kind", "value", "level", "field"),
    [
        ("person", "Invented Name", "public", "visibility"),
        ("mailbox", "not an address", "members", "value"),
        ("mailbox", "a@b@c.example", "members", "value"),
        ("telephone", "022 1234", "members", "value"),
        ("telephone", "+41 javascript:1", "members", "value"),
        ("website", "javascript:alert(1)", "members", "value"),
        ("website", "xandria.example", "members", "value"),
        ("website", "https://[", "members", "value"),
    ],
)
def test_what_cannot_be_a_contact_is_refused_at_its_field(kind, value, level, field):
    wording = Wording(kind=ContactKind(kind), value=value, visibility=Visibility(level))
    with pytest.raises(Invalid) as refusal:
        service.check_wording(wording)
    assert list(refusal.value.problems) == [field]


# By page


@pytest.fixture
def own(network, client):
    return network.enter(client, "own")


def sent(browser, path: str, **more: str):
    typed = {"kind": "mailbox", "value": OFFICE, "language": "", "visibility": "members"}
    return browser.post(path, data=typed | {"mechanism": ""} | more)


def test_a_focal_point_writes_changes_and_takes_away(network, own):
    assert sent(own, "/contacts/new").status_code == 303
    waits = own.get("/contacts").text
    assert OFFICE in waits
    assert "Waits for your State’s consent" in waits
    contact = network.session.scalars(select(Contact).where(Contact.value == OFFICE)).one()
    form = html5lib.parse(own.get(f"/contacts/{contact.id}").text, namespaceHTMLElements=False)
    assert form.find(".//textarea[@id='value']").text.strip() == OFFICE
    assert sent(own, f"/contacts/{contact.id}", visibility="secretariat").status_code == 303
    assert "The secretariat only" in own.get("/contacts").text
    assert own.get(f"/contacts/{contact.id}/hide").status_code == 200
    assert own.post(f"/contacts/{contact.id}/hide").status_code == 303
    assert "No contact yet" in own.get("/contacts").text
    assert sent(own, f"/contacts/{contact.id}").status_code == 409


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"value": ""}, "Type the address, number or name."),
        ({"value": "x" * 501}, "This is 501 characters long; 500 fit."),
        ({"value": "nowhere"}, "An e-mail address has one @, as in name@example.org."),
        ({"kind": "pigeon"}, "Choose one of the answers offered."),
        ({"language": "xx"}, "Choose one of the answers offered."),
        ({"visibility": ""}, "Choose who may read it."),
        ({"mechanism": "0"}, "Choose one of the answers offered."),
        ({"kind": "person", "visibility": "public"}, "A person’s name is not shown to the public."),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(own, more, sentence):
    answer = sent(own, "/contacts/new", **more)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (more.get("value") or OFFICE) in answer.text or not more.get("value", "x")


def test_more_than_enough_is_refused(network, own):
    for number in range(service.CONTACTS_MOST):
        network.contact(ContactKind.MAILBOX, f"a{number}@xandria.example", "secretariat")
    answer = sent(own, "/contacts/new")
    assert (answer.status_code, "20 contacts are the most." in answer.text) == (422, True)


def test_other_states_contacts_are_not_there(network, client):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public")
    browser = network.enter(client, "member")
    assert browser.get(f"/contacts/{contact.id}").status_code == 404
    assert sent(browser, f"/contacts/{contact.id}").status_code == 404
    assert browser.post(f"/contacts/{contact.id}/hide").status_code == 404
    assert OFFICE not in browser.get("/contacts").text


@pytest.mark.parametrize("audience", ["organisation"])
def test_an_organisation_has_no_contacts_of_its_own(network, client, audience):
    browser = network.enter(client, audience)
    assert browser.get("/contacts").status_code == 404
    assert sent(browser, "/contacts/new").status_code == 404


def test_an_officer_reads_consents_and_withdraws_by_page(network, client):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public", consented=False)
    network.holders["officer"] = network.officer
    browser = network.enter(client, "officer")
    page = browser.get(f"/contacts/{contact.id}/consent").text
    assert OFFICE in page
    assert "Consent for Xandria" in page
    assert OFFICE not in client.get("/network/XAA").text
    assert browser.post(f"/contacts/{contact.id}/consent").status_code == 303
    assert OFFICE in client.get("/network/XAA").text
    assert browser.post(f"/contacts/{contact.id}/withdraw").status_code == 303
    assert OFFICE not in client.get("/network/XAA").text
    assert "Consent withdrawn: nobody else reads it" in browser.get("/contacts").text


def test_an_officer_of_another_state_finds_nothing(network, client):
    contact = network.contact(ContactKind.MAILBOX, OFFICE, "public", consented=False)
    network.holders["officer"] = network.holder("authorising", "XAB")
    browser = network.enter(client, "officer")
    assert browser.get(f"/contacts/{contact.id}/consent").status_code == 404
    assert browser.post(f"/contacts/{contact.id}/consent").status_code == 404
    assert contact.shown_at is None
