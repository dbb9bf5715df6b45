"""axe finds nothing at WCAG 2.2 AA on any page, left to right and right to left, small and large."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from events.registrations.models import Registration
from events.registrations.states import RegistrationState
from tests.browser.reader import (
    code_in,
    faults,
    lend,
    link_in,
    registered,
    seat_cookie,
    send,
    speak,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LANGUAGES = ("en", "ar")
PUBLIC = (
    "/",
    "/events",
    "/events/demo-panel",
    "/events/panel-hrc65",
    "/events/demo-past",
    "/events/demo-past/summary",
    "/events/demo-seminar/register",
    "/events/panel-hrc65/register",
    "/events/demo-past/register",
    "/events/demo-panel/link",
    "/network",
    "/network?q=zzz",
    "/network/PRT",
    "/network/FRA",
    "/network/XAA",
    "/network/join",
    "/network/join/state",
    "/network/join/organisation",
    "/network/join/link",
    "/network/join/00000000-0000-0000-0000-000000000000/confirm",
    "/my-application",
    "/about",
    "/privacy",
    "/accessibility",
    "/open-data",
    "/sign-in",
    "/nothing/here",
    "/my-registration",
    "/r/nothing",
    "/c/nothing",
    "/registrations/00000000-0000-0000-0000-000000000000/confirm",
    "/dev/mail",
)
OWN = ("", "/edit", "/pass-on", "/cancel", "/discreet", "/erase")


@pytest.fixture
def read(platform: Any, browser: Any) -> Any:
    """`read(language)`: a page in that language; it is closed at the end."""
    contexts = []

    def one(language: str, **more: Any) -> Any:
        context = browser.new_context(**more)
        context.set_default_timeout(15_000)
        speak(context, platform, language)
        contexts.append(context)
        return context.new_page()

    yield one
    for context in contexts:
        context.close()


def walk(page: Any, addresses: list[str], language: str) -> list[str]:
    """The faults of every address."""
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        html = page.locator("html")
        assert html.get_attribute("lang") == language, address
        assert html.get_attribute("dir") == {"ar": "rtl"}.get(language, "ltr"), address
        found += faults(page, f"{address} in {language}")
    return found


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(platform: Any, read: Any, language: str, half: int) -> None:
    assert walk(read(language), [platform.url + path for path in PUBLIC[half::2]], language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_with_problems(platform: Any, read: Any, mailbox: Any, language: str) -> None:
    page, found = read(language), []
    for path in ("/events/demo-seminar/register", "/events/demo-panel/link", "/sign-in"):
        page.goto(platform.url + path)
        page.locator("main form button.button").first.click()
        assert page.locator("p.problem").count() > 0
        found += faults(page, f"{path} with its problems in {language}")
    page.goto(f"{platform.url}/events/demo-panel/link")
    page.locator("#email").fill("nobody@people.example")
    page.locator("main form button.button").first.click()
    found += faults(page, f"the link is sent in {language}")
    page.goto(f"{platform.url}/events/demo-panel/register")
    _fill(page, "")
    page.locator("#no_email").check()
    send(page)
    found += faults(page, f"the receipt in {language}")
    page.goto(f"{platform.url}/events/demo-panel/register")
    address = f"problems.{language}@people.example"
    _fill(page, address)
    send(page)
    page.wait_for_url("**/confirm")
    send(page)
    found += faults(page, f"the code with its problem in {language}")
    page.goto(link_in(mailbox.wait(to=address)))
    found += faults(page, f"the button that confirms in {language}")
    send(page)
    page.wait_for_url("**/my-registration")
    assert found == []


def _fill(page: Any, address: str) -> None:
    page.locator("#category").select_option("ngo")
    page.locator("#organisation").fill("Reef Watch")
    page.locator("#name").fill("Ana Tavake")
    page.locator("input[name=mode][value=online]").check()
    page.locator("#email").fill(address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_behind_a_link(platform: Any, read: Any, mailbox: Any, language: str) -> None:
    page = read(language)
    address = f"own.{language}@people.example"
    web, registration_id = registered(platform, mailbox, "demo-panel", address, needs_note="Text")
    lend(page.context, web)
    found = walk(page, [f"{platform.url}/my-registration{path}" for path in OWN], language)
    for state in RegistrationState:
        with platform.live.session() as session:
            session.execute(
                update(Registration)
                .where(Registration.id == registration_id)
                .values(state=state, reason="Because" if state == "refused" else None)
            )
        page.goto(f"{platform.url}/my-registration")
        found += faults(page, f"a registration that is {state.value} in {language}")
    sealed, _id = registered(
        platform, mailbox, "demo-panel", f"sealed.{language}@people.example", discreet="y"
    )
    lend(page.context, sealed)
    found += walk(page, [f"{platform.url}/my-registration{path}" for path in OWN[:3]], language)
    moderated, _id = registered(
        platform, mailbox, "demo-seminar", f"letter.{language}@people.example", mode="online"
    )
    lend(page.context, moderated)
    found += walk(page, [f"{platform.url}/my-registration/letter"], language)
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_seats(
    platform: Any, read: Any, keys: Any, mailbox: Any, language: str
) -> None:
    _web, row = registered(
        platform, mailbox, "demo-seminar", f"triage.{language}@people.example", mode="online"
    )
    found: list[str] = []
    for role, paths in {
        "focal_point": ("/workspace", "/prove", "/prove/set-up", "/triage"),
        "administrator": ("/workspace",),
        "secretariat": (
            *("/workspace", "/triage", "/triage/demo-seminar", f"/triage/demo-seminar/{row}"),
            *("/triage/demo-panel", "/seats/naming"),
        ),
    }.items():
        page = read(language)
        page.context.add_cookies([seat_cookie(platform, keys, role)])
        found += walk(page, [platform.url + path for path in paths], language)
    page.goto(f"{platform.url}/triage/demo-seminar/{row}")
    page.locator("summary", has=page.locator("xpath=.")).last.click()
    page.locator("main form button.final").click()
    assert page.locator("p.problem").count() == 1
    found += faults(page, f"a refusal without a reason in {language}")
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_protection_desk(
    platform: Any, read: Any, keys: Any, mailbox: Any, language: str
) -> None:
    address = f"desk.{language}@people.example"
    _web, row = registered(platform, mailbox, "demo-seminar", address, mode="online", discreet="y")
    page = read(language)
    page.context.add_cookies([seat_cookie(platform, keys, "protection")])
    desk = platform.desk_url
    found = walk(
        page, [f"{desk}/", f"{desk}/records/{row}", f"{desk}/sign-in", f"{desk}/nothing"], language
    )
    page.goto(f"{desk}/")
    page.locator("main form[action$='/find'] button").click()
    assert page.locator("p.problem").count() == 2
    found += faults(page, f"a number that is missing in {language}")
    page.goto(f"{desk}/records/{row}")
    page.locator("#reason").fill("Short")
    page.locator("main form[action$='/open'] button").click()
    assert page.locator("p.problem").count() == 1
    found += faults(page, f"a reason that is too short in {language}")
    page.locator("#reason").fill("The letter names another meeting; the name has to be compared.")
    page.locator("main form[action$='/open'] button").click()
    assert address in page.locator("main").inner_text()
    found += faults(page, f"an opened record in {language}")
    assert found == []


def test_the_way_in_by_a_shared_mailbox(platform: Any, read: Any, mailbox: Any) -> None:
    page, found = read("en"), []
    page.goto(f"{platform.url}/sign-in")
    page.locator("#address").fill("mechanism@xandria.example")
    page.locator("main form button.button").first.click()
    found += faults(page, "the code to come in")
    page.locator("#code").fill("12 ab")
    page.locator("main form button.button").first.click()
    found += faults(page, "a code that is none")
    page.locator("#code").fill(code_in(mailbox.wait(to="mechanism@xandria.example")))
    page.locator("main form button.button").first.click()
    page.wait_for_url("**/who-are-you**")
    assert found + faults(page, "who one is") == []


def test_pages_in_the_dark(platform: Any, read: Any, mailbox: Any, keys: Any) -> None:
    page = read("en", color_scheme="dark")
    web, _id = registered(platform, mailbox, "demo-panel", "dark@people.example")
    found = walk(page, [platform.url + path for path in PUBLIC[:8]], "en")
    page.goto(f"{platform.url}/events/demo-panel/register")
    send(page)
    found += faults(page, "problems in the dark")
    lend(page.context, web)
    found += walk(page, [f"{platform.url}/my-registration"], "en")
    page.context.add_cookies([seat_cookie(platform, keys, "secretariat")])
    found += walk(page, [f"{platform.url}/workspace", f"{platform.url}/triage"], "en")
    assert found == []


def test_right_to_left_is_a_mirror(platform: Any, read: Any) -> None:
    places = {}
    for language in LANGUAGES:
        page = read(language)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(platform.url)
        box = page.locator("a.brand").bounding_box()
        places[language] = box["x"] + box["width"] / 2
    assert places["en"] < 640 < places["ar"]
    assert abs(places["en"] + places["ar"] - 1280) < 40


def test_a_page_with_faults_is_found_out(page: Any) -> None:
    page.set_content("<main><img src='data:,'><p style='width: 900px'>wide</p></main>")
    found = " ".join(faults(page, "a bad page"))
    assert all(word in found for word in ("image-alt", "html-has-lang", "wider than the screen"))
