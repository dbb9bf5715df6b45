"""A peer exchange by programs: the same way, except that no program gives a State's consent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.context import SYSTEM
from network.accounts import service as accounts
from network.consents.models import ConsentKind
from network.exchanges.models import Exchange
from network.exchanges.states import ExchangeState
from network.mechanisms.service import invent_mechanism
from network.offers.models import Offer
from network.offers.states import OfferState
from network.seats.models import Seat
from tests.walls.cast import Cast
from tests.walls.exchanges import THEME, Table

BASE = "/api/v1/exchanges"


class Programs:
    """What each delegation's program sends."""

    def __init__(self, client, table):
        self.client, self.table, self.tokens = client, table, {}

    def token(self, who):
        if who not in self.tokens:
            table = self.table
            holder = table.desk if who == "desk" else table.states[who].focal
            seat = table.session.get(Seat, holder.seat_id)
            _row, plain = accounts.make_token(
                table.session, seat=seat, label="", by=SYSTEM, now=table.cast.at
            )
            self.tokens[who] = plain
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def get(self, who, path=""):
        return self.client.get(BASE + path, headers=self.token(who))

    def post(self, who, path, body=None):
        headers = self.token(who) | {"Idempotency-Key": str(uuid4())}
        if body is None:
            return self.client.post(BASE + path, headers=headers)
        return self.client.post(BASE + path, json=body, headers=headers)

    def put(self, who, path, body):
        return self.client.put(BASE + path, json=body, headers=self.token(who))


@pytest.fixture
def table(session, keys):
    cast = Cast(session, keys)
    return Table(session, cast, cast.at)


@pytest.fixture
def programs(client, table):
    return Programs(client, table)


def whole(table, **changes):
    first = table.now.date() + timedelta(days=60)
    windows = [
        {
            "from_on": (first + timedelta(days=20 * n)).isoformat(),
            "until_on": (first + timedelta(days=20 * n + 4)).isoformat(),
        }
        for n in range(3)
    ]
    body = {
        "type": "study_visit",
        "title": "Clustering recommendations",
        "need": "To see how others cluster what they receive.",
        "what_exists": "A spreadsheet.",
        "wanted_outcome": "A plan that ministries follow.",
        "themes": [THEME],
        "capacities": ["coordination"],
        "languages": ["en"],
        "funding": "sought",
        "windows": windows,
        "attendees": [{"post": "Head of unit", "substitute": "Deputy"}],
    }
    return body | changes


def bid_body(table):
    first = table.now.date() + timedelta(days=60)
    return {
        "type": "study_visit",
        "offer": "Three days with us.",
        "languages": ["en"],
        "from_on": first.isoformat(),
        "until_on": (first + timedelta(days=30)).isoformat(),
        "hand_in": True,
    }


def test_a_program_drafts_sends_and_answers_and_people_consent(session, table, programs):
    made = programs.post("XAA", "", {"title": "Clustering recommendations"})
    assert (made.status_code, made.json["side"]) == (201, "requester")
    path = f"/{made.json['id']}"
    early = programs.post("XAA", f"{path}/moves", {"to": "submitted"})
    assert (early.status_code, "need" in early.json["errors"]) == (422, True)

    kept = programs.put("XAA", path, whole(table) | {"revision": 1})
    assert (kept.status_code, kept.json["inside"]["revision"]) == (200, 2)
    late = programs.put("XAA", path, whole(table) | {"revision": 1})
    assert (late.status_code, late.json["code"]) == (409, "conflict")

    assert programs.post("XAA", f"{path}/moves", {"to": "submitted"}).status_code == 200
    asked = {"to": "clarification", "reason": "Which tool do you use?"}
    assert programs.post("desk", f"{path}/moves", asked).status_code == 200
    told = {"to": "submitted", "reason": "A spreadsheet."}
    answer = programs.post("XAA", f"{path}/moves", told)
    assert [(one["kind"], one["text"]) for one in answer.json["inside"]["thread"]] == [
        ("question", "Which tool do you use?"),
        ("answer", "A spreadsheet."),
    ]
    programs.post("desk", f"{path}/moves", {"to": "confirmation"})
    alone = programs.post("XAA", f"{path}/moves", {"to": "circulated"})
    assert (alone.status_code, alone.json["code"]) == (409, "consent-none-given")

    exchange = session.get_one(Exchange, UUID(made.json["id"]))
    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    assert programs.get("XAA", path).json["circulated"]["state"] == "circulated"


