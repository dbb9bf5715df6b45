"""Asking for an exchange through the pages: writing, keeping, sending, and what each side reads."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from network.applications.models import Membership
from network.consents.models import ConsentKind
from network.exchanges import drafting
from network.exchanges.models import Attachment, Exchange, WishKind
from network.exchanges.states import ExchangeState
from network.taxonomy.models import Theme
from tests.walls.case_pages import People, stage, state
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState
PDF = b"%PDF-1.7\n"
NEED = "We want to see how others cluster what they receive."
NEUTRAL = "A member looks for a peer that clusters recommendations."


@pytest.fixture
def table(app, session, keys):
    with app.test_request_context(method="POST"):
        cast = Cast(session, keys)
        return Table(session, cast, cast.at)


@pytest.fixture
def people(app, table):
    return People(app, table)


@pytest.fixture
def act(app):
    """What is done without a page: in the language of no request."""
    return lambda: app.test_request_context(method="POST")


def whole(table, **changes):
    """A request with nothing missing, as a browser sends it."""
    table.session.add(Theme(key="a2", family="framework", names={"en": "Reporting"}, position=1))
    table.session.flush()
    first = table.now.date() + timedelta(days=60)
    data = {
        "type": "study_visit",
        "title": "Clustering recommendations",
        "need": NEED,
        "what_exists": "A spreadsheet.",
        "wanted_outcome": "A plan.",
        "themes": ["a2"],
        "capacities": ["coordination"],
        "languages": ["en", "pt"],
        "funding": "sought",
        "attendees-0-post": "Head of unit",
        "attendees-0-substitute": "Deputy head",
    }
    for number in range(3):
        data[f"windows-{number}-from_on"] = (first + timedelta(days=20 * number)).isoformat()
        data[f"windows-{number}-until_on"] = (first + timedelta(days=20 * number + 4)).isoformat()
    return data | changes


def newest(table):
    return table.session.scalars(
        select(Exchange).order_by(Exchange.made_at.desc()).execution_options(populate_existing=True)
    ).first()


def text_of(answer):
    """A page as it is read: no tags, no entities."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def links(answer):
    """Where the error summary leads."""
    found = re.search(r'id="problems">.*?</div>', answer.text, re.DOTALL)
    return re.findall(r'href="#([^"]+)"', found.group(0)) if found else []


# Writing


def test_a_request_is_kept_with_any_field_empty_and_found_again(table, people):
    answer = people["XAA"].post("/exchanges/new", data={"need": NEED, "keep": "y"})
    assert answer.status_code == 303
    exchange = newest(table)
    assert (exchange.state, exchange.need, exchange.title) == (S.DRAFT, NEED, "")
    page = people["XAA"].get(answer.location)
    assert f"{NEED}</textarea>" in page.text
    assert "Kept. Only your State reads this draft." in page.text


def test_sending_lists_all_that_is_missing_at_once_with_links_to_the_fields(table, people):
    answer = people["XAA"].post("/exchanges/new", data={"title": "Half", "send": "y"})
    assert answer.status_code == 303
    page = people["XAA"].get(answer.location)
    assert links(page) == [
        "type-0", "need", "what_exists", "wanted_outcome", "capacities-0", "themes-0",
        "languages-0", "windows-0-from_on", "windows-1-from_on", "windows-2-from_on",
        "attendees-0-post", "funding-0",
    ]  # fmt: skip
    assert newest(table).state is S.DRAFT
    assert 'value="Half"' in page.text


def test_a_whole_request_is_kept_and_sent_by_one_button(table, people):
    answer = people["XAA"].post("/exchanges/new", data=whole(table, send="y"))
    exchange = newest(table)
    assert answer.location == f"/exchanges/{exchange.id}"
    assert exchange.state is S.SUBMITTED
    assert exchange.languages == ["en", "pt"]
    assert "Sent. The helpdesk looks at it" in text_of(people["XAA"].get(answer.location))


def test_a_kept_draft_is_sent_from_its_page(act, table, people):
    exchange = stage(act, table, "draft")
    page = people["XAA"].get(f"/exchanges/{exchange.id}")
    assert "Nothing is missing." in page.text
    assert people["XAA"].post(f"/exchanges/{exchange.id}/send").status_code == 303
    assert state(exchange) is S.SUBMITTED


def test_a_row_more_keeps_all_that_was_typed(table, people):
    data = {"attendees-0-post": "Head", "attendees-1-post": "Officer", "add": "attendees"}
    answer = people["XAA"].post("/exchanges/new", data=data)
    page = people["XAA"].get(answer.location).text
    assert [
        name for name in ('value="Head"', 'value="Officer"', 'id="attendees-2-post"')
        if name not in page
    ] == []  # fmt: skip


