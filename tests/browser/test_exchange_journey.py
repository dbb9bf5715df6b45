"""A member's whole way in a real browser, without JavaScript, in English and in French.

Between invented States: Xandria asks, Yendor and Zembla bid, Ostrelle declines.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.browser.delegation import PATIENCE_SECONDS, Member, Platform
from tests.walls.processes import running_alone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

NOTE = "We move house that month."
TITLE = "Linking our tracking tool to the goals"
ASKS = ("focal_point", "mechanism@xandria.example")
ASKS_CAPITAL = ("authorising", "consent@xandria.example")
GIVES = ("focal_point", "mechanism@yendor.example")
GIVES_CAPITAL = ("authorising", "consent@yendor.example")
ALSO = ("focal_point", "mechanism@zembla.example")
ALSO_CAPITAL = ("authorising", "consent@zembla.example")
DECLINES = ("focal_point", "mission@ostrelle.example")
DESK = ("helpdesk", "helpdesk@secretariat.example")


@pytest.fixture
def alone(keys: Any, mail_server: Any, tmp_path: Any, make_app: Any) -> Iterator[Any]:
    """A platform of this test's own, whose clock may be moved."""
    with running_alone(tmp_path / "site", keys, mail_server.url, make_app) as site:
        yield site


def entries(mails: list[Any]) -> list[tuple[str, int, str]]:
    """The calendar entries of some mails."""
    found = []
    for mail in mails:
        for part in mail.walk():
            if part.get_content_type() == "text/calendar" and part.get_filename():
                calendar = Calendar.from_ical(part.get_content())
                event = next(iter(calendar.walk("VEVENT")))
                found.append((str(event["UID"]), int(event["SEQUENCE"]), str(calendar["METHOD"])))
    return found


def day(number: int) -> str:
    """A day so many days from today, as a date field takes it."""
    return (date.today() + timedelta(days=number)).isoformat()  # noqa: DTZ011 -- the reader's calendar


