"""Versions of a profile's parts: kept, compared, restored, and never lost to somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock as core_clock
from core.audit import AuditEntry
from core.context import SYSTEM, Actor
from core.errors import Conflict, Invalid, MoveRefused, NotAllowed
from network.mechanisms.models import Field, Visibility
from network.profiles import confirming, publishing, service
from network.profiles.comparing import compared
from network.profiles.rules import Words, words_of
from network.profiles.service import Edited
from network.profiles.states import PART, PartState
from network.seats import service as seats
from network.seats.models import BodyKind, Role
from tests.network.profile import Play
from tests.walls.consents import fresh


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def play(session, keys, now):
    return Play(session, keys, now)


def test_every_version_is_kept_with_its_writer_seat_and_moment(session, play, now):
    first = play.published()
    second = play.draft(play.words("Office of the President"), holder=play.deputy)
    assert [
        (one.number, one.value, one.state, one.made_by, one.seat_id, one.made_at)
        for one in (first, second)
    ] == [
        (
            1,
            "Office of the Prime Minister",
            PartState.PUBLISHED,
            play.focal.person_id,
            play.focal.seat_id,
            now,
        ),
        (
            2,
            "Office of the President",
            PartState.DRAFT,
            play.deputy.person_id,
            play.deputy.seat_id,
            now,
        ),
    ]
    words = session.scalars(
        select(AuditEntry.word)
        .where(AuditEntry.word.like("profile.%"))
        .order_by(AuditEntry.sequence)
    ).all()
    assert words == ["profile.drafted", "profile.sent", "profile.published", "profile.drafted"]


def test_a_draft_may_have_any_gap_and_sending_says_all_of_them(session, play, now):
    draft = play.draft(Words())
    with pytest.raises(Invalid) as refusal:
        service.send(session, version_id=draft.id, by=play.by(play.focal), now=now)
    assert set(refusal.value.problems) == {"value", "language", "source_url", "as_of"}
    assert play.states() == ["draft"]


def test_a_document_is_a_source_too(play):
    version = play.sent(play.words(source_url="", source_name="Decree 12 of 2020"))
    assert version.state is PartState.WAITING


@pytest.mark.parametrize(
    ("field", "changes", "named"),
    [
        (Field.HOST, {"as_of": "tomorrow"}, {"as_of"}),
        (Field.HOST, {"source_url": "javascript:alert(1)"}, {"source_url"}),
        (Field.HOST, {"source_url": "xandria"}, {"source_url"}),
        (Field.HOST, {"language": "xx"}, {"language"}),
        (Field.HOST, {"value": "x" * 2_001}, {"value"}),
        (Field.YEAR, {"value": "in 2019"}, {"value"}),
        (Field.YEAR, {"value": "2999"}, {"value"}),
        (Field.TOOL_ADDRESS, {"value": "our tool"}, {"value"}),
        (Field.NAME, {"visibility": Visibility.MEMBERS}, {"visibility"}),
        (Field.NAME, {"value": "Two\nlines"}, {"value"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(play, now, field, changes, named):
    if changes.get("as_of") == "tomorrow":
        changes = {"as_of": now.date() + timedelta(days=1)}
    with pytest.raises(Invalid) as refusal:
        play.draft(play.words(**changes), field=field)
    assert set(refusal.value.problems) == named
    assert play.newest(field) is None


def test_today_is_not_the_future(play, now):
    assert play.draft(play.words(as_of=now.date())).as_of == now.date()


def test_an_earlier_version_is_restored_as_a_new_one_that_needs_its_own_consent(session, play, now):
    first = play.published()
    play.published(play.words("Office of the President"))
    restored = service.restore(session, version_id=first.id, by=play.by(play.deputy), now=now)
    assert (restored.number, restored.restored_from, restored.state) == (3, 1, PartState.DRAFT)
    assert words_of(restored) == words_of(first)
    assert play.facts()[-1] == ("state", "Office of the President", False)
    service.send(session, version_id=restored.id, by=play.by(play.focal), now=now)
    publishing.settle(session, version_id=restored.id, by=SYSTEM, now=now)
    assert play.facts()[-1] == ("state", "Office of the President", False)
    publishing.agree(session, version_id=restored.id, by=fresh(play.justice, now), now=now)
    assert play.facts()[-1] == ("state", "Office of the Prime Minister", False)
    assert play.states() == ["replaced", "replaced", "published"]


def test_two_people_on_the_same_part_lose_nothing(play):
    start = play.draft()
    play.draft(play.words("Hers"), seen=start, holder=play.focal)
    with pytest.raises(Edited) as refusal:
        play.draft(play.words("His"), seen=start, holder=play.deputy)
    assert refusal.value.newest.value == "Hers"
    play.draft(play.words("His and hers"), seen=refusal.value.newest, holder=play.deputy)
    assert play.newest().value == "His and hers"
    assert play.states() == ["replaced", "replaced", "draft"]


def test_the_same_words_twice_make_one_version(play):
    start = play.draft()
    again = play.draft(seen=start)
    assert (again.id, play.states()) == (start.id, ["draft"])


def test_a_change_takes_back_what_waited(session, play, now):
    waiting = play.sent()
    play.draft(play.words("Other words"))
    assert play.states() == ["replaced", "draft"]
    with pytest.raises(Conflict):
        publishing.agree(session, version_id=waiting.id, by=fresh(play.justice, now), now=now)


def test_versions_in_two_languages_stand_beside_each_other(play):
    play.published()
    play.published(play.words("Cabinet du Premier ministre", language="fr"))
    assert play.facts() == [
        ("public_source", "Ministry of Tides", True),
        ("state", "Cabinet du Premier ministre", False),
        ("state", "Office of the Prime Minister", False),
    ]


def outsiders(play, now):
    """Everybody who may not draft for Xandria's mechanism, each acting as well as they can."""
    cast, state = play.cast, play.state
    other = cast.state("XAB", "XB", "Yendor")
    gone = cast.holder("focal_point", body_id=state.id)
    yesterday = now - timedelta(days=1)
    seats.end(cast.session, holder=gone, at=yesterday, by=SYSTEM, now=yesterday)
    seat = seats.open_seat(
        cast.session,
        body_kind=BodyKind.MECHANISM,
        body_id=play.mechanism.id,
        role=Role.FOCAL_POINT,
        by=SYSTEM,
        now=yesterday,
    )
    yield "the system", SYSTEM
    yield "a program", Actor(kind="token", seat_id=play.focal.seat_id)
    yield "a seat that ended yesterday", fresh(gone, now)
    yield "another State", fresh(cast.holder("focal_point", body_id=other.id), now)
    yield "an organisation", fresh(cast.organisation_holder(), now)
    yield "the authorising officer", fresh(play.justice, now)
    yield (
        "somebody in the focal point's seat",
        Actor(kind="person", person_id=play.deputy.person_id, seat_id=play.focal.seat_id),
    )
    yield (
        "somebody in an empty seat",
        Actor(kind="person", person_id=play.deputy.person_id, seat_id=seat.id),
    )
    for role in ("secretariat", "administrator", "protection"):
        yield role, fresh(cast.holder(role), now)