def test_a_row_more_beside_a_wrong_date_keeps_both(people):
    data = {"windows-0-from_on": "soon", "attendees-0-post": "Head", "add": "attendees"}
    answer = people["XAA"].post("/exchanges/new", data=data)
    assert answer.status_code == 422
    assert links(answer) == ["windows-0-from_on"]
    assert "First choice: Give a day of the calendar, as in 2027-06-14." in text_of(answer)
    assert 'value="soon"' in answer.text
    assert 'id="attendees-2-post"' in answer.text


def test_partners_are_members_typed_by_name_and_nobody_else_reads_them(act, table, people):
    data = whole(table, **{"preferred-0": "yendor", "excluded-0": "XAC", "send": "y"})
    people["XAA"].post("/exchanges/new", data=data)
    exchange = newest(table)
    with act():
        known = drafting.whole(table.session, exchange.id)
    assert {(wish.state_id, wish.kind) for wish in known.wishes} == {
        (table.state_id("XAB"), WishKind.PREFERRED),
        (table.state_id("XAC"), WishKind.EXCLUDED),
    }
    assert "Left out (private)" in people["desk"].get(f"/exchanges/{exchange.id}").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Xandria", "This is your own State. Choose another one."),
        ("Atlantis", "There is no member of this name. Choose one of the names offered."),
    ],
)
def test_a_partner_that_cannot_be_one_is_refused_at_the_field(people, typed, sentence):
    data = {"title": "T", "preferred-0": " ", "preferred-1": typed, "keep": "y"}
    answer = people["XAA"].post("/exchanges/new", data=data)
    assert answer.status_code == 422
    assert links(answer) == ["preferred-1"]
    assert sentence in text_of(answer)
    assert f'value="{typed}"' in answer.text


def test_the_same_partner_cannot_be_wanted_and_left_out(people):
    data = {"preferred-0": "Yendor", "excluded-0": "Yendor", "keep": "y"}
    answer = people["XAA"].post("/exchanges/new", data=data)
    assert (answer.status_code, links(answer)) == (422, ["excluded-0"])
    assert "A State cannot be both preferred and excluded." in text_of(answer)


def test_two_who_change_one_draft_see_both_texts(act, table, people):
    exchange = stage(act, table, "draft")
    path = f"/exchanges/{exchange.id}/edit"
    opened = re.search(r'name="revision"[^>]*value="(\d+)"', people["XAA"].get(path).text)
    first = people.another("XAA", "focal")
    assert first.post(path, data=whole(table, need="Hers.", revision=opened[1])).status_code == 303

    answer = people["XAA"].post(path, data=whole_again(table, need="His.", revision=opened[1]))
    assert answer.status_code == 409
    assert "His.</textarea>" in answer.text
    assert "What do you need? Hers." in text_of(answer)
    again = re.search(r'name="revision"[^>]*value="(\d+)"', answer.text)
    assert people["XAA"].post(
        path, data=whole_again(table, need="His.", revision=again[1])
    ).status_code == 303  # fmt: skip
    assert newest(table).need == "His."


def whole_again(table, **changes):
    theme = table.session.scalars(select(Theme).where(Theme.key == "a2")).one()
    table.session.delete(theme)
    table.session.flush()
    return whole(table, **changes)


def test_what_was_typed_into_a_request_that_was_sent_meanwhile_is_handed_back(act, table, people):
    exchange = stage(act, table, "submitted")
    answer = people["XAA"].post(
        f"/exchanges/{exchange.id}/edit", data={"need": "Something long enough to keep."}
    )
    assert answer.status_code == 409
    assert "Something long enough to keep." in answer.text
    assert "This request was sent." in text_of(answer)


def test_a_document_is_checked_kept_shown_to_members_and_taken_away(act, table, people):
    sent = {"document": (io.BytesIO(b"MZ"), "tool.exe"), "keep": "y", "title": "T"}
    answer = people["XAA"].post("/exchanges/new", data=sent)
    assert (answer.status_code, links(answer)) == (422, ["document"])
    sent = {"document": (io.BytesIO(PDF), "decree.pdf"), "for_members": "y", "keep": "y"}
    people["XAA"].post("/exchanges/new", data=sent)
    exchange = newest(table)
    kept = table.session.scalars(select(Attachment)).one()
    assert (kept.exchange_id, kept.title, kept.for_members) == (exchange.id, "decree.pdf", True)
    address = f"/exchanges/{exchange.id}/files/{kept.id}"
    assert people["XAA"].get(address).data == PDF
    assert people["XAB"].get(address).status_code == 404
    assert people["XAA"].post(f"{address}/remove").status_code == 303
    assert table.session.scalars(select(Attachment)).all() == []


