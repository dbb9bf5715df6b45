"""What a browser test does again and again: come in with a cookie, read a mail, ask axe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe

from core import clock
from tests.events.participant import HOW, WHO, text_of
from tests.walls.cast import Cast, enter
from tests.walls.over_http import Web

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CODE = re.compile(r"^(\d{6})\s*$", re.MULTILINE)
LINK = re.compile(r"^(http\S+/[rc]/\S+)\s*$", re.MULTILINE)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (1280, 360)
NARROWEST = 320
AXE = Axe().axe_script
ASK = "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"


def code_in(mails: list[Any]) -> str:
    """The code of the latest mail that holds one."""
    return [found[1] for mail in mails if (found := CODE.search(text_of(mail)))][-1]


def link_in(mails: list[Any]) -> str:
    """The link of the latest mail that holds one."""
    return [found[1] for mail in mails if (found := LINK.search(text_of(mail)))][-1]


def registered(site: Any, mailbox: Any, key: str, address: str, **how: str) -> tuple[Web, UUID]:
    """Somebody who has registered and confirmed, with their cookies."""
    web = Web(site.url)
    sent = web.post(f"/events/{key}/register", WHO | HOW | {"email": address} | how)
    assert sent.status_code == 303
    code = code_in(mailbox.wait(to=address))
    assert web.post(sent.location, {"code": code}).location == "/my-registration"
    return web, UUID(sent.location.split("/")[-2])


def lend(context: BrowserContext, web: Web) -> None:
    """Give the browser the cookies of a reader without one."""
    context.add_cookies(
        [{"name": name, "value": value, "url": web.url} for name, value in web.cookies.items()]
    )


def seat_cookie(site: Any, keys: Any, role: str) -> dict[str, Any]:
    """The cookie of somebody who holds that seat and has just shown their own factor."""
    is_desk = role == "protection"
    app = (
        site.live.make(database_url=site.live.url, relais_role="protection", vault_key=keys.vault)
        if is_desk
        else site.live.app
    )
    with site.live.session() as session, app.app_context():
        cast = Cast(session, keys, at=clock.now())
        visit = cast.visit(cast.holder(role), proved=timedelta(seconds=1), is_desk=is_desk)
    client = app.test_client()
    enter(client, visit)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": site.desk_url if is_desk else site.url}


def speak(context: BrowserContext, site: Any, language: str) -> None:
    """Choose a language as the switch does."""
    context.add_cookies(
        [{"name": "lang", "value": language, "url": url} for url in (site.url, site.desk_url)]
    )


def faults(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it stands, at each width, and where it is too wide."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
        for one in page.evaluate(ASK, list(RULES))["violations"]:
            targets = [node["target"] for node in one["nodes"]][:3]
            found.append(f"{where} at {width} px: {one['id']} at {targets}")
        found += too_wide(page, f"{where} at {width} px")
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    return found + too_wide(page, f"{where} at {NARROWEST} px")


def too_wide(page: Page, where: str) -> list[str]:
    """By how much the page has to be scrolled sideways."""
    wide = page.evaluate(WIDER)
    return [f"{where}: {wide} px wider than the screen"] if wide > 0 else []


def send(page: Page) -> None:
    """Press the main button of the page's form."""
    page.locator("main form button.button").last.click()
