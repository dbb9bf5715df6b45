"""Every HTML answer of a test client is parsed strictly and checked."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FIRST_REDIRECT = 300
FIRST_REFUSAL = 400
UNLABELLED_KINDS = {"hidden", "submit", "button", "image", "reset"}


def problems(html: str) -> list[str]:
    """What is wrong with a page, each as one sentence; empty for a good page."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root = parser.parse(html)
    except html5lib.html5parser.ParseError as error:
        return [f"not well-formed HTML: {error}"]
    return [*_frame(root), *_controls(root), *_ids(root), *_inline(root)]


def _frame(root: Element) -> list[str]:
    found = [f"<html> has no {name}" for name in ("lang", "dir") if not root.get(name)]
    if not "".join(root.findtext(".//title") or "").strip():
        found.append("no title")
    heads = root.findall(".//h1")
    if len(heads) != 1 or not "".join(heads[0].itertext()).strip():
        found.append(f"{len(heads)} h1 instead of one with words")
    found += [
        f"image without alt: {image.get('src')}"
        for image in root.iter("img")
        if image.get("alt") is None
    ]
    return found


def _controls(root: Element) -> list[str]:
    labels = [label for label in root.iter("label") if "".join(label.itertext()).strip()]
    named = {label.get("for") for label in labels} - {None}
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    wrapped = {id(inner) for label in labels for inner in label.iter()}
    found = []
    for control in root.iter():
        if (
            control.tag not in {"input", "select", "textarea"}
            or control.get("type") in UNLABELLED_KINDS
        ):
            continue
        by_others = (control.get("aria-labelledby") or "").split()
        labelled = (
            control.get("id") in named
            or id(control) in wrapped
            or bool(control.get("aria-label"))
            or (bool(by_others) and ids.issuperset(by_others))
        )
        if not labelled:
            found.append(f"{control.tag} {control.get('name')!r} has no label")
    for element in root.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            missing = set((element.get(name) or "").split()) - ids
            found += [f"{name} names {one!r}, which is not there" for one in sorted(missing)]
    return found


def _ids(root: Element) -> list[str]:
    counted = Counter(element.get("id") for element in root.iter() if element.get("id"))
    return [f"id {name!r} stands {count} times" for name, count in counted.items() if count > 1]


def _inline(root: Element) -> list[str]:
    found = ["a <style> element" for _ in root.iter("style")]
    found += ["an inline script" for script in root.iter("script") if not script.get("src")]
    for element in root.iter():
        for name, value in element.attrib.items():
            if (
                name == "style"
                or name.startswith("on")
                or value.strip().lower().startswith("javascript:")
            ):
                found.append(f"{element.tag} has an inline {name}")
    return found


class StrictClient(FlaskClient):
    """A test client that refuses to return a page with something wrong in it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, then look closely at what came back."""
        answer = super().open(*args, **kwargs)
        a_mail = answer.request.path.startswith("/dev/mail/")  # styled inline, by nature
        redirected = FIRST_REDIRECT <= answer.status_code < FIRST_REFUSAL
        if (
            answer.mimetype == "text/html"
            and answer.request.method != "HEAD"
            and not (redirected or (a_mail and answer.request.path.endswith("/html")))
        ):
            found = problems(answer.get_data(as_text=True))
            assert not found, f"{answer.request.path} ({answer.status_code}): " + "; ".join(found)
        return answer