def test_a_document_for_members_makes_the_words_new_and_so_asks_for_consent_anew(
    act, table, people
):
    exchange = stage(act, table, "draft")
    before = exchange.text_id
    sent = {"document": (io.BytesIO(PDF), "decree.pdf"), "for_members": "y"}
    assert people["XAA"].post(f"/exchanges/{exchange.id}/files", data=sent).status_code == 303
    state(exchange)
    assert exchange.text_id != before

    exchange = stage(act, table, "awaiting_capital")
    before = exchange.text_id
    sent = {"document": (io.BytesIO(PDF), "decree.pdf"), "for_members": "y"}
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/files", data=sent)
    assert answer.status_code == 422
    assert "changes only while the State that asks may still change its request" in text_of(answer)
    state(exchange)
    assert exchange.text_id == before


def test_only_members_ask(table, people):
    asks = people["XAD"]
    assert asks.get("/exchanges/new").status_code == 200
    table.session.execute(
        update(Membership)
        .where(Membership.state_id == table.state_id("XAD"))
        .values(status="observer")
    )
    assert asks.get("/exchanges/new").status_code == 403
    assert asks.post("/exchanges/new", data={"title": "T"}).status_code == 403


# Asking and answering


def test_the_helpdesk_asks_one_question_and_gets_its_answer_in_the_thread(act, table, people):
    exchange = stage(act, table, "submitted")
    path = f"/exchanges/{exchange.id}"
    empty = people["desk"].post(f"{path}/moves", data={"to": "clarification", "reason": " "})
    assert (empty.status_code, links(empty)) == (422, ["clarification-reason"])
    question = {"to": "clarification", "reason": "Which ministries take part?"}
    assert people["desk"].post(f"{path}/moves", data=question).status_code == 303
    page = text_of(people["XAA"].get(path))
    assert "Your move, by" in page
    assert "Which ministries take part?" in page
    assert people["XAA"].get(f"{path}/edit").status_code == 200

    answer = {"to": "submitted", "reason": "Justice and health."}
    assert people["XAA"].post(f"{path}/moves", data=answer).status_code == 303
    thread = text_of(people["desk"].get(path))
    assert thread.index("Which ministries take part?") < thread.index("Justice and health.")
    assert "Focal XAA, Focal point, Xandria" in thread
    assert people["desk"].post(f"{path}/moves", data={"to": "confirmation"}).status_code == 303
    assert state(exchange) is S.CONFIRMATION


def test_a_move_that_is_no_longer_allowed_is_said_on_the_page_with_what_was_typed(
    act, table, people
):
    exchange = stage(act, table, "awaiting_capital")
    late = {"to": "declined", "reason": "We do not do this at all."}
    answer = people["desk"].post(f"/exchanges/{exchange.id}/moves", data=late)
    assert answer.status_code == 409
    assert "We do not do this at all.</textarea>" in answer.text
    assert links(answer) == []
    assert answer.text.count('role="alert"') == 1
    assert state(exchange) is S.CONFIRMATION


def test_a_message_is_read_by_the_helpdesk_and_an_empty_one_is_refused(act, table, people):
    exchange = stage(act, table, "submitted")
    path = f"/exchanges/{exchange.id}/messages"
    assert people["XAA"].post(path, data={"text": ""}).status_code == 422
    assert people["XAA"].post(path, data={"text": "Any news?"}).status_code == 303
    assert "Any news?" in people["desk"].get(f"/exchanges/{exchange.id}").text


def test_withdrawing_asks_first(act, table, people):
    exchange = stage(act, table, "circulated")
    path = f"/exchanges/{exchange.id}"
    asked = people["XAA"].get(f"{path}/withdraw")
    assert "Withdraw this request?" in asked.text
    assert people["desk"].get(f"{path}/withdraw").status_code == 409
    assert people["XAA"].post(f"{path}/moves", data={"to": "withdrawn"}).status_code == 303
    assert state(exchange) is S.WITHDRAWN


@pytest.mark.parametrize("to", ["nowhere", ""])
def test_a_move_to_nowhere_is_not_there(act, table, people, to):
    exchange = stage(act, table, "submitted")
    assert (
        people["desk"].post(f"/exchanges/{exchange.id}/moves", data={"to": to}).status_code == 404
    )


def test_consent_alone_circulates_whatever_a_page_sends(act, table, people):
    exchange = stage(act, table, "awaiting_capital")
    for who in ("XAA", "XAA capital", "desk"):
        answer = people[who].post(f"/exchanges/{exchange.id}/moves", data={"to": "circulated"})
        assert answer.status_code in (403, 409)
    assert state(exchange) is S.CONFIRMATION
    with act():
        table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    assert state(exchange) is S.CIRCULATED