def test_nobody_else_writes_sends_restores_confirms_or_hides(session, play, now):
    draft = play.draft()
    about = {"mechanism_id": play.mechanism.id, "field": Field.YEAR}
    for who, by in outsiders(play, now):
        for act in (
            lambda by: service.save_draft(
                session, words=play.words("2020"), seen=None, by=by, now=now, **about
            ),
            lambda by: service.send(session, version_id=draft.id, by=by, now=now),
            lambda by: service.restore(session, version_id=draft.id, by=by, now=now),
            lambda by: service.describe_first(session, state=play.state, by=by, now=now),
            lambda by: confirming.confirm(session, by=by, now=now, **about),
            lambda by: confirming.hide_sources(session, reason="", by=by, now=now, **about),
            lambda by: confirming.show_sources(session, reason="", by=by, now=now, **about),
        ):
            with pytest.raises(NotAllowed):
                act(by)
        assert play.states() == ["draft"], who
        assert play.facts(Field.YEAR) == [("public_source", "2019", False)], who


def test_a_seat_at_one_mechanism_drafts_for_that_one(session, play, now):
    seat = seats.open_seat(
        session,
        body_kind=BodyKind.MECHANISM,
        body_id=play.mechanism.id,
        role=Role.DEPUTY,
        by=SYSTEM,
        now=now,
    )
    person = play.cast.person("At The Mechanism")
    holder = seats.appoint(session, seat=seat, person_id=person.id, by=SYSTEM, now=now)
    assert play.draft(holder=holder).made_by == person.id


@pytest.mark.parametrize("old", list(PartState))
@pytest.mark.parametrize("new", list(PartState))
def test_the_whole_square_of_moves(session, play, now, old, new):
    version = play.draft()
    version.state = old
    if new in PART.steps[old].to:
        service.move(session, version, new, by=SYSTEM, now=now)
        assert version.state is new
    else:
        with pytest.raises(MoveRefused):
            service.move(session, version, new, by=SYSTEM, now=now)
        assert version.state is old


TEXT = st.text(alphabet=st.sampled_from("ab c,.é国際\n"), max_size=40)


@given(TEXT, TEXT)
def test_a_comparison_holds_both_texts_whole(old, new):
    pieces = compared(old, new)
    assert "".join(one.text for one in pieces if one.kind != "new") == old
    assert "".join(one.text for one in pieces if one.kind != "gone") == new


def test_a_comparison_goes_word_by_word_and_keeps_phrases_whole():
    told = compared("It meets twice a year in Tide City.", "It meets four times a year.")
    assert [(one.kind, one.text) for one in told] == [
        ("same", "It meets "),
        ("gone", "twice"),
        ("new", "four times"),
        ("same", " a year"),
        ("gone", " in Tide City"),
        ("same", "."),
    ]