def test_programs_bid_choose_and_agree_on_dates_and_people_consent(table, programs):
    exchange = table.circulated()
    path = f"/{exchange.id}"
    for who in ("XAB", "XAC"):
        sent = programs.put(who, f"{path}/bid", bid_body(table))
        assert (sent.status_code, sent.json["state"]) == (200, "waiting")
        table.consent(exchange, who, ConsentKind.BID)
    said = programs.post("XAD", f"{path}/decline", {"reason": "dates", "note": "Not for you."})
    assert (said.status_code, said.json["inside"]) == (200, None)

    seen = programs.get("XAA", path)
    assert {bid["bidder"] for bid in seen.json["inside"]["bids"]} == {"XAB", "XAC"}
    assert "Not for you." not in seen.text
    chosen = next(bid for bid in seen.json["inside"]["bids"] if bid["bidder"] == "XAB")
    picked = programs.post("XAA", f"{path}/bids/{chosen['id']}/choice")
    assert picked.status_code == 200, picked.json
    assert picked.json["circulated"]["state"] == "choosing"
    table.consent(exchange, "XAA", ConsentKind.SELECTION)
    table.consent(exchange, "XAA", ConsentKind.AGREEMENT)
    table.consent(exchange, "XAB", ConsentKind.AGREEMENT)

    starts = table.now + timedelta(days=61)
    dates = {
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(days=2)).isoformat(),
        "zone": "Pacific/Fiji",
    }
    proposed = programs.post("XAB", f"{path}/dates", dates)
    assert (proposed.status_code, proposed.json["inside"]["proposal"]["by"]) == (201, "XAB")
    proposal = proposed.json["inside"]["proposal"]["id"]
    own = programs.post("XAB", f"{path}/dates/{proposal}/acceptance")
    assert (own.status_code, own.json["code"]) == (403, "not-allowed")
    done = programs.post("XAA", f"{path}/dates/{proposal}/acceptance")
    assert (done.status_code, done.json["circulated"]["state"]) == (200, "scheduled")
    assert done.json["allowed"] == ["circulated", "agreed", "held", "on_hold", "withdrawn"]


def test_bidders_never_see_each_other(session, table, programs):
    exchange = table.circulated()
    table.bid(exchange, "XAB")
    table.bid(exchange, "XAC")
    path = f"/{exchange.id}"
    for who, other in (("XAB", "XAC"), ("XAC", "XAB"), ("XAD", "XAB")):
        answer = programs.get(who, path)
        assert answer.status_code == 200
        assert other not in answer.text
        assert "bid.sent" not in answer.text or who != "XAD"


def test_a_confidential_case_names_nobody(table, programs):
    exchange = table.circulated(
        is_confidential=True, neutral="A member looks for advice on clustering."
    )
    answer = programs.get("XAB", f"/{exchange.id}")
    assert answer.json["circulated"]["requester"] is None
    assert answer.json["circulated"]["title"] == ""
    for word in ("Clustering recommendations", "XAA", "Xandria", "spreadsheet", "see how others"):
        assert word not in answer.text
    listed = programs.get("XAB", "/open")
    assert [one["requester"] for one in listed.json["items"]] == [None]


def test_whoever_is_kept_out_finds_nothing(table, programs):
    exchange = table.circulated(excluded=frozenset({table.state_id("XAC")}))
    path = f"/{exchange.id}"
    assert programs.get("XAC", path).status_code == 404
    assert programs.get("XAC", "/open").json["items"] == []
    assert programs.put("XAC", f"{path}/bid", bid_body(table)).status_code == 404
    assert programs.post("XAC", f"{path}/decline", {"reason": "other"}).status_code == 404
    nothing = programs.get("XAC", f"/{uuid4()}")
    told = programs.get("XAC", path)
    assert nothing.json | {"request": ""} == told.json | {"request": ""}


def test_a_draft_is_its_states_alone(table, programs):
    exchange = table.draft()
    for who in ("desk", "XAB"):
        assert programs.get(who, f"/{exchange.id}").status_code == 404
        assert programs.get(who).json["items"] == []
    assert [one["id"] for one in programs.get("XAA").json["items"]] == [str(exchange.id)]


