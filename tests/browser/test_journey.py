"""A participant's whole way in a real browser, without JavaScript, in English and in French."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.reader import code_in, link_in, send, too_wide
from tests.events.participant import text_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LOCALE = {"en": "en-GB", "fr": "fr-FR"}
SEATED = {"en": "You have a seat", "fr": "Vous avez une place"}
ONLINE = {"en": "You take part online", "fr": "Vous participez en ligne"}
CANCELLED = {"en": "You have cancelled", "fr": "Vous avez annulé"}


class Way:
    """One participant, one browser at a time, one language, one width."""

    def __init__(self, site: Any, browser: Any, mailbox: Any, language: str, width: int) -> None:
        self.site, self.browser, self.mailbox = site, browser, mailbox
        self.language, self.width = language, width
        self.address = f"ana.{language}.{width}@people.example"
        self.page = self.fresh()

    def fresh(self) -> Any:
        """A browser with no history and no JavaScript."""
        context = self.browser.new_context(
            java_script_enabled=False,
            locale=LOCALE[self.language],
            viewport={"width": self.width, "height": 800},
        )
        context.set_default_timeout(15_000)
        return context.new_page()

    def look(self) -> None:
        """The page is in the reader's language and no wider than the screen."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert too_wide(self.page, self.page.url) == []

    def mails(self, count: int) -> list[Any]:
        """What the mailbox holds, once there are that many."""
        return self.mailbox.wait(to=self.address, count=count)

    def status(self) -> str:
        """What the personal page says."""
        self.look()
        return str(self.page.locator("#status").inner_text())

    def register(self) -> None:
        """Send the form empty, then with a slip in the address, then right; nothing is lost."""
        self.page.goto(self.site.url)
        self.look()
        self.page.locator("a.button[href$='/events/demo-panel/register']").first.click()
        self.look()
        send(self.page)
        assert (
            self.page.locator("#problems a").count() == self.page.locator("p.problem").count() > 0
        )
        self.page.locator("#problems a").first.click()
        self.page.locator("#category").select_option("ngo")
        self.page.locator("#organisation").fill("Récif – منظمة")
        self.page.locator("#name").fill("Ana Tavake")
        self.page.locator("input[name=mode][value=room]").check()
        self.page.locator("input[name=needs][value=captions]").check()
        self.page.locator("#email").fill(self.address.replace("@", " @"))
        send(self.page)
        assert self.page.locator("#email-problem").count() == 1
        assert self.page.locator("#name").input_value() == "Ana Tavake"
        assert self.page.locator("input[name=needs][value=captions]").is_checked()
        self.look()
        self.page.locator("#email").fill(self.address)
        send(self.page)
        self.page.wait_for_url("**/confirm")

    def confirm(self) -> None:
        """Type a wrong code, then the right one; the confirmation holds an invitation."""
        (mail,) = self.mails(1)
        assert mail["Content-Language"] == self.language
        code = code_in([mail])
        self.page.locator("#code").fill("000000" if code != "000000" else "111111")
        send(self.page)
        assert self.page.locator("#code-problem").count() == 1
        self.page.locator("#code").fill(code)
        send(self.page)
        self.page.wait_for_url("**/my-registration")
        assert self.status() == SEATED[self.language]
        confirmation = self.mails(2)[-1]
        assert [part.get_content_type() for part in confirmation.walk()].count("text/calendar") == 2

    def come_back(self) -> None:
        """Days later, in another browser, without the mail: ask for the link again and open it."""
        self.page.context.close()
        self.page = self.fresh()
        self.page.goto(f"{self.site.url}/events/demo-panel/link")
        self.page.locator("#email").fill(self.address)
        self.page.locator("main form button.button").first.click()
        self.look()
        self.page.goto(link_in(self.mails(3)))
        assert self.page.url == f"{self.site.url}/my-registration"
        assert self.status() == SEATED[self.language]

    def change(self) -> None:
        """Move online by the link on the page, and read the documents."""
        self.page.locator("a[href='/my-registration/edit']").click()
        self.look()
        self.page.locator("input[name=mode][value=online]").check()
        send(self.page)
        self.page.wait_for_url("**/my-registration")
        assert self.status() == ONLINE[self.language]
        assert "METHOD:REQUEST" in whole(self.mails(4)[-1])
        with self.page.expect_download() as download:
            self.page.locator("#documents ~ ul a").first.click()
        assert download.value.suggested_filename.endswith(".txt")

    def leave(self) -> None:
        """Cancel, after being asked once."""
        self.page.locator("a[href='/my-registration/cancel']").click()
        self.look()
        self.page.locator("button.final").click()
        self.page.wait_for_url("**/my-registration")
        assert self.status() == CANCELLED[self.language]
        assert "METHOD:CANCEL" in whole(self.mails(5)[-1])
        self.page.context.close()


def whole(mail: Any) -> str:
    """Every part of a mail in clear."""
    return "\n".join(
        part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()
    )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", list(LOCALE))
def test_the_whole_way_without_javascript(
    platform: Any, browser: Any, mailbox: Any, language: str, width: int
) -> None:
    way = Way(platform, browser, mailbox, language, width)
    way.register()
    way.confirm()
    way.come_back()
    way.change()
    way.leave()


def test_a_discreet_registration_needs_a_keyboard_and_nothing_else(
    platform: Any, browser: Any, mailbox: Any
) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{platform.url}/events/demo-panel/register")
    tab_to(page, "category")
    page.keyboard.type("Civil")
    tab_to(page, "organisation")
    page.keyboard.type("A quiet office")
    tab_to(page, "name")
    page.keyboard.type("Somebody Quiet")
    tab_to(page, "mode-0")
    page.keyboard.press("ArrowDown")
    tab_to(page, "discreet")
    page.keyboard.press("Space")
    tab_to(page, "email")
    page.keyboard.type("quiet@people.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm")
    mails = mailbox.wait(to="quiet@people.example", count=1)
    assert "panel" not in text_of(mails[0]).lower()
    tab_to(page, "code")
    page.keyboard.type(code_in(mails))
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-registration")
    assert "Somebody Quiet" not in page.locator("main").inner_text()
    assert "Participant" in page.locator("main").inner_text()
    context.close()


def tab_to(page: Any, name: str) -> None:
    """Press Tab until that control has the focus; each stop on the way is in sight and marked."""
    page.evaluate("document.activeElement.blur()")
    for _each in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {
              const it = document.activeElement, style = getComputedStyle(it);
              const box = it.getBoundingClientRect();
              return {id: it.id, tag: it.tagName,
                      marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                      seen: box.bottom > 0 && box.top < innerHeight && box.width > 0};
            }"""
        )
        assert here["tag"] == "BODY" or (here["marked"] and here["seen"]), here
        if here["id"] == name:
            return
    message = f"{name} cannot be reached with Tab"
    raise AssertionError(message)
