"""A participant's whole way in a real browser, without JavaScript, in English and in French."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.reader import code_in, link_in, text_of

ADDRESS = "ana@people.example"
CONTINUE = {"en": "Continue", "fr": "Continuer"}
CONFIRMED = {"en": "You have a seat", "fr": "Vous avez une place"}

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("fr", 1280)])
def test_a_participant_registers_confirms_and_cancels(
    site: Any, browser: Any, mailbox: Any, language: str, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=False,
        locale={"en": "en-GB", "fr": "fr-FR"}[language],
        viewport={"width": width, "height": 800},
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(site.url)
    assert page.locator("html").get_attribute("lang") == language
    _register(page, language)
    mails = mailbox.wait(to=ADDRESS, count=1)
    _confirm(page, code_in(mails))
    assert page.locator("#status").inner_text() == CONFIRMED[language]
    confirmation = mailbox.wait(to=ADDRESS, count=2)[-1]
    assert confirmation["Content-Language"] == language
    assert [part.get_content_type() for part in confirmation.walk()].count("text/calendar") == 2
    context.close()
    _change_and_cancel(site, browser, link_in(mailbox.to(ADDRESS)))
    gone = mailbox.wait(to=ADDRESS, count=4)[-1]
    methods = {part.get_param("method") for part in gone.walk()} - {None}
    assert methods == {"CANCEL"}


def _register(page: Any, language: str) -> None:
    """Send the form empty, then with a slip in the address, then right; nothing typed is lost."""
    page.locator("a.button[href$='/events/demo-panel/register']").first.click()
    page.locator("button.button", has_text=CONTINUE[language]).click()
    assert page.locator("#problems a").count() == page.locator("p.problem").count() > 0
    page.locator("#category").select_option("ngo")
    page.locator("#organisation").fill("Récif – منظمة")
    page.locator("#name").fill("Ana Tavake")
    page.locator("input[name=mode][value=room]").check()
    page.locator("#email").fill("ana tavake@people.example")
    page.locator("main form button.button").click()
    assert page.locator("#email-problem").count() == 1
    assert page.locator("#name").input_value() == "Ana Tavake"
    page.locator("#email").fill(ADDRESS)
    page.locator("main form button.button").click()
    page.wait_for_url("**/confirm")


def _confirm(page: Any, code: str) -> None:
    """Type a wrong code, then the right one."""
    page.locator("#code").fill("000000" if code != "000000" else "111111")
    page.locator("main form button.button").click()
    assert page.locator("#code-problem").count() == 1
    page.locator("#code").fill(code)
    page.locator("main form button.button").click()
    page.wait_for_url("**/my-registration")


def _change_and_cancel(site: Any, browser: Any, link: str) -> None:
    """Days later, in another browser: open the link, move online, give the seat up."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(link)
    assert page.url == f"{site.url}/my-registration"
    page.goto(f"{site.url}/my-registration/edit")
    page.locator("input[name=mode][value=online]").check()
    page.locator("main form button.button").click()
    page.wait_for_url("**/my-registration")
    assert "Online" in page.locator("main").inner_text()
    page.goto(f"{site.url}/my-registration/cancel")
    page.locator("button.final").click()
    page.wait_for_url("**/my-registration")
    assert "cancelled" in page.locator("#status").inner_text()
    context.close()


def test_a_discreet_registration_needs_a_keyboard_and_nothing_else(
    site: Any, browser: Any, mailbox: Any
) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{site.url}/events/demo-panel/register")
    _tab_to(page, "category")
    page.keyboard.type("Civil")
    _tab_to(page, "organisation")
    page.keyboard.type("A quiet office")
    _tab_to(page, "name")
    page.keyboard.type("Somebody Quiet")
    _tab_to(page, "mode-0")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "discreet")
    page.keyboard.press("Space")
    _tab_to(page, "email")
    page.keyboard.type("quiet@people.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm")
    mails = mailbox.wait(to="quiet@people.example", count=1)
    assert "panel" not in text_of(mails[0]).lower()
    _tab_to(page, "code")
    page.keyboard.type(code_in(mails))
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-registration")
    assert "Somebody Quiet" not in page.locator("main").inner_text()
    assert "Participant" in page.locator("main").inner_text()
    context.close()


def _tab_to(page: Any, name: str) -> None:
    """Press Tab until that control has the focus, and see that the focus shows."""
    page.evaluate("document.activeElement.blur()")
    for _each in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    message = f"{name} cannot be reached with Tab"
    raise AssertionError(message)