def test_lists_go_on_where_they_stopped(table, programs):
    made = {str(table.submitted().id) for _one in range(5)}
    seen, path = [], "?limit=2"
    while path:
        answer = programs.get("XAA", path)
        seen += [one["id"] for one in answer.json["items"]]
        path = (answer.json["next"] or "").removeprefix(BASE)
    assert (len(seen), set(seen)) == (5, made)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"windows": [{"from_on": "14.6.2027"}]}, "windows.0.from_on"),
        ({"themes": ["no-such-theme"]}, "themes"),
        ({"preferred": ["XAA"]}, "preferred"),
        ({"excluded": ["ZZZ"]}, "excluded"),
        ({"title": "x" * 201}, "title"),
        ({"confidential": "yes"}, "confidential"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(table, programs, change, field):
    answer = programs.post("XAA", "", whole(table, **change))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_days_in_the_past_are_refused_when_it_is_sent(table, programs):
    past = (clock.now().date() - timedelta(days=1)).isoformat()
    body = whole(table)
    body["windows"][1] = {"from_on": past, "until_on": past}
    made = programs.post("XAA", "", body)
    assert made.status_code == 201
    answer = programs.post("XAA", f"/{made.json['id']}/moves", {"to": "submitted"})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["windows-1-from_on"])


def test_a_token_of_an_authorising_seat_moves_nothing(table, programs):
    exchange = table.awaiting_capital()
    seat = table.session.get(Seat, table.states["XAA"].capital.seat_id)
    _row, plain = accounts.make_token(
        table.session, seat=seat, label="", by=SYSTEM, now=table.cast.at
    )
    headers = {"Authorization": f"Bearer {plain}", "Idempotency-Key": "one"}
    for to in ("circulated", "withdrawn", "clarification"):
        answer = programs.client.post(
            f"{BASE}/{exchange.id}/moves", json={"to": to, "reason": "Because."}, headers=headers
        )
        assert (answer.status_code, answer.json["code"]) == (403, "not-allowed")
    assert exchange.state is ExchangeState.CONFIRMATION


@pytest.mark.parametrize("offset", ["-12:00", "+00:00", "+14:00"])
def test_a_program_with_a_slip_in_the_year_is_told_so(table, programs, offset):
    exchange = table.agreed()
    dates = {
        "starts_at": f"9999-12-31T22:00:00{offset}",
        "ends_at": f"9999-12-31T23:59:59{offset}",
        "zone": "Pacific/Fiji",
    }
    answer = programs.post("XAB", f"/{exchange.id}/dates", dates)
    said = {"starts_at": "This is more than ten years ahead. Check the year."}
    assert (answer.status_code, answer.json["errors"]) == (422, said)


@pytest.mark.parametrize("body", ["null", "[]", "false", "0", '""'])
def test_nothing_is_not_an_empty_request(table, programs, body):
    headers = programs.token("XAA") | {"Content-Type": "application/json"}
    answer = programs.client.post(BASE, data=body, headers=headers)
    assert (answer.status_code, answer.json["errors"]) == (422, {"body": "Send a JSON object."})


def test_suggestions_sum_up_and_are_the_requesters_alone(session, table, programs):
    yendor = table.states["XAB"].state
    mechanism = invent_mechanism(
        session, yendor, name="Office", acronym="O", facts={}, source_url="https://y.example/",
        now=table.now,
    )  # fmt: skip
    session.add(
        Offer(
            mechanism=mechanism,
            state=OfferState.PUBLISHED,
            themes=[THEME],
            capacities=["coordination"],
            types=["study_visit"],
            languages=["en"],
            per_year=2,
            published_at=table.now,
            updated_at=table.now,
        )
    )
    exchange = table.circulated()
    answer = programs.get("XAA", f"/{exchange.id}/suggestions")
    assert answer.status_code == 200
    [one] = answer.json["items"]
    assert one["state"] == "XAB"
    assert sum(part["points"] for part in one["parts"]) == one["score"]
    assert all(part["words"] for part in one["parts"])
    assert programs.get("desk", f"/{exchange.id}/suggestions").json == answer.json
    assert programs.get("XAB", f"/{exchange.id}/suggestions").status_code == 404
