"""The agreement as a document: every term stands in it once, nobody is named unasked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.documents.paper import Facts, Heading, Paragraph, Points, Signature, Table, Text
from core.languages import force_locale
from network.exchanges.models import Funding, PartyRole
from network.exchanges.paper import agreement_paper, terms_to_blocks
from network.exchanges.terms import (
    AgreementText,
    CommitmentLine,
    ConsentLine,
    ContactLine,
    ParticipantLine,
    PartyLine,
    SeatLine,
)
from network.offers.models import ExchangeType
from network.seats.models import Role

XANDRIA = {"en": "Xandria", "fr": "Xandrie", "ar": "زاندريا"}
YENDOR = {"en": "Yendor", "fr": "Yendor", "ar": "يندور"}
FOCAL = SeatLine(role=Role.FOCAL_POINT, title={"en": "Human rights unit"})
AUTHORISING = SeatLine(role=Role.AUTHORISING)
BARE = AgreementText(
    reference="X-2027-004",
    title="A tracker for recommendations",
    version=2,
    dated=date(2027, 3, 1),
    parties=(
        PartyLine(name=XANDRIA, role=PartyRole.REQUESTER, seat=FOCAL),
        PartyLine(name=YENDOR, role=PartyRole.PROVIDER, seat=AUTHORISING),
    ),
)
WHOLE = replace(
    BARE,
    type=ExchangeType.STUDY_VISIT,
    is_confidential=True,
    purpose="To see the tracker at work.\nTo plan our own.",
    activities="Two days in the unit.",
    outputs="A plan.",
    themes=({"en": "Data", "fr": "Données"},),
    languages=("en", "fr"),
    interpretation="French to English on both days",
    starts_at=datetime(2027, 6, 14, 7, 0, tzinfo=UTC),
    ends_at=datetime(2027, 6, 15, 15, 0, tzinfo=UTC),
    zone="Europe/Zurich",
    place="Yendor City",
    participants=(
        ParticipantLine(party=XANDRIA, post="Head of unit", substitute="Deputy head"),
        ParticipantLine(party=XANDRIA, post="Statistician"),
    ),
    funding=Funding.OWN,
    costs="Yendor pays for rooms.",
    confidentiality="Drafts stay between us.",
    publish="That the visit took place.",
    commitments=(
        CommitmentLine(party=YENDOR, what="Sends the manual", by=date(2027, 5, 1)),
        CommitmentLine(party=XANDRIA, what="Writes a plan"),
    ),
    contacts=(ContactLine(party=XANDRIA, seat=FOCAL),),
    consents=(
        ConsentLine(
            state=XANDRIA,
            at=datetime(2027, 3, 3, 8, 30, tzinfo=UTC),
            seat=AUTHORISING,
            proved="passkey",
        ),
        ConsentLine(state=YENDOR, at=datetime(2027, 3, 4, 9, 0, tzinfo=UTC)),
    ),
)


@pytest.fixture(autouse=True)
def _speaks(app: Any) -> Any:
    with app.app_context():
        yield


def _read(text: AgreementText, language: str = "en") -> Any:
    return Document(io.BytesIO(agreement_paper(text, language)))


def _tables(word: Any) -> dict[str, list[list[str]]]:
    return {
        one._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): [
            [cell.text for cell in row.cells] for row in one.rows[1:]
        ]
        for one in word.tables
    }


def test_every_term_stands_in_the_paper_under_its_heading() -> None:
    word = _read(WHOLE)
    assert [
        (one.style.name[-1], one.text) for one in word.paragraphs if "Head" in one.style.name
    ] == [
        ("1", "Agreement on peer exchange X-2027-004"),
        ("2", "What this agreement is about"),
        ("2", "Parties"),
        ("2", "Purpose"),
        ("2", "Scope and activities"),
        ("2", "Outputs"),
        ("2", "Dates, place and languages"),
        ("2", "Who takes part"),
        ("2", "What each party does"),
        ("2", "Contacts"),
        ("2", "Funding and costs"),
        ("2", "Confidentiality"),
        ("2", "What may be published"),
        ("2", "Consents of the States"),
        ("2", "Ending this agreement"),
        ("2", "Signatures"),
    ]
    assert [one.text for one in word.paragraphs if one.style.name == "Normal" and one.text] == [
        "Confidential: for the parties to this exchange and the helpdesk only.",
        "To see the tracker at work.",
        "To plan our own.",
        "Two days in the unit.",
        "A plan.",
        "The requesting State pays for its own side.",
        "Yendor pays for rooms.",
        "Drafts stay between us.",
        "That the visit took place.",
        "Nothing else about this exchange is published.",
        "A consent recorded above needs no signature. Where a State's practice asks for one:",
        *("Xandria", "Focal point", "Human rights unit"),
        *("Yendor", "Authorising officer"),
    ]
    assert [one.text for one in word.paragraphs if one.style.name == "List Bullet"] == [
        "Each State may withdraw its consent at any time before the event.",
        "The exchange is then on hold, and nothing moves until the consents stand again.",
        "After the event a withdrawal hides what was published, and changes nothing else.",
    ]
    assert _tables(word) == {
        "What this agreement is about": [
            ["Title", "A tracker for recommendations"],
            ["Reference", "X-2027-004"],
            ["Version", "2 of 1 March 2027"],
            ["Form of exchange", "Study visit"],
            ["Themes", "Data"],
        ],
        "The parties, their roles and the seats that represent them": [
            ["Xandria", "Requester", "Focal point\nHuman rights unit"],
            ["Yendor", "Provider", "Authorising officer"],
        ],
        "Dates, place and languages": [
            ["Dates", "Begins: 14 June 2027, 09:00\nEnds: 15 June 2027, 17:00"],
            ["Time zone", "Geneva"],
            ["Place", "Yendor City"],
            ["Working languages", "English\nFrench"],
            ["Interpretation", "French to English on both days"],
        ],
        "Posts that take part, and those that step in": [
            ["Xandria", "Head of unit", "Deputy head"],
            ["Xandria", "Statistician", "None named"],
        ],
        "What each party does, and by when": [
            ["Yendor", "Sends the manual", "1 May 2027"],
            ["Xandria", "Writes a plan", "No date set"],
        ],
        "Whom to turn to": [["Xandria", "Focal point\nHuman rights unit"]],
        "Consents of the States to this version": [
            [
                "Xandria",
                "Authorising officer",
                "3 March 2027, 09:30 (Geneva)",
                "In Relais, with a passkey of one's own",
            ],
            [
                "Yendor",
                "The State, in a document",
                "4 March 2027, 10:00 (Geneva)",
                "On paper, entered by two members of the secretariat",
            ],
        ],
    }
    assert word.sections[0].footer.paragraphs[0].text.startswith("X-2027-004, version 2\t")


def test_what_nobody_wrote_is_left_out_and_nothing_is_published_then() -> None:
    blocks = terms_to_blocks(BARE)
    assert [one.words for one in blocks if isinstance(one, Heading)] == [
        "What this agreement is about",
        "Parties",
        "What may be published",
        "Consents of the States",
        "Ending this agreement",
        "Signatures",
    ]
    assert [one.words for one in blocks if isinstance(one, Paragraph)] == [
        "Nothing about this exchange is published.",
        "No State has given its consent to this version yet.",
        "A consent recorded above needs no signature. Where a State's practice asks for one:",
    ]


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        (
            {"windows": ((date(2027, 6, 1), date(2027, 6, 3)), (date(2027, 9, 6),) * 2)},
            [["Possible dates", "1–3 June 2027\n6 September 2027"], ["Time zone", "UTC"]],
        ),
        (
            {
                "starts_at": datetime(2027, 6, 14, 7, 0, tzinfo=UTC),
                "ends_at": datetime(2027, 6, 14, 9, 30, tzinfo=UTC),
                "windows": ((date(2027, 6, 1), date(2027, 6, 3)),),
            },
            [["Dates", "14 June 2027\n07:00–09:30"], ["Time zone", "UTC"]],
        ),
    ],
)
def test_dates_are_those_agreed_or_else_the_days_that_would_do(more: Any, rows: Any) -> None:
    assert _tables(_read(replace(BARE, **more)))["Dates, place and languages"] == rows


def test_a_person_is_named_only_when_a_name_was_given() -> None:
    requester, provider = BARE.parties
    named = replace(
        BARE, parties=(replace(requester, person="Ana Tavake"), replace(provider, seat=None))
    )
    assert [
        row[2]
        for row in _tables(_read(named))[
            "The parties, their roles and the seats that represent them"
        ]
    ] == ["Focal point\nHuman rights unit\nAna Tavake", "Not named"]


def test_only_states_sign() -> None:
    supporter = PartyLine(name={"en": "Reef Watch"}, role=PartyRole.SUPPORTER, is_state=False)
    blocks = terms_to_blocks(replace(BARE, parties=(*BARE.parties, supporter)))
    signatures = [one for one in blocks if isinstance(one, Signature)]
    assert [one.who[0] for one in signatures] == ["Xandria", "Yendor"]
    assert {one.lines for one in signatures} == {("Name", "Signature", "Date")}


def test_the_parties_words_keep_their_language_in_another_paper() -> None:
    with force_locale("fr"):
        blocks = terms_to_blocks(WHOLE)
    purpose = next(
        one for one in blocks if isinstance(one, Paragraph) and one.words != str(one.words)
    )
    assert purpose.words == Text(WHOLE.purpose, "en")
    about = next(one for one in blocks if isinstance(one, Facts))
    assert about.rows[0][1] == Text("A tracker for recommendations", "en")
    assert about.rows[-1][1] == ("Données",)
    table = next(one for one in blocks if isinstance(one, Table))
    assert (table.rows[0][0], table.rows[0][2][1]) == ("Xandrie", Text("Human rights unit", "en"))
    assert len(next(one for one in blocks if isinstance(one, Points)).items) == 3


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("fr", "fr-FR"), ("ar", "ar-SA")])
def test_each_language_has_its_own_paper_and_always_the_same(language: str, tag: str) -> None:
    body = agreement_paper(WHOLE, language)
    assert agreement_paper(WHOLE, language) == body
    word = Document(io.BytesIO(body))
    about = word.core_properties
    assert (about.language, about.author, about.created) == (
        *(tag, ""),
        datetime(2027, 3, 1, tzinfo=UTC),
    )
    names = [row.cells[0].text for row in word.tables[1].rows[1:]]
    assert names == [XANDRIA[language], YENDOR[language]]
    is_turned = word.element.body.sectPr.find(qn("w:bidi")) is not None
    assert is_turned is (language == "ar")