class Way:
    """One case, and everybody who has a part in it."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.path = platform, ""
        self.here: dict[tuple[str, str], Member] = {}

    def as_(self, who: tuple[str, str]) -> Member:
        """Somebody at a browser, signed in since the clock was last moved."""
        if who not in self.here:
            self.here[who] = self.platform.member(*who)
        return self.here[who]

    def later(self, span: str) -> None:
        """Time passes: everybody has to sign in again."""
        self.platform.forward(span)
        self.here.clear()

    def waits_for(self, member: Member) -> str:
        """What the workspace says waits for one."""
        member.go("/workspace")
        return str(member.page.locator("section[aria-labelledby=for-you]").inner_text())

    def ask(self, member: Member) -> None:
        """Keep half of a request, send it too early, mend it, send it."""
        member.go("/exchanges/new")
        page = member.page
        page.fill("input[name=title]", TITLE)
        member.press("button[name=send]")
        problems = page.locator("#problems li")
        assert problems.count() > 8
        assert page.locator("input[name=title]").input_value() == TITLE
        page.locator("input[name=type][value=study_visit]").check()
        for name in ("need", "what_exists", "wanted_outcome"):
            page.fill(f"textarea[name={name}]", f"Our words on {name}.")
        page.locator("input[name=capacities][value=information_management]").check()
        page.locator("input[name=themes][value=cooperation-with-mechanisms]").check(force=True)
        page.locator("input[name=languages][value=en]").check()
        for number in range(3):
            page.fill(f"input[name=windows-{number}-from_on]", day(60 + 20 * number))
            page.fill(f"input[name=windows-{number}-until_on]", day(64 + 20 * number))
        page.fill("input[name=attendees-0-post]", "Head of unit")
        page.fill("input[name=attendees-0-substitute]", "Deputy head of unit")
        page.locator("input[name=funding][value=sought]").check()
        member.press("button[name=send]")
        self.path = page.url.removeprefix(self.platform.site.url).split("?")[0].split("#")[0]
        assert TITLE in member.text()

    def move(self, member: Member, to: str, reason: str = "") -> None:
        """One move on the case's page."""
        member.go(self.path)
        form = member.page.locator(f"form[action$='/moves']:has(input[value={to}])").first
        summary = member.page.locator(f"details:has(input[value={to}]) > summary")
        if reason:
            if summary.count() and not form.locator("textarea").is_visible():
                summary.first.click()
            form.locator("textarea[name=reason]").fill(reason)
        form.locator("button").click()
        member.look()

    def consent(self, member: Member, **ticks: bool) -> None:
        """The first thing that waits for this officer's State, with their own factor."""
        self.show_factor(member)
        member.go("/workspace")
        member.page.locator(
            f"section[aria-labelledby=for-you] a.button[href*='{self.path}/']"
        ).first.click()
        if "/prove" in member.page.url:
            member.prove()
        for name in ticks:
            member.page.locator(f"input[name={name}]").check()
        member.press("form[action*='/consent/']:not([action$='/refuse']) button.button")

    def bid(self, member: Member) -> None:
        """Offer help."""
        member.go(f"{self.path}/bid")
        page = member.page
        page.select_option("select[name=type]", "study_visit")
        page.fill("textarea[name=offer]", f"Three days with us, {member.person['name']}.")
        page.locator("input[name=languages][value=en]").check()
        page.fill("input[name=from_on]", day(60))
        page.fill("input[name=until_on]", day(120))
        page.fill("textarea[name=costs]", "Each side pays its own travel.")
        member.press("button[name=send]")

    def propose(self, member: Member, first: int) -> None:
        """Propose two days."""
        member.go(f"{self.path}/dates")
        page = member.page
        page.fill("input[name=starts_on]", day(first))
        page.fill("input[name=ends_on]", day(first + 1))
        page.fill("input[name=starts_hour]", "10:00")
        page.fill("input[name=ends_hour]", "16:00")
        member.press("form[action$='/dates'] button.button")

    def accept(self, member: Member) -> None:
        """Accept what is proposed."""
        member.go(f"{self.path}/dates")
        member.press("form[action$='/accept'] button.button")

    def report(self, member: Member) -> None:
        """Write the short report."""
        member.go(f"{self.path}/report")
        page = member.page
        page.fill("textarea[name=learned]", "One list for all bodies.")
        page.fill("textarea[name=decision]", "A decree is drafted.")
        page.locator("input[name=would_repeat][value=yes]").check()
        member.press("button[name=send]")

    def invitations(self, address: str, count: int) -> list[tuple[str, int, str]]:
        """The calendar entries that a mailbox got, once there are that many: UID, SEQUENCE, METHOD."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(found := entries(self.platform.mailbox.to(address))) < count:
            assert time.monotonic() < end, found
            time.sleep(0.2)
        return found

    def asked_and_circulated(self) -> None:
        """From the first line to the members."""
        asking, desk = self.as_(ASKS), self.as_(DESK)
        self.ask(asking)
        self.show_factor(desk)
        assert TITLE in self.waits_for(desk)
        self.move(desk, "clarification", "Which tool do you use?")
        assert TITLE in self.waits_for(asking)
        self.move(asking, "submitted", "A spreadsheet.")
        assert "Which tool do you use?" in asking.text()
        self.move(desk, "confirmation")
        self.consent(self.as_(ASKS_CAPITAL))

    def bids_and_a_decline(self) -> None:
        """Two offer help, one does not; none of them sees another."""
        gives, also, declines = self.as_(GIVES), self.as_(ALSO), self.as_(DECLINES)
        assert TITLE in self.waits_for(gives)
        self.bid(gives)
        self.bid(also)
        self.consent(self.as_(GIVES_CAPITAL))
        self.consent(self.as_(ALSO_CAPITAL))
        declines.go(f"{self.path}/decline")
        declines.page.locator("input[name=reason][value=dates]").check()
        declines.page.fill("textarea[name=note]", NOTE)
        declines.press("main form button.button")
        for one, others in ((gives, "Zembla"), (also, "Yendor"), (declines, "Yendor")):
            one.go(self.path)
            assert others not in one.text()

    def chosen_and_agreed(self) -> None:
        """The requester chooses; both capitals consent; there is an agreement to keep."""
        asking = self.as_(ASKS)
        asking.go(f"{self.path}/partners")
        asking.go(self.path)
        assert NOTE not in asking.text()
        assert all(name in asking.text() for name in ("Yendor", "Zembla", "Ostrelle"))
        asking.go(f"{self.path}/bids")
        asking.page.locator("tr", has_text="Yendor").locator("a[href*='/bids/']").first.click()
        asking.press("a.button[href$='/choose']")
        asking.press("main form button.button")
        self.consent(self.as_(ASKS_CAPITAL), terms_too=True)
        self.consent(self.as_(GIVES_CAPITAL))
        asking.go(f"{self.path}/terms")
        with asking.page.expect_download() as kept:
            asking.page.locator("a[href$='/agreement.docx']").first.click()
        document = zipfile.ZipFile(io.BytesIO(kept.value.path().read_bytes()))
        assert "Our words on need." in document.read("word/document.xml").decode()

    def dated_and_moved(self) -> None:
        """Dates are agreed and then moved: one calendar entry, twice sent."""
        asking, gives = self.as_(ASKS), self.as_(GIVES)
        self.propose(gives, 62)
        self.accept(asking)
        self.invitations(ASKS[1], 1)
        self.propose(asking, 70)
        self.accept(gives)
        seen = self.invitations(ASKS[1], 2)
        assert [sequence for _uid, sequence, _method in seen] == [1, 2]
        assert len({uid for uid, _sequence, _method in seen}) == 1
        assert {method for _uid, _sequence, method in seen} == {"REQUEST"}

    def held_and_reported(self) -> None:
        """Both write what they learned; a practice draft leads back to the case."""
        asking, gives = self.as_(ASKS), self.as_(GIVES)
        self.move(asking, "held")
        self.report(asking)
        self.report(gives)
        self.consent(self.as_(ASKS_CAPITAL))
        self.consent(self.as_(GIVES_CAPITAL))
        self.until(asking, "a[href^='/practices/']")
        asking.press("a[href^='/practices/']")
        assert asking.page.locator(f"a[href='{self.path}']").count()

    def changed(self) -> None:
        """The one question, half a year later."""
        asking, gives = self.as_(ASKS), self.as_(GIVES)
        self.until(asking, f"a[href='{self.path}/follow-up']")
        for one in (asking, gives):
            one.go(f"{self.path}/follow-up")
            one.page.locator("input[name=change]").first.check()
            one.page.fill("textarea[name=text]", "The decree is signed.")
            one.press("main form button.button")
        asking.go(self.path)
        assert asking.page.locator("form[action$='/moves']").count() == 0

    def until(self, member: Member, selector: str) -> None:
        """Look at the case again until what workers do is there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            member.go(self.path)
            if member.page.locator(selector).count():
                return
            assert time.monotonic() < end, member.text()
            time.sleep(0.3)

    def show_factor(self, member: Member) -> None:
        """A seat that asks for one's own factor is opened."""
        member.go("/workspace")
        if member.page.locator("main a[href*='/prove']").count():
            member.press("main a[href*='/prove']")
            member.prove()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360)])
def test_a_peer_exchange_from_its_first_line_to_what_changed(
    alone: Any, browser: Any, mailbox: Any, language: str, width: int
) -> None:
    way = Way(Platform(alone, browser, mailbox, language, width))
    way.asked_and_circulated()
    way.bids_and_a_decline()
    way.chosen_and_agreed()
    way.dated_and_moved()
    way.later("P75D")
    way.held_and_reported()
    way.later("P190D")
    way.changed()
