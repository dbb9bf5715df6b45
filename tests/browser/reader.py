"""What a browser test does again and again: sign in by a cookie, read a mail, ask axe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from core import clock
from tests.walls.cast import Cast, enter

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CODE = re.compile(r"^(\d{6})\s*$", re.MULTILINE)
LINK = re.compile(r"^(http\S+/r/\S+)\s*$", re.MULTILINE)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (360, 1280)


def text_of(mail: Any) -> str:
    """The plain words of a mail."""
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def code_in(mails: list[Any]) -> str:
    """The code of the latest mail that holds one."""
    return [found[1] for mail in mails if (found := CODE.search(text_of(mail)))][-1]


def link_in(mails: list[Any]) -> str:
    """The personal link of the latest mail that holds one."""
    return [found[1] for mail in mails if (found := LINK.search(text_of(mail)))][-1]


def seat_cookie(site: Any, keys: Any, role: str) -> dict[str, str]:
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
    """Every violation that axe sees on the page as it stands, and a page wider than the screen."""
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(RULES)}})
    found = [
        f"{where}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}"
        for one in answer.response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{where}: {wide} px wider than the screen"] if wide > 0 else [])
