"""A State's own words stand on its profile under its consent, and nowhere and never without."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.context import SYSTEM
from core.errors import Conflict, Invalid, NotAllowed, ProofNeeded, Refused
from network.accounts.queries import reached
from network.consents import service as consents
from network.consents.models import ConsentKind, Need
from network.consents.queries import may_stay_public
from network.consents.service import Scope
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Basis, Field, Mechanism, NameStatus, ProfileFact, Visibility
from network.profiles import confirming, publishing, service
from network.profiles.models import PartVersion
from network.profiles.states import PartState
from network.seats import service as seats
from tests.network.profile import Play, drain, mails
from tests.walls.consents import fresh

PAGES = (
    "/network/XAA",
    "/network?q=zanzibar",
    "/api/v1/mechanisms",
    "/api/v1/mechanisms?q=zanzibar",
    "/api/v1/mechanisms/XAA",
    "/open-data/mechanisms.json",
    "/open-data/mechanisms.csv",
)
"""Every place where everybody reads what is known of a mechanism."""


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def play(session, keys, now):
    made = Play(session, keys, now)
    made.state.is_invented = False  # so that the open data has it too
    session.flush()
    return made


def found(client, word):
    """The places that show `word`; the search is asked for another word and shows results alone."""
    return [path for path in PAGES if word.lower() in client.get(path).text.lower()]


def secret(play):
    return play.words("Zanzibar Palace")


def everything(client):
    return [client.get(path).text for path in PAGES]


def test_without_consent_nothing_changes_anywhere(client, session, play, now):
    before = everything(client)
    version = play.sent(secret(play))
    drain(session, now)
    assert everything(client) == before
    assert found(client, "Palace") == []
    with pytest.raises(Refused) as refusal:
        publishing.publish(session, service.locked_version(session, version.id), by=SYSTEM, now=now)
    assert refusal.value.code == "consent-none-given"
    publishing.settle(session, version_id=version.id, by=SYSTEM, now=now)
    assert (version.state, play.facts()) == (
        PartState.WAITING,
        [("public_source", "Ministry of Tides", False)],
    )


def test_with_consent_it_stands_everywhere_with_its_basis(client, session, play, now):
    play.published(secret(play))
    assert found(client, "Palace") == list(PAGES[:1] + PAGES[2:])
    assert "Xandria" in client.get("/network?q=zanzibar").text
    assert found(client, "Ministry of Tides") == []
    facts = client.get("/api/v1/mechanisms/XAA").json["facts"]
    assert {
        key: value for fact in facts if fact["field"] == "host" for key, value in fact.items()
    } == {
        "field": "host",
        "value": "Zanzibar Palace",
        "language": "en",
        "basis": "state",
        "translation": False,
        "source_url": "https://xandria.example/law",
        "source_name": "",
        "as_of": f"{now.year}-01-15",
        "recorded_on": now.date().isoformat(),
        "confirmed_on": None,
    }


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.SECRETARIAT])
def test_what_is_not_for_everybody_stands_nowhere_public(client, session, play, visibility):
    version = play.published(play.words("Zanzibar Palace", visibility=visibility))
    assert version.state is PartState.PUBLISHED
    assert found(client, "Palace") == []


def test_withdrawal_hides_at_once_and_nothing_comes_back(client, session, play, now):
    version = play.published(secret(play))
    play.withdrawn(version, "The ministry moved.")
    assert (version.state, version.reason) == (PartState.WITHDRAWN, "The ministry moved.")
    assert found(client, "Palace") == found(client, "Ministry of Tides") == []
    drain(session, now)
    assert found(client, "Palace") == found(client, "Ministry of Tides") == []
    assert play.facts() == [
        ("public_source", "Ministry of Tides", True),
        ("state", "Zanzibar Palace", True),
    ]


def test_what_sources_say_comes_back_when_somebody_decides(client, session, play, now):
    play.withdrawn(play.published(secret(play)))
    confirming.show_sources(
        session,
        mechanism_id=play.mechanism.id,
        field=Field.HOST,
        reason="",
        by=play.by(play.focal),
        now=now,
    )
    assert found(client, "Palace") == []
    assert "/network/XAA" in found(client, "Ministry of Tides")


def test_hidden_words_of_the_state_come_back_by_no_other_door(client, session, play, now):
    version = play.published(secret(play))
    mechanism = play.again()
    about = {"by": play.by(play.focal), "now": now}
    with pytest.raises(Conflict):
        mechanisms.show_field(session, mechanism, Field.HOST, reason="", **about)
    with pytest.raises(Conflict):
        confirming.hide_sources(
            session, mechanism_id=mechanism.id, field=Field.HOST, reason="", **about
        )
    own = next(fact for fact in mechanism.facts if fact.basis is Basis.STATE)
    with pytest.raises(Conflict):
        mechanisms.correct_fact(
            session, own, value="Other", source_url="https://x.example", **about
        )
    play.withdrawn(version)
    mechanisms.show_field(session, play.again(), Field.HOST, reason="", **about)
    assert found(client, "Palace") == []


def test_a_withdrawal_made_elsewhere_hides_too(session, play, now):
    version = play.published()
    consents.withdraw(
        session,
        state_id=play.state.id,
        kind=ConsentKind.PROFILE_PART,
        subject_id=version.id,
        by=fresh(play.justice, now),
        now=now,
        reason="Elsewhere.",
    )
    drain(session, now)
    assert (version.state, version.reason) == (PartState.WITHDRAWN, "Elsewhere.")
    assert play.facts()[-1] == ("state", "Office of the Prime Minister", True)


def test_a_consent_given_elsewhere_publishes_too(session, play, now):
    version = play.sent()
    consents.give(session, scope=scope(play, version), by=fresh(play.justice, now), now=now)
    assert version.state is PartState.WAITING
    drain(session, now)
    assert version.state is PartState.PUBLISHED


def scope(play, version, **changes):
    values = {"publish": ("profile",)} | changes
    return Scope(
        state_id=play.state.id,
        kind=ConsentKind.PROFILE_PART,
        subject_kind="part_version",
        subject_id=version.id,
        **values,
    )


@pytest.mark.parametrize("changes", [{"publish": ()}, {"publish": ("standing_offer",)}])
def test_a_consent_to_something_else_publishes_nothing(session, play, now, changes):
    version = play.sent()
    given = scope(play, version, **changes)
    consents.give(session, scope=given, by=fresh(play.justice, now), now=now)
    drain(session, now)
    assert version.state is PartState.WAITING


def test_a_paper_of_two_people_publishes_and_a_contested_one_hides(session, play, now):
    version = play.sent()
    one, two = play.cast.holder("secretariat"), play.cast.holder("secretariat")
    paper = consents.enter_on_paper(
        session, scope=scope(play, version), document_id=uuid4(), by=fresh(one, now), now=now
    )
    drain(session, now)
    assert version.state is PartState.WAITING
    consents.confirm_paper(session, consent_id=paper.id, by=fresh(two, now), now=now)
    drain(session, now)
    assert version.state is PartState.PUBLISHED
    consents.contest(session, consent_id=paper.id, by=fresh(play.abroad, now), now=now)
    drain(session, now)
    assert version.state is PartState.WITHDRAWN


def test_what_a_consent_covers_until_a_day_is_hidden_after_it(session, play, now):
    version = play.sent()
    given = scope(play, version, until_on=now.date() + timedelta(days=10))
    consents.give(session, scope=given, by=fresh(play.justice, now), now=now)
    drain(session, now)
    assert confirming.end_past_consents(session, now=now + timedelta(days=10)) == 0
    assert version.state is PartState.PUBLISHED
    assert confirming.end_past_consents(session, now=now + timedelta(days=11)) == 1
    assert version.state is PartState.WITHDRAWN


def test_a_state_that_wants_all_waits_for_both(session, play, now):
    consents.set_rule(
        session, state_id=play.state.id, need=Need.ALL, by=fresh(play.justice, now), now=now
    )
    version = play.sent()
    publishing.agree(session, version_id=version.id, by=fresh(play.justice, now), now=now)
    publishing.agree(session, version_id=version.id, by=fresh(play.justice, now), now=now)
    assert version.state is PartState.WAITING
    publishing.agree(session, version_id=version.id, by=fresh(play.abroad, now), now=now)
    assert version.state is PartState.PUBLISHED


def test_a_no_needs_a_reason_and_ends_the_version(session, play, now):
    version = play.sent()
    with pytest.raises(Invalid):
        play.withdrawn(version, "")
    play.withdrawn(version, "Name the decree.")
    assert (version.state, version.reason) == (PartState.REFUSED, "Name the decree.")
    with pytest.raises(Conflict):
        publishing.agree(session, version_id=version.id, by=fresh(play.justice, now), now=now)


def test_nobody_holding_the_seat_now_means_no_consent(session, play, now):
    version = play.sent()
    yesterday = now - timedelta(days=1)
    seats.end(session, holder=play.justice, at=yesterday, by=SYSTEM, now=yesterday)
    for act in (publishing.agree, publishing.say_no):
        more = {"reason": "No."} if act is publishing.say_no else {}
        for by, refusal in (
            (fresh(play.justice, now), NotAllowed),
            (fresh(play.focal, now), NotAllowed),
            (fresh(play.cast.holder("secretariat"), now), NotAllowed),
            (play.by(play.abroad), ProofNeeded),
            (SYSTEM, NotAllowed),
        ):
            with pytest.raises(refusal):
                act(session, version_id=version.id, by=by, now=now, **more)
            assert version.state is PartState.WAITING


def test_the_name_follows_the_consent_and_the_old_one_is_not_restored(client, session, play, now):
    version = play.published(play.words("Zanzibar Council"), field=Field.NAME)
    assert "Zanzibar Council" in client.get("/network").text
    play.withdrawn(version)
    mechanism = play.again()
    assert (mechanism.name, mechanism.name_status) == ("", NameStatus.WITHHELD)
    assert found(client, "Zanzibar Council") == found(client, "Standing Committee") == []
    confirming.show_sources(
        session,
        mechanism_id=mechanism.id,
        field=Field.NAME,
        reason="",
        by=play.by(play.focal),
        now=now,
    )
    mechanism = play.again()
    assert (mechanism.name, mechanism.name_status) == ("Standing Committee", NameStatus.FORMAL)


def test_a_state_describes_its_first_mechanism_and_nobody_sees_it_before(
    client, session, play, now
):
    state = play.cast.state("XAC", "XC", "Zembla")
    writer = play.cast.holder("focal_point", body_id=state.id)
    officer = play.cast.holder("authorising", body_id=state.id)
    by = play.by(writer)
    made = service.describe_first(session, state=state, by=by, now=now)
    assert service.describe_first(session, state=state, by=by, now=now) is made
    about = {"mechanism_id": made.id, "field": Field.NAME, "seen": None}
    version = service.save_draft(session, words=play.words("Zembla Board"), by=by, now=now, **about)
    service.send(session, version_id=version.id, by=by, now=now)
    assert (made.key, client.get("/api/v1/mechanisms/XAC").status_code) == ("xac", 404)
    assert "Zembla Board" not in client.get("/network").text
    publishing.agree(session, version_id=version.id, by=fresh(officer, now), now=now)
    assert client.get("/api/v1/mechanisms/XAC").json["name"] == "Zembla Board"
    publishing.say_no(
        session, version_id=version.id, reason="Wait.", by=fresh(officer, now), now=now
    )
    assert client.get("/api/v1/mechanisms/XAC").status_code == 404


def boxes(session, *holders):
    """The mailboxes of holders, as the ledger of mails has them."""
    now = core_clock.now()
    return {one.mailbox_id for one in reached(session, [h.seat_id for h in holders], now)}


def test_each_step_tells_exactly_those_it_concerns_once(session, play, now):
    version = play.sent()
    drain(session, now)
    play.withdrawn(version)
    drain(session, now)
    drain(session, now)
    officers = boxes(session, play.justice, play.abroad)
    writers = boxes(session, play.focal, play.deputy)
    assert mails(session) == sorted(
        [("profile_part_sent", box) for box in officers]
        + [("profile_part_refused", box) for box in writers]
    )


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_only_words_with_consent_are_shown(session, play, now, seed):
    choose = random.Random(seed)  # noqa: S311 -- a walk that can be walked again
    people = (play.focal, play.deputy, play.justice, play.abroad, play.cast.holder("secretariat"))
    words = [play.words(f"Text {number}") for number in range(3)]

    def step():
        by = choose.choice([fresh(one, now) for one in people] + [SYSTEM])
        versions = session.scalars(select(PartVersion)).all()
        one = choose.choice(versions) if versions else None
        about = {"mechanism_id": play.mechanism.id, "field": Field.HOST, "by": by, "now": now}
        acts = [
            lambda: play.draft(choose.choice(words), holder=choose.choice(people)),
            lambda: confirming.hide_sources(session, reason="", **about),
            lambda: confirming.show_sources(session, reason="", **about),
            lambda: confirming.confirm(session, **about),
            lambda: drain(session, now),
        ]
        if one is not None:
            which = {"version_id": one.id, "by": by, "now": now}
            acts += [
                lambda: service.send(session, **which),
                lambda: service.restore(session, **which),
                lambda: publishing.agree(session, **which),
                lambda: publishing.say_no(session, reason="No.", **which),
                lambda: publishing.settle(session, **which),
                lambda: publishing.publish(
                    session, service.locked_version(session, one.id), by=by, now=now
                ),
                lambda: consents.give(session, scope=scope(play, one), by=by, now=now),
            ]
        try:
            with session.begin_nested():
                choose.choice(acts)()
        except Refused:
            pass

    for _number in range(60):
        step()
        session.expire_all()
        for fact in session.scalars(
            select(ProfileFact).where(
                ProfileFact.basis == Basis.STATE, ProfileFact.is_hidden.is_(False)
            )
        ):
            version = session.get_one(PartVersion, fact.version_id)
            assert (version.state, version.value) == (PartState.PUBLISHED, fact.value)
            assert may_stay_public(
                session,
                state_id=session.get_one(Mechanism, fact.mechanism_id).state_id,
                kind=ConsentKind.PROFILE_PART,
                subject_id=version.id,
                publish="profile",
                on=now.date(),
                now=now,
            )
