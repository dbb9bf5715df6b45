"""Each reason is a sentence, with the names that a reader knows."""

from __future__ import annotations

import pytest

from core.languages import force_locale
from network.exchanges.matching import Part, Reason
from network.exchanges.reasons import SENTENCES, words

PARAMS = {
    Reason.THEMES: {"shared": ("children", "women"), "asked": 3},
    Reason.CAPACITIES: {"shared": ("coordination", "engagement"), "asked": 2},
    Reason.TYPE: {"type": "study_visit"},
    Reason.NO_TYPE: {"type": "workshop"},
    Reason.LANGUAGE: {"languages": ("fr", "pt")},
    Reason.GROUP: {"group": "AG"},
    Reason.HELD: {"held": 1},
    Reason.LOAD: {"busy": 1, "bids": 2, "per_year": 4},
    Reason.SHOWN: {"shown": 12},
    Reason.HOURS_NEAR: {"hours": 2},
    Reason.HOURS_FAR: {"hours": 9},
}
THEMES = {"children": "Children", "women": "Women"}
SAID = {
    Reason.THEMES: "Offers 2 of the themes you ask about: Children and Women.",
    Reason.CAPACITIES: "Can show what you ask for: Coordination and Engagement.",
    Reason.TYPE: "Offers this form of exchange: Study visit.",
    Reason.NO_TYPE: "Does not offer this form of exchange (Workshop); another form may suit both.",
    Reason.LANGUAGE: "You share a working language: French and Portuguese.",
    Reason.NO_LANGUAGE: "You share no working language: interpretation would be needed.",
    Reason.GROUP: "Same regional group: African States.",
    Reason.HELD: "Has given 1 exchange before.",
    Reason.LOAD: ("Has agreed to 1 of the 4 exchanges it takes on this year, and has 2 bids open."),
    Reason.HOURS_FAR: "Clocks are 9 hours apart; calls would need an early or a late hour.",
    Reason.PREFERRED: "You named it as a preferred partner. Only you see this.",
}


@pytest.fixture
def spoken(app):
    with app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize("code", list(Reason))
def test_every_reason_is_a_sentence(spoken, code):
    sentence = words(Part(code=code, points=1, params=PARAMS.get(code, {})), THEMES)
    assert sentence == SAID.get(code, sentence)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_there_is_a_sentence_for_each_reason_and_for_nothing_else():
    assert set(SENTENCES) == set(Reason)
