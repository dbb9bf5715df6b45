"""Each reader of the directory sees exactly what they may: by page, program, file, search and number."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import html5lib
import pytest

from core import clock as core_clock
from network.mechanisms.models import ContactKind, Field
from tests.network.audiences import (
    AUDIENCES,
    CONTACT,
    FACT,
    INSIDE,
    LEVELS,
    OF_LEVEL,
    OUTSIDE,
    WORD,
    Network,
    permitted,
)
from tests.walls.cast import Cast
from tests.walls.statements import counted


@pytest.fixture
def network(session, keys) -> Network:
    return Network(session, Cast(session, keys, at=core_clock.now() - timedelta(minutes=1))).build()


@pytest.fixture
def reader(network, client):
    """A browser of one reader: `reader("member")`."""
    return lambda name: network.enter(client, name)


def parsed(answer):
    return html5lib.parse(answer.text, namespaceHTMLElements=False)


def found_in(text: str, values: dict[str, str]) -> tuple[str, ...]:
    """The circles whose values stand in a text."""
    return tuple(level for level in LEVELS if values[level] in text)


@pytest.mark.parametrize("audience", INSIDE)
def test_a_page_shows_exactly_what_its_reader_may_see(reader, audience):
    page = reader(audience).get("/directory/XAA").text
    assert found_in(page, FACT) == permitted(audience)
    assert found_in(page, {**CONTACT, "public": 'href="https://tanglewick.example/"'}) == (
        permitted(audience)
    )


@pytest.mark.parametrize("audience", OUTSIDE)
@pytest.mark.parametrize("path", ["/directory", "/directory/XAA", "/directory.csv"])
def test_who_is_not_in_the_network_does_not_open_the_directory(reader, audience, path):
    answer = reader(audience).get(path)
    assert answer.status_code == (303 if audience == "nobody" else 403)
    assert found_in(answer.text, FACT) == found_in(answer.text, CONTACT) == ()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_public_page_shows_the_same_to_all(reader, audience):
    page = reader(audience).get("/network/XAA").text
    assert found_in(page, FACT) == ("public",)
    assert found_in(page, CONTACT) == ("public",)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("path", ["/api/v1/mechanisms?q=xandria", "/api/v1/mechanisms/XAA"])
def test_programs_are_answered_exactly_what_their_seat_may_see(network, client, audience, path):
    answer = client.get(path, headers=network.headers(audience))
    one = answer.json["items"][0] if "items" in answer.json else answer.json
    assert {fact["field"]: fact["value"] for fact in one["facts"]} == {
        OF_LEVEL[level][0].value: FACT[level] for level in permitted(audience)
    }
    if audience in {"nobody", "former"}:
        assert "contacts" not in one
    else:
        assert {way["kind"]: (way["value"], way["visibility"]) for way in one["contacts"]} == {
            OF_LEVEL[level][1].value: (CONTACT[level], level) for level in permitted(audience)
        }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("audience", INSIDE)
def test_the_file_holds_exactly_what_its_reader_may_see(reader, audience):
    text = reader(audience).get("/directory.csv").text.removeprefix("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["iso3"] == "XAA"]
    assert {row["part"]: (row["value"].lstrip("'"), row["readers"]) for row in rows} == {
        "name": ("Council of Xandria", ""),
        **{OF_LEVEL[level][0].value: (FACT[level], level) for level in permitted(audience)},
        **{
            f"contact_{OF_LEVEL[level][1].value}": (CONTACT[level], level)
            for level in permitted(audience)
        },
    }


@pytest.mark.parametrize("audience", INSIDE)
@pytest.mark.parametrize("path", ["/directory", "/directory.csv"])
@pytest.mark.parametrize("values", [FACT, WORD], ids=["facts", "contacts"])
def test_a_search_finds_by_what_the_reader_may_see_and_by_nothing_else(
    reader, audience, path, values
):
    browser = reader(audience)
    found = tuple(
        level
        for level in LEVELS
        if "Xandria" in browser.get(path, query_string={"q": values[level]}).text
    )
    assert found == permitted(audience)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_programs_find_by_what_their_seat_may_see_and_by_nothing_else(network, client, audience):
    headers = network.headers(audience)

    def finds(word: str) -> bool:
        answer = client.get("/api/v1/mechanisms", query_string={"q": word}, headers=headers).json
        assert answer["total"] == sum(answer["facets"]["name_status"].values())
        return bool(answer["total"])

    assert tuple(level for level in LEVELS if finds(FACT[level])) == permitted(audience)
    without_token = audience in {"nobody", "former"}
    assert tuple(level for level in LEVELS if finds(WORD[level])) == (
        () if without_token else permitted(audience)
    )


@pytest.mark.parametrize("level", LEVELS)
def test_everybodys_search_finds_nothing_that_is_not_public(client, network, level):
    page = client.get("/network", query_string={"q": FACT[level]}).text
    assert ("Council of Xandria" in page) == (level == "public")


def test_open_data_holds_public_parts_alone(client, network):
    network.states["XAA"].is_invented = False
    network.session.flush()
    for path in ("/open-data/mechanisms.json", "/open-data/mechanisms.csv"):
        text = client.get(path).text
        assert found_in(text, FACT) == ("public",)
        assert found_in(text, CONTACT) == ()


# Numbers


def numbers(browser, query: str = "") -> tuple[str, list[str], list[str]]:
    """The total, every choice with its number, and the States in their order, as a page says them."""
    page = parsed(browser.get(f"/directory{query}"))
    total = " ".join("".join(page.find(".//p[@role='status']").itertext()).split())
    choices = ["".join(one.itertext()) for one in page.findall(".//form//option")]
    states = ["".join(one.itertext()) for one in page.findall(".//tbody/tr/th/a")]
    return total, choices, states


def hide(network: Network) -> None:
    """Values that members may not see, one for every way in which something may be counted."""
    network.fact(Field.TYPE, "standing; interministerial", "secretariat")
    network.fact(Field.TOOL_ADDRESS, "https://tool.example/", "secretariat")
    network.fact(Field.NAME, "Aardvark Council", "secretariat")
    network.contact(ContactKind.ADDRESS, "Hidden street", "secretariat", language="pt")
    network.contact(
        ContactKind.ADDRESS, "Waiting street", "members", language="ru", consented=False
    )
    withdrawn = network.contact(ContactKind.ADDRESS, "Withdrawn street", "public", language="zh")
    network.withdraw(withdrawn.id)


@pytest.mark.parametrize("query", ["", "?q=council", "?tool=no", "?standing=member"])
@pytest.mark.parametrize("audience", ["member", "observer"])
def test_hidden_values_change_no_number_and_no_order(network, reader, audience, query):
    browser = reader(audience)
    before = numbers(browser, query)
    hide(network)
    assert numbers(browser, query) == before


def test_what_is_hidden_from_members_counts_for_those_who_see_it(network, reader):
    browser = reader("secretariat")
    before = numbers(browser)[1]
    hide(network)
    after = numbers(browser)[1]
    assert [choice for choice in after if choice not in before] == [
        "Standing (1)",
        "Interministerial (1)",
        "Portuguese (1)",
    ]


def test_hidden_values_change_no_answer_to_programs(network, client):
    headers = network.headers("member")

    def told():
        return client.get("/api/v1/mechanisms", headers=headers).json

    before = told()
    hide(network)
    assert told() == before


def test_a_mechanism_that_its_state_described_for_members_is_nobodys_else(network, reader, client):
    network.mechanism.is_described = network.mechanism.is_hidden = True
    network.session.delete(
        next(
            one
            for one in network.session.query(type(network.fact(Field.YEAR, "1999", "members")))
            if one.value == FACT["public"]
        )
    )
    network.session.flush()
    assert client.get("/api/v1/mechanisms/XAA").status_code == 404
    assert "Council of Xandria" not in client.get("/network").text
    assert "Council of Xandria" in reader("member").get("/directory").text


def test_choices_that_nothing_has_are_not_offered_and_odd_ones_get_a_sentence(network, reader):
    browser = reader("member")
    assert "Portuguese" not in browser.get("/directory").text
    page = browser.get("/directory?language=pt").text
    assert "Portuguese (0)" in page
    assert "No State or mechanism matches" in page
    odd = browser.get("/directory?kind=%00%3Cb%3E&q=a&after=..%2F")
    assert (odd.status_code, "This choice is not known and was left out." in odd.text) == (
        200,
        True,
    )
    assert "Type at least two letters of a name." in odd.text


def test_the_list_is_narrowed_by_what_is_offered_and_when(network, reader):
    offer = network.offer(types=["mentoring"], themes=[], languages=["fr"])
    browser = reader("member")
    for query in ("offer=mentoring", "language=fr", "free=yes", "tool=yes", "standing=member"):
        assert "Xandria" in numbers(browser, f"?{query}")[2], query
    offer.paused_until = network.cast.at.date() + timedelta(days=9)
    offer.pause_reason = "other"
    network.session.flush()
    assert "Xandria" not in browser.get("/directory?free=yes").text
    assert "Xandria" not in numbers(browser, "?tool=no")[2]


@pytest.mark.parametrize("path", ["/directory", "/directory?q=land", "/directory.csv"])
def test_more_states_take_no_more_statements(network, reader, path):
    browser = reader("member")
    took = []
    for many in (30, 90):
        for number in range(many):
            letters = chr(ord("B") + number // 26) + chr(ord("A") + number % 26)
            state = network.cast.state(f"X{letters}", letters, f"Zz land {letters}")
            network.states[state.iso3] = state
            network._mechanism(state.iso3, f"Council of {letters}")
        network.session.flush()
        network.session.expire_all()
        with counted() as statements:
            assert browser.get(path).status_code == 200
        took.append(len(statements))
    assert took[0] == took[1] < 22


def test_the_list_goes_on_and_back_by_name(network, reader):
    for number in range(60):
        letters = chr(ord("B") + number // 26) + chr(ord("A") + number % 26)
        network.states[f"X{letters}"] = network.cast.state(
            f"X{letters}", letters, f"Land {letters}"
        )
        network._mechanism(f"X{letters}", "Council")
    browser = reader("member")
    first = parsed(browser.get("/directory"))
    onward = first.find(".//a[@rel='next']").get("href")
    second = parsed(browser.get(f"/directory{onward}"))
    back = second.find(".//a[@rel='prev']").get("href")
    assert numbers(browser)[2] + numbers(browser, onward)[2] == sorted(
        [
            *(f"Land {iso3[1:]}" for iso3 in network.states if iso3 > "XB"),
            "Xandria",
            "Yendor",
            "Zembla",
        ]
    )
    assert numbers(browser, back)[2] == numbers(browser)[2]
