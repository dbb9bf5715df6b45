"""After a meeting its summary goes out; before it, a published date reaches who was interested."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import select

from events.programme.models import PublishedSummary
from tests.events.participant import fields, main, problems, text_of
from workers import reference

DATA = Path(__file__).parents[2] / "data"


def test_the_secretariat_publishes_the_summary_and_who_asked_gets_it_once(
    stage: Any, person: Any
) -> None:
    ana = person("ana").registered(language="fr")
    hidden = person("hidden").registered(discreet="y")
    officer = stage.signed_in("secretariat")
    early = officer.get("/triage/panel/summary")
    assert (early.status_code, "not over yet" in main(early)) == (409, True)
    stage.clock.forward(days=41)
    officer = stage.signed_in("secretariat")
    assert "Publish the summary" in main(officer.get("/triage"))
    page = officer.get("/triage/panel/summary")
    empty = officer.post("/triage/panel/summary", data=fields(page))
    assert problems(empty) == {"": "Write the summary in at least one language."}
    stage.mailbox.clear()
    for _twice in range(2):
        written = fields(page) | {"en": "What was said.", "fr": "Ce qui a été dit."}
        answer = officer.post("/triage/panel/summary", data=written)
        assert (answer.status_code, answer.location) == (303, "/events/panel/summary")
        stage.settle()
    assert len(ana.subjects()) == 1
    assert "Ce qui a été dit." in text_of(ana.mails()[0])
    assert [
        ("panel" in text_of(mail).lower(), str(mail["Subject"])) for mail in hidden.mails()
    ] == [(False, "There is news for you")]
    assert "What was said." in main(stage.live.client().get("/events/panel/summary"))
    with stage.live.session() as session:
        assert sorted(session.scalars(select(PublishedSummary.language))) == ["en", "fr"]


def test_a_published_date_reaches_everybody_who_was_interested_once(
    stage: Any, person: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    _load(stage, folder)
    ana = person("ana").registered("panel-hrc65")
    assert ana.state() == "interested"
    stage.mailbox.clear()
    _load(stage, folder)
    stage.settle()
    assert ana.subjects() == []
    events = folder / "events.csv"
    events.write_text(events.read_text().replace("2027-06,2027-07", "2027-06-14,2027-06-14", 1))
    for _twice in range(2):
        _load(stage, folder)
        stage.settle()
    assert ana.subjects() == ["The date of the meeting is published"]
    assert "14 June 2027" in text_of(ana.mails()[0])
    assert ana.state() == "interested"


def _load(stage: Any, folder: Path) -> None:
    with stage.live.app.app_context(), stage.live.session() as session:
        reference.load(session, folder, now=stage.clock.now())
