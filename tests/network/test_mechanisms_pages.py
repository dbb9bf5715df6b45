"""The directory and the pages of States: what is found, what is hidden, what is said of sources."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import html5lib
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import search
from core.context import Actor
from network.mechanisms import service
from network.mechanisms.models import Basis, Field, Mechanism, NameStatus, ProfileFact
from network.taxonomy.models import Classification, State
from network.taxonomy.service import invent_state, naming
from tests.walls.statements import counted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EDITOR = Actor(kind="person", person_id=uuid4(), proved="mailbox")
SOURCE = "https://source.example/mechanism"


def state(session: Session, number: int, name: str, french: str = "") -> State:
    letters = chr(ord("A") + number // 26) + chr(ord("A") + number % 26)
    return invent_state(
        session, iso3=f"X{letters}", iso2=letters, names={"en": name, "fr": french or name}
    )


def mechanism(session: Session, at: State, name: str = "Council", **facts: str) -> Mechanism:
    made = service.invent_mechanism(
        session,
        at,
        name=name,
        acronym="",
        facts={Field(field): value for field, value in facts.items()},
        source_url=SOURCE,
        now=NOW,
    )
    session.expire(made, ["facts"])
    return made


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def parsed(answer):
    return html5lib.parse(answer.text, namespaceHTMLElements=False)


def names(answer) -> list[str]:
    return [words(link) for link in parsed(answer).findall(".//tbody/tr/th/a")]


def shown(answer) -> str:
    return words(parsed(answer).find(".//main"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Élan", "Ostrelle", "Zembla"]),
        ("q=elan", ["Élan"]),
        ("q=ÉLAN", ["Élan"]),
        ("q=sommet", ["Zembla"]),
        ("q=ministry+of+tides", ["Ostrelle"]),
        ("q=ostrele", ["Ostrelle"]),
        ("q=ostrelle+council", ["Ostrelle"]),
        ("q=nothing+like+it", []),
        ("q=%25", ["Élan", "Ostrelle", "Zembla"]),
        ("has=mechanism", ["Ostrelle"]),
        ("group=AG", ["Zembla"]),
        ("flag=sids", ["Ostrelle"]),
        ("group=AG&flag=sids", []),
        ("after=XAA", ["Ostrelle", "Zembla"]),
        ("before=XAC", ["Élan", "Ostrelle"]),
        ("after=QQQ", ["Élan", "Ostrelle", "Zembla"]),
        ("group=nonsense", ["Élan", "Ostrelle", "Zembla"]),
    ],
)
def test_the_directory_finds_and_narrows(client, session, query, found):
    state(session, 0, "Élan")
    ostrelle, zembla = state(session, 1, "Ostrelle"), state(session, 2, "Zembla", "Sommet")
    mechanism(session, ostrelle, host="Ministry of Tides")
    session.add(Classification(state=zembla, kind="group", word="AG", source="x"))
    session.add(Classification(state=ostrelle, kind="flag", word="sids", source="x"))
    session.flush()
    answer = client.get(f"/network?{query}")
    assert (answer.status_code, names(answer)) == (200, found)


def test_the_order_is_that_of_the_readers_language(client, session):
    state(session, 0, "Zembla", "Azur")
    state(session, 1, "Ostrelle", "Écume")
    english = client.get("/network", headers={"Accept-Language": "en"})
    french = client.get("/network", headers={"Accept-Language": "fr"})
    assert (names(english), names(french)) == (["Ostrelle", "Zembla"], ["Azur", "Écume"])


def test_pages_follow_each_other_without_gap_or_repeat(client, session):
    wanted = [f"State {number:03}" for number in range(95)]
    for number, name in enumerate(wanted):
        state(session, number, name)
    session.flush()
    seen, address, visited = [], "/network", []
    while address:
        answer = client.get(address)
        seen += names(answer)
        visited.append(address)
        links = parsed(answer).findall(".//a[@rel='next']")
        address = f"/network{links[0].get('href')}" if links else ""
    assert (seen, len(visited)) == (wanted, 3)
    back = parsed(client.get(visited[-1])).find(".//a[@rel='prev']").get("href")
    assert names(client.get(f"/network{back}")) == wanted[40:80]


def test_what_is_hidden_is_neither_shown_nor_found_nor_counted(client, session):
    made = mechanism(session, state(session, 0, "Zembla"), host="Ministry of Tides", year="2001")
    session.refresh(made, ["facts"])
    assert names(client.get("/network?q=tides")) == ["Zembla"]
    assert "Ministry of Tides" in shown(client.get("/network/XAA"))
    service.hide_field(session, made, Field.HOST, reason="asked", by=EDITOR, now=NOW)
    session.flush()
    assert names(client.get("/network?q=tides")) == []
    page = shown(client.get("/network/XAA"))
    assert ("Tides" in page, "2001" in page) == (False, True)
    made.is_hidden = True
    session.flush()
    assert names(client.get("/network?q=council")) == []
    assert names(client.get("/network?has=mechanism")) == []
    assert "2001" not in shown(client.get("/network/XAA"))


def test_a_fact_says_where_it_comes_from(client, session):
    made = mechanism(session, state(session, 0, "Zembla"), host="Ministry of Tides")
    confirmed = ProfileFact(
        mechanism=made,
        field=Field.YEAR,
        value="1999",
        basis=Basis.STATE,
        recorded_on=date(2026, 1, 2),
    )
    session.add(confirmed)
    session.flush()
    main = parsed(client.get("/network/XAA")).find(".//main")
    facts = {words(row.find("dt")): row.find("dd") for row in main.findall(".//dl/div")}
    assert set(facts) == {"Host", "Year of creation"}
    assert facts["Host"].find(".//a").get("href") == SOURCE
    assert "Given by the State" in words(facts["Year of creation"])
    assert "not confirmed by the State" in words(main)


def test_a_state_without_a_mechanism_has_a_page(client, session):
    state(session, 0, "Zembla")
    answer = client.get("/network/XAA")
    assert answer.status_code == 200
    assert "No mechanism is known" in shown(answer)


def test_a_code_in_small_letters_leads_to_the_page_and_an_unknown_one_to_none(client, session):
    state(session, 0, "Zembla")
    assert client.get("/network/xaa").headers["Location"] == "/network/XAA"
    assert client.get("/network/ZZZ").status_code == 404


def test_a_name_that_was_not_found_is_not_made_up(client, session):
    at = state(session, 0, "Zembla")
    session.add(
        Mechanism(
            key="xaa",
            state=at,
            name_status=NameStatus.UNNAMED,
            source_url=SOURCE,
            recorded_on=NOW.date(),
        )
    )
    session.flush()
    assert "the name of the mechanism was not found" in shown(client.get("/network/XAA"))
    assert "the name of the mechanism was not found" in shown(client.get("/network"))


def test_an_announced_leaving_is_said_as_such(client, session):
    at = state(session, 0, "Zembla")
    session.add(
        Classification(
            state=at, kind="flag", word="ldc", expected_until=date(2020, 1, 1), source="x"
        )
    )
    session.flush()
    page = shown(client.get("/network/XAA"))
    assert "Least developed countries" in page
    assert "not confirmed" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=a", "Type at least two letters of a name."),
        ("q=" + "a" * 200, "The search was cut after 100 characters."),
        ("group=nonsense", "This choice is not known and was left out."),
        ("region=Atlantis", "This choice is not known and was left out."),
        ("q=%00%00x", "Type at least two letters of a name."),
    ],
)
def test_an_odd_question_gets_a_sentence(client, session, query, sentence):
    state(session, 0, "Zembla")
    answer = client.get(f"/network?{query}")
    assert (answer.status_code, sentence in shown(answer)) == (200, True)


def test_what_was_typed_is_kept(client, session):
    box = parsed(client.get("/network?q=Ost%22%3E%3Cb%3E")).find(".//input[@id='q']")
    assert box.get("value") == 'Ost"><b>'


@pytest.mark.parametrize("address", ["/network", "/network/XAA", "/network?q=zembla"])
def test_more_rows_take_no_more_statements(client, session, address):
    took = []
    for number in range(3):
        mechanism(session, state(session, number, f"Zembla {number}"), host="Tides", year="1")
        session.flush()
        session.expire_all()
        if number in {0, 2}:
            with counted() as statements:
                assert client.get(address).status_code == 200
            took.append(len(statements))
    assert took[0] == took[1]
    assert took[0] <= 6


def test_open_data_holds_what_is_public_of_real_states(client, session):
    real = State(iso3="QAA", iso2="QA", **naming({"en": "Real, for a test"}, "QAA"))
    session.add(real)
    made = Mechanism(
        key="qaa",
        state=real,
        name="=HYPERLINK(1)",
        name_language="en",
        name_status=NameStatus.FORMAL,
        source_url=SOURCE,
        recorded_on=date(2026, 1, 2),
    )
    session.add(made)
    for field, value, is_hidden in ((Field.YEAR, "1999", False), (Field.HOST, "Tides", True)):
        session.add(
            ProfileFact(
                mechanism=made,
                field=field,
                value=value,
                source_url=SOURCE,
                recorded_on=date(2026, 1, 2),
                is_hidden=is_hidden,
                sought=search.fold(value),
            )
        )
    mechanism(session, state(session, 0, "Zembla"), year="1")
    session.flush()
    session.expire_all()
    (whole,) = client.get("/open-data/mechanisms.json").json
    assert (whole["key"], whole["name"]) == ("qaa", "=HYPERLINK(1)")
    assert [(fact["field"], fact["value"]) for fact in whole["facts"]] == [("year", "1999")]
    answer = client.get("/open-data/mechanisms.csv")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["mechanism"], row["field"], row["value"], row["basis"]) == (
        "'=HYPERLINK(1)",
        "year",
        "1999",
        "public_source",
    )


def test_nothing_is_invented_about_a_real_state(session):
    real = State(iso3="QAA", iso2="QA", **naming({"en": "Real, for a test"}, "QAA"))
    with pytest.raises(ValueError, match="nothing is invented"):
        service.invent_mechanism(
            session, real, name="x", acronym="", facts={}, source_url=SOURCE, now=NOW
        )


def test_a_kept_page_goes_at_once_when_a_fact_is_hidden(live):
    with live.session() as session:
        made = mechanism(session, state(session, 0, "Zembla"), host="Ministry of Tides")
        key = made.id
    client, shelf = live.client(), live.app.extensions["shelf"]

    def kept() -> bool:
        client.get("/network/XAA", headers={"Accept-Language": "en"})
        return shelf.get(("/network/XAA", "en")) is not None

    assert eventually(kept)
    with live.session() as session:
        made = session.scalars(
            select(Mechanism).where(Mechanism.id == key).options(selectinload(Mechanism.facts))
        ).one()
        service.hide_field(session, made, Field.HOST, reason="asked", by=EDITOR, now=NOW)
    assert eventually(lambda: "Tides" not in shown(client.get("/network/XAA")))


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
