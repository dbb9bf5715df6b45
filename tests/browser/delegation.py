"""People of the demonstration in a real browser: they sign in with a mailed code and their own factor."""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp

from tests.browser.reader import CODE, too_wide
from tests.events.participant import text_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOCALE = {"en": "en-GB", "fr": "fr-FR"}
PATIENCE_SECONDS = 60
PATIENCE_MS = 30_000


@dataclass
class Platform:
    """One site with its clock and mailbox, and the browser to go there with."""

    site: Any
    browser: Any
    mailbox: Any
    language: str
    width: int
    people: list[dict[str, str]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read who there is."""
        self.people = self.asked("/dev/people.json")

    def asked(self, path: str, body: dict[str, str] | None = None) -> Any:
        """A JSON answer of the site."""
        sent = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(  # noqa: S310 -- an address of this test's own site
            self.site.url + path, data=sent, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 -- as above
            return json.load(answer)

    def forward(self, span: str) -> None:
        """Move the clock of every process."""
        self.asked("/dev/clock", {"forward": span})

    def member(self, role: str, address: str) -> Member:
        """A browser in which that person is signed in."""
        person = next(one for one in self.people if one["role"] == role and one["email"] == address)
        context = self.browser.new_context(
            java_script_enabled=False,
            locale=LOCALE[self.language],
            viewport={"width": self.width, "height": 800},
        )
        context.set_default_timeout(PATIENCE_MS)
        member = Member(self, person, context.new_page())
        member.sign_in()
        return member


@dataclass
class Member:
    """One person at one browser."""

    platform: Platform
    person: dict[str, str]
    page: Page

    def go(self, path: str) -> None:
        """Open a page, and look at it."""
        self.page.goto(self.platform.site.url + path)
        self.look()

    def look(self) -> None:
        """The page is in the reader's language and no wider than the screen."""
        assert self.page.locator("html").get_attribute("lang") == self.platform.language
        assert too_wide(self.page, self.page.url) == []

    def press(self, selector: str) -> None:
        """Press a button, and look at what comes."""
        self.page.locator(selector).first.click()
        self.look()

    def text(self) -> str:
        """What the page says."""
        return str(self.page.locator("main").inner_text())

    def sign_in(self) -> None:
        """With a code from the mailbox, then saying who one is."""
        before = len(self.platform.mailbox.to(self.person["email"]))
        self.go("/sign-in")
        self.page.fill("input[name=address]", self.person["email"])
        self.press("main form button.button")
        self.page.fill("input[name=code]", self._code(before))
        self.press("main form button.button")
        if self.page.locator("input[name=person]").count():
            self.page.locator("label.choice", has_text=self.person["name"]).click()
            self.press("main form button.button")

    def _code(self, before: int) -> str:
        address, count = self.person["email"], before + 1
        while True:
            mails = self.platform.mailbox.wait(to=address, count=count, seconds=PATIENCE_SECONDS)[
                before:
            ]
            found = [match[1] for mail in mails if (match := CODE.search(text_of(mail)))]
            if found:
                return found[-1]
            count += 1

    def prove(self) -> None:
        """With one's own factor, where the page asks for it; a code that was shown once is not again.

        An authenticator knows nothing of a clock that a trial has moved.
        """
        totp = pyotp.TOTP(self.person["totp_secret"])
        while (code := totp.now()) == self.platform.shown.get(self.person["email"]):
            time.sleep(0.5)
        self.platform.shown[self.person["email"]] = code
        self.page.fill("input[name=code]", code)
        self.press("main form button.button")
