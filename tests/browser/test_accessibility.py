"""axe finds nothing at WCAG 2.2 AA on any page, left to right and right to left, small and large."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.reader import WIDTHS, code_in, faults, seat_cookie, speak

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PUBLIC = (
    "/",
    "/events",
    "/events/demo-panel",
    "/events/panel-hrc65",
    "/events/demo-past",
    "/events/demo-past/summary",
    "/events/demo-seminar/register",
    "/events/demo-past/register",
    "/events/demo-panel/link",
    "/network",
    "/network?q=zzz",
    "/network/PRT",
    "/network/FRA",
    "/about",
    "/privacy",
    "/accessibility",
    "/open-data",
    "/sign-in",
    "/nothing/here",
    "/my-registration",
    "/registrations/00000000-0000-0000-0000-000000000000/confirm",
)
OWN = ("", "/edit", "/pass-on", "/cancel", "/discreet", "/erase")
LANGUAGES = ("en", "ar")


def _walk(context: Any, addresses: list[str], language: str) -> list[str]:
    page = context.new_page()
    found: list[str] = []
    for address in addresses:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == language
            found += faults(page, f"{address} in {language} at {width} px")
    page.close()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(site: Any, browser: Any, language: str) -> None:
    context = browser.new_context()
    speak(context, site, language)
    assert _walk(context, [site.url + path for path in PUBLIC], language) == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_with_problems_and_the_pages_behind_a_link(
    site: Any, browser: Any, mailbox: Any, language: str
) -> None:
    context = browser.new_context()
    speak(context, site, language)
    page = context.new_page()
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site.url}/events/demo-seminar/register")
        page.locator("main form button.button").click()
        found += faults(page, f"the form with its problems in {language} at {width} px")
    page.goto(f"{site.url}/events/demo-panel/register")
    page.locator("#category").select_option("ngo")
    page.locator("#organisation").fill("Reef Watch")
    page.locator("#name").fill("Ana Tavake")
    page.locator("input[name=mode][value=room]").check()
    page.locator("#email").fill("ana@people.example")
    page.locator("main form button.button").click()
    page.wait_for_url("**/confirm")
    code = code_in(mailbox.wait(to="ana@people.example", count=1))
    page.locator("#code").fill(code)
    page.locator("main form button.button").click()
    page.wait_for_url("**/my-registration")
    found += _walk(context, [f"{site.url}/my-registration{path}" for path in OWN], language)
    assert found == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_seats(site: Any, browser: Any, keys: Any, language: str) -> None:
    found: list[str] = []
    for role, url, paths in (
        ("focal_point", site.url, ("/workspace", "/prove")),
        ("secretariat", site.url, ("/workspace", "/triage", "/triage/demo-seminar")),
        ("protection", site.desk_url, ("/",)),
    ):
        context = browser.new_context()
        speak(context, site, language)
        context.add_cookies([seat_cookie(site, keys, role)])
        found += _walk(context, [url + path for path in paths], language)
        context.close()
    assert found == []


def test_a_page_with_faults_is_found_out(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    page.set_content("<main><img src='data:,'><p style='width: 900px'>wide</p></main>")
    found = " ".join(faults(page, "a bad page"))
    assert all(word in found for word in ("image-alt", "html-has-lang", "wider than the screen"))
