"""What somebody wrote at length is not lost when another page comes first."""

from __future__ import annotations

from typing import Any

LONG = "The letter names another person, and the ministry has been asked for a new one."


def test_a_long_text_is_handed_back_when_one_has_to_sign_in_first(client: Any) -> None:
    answer = client.post("/seats/switch", data={"seat": LONG})
    assert answer.status_code == 401
    assert LONG in answer.text
    assert 'href="/sign-in' in answer.text


def test_a_short_answer_leads_straight_on(client: Any) -> None:
    answer = client.post("/seats/switch", data={"seat": "one"})
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
